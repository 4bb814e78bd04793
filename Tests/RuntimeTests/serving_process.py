"""A serving process against a temporary `/opt/ml`, and callers of it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

RUNTIME = Path(__file__).parents[2] / "Python" / "clary_runtime"
PROGRAM = f"import sys; sys.path.insert(0, {str(RUNTIME)!r}); from clary_runtime.serving import main; sys.exit(main())"


class Answer:
    def __init__(self, response: http.client.HTTPResponse):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self):
        return json.loads(self.body)


class ServingProcess:
    def __init__(self, root: Path, framework: str = "sklearn", **environment: str):
        self.root = root
        self.port = _free_port()
        self.log_path = root / "log"
        self._environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith(("SAGEMAKER_", "AWS_"))},
            "CLARY_FRAMEWORK": framework,
            "CLARY_ML_ROOT": str(root),
            "CLARY_BIND_ADDRESS": "127.0.0.1",
            "SAGEMAKER_BIND_TO_PORT": str(self.port),
            "SAGEMAKER_MODEL_SERVER_WORKERS": "1",
            **environment,
        }
        (root / "model").mkdir(exist_ok=True)

    def script(self, text: str, name: str = "inference.py", folder: str = "model/code") -> ServingProcess:
        path = self.root / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
        return self

    def launch(self) -> ServingProcess:
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", PROGRAM], env=self._environment, stdout=log, stderr=log
            )
        return self

    def start(self, limit: float = 120) -> ServingProcess:
        """Waits until pings are answered with 200."""
        self.launch()
        wait_until(lambda: self.process.poll() is not None or self.ping() == 200, limit, self.log)
        assert self.process.poll() is None, self.log()
        return self

    def exit_code(self, limit: float = 60) -> int:
        return self.process.wait(limit)

    def terminate(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.exit_code()

    def close(self) -> None:
        process = getattr(self, "process", None)
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def log(self) -> str:
        return self.log_path.read_text() if self.log_path.exists() else ""

    def connection(self, timeout: float = 60) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def socket(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def ping(self) -> int:
        with contextlib.suppress(OSError, http.client.HTTPException):
            return self.request("GET", "/ping", timeout=2).status
        return 0

    def request(self, method: str, path: str, body=None, timeout: float = 60, **headers: str) -> Answer:
        connection = self.connection(timeout)
        try:
            connection.request(
                method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def invoke(self, body=b"", content_type: str = "application/json", **headers: str) -> Answer:
        return self.request("POST", "/invocations", body, Content_Type=content_type, **headers)

    def raw(self, data: bytes) -> bytes:
        """Everything that comes back on a connection of its own, until the server ends it."""
        with self.socket() as sock:
            sock.sendall(data)
            return read_all(sock)


@contextlib.contextmanager
def serving(
    root: Path, script: str = "", framework: str = "sklearn", **environment: str
) -> Iterator[ServingProcess]:
    process = ServingProcess(root, framework, **environment)
    if script:
        process.script(script)
    try:
        yield process.start()
    finally:
        process.close()


def read_all(sock: socket.socket) -> bytes:
    parts = []
    while True:
        data = sock.recv(65536)
        if not data:
            return b"".join(parts)
        parts.append(data)


def wait_until(
    condition: Callable[[], object], limit: float, explain: Callable[[], str] = lambda: ""
) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, f"not within {limit} s\n{explain()}"
        time.sleep(0.02)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]
