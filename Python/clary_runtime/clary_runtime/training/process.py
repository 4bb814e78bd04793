"""Child processes: their output passes through, signals reach them, the end of their errors is kept."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import threading
import time
from pathlib import Path

KEPT = 64 * 1024


class Stopped(BaseException):
    """The instance was told to stop while nothing ran that could be told."""

    def __init__(self, number: int):
        super().__init__(number)
        self.exit_code = 128 + number


class Outcome:
    def __init__(self, exit_code: int, errors: str):
        self.exit_code = exit_code
        self.errors = errors


class Relay:
    """Hands SIGTERM and SIGINT on to what runs."""

    def __init__(self):
        self.received: int | None = None
        self._deliver = None
        self._is_starting = False

    def install(self) -> None:
        # As the first process of its namespace the runtime would not even end by a signal that it does not handle.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._handle)

    @contextlib.contextmanager
    def delivering(self, deliver):
        """Within the block a signal is `deliver`'s business and ends nothing by itself."""
        self._deliver = deliver
        try:
            yield
        finally:
            self._deliver = None

    def run(
        self,
        command: list[str],
        environment: dict[str, str],
        directory: Path,
        whole_group: bool = False,
        reach=None,
    ) -> Outcome:
        """Runs a command to its end.

        Signals go to its process, with `whole_group` to all that it started, or to what `reach` makes of the process.
        """
        self._is_starting = True
        child = subprocess.Popen(
            command, env=environment, cwd=directory, stderr=subprocess.PIPE, start_new_session=whole_group
        )
        deliver = (reach or (_to_group if whole_group else _to_process))(child)
        with self.delivering(deliver):
            self._is_starting = False
            if self.received is not None:
                deliver(self.received)
            tail = Tail(child.stderr.fileno())
            status = child.wait()
            if whole_group and self.received is not None:
                _await_group(child.pid)
        tail.finish()
        return Outcome(128 - status if status < 0 else status, tail.text)

    def _handle(self, number: int, frame) -> None:
        self.received = number
        if self._deliver is not None:
            self._deliver(number)
        elif not self._is_starting:
            raise Stopped(number)


class Tail:
    """Copies a descriptor to standard error and remembers the last bytes."""

    def __init__(self, descriptor: int):
        self._descriptor = descriptor
        self._kept = bytearray()
        self._thread = threading.Thread(target=self._copy, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        # A process that the script left behind may hold the pipe open for ever: only what it holds by now is awaited.
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline and select.select([self._descriptor], [], [], 0)[0]:
            self._thread.join(timeout=0.02)
            if not self._thread.is_alive():
                return
        self._thread.join(timeout=0.2)

    @property
    def text(self) -> str:
        return bytes(self._kept[-KEPT:]).decode(errors="replace")

    def _copy(self) -> None:
        while True:
            chunk = os.read(self._descriptor, 1 << 16)
            if not chunk:
                return
            self._kept += chunk
            if len(self._kept) > 4 * KEPT:
                del self._kept[:-KEPT]
            # Whoever reads the log may be gone; the script must not block for that.
            with contextlib.suppress(OSError):
                view = memoryview(chunk)
                while view:
                    view = view[os.write(2, view) :]


def _to_process(child: subprocess.Popen):
    return child.send_signal


def _to_group(child: subprocess.Popen):
    def deliver(number: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, number)

    return deliver


def _await_group(group: int) -> None:
    """Waits for what a shell left running: it ends at the signal, its Python may still be saving a checkpoint."""
    while True:
        with contextlib.suppress(ChildProcessError):
            # Orphans are ours to collect where the runtime is the first process.
            while os.waitpid(-group, os.WNOHANG)[0]:
                pass
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
