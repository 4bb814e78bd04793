"""What every figure needs: servers of its own, a row of the table, the state of a process."""

import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import aws

ROOT = Path(__file__).resolve().parent.parent
CLARY = Path(os.environ.get("CLARY_BINARY", ROOT / ".build/release/clary"))
READY = re.compile(r"^Clary is ready at http://([^:\s]+):(\d+)$", re.MULTILINE)
TICK = os.sysconf("SC_CLK_TCK")


class Unmeasured(Exception):
    """A figure that cannot be measured here; the text says what is missing and how to get it."""


@dataclass
class Row:
    """A line of the table."""

    figure: str
    ours: str
    reference: str = ""
    ratio: str = ""
    must: str = ""
    met: bool | None = None


def tool(name: str, package: str) -> str:
    """The path of a program.

    Raises `Unmeasured` with the package that has it.
    """
    if path := shutil.which(name, path=f"{os.environ['PATH']}:{ROOT / '.clary/tools/bin'}"):
        return path
    raise Unmeasured(f"{name} is not installed: apt-get install {package}")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port: int, process: subprocess.Popen, what: str, limit: float = 30) -> None:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise Unmeasured(f"{what} exited with {process.returncode} before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.02)
    raise Unmeasured(f"{what} did not listen within {limit:.0f} s")


@contextmanager
def running(command: list, what: str, port: int | None = None, **options):
    """A process for the time of a block, ended by its own pid; its output goes to a log that errors show."""
    with tempfile.NamedTemporaryFile("w+b", prefix="clary-bench-", suffix=".log") as log:
        process = subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log, **options
        )
        try:
            if port:
                try:
                    wait_for_port(port, process, what)
                except Unmeasured as error:
                    raise Unmeasured(
                        f"{error}:\n{Path(log.name).read_text(errors='replace')[-2000:]}"
                    ) from None
            yield process
        finally:
            stop(process)


def stop(process: subprocess.Popen) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


class Clary:
    """A server with a fresh data directory; everything that it started ends with it."""

    def __init__(self, *arguments: str, own_environments: bool = False) -> None:
        """`own_environments`: the environments of frameworks are its own, not those that all figures share."""
        if not CLARY.exists():
            raise Unmeasured(f"{CLARY} is not built: run make build")
        self.folder = Path(tempfile.mkdtemp(prefix="clary-bench-"))
        self.data = self.folder / "data"
        self.log = self.folder / "serve.log"
        self.environments = self.folder / "environments" if own_environments else ROOT / ".clary/environments"
        self.arguments = ["--environment-directory", self.environments, *arguments]
        home = self.folder / "home"
        home.mkdir()
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.upper().startswith(("AWS_", "CLARY_", "HTTP_PROXY", "HTTPS_PROXY"))
        } | {
            "HOME": str(home),
            "UV_CACHE_DIR": os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache/uv")),
        }
        self.start()
        self.credentials = self._credentials()

    def start(self) -> float:
        """Starts the server; returns the seconds until it says that it is ready."""
        begun = time.perf_counter()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [CLARY, "serve", "--port", "0", "--data-dir", self.data, *self.arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self.environment,
            )
        self.host, self.port = self._wait()
        return time.perf_counter() - begun

    def stop(self) -> None:
        """Ends the server alone: jobs and endpoints go on, the data stay."""
        stop(self.process)

    def _wait(self) -> tuple[str, int]:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            text = self.log.read_text(errors="replace")
            if ready := READY.search(text):
                return ready[1], int(ready[2])
            if self.process.poll() is not None:
                raise Unmeasured(f"clary serve exited with {self.process.returncode}:\n{text[-2000:]}")
            time.sleep(0.01)
        raise Unmeasured("clary serve was not ready within 30 s")

    def _credentials(self) -> aws.Credentials:
        result = subprocess.run(
            [CLARY, "env", "--data-dir", self.data, "--no-proxy"],
            capture_output=True,
            text=True,
            env=self.environment,
            check=False,
        )
        exports = {}
        for word in shlex.split(result.stdout, comments=True):
            name, mark, value = word.rstrip(";").partition("=")
            if mark:
                exports[name] = value
        try:
            return aws.Credentials(
                exports["AWS_ACCESS_KEY_ID"],
                exports["AWS_SECRET_ACCESS_KEY"],
                exports.get("AWS_SESSION_TOKEN", ""),
                exports.get("AWS_REGION") or exports.get("AWS_DEFAULT_REGION") or "us-east-1",
            )
        except KeyError as missing:
            raise Unmeasured(
                f"clary env does not export {missing}:\n{result.stdout}{result.stderr}"
            ) from None

    @property
    def keeper(self) -> int:
        """The process that keeps the sockets."""
        return self.process.pid

    @property
    def worker(self) -> int:
        """The process that does the work; another one after a crash."""
        return json.loads((self.data / "server.json").read_text())["workerPid"]

    def client(self) -> aws.Client:
        return aws.Client(self.host, self.port, self.credentials)

    def __enter__(self) -> "Clary":
        return self

    def __exit__(self, *_) -> None:
        subprocess.run(
            [CLARY, "shutdown", "--data-dir", self.data],
            capture_output=True,
            env=self.environment,
            timeout=60,
            check=False,
        )
        stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def environment_python(clary: Clary, image: str) -> Path:
    """The Python of a framework image's environment, which is built if it is not there."""
    result = subprocess.run(
        [CLARY, "images", "build", image, "--data-dir", clary.data],
        capture_output=True,
        text=True,
        env=clary.environment,
        check=False,
    )
    if result.returncode != 0:
        raise Unmeasured(result.stderr)
    return clary.environments / result.stdout.split()[0] / "bin/python"


def memory(pid: int, key: str = "VmRSS") -> int:
    """Resident bytes of a process; `VmHWM` for the most since `reset_peak`."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(f"{key}:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def proportional_memory(pid: int) -> int:
    """Resident bytes of a process, a page that several have counted in shares: sums of it count nothing twice."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


def reset_peak(pid: int) -> None:
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)]
