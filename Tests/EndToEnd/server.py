"""A `clary serve` process under test: started on a free port, found by its data directory, stopped by its pid."""

import json
import os
import re
import shlex
import signal
import subprocess
import time
from pathlib import Path
from typing import ClassVar

ROOT = Path(__file__).resolve().parents[2]
CLARY = Path(os.environ.get("CLARY_BINARY", ROOT / ".build/release/clary"))
# Environments of framework images: made by the first test that needs one, shared by all servers and runs.
ENVIRONMENTS = ROOT / ".clary/environments"
READY = re.compile(r"^Clary is ready at (https?://\S+)$", re.MULTILINE)
START_LIMIT = 30.0
STOP_LIMIT = 30.0

# What a developer's own shell must not lend to a test.
FOREIGN = (
    "AWS_",
    "CLARY_",
    "SAGEMAKER_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "ALL_PROXY",
    "REQUESTS_CA",
)


def clean_environment(home: Path) -> dict[str, str]:
    """The environment of a shell that knows no AWS account: its home is an empty folder."""
    kept = {name: value for name, value in os.environ.items() if not name.upper().startswith(FOREIGN)}
    home.mkdir(parents=True, exist_ok=True)
    # Packages that were fetched once are not fetched again for each home.
    cache = os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv"))
    return kept | {"HOME": str(home), "XDG_CONFIG_HOME": str(home / ".config"), "UV_CACHE_DIR": cache}


def processes_below(folder: Path) -> list[tuple[int, str]]:
    """Processes that name the folder in their arguments or environment: servers, agents, holders, sandboxes."""
    needle = str(folder).encode()
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            command = (entry / "cmdline").read_bytes()
            environment = (entry / "environ").read_bytes()
            state = (entry / "stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if (needle in command or b"CLARY_INSTANCE=" + needle in environment) and state != "Z":
            found.append((int(entry.name), command.replace(b"\0", b" ").decode(errors="replace")))
    return found


def is_running(pid: int) -> bool:
    """Whether a process runs: one that was killed and that nobody has waited for does not.

    Its first thread may be gone while another one still waits for the disk, and holds its files open.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX" or len(list(Path(f"/proc/{pid}/task").iterdir())) > 1
    except OSError:
        return False


class Server:
    """One server on one data directory; it may be started and stopped several times."""

    # Every one there is: a test that fails in the middle leaves its own running.
    made: ClassVar[list["Server"]] = []

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.made.append(self)
        self.folder = folder
        self.data = folder / "data"
        self.log_path = folder / "serve.log"
        self.arguments = arguments
        self.environment = clean_environment(folder / "home")
        self.process: subprocess.Popen | None = None
        self.url = ""

    def start(self, port: int = 0) -> "Server":
        """Starts the server and waits for the line that says that it is ready."""
        command = [
            *(CLARY, "serve", "--port", str(port), "--data-dir", self.data),
            *("--environment-directory", ENVIRONMENTS, *self.arguments),
        ]
        offset = self.log_path.stat().st_size if self.log_path.exists() else 0
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment
            )
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            text = self.log_path.read_bytes()[offset:].decode(errors="replace")
            if ready := READY.search(text):
                self.url = ready[1]
                return self
            if self.process.poll() is not None:
                raise AssertionError(f"clary serve exited with {self.process.returncode}:\n{text}")
            time.sleep(0.01)
        raise AssertionError(f"clary serve was not ready after {START_LIMIT} s:\n{self.log()}")

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def stop(self) -> int:
        """SIGTERM, as a service manager stops it: jobs and endpoints go on. Returns the exit code."""
        return self.end(signal.SIGTERM)

    def kill(self) -> int:
        """The server is gone at once, as after a loss of power: the keeper of its sockets and the worker."""
        worker = self.worker
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)  # It must not start another one in between.
        os.kill(worker, signal.SIGKILL)
        code = self.end(signal.SIGKILL)
        deadline = time.monotonic() + STOP_LIMIT
        while is_running(worker):
            assert time.monotonic() < deadline, f"process {worker} does not end"
            time.sleep(0.005)
        return code

    @property
    def worker(self) -> int:
        """The process that does the work; another one after each crash."""
        return json.loads((self.data / "server.json").read_text())["workerPid"]

    def crash(self) -> int:
        """Kills the worker alone; the keeper starts another one. Returns the process that was killed."""
        worker = self.worker
        os.kill(worker, signal.SIGKILL)
        return worker

    def wait_for_worker(self, old: int) -> int:
        """Waits until another worker than `old` is ready, and returns its process."""
        deadline = time.monotonic() + START_LIMIT
        while (worker := self.worker) == old:
            assert self.process is not None and self.process.poll() is None, self.log()
            assert time.monotonic() < deadline, f"no new worker after {START_LIMIT} s:\n{self.log()}"
            time.sleep(0.01)
        return worker

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        code = self.process.wait(STOP_LIMIT)
        self.process = None
        return code

    def clary(self, *arguments: str, check: bool = True, **options) -> subprocess.CompletedProcess:
        """Runs a subcommand (`jobs`, `users add`) on this server's data directory."""
        command, *rest = arguments
        options.setdefault("env", self.environment)
        options.setdefault("timeout", 60)
        result = subprocess.run(
            [CLARY, *command.split(), "--data-dir", self.data, *rest],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            **options,
        )
        if check and result.returncode != 0:
            raise AssertionError(
                f"clary {shlex.join(arguments)} exited with {result.returncode}:\n{result.stderr}"
            )
        return result

    def client_environment(self, *options: str) -> dict[str, str]:
        """What a shell has after `eval "$(clary env)"`: a real shell evaluates it."""
        script = (
            f'eval "$({shlex.join([str(CLARY), "env", "--data-dir", str(self.data), *options])})" && env -0'
        )
        shell = subprocess.run(
            ["sh", "-ec", script],
            env=self.environment,
            capture_output=True,
            timeout=30,
            stdin=subprocess.DEVNULL,
        )
        assert shell.returncode == 0, shell.stderr.decode()
        pairs = (line.partition("=") for line in shell.stdout.decode().split("\0") if line)
        return {name: value for name, _, value in pairs}

    def shutdown(self) -> None:
        """Ends the server with its jobs and endpoints, and checks that nothing that it started is left."""
        if self.process is not None and self.process.poll() is None:
            self.clary("shutdown")
            self.process.wait(STOP_LIMIT)
        self.process = None
        deadline = time.monotonic() + 10
        while left := processes_below(self.folder):
            if time.monotonic() > deadline:
                for pid, _ in left:
                    os.kill(pid, signal.SIGKILL)
                raise AssertionError(f"left behind after clary shutdown: {left}\n{self.log()}")
            time.sleep(0.05)
