"""What mpirun uses in place of ssh: `rsh HOST COMMAND…` on the leader, and its counterpart on the other hosts.

Beyond the messages of `fleet`: standard input (`i`, empty at its end), output (`o`), errors (`e`) and, last, the exit
status as text (`x`).
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading

from .fleet import RUN, Line, Refused, secret

INPUT, OUTPUT, ERRORS, EXIT = b"i", b"o", b"e", b"x"
OWN_FAILURE = 255


def main(arguments: list[str]) -> int:
    host, *command = arguments
    try:
        line = Line.calling(host, secret())
    except (OSError, Refused) as error:
        print(f"rsh: {host} cannot be reached: {error}", file=sys.stderr)
        return OWN_FAILURE
    line.send(RUN, " ".join(command).encode())
    threading.Thread(target=_copy_input, args=(line,), daemon=True).start()
    try:
        while True:
            kind, body = line.receive()
            if kind == EXIT:
                return int(body)
            _write(1 if kind == OUTPUT else 2, body)
    except OSError as error:
        print(f"rsh: {host} hung up: {error}", file=sys.stderr)
        return OWN_FAILURE


def execute(line: Line, command: str, environment: dict[str, str], directory: str) -> None:
    """Runs a command for the leader, with this host's environment."""
    child = subprocess.Popen(
        ["/bin/sh", "-c", command],
        env=environment,
        cwd=directory,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    copies = [
        threading.Thread(target=_copy_output, args=(line, kind, pipe.fileno()), daemon=True)
        for kind, pipe in ((OUTPUT, child.stdout), (ERRORS, child.stderr))
    ]
    for thread in copies:
        thread.start()
    threading.Thread(target=_feed, args=(line, child.stdin), daemon=True).start()
    status = child.wait()
    for thread in copies:
        # A daemon that the command left behind may keep its output open.
        thread.join(timeout=1)
    line.send(EXIT, str(128 - status if status < 0 else status).encode())


def _copy_input(line: Line) -> None:
    while True:
        chunk = os.read(0, 1 << 16)
        line.send(INPUT, chunk)
        if not chunk:
            return


def _copy_output(line: Line, kind: bytes, descriptor: int) -> None:
    while True:
        chunk = os.read(descriptor, 1 << 16)
        if not chunk:
            return
        line.send(kind, chunk)


def _feed(line: Line, pipe) -> None:
    try:
        while True:
            _, body = line.receive()
            if not body:
                break
            pipe.write(body)
            pipe.flush()
    except OSError:
        pass
    finally:
        pipe.close()


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
