"""Load by wrk: one request, signed once, repeated for some seconds."""

import json
import subprocess
import tempfile
from dataclasses import dataclass

from harness import Unmeasured, tool

SCRIPT = """
wrk.method = %(method)s
wrk.path = %(path)s
wrk.body = %(body)s
wrk.headers = {%(headers)s}
function done(summary, latency, requests)
    io.write(string.format(
        '\\nRESULT {"p50": %%.1f, "p99": %%.1f, "requests": %%d, "seconds": %%.6f, "failed": %%d}\\n',
        latency:percentile(50), latency:percentile(99), summary.requests, summary.duration / 1e6,
        summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass
class Load:
    """What wrk saw; times in microseconds."""

    p50: float
    p99: float
    rate: float


def run(
    host: str,
    port: int,
    method: str,
    path: str,
    headers: dict[str, str],
    body: bytes,
    connections: int,
    seconds: float,
    tolerate_reconnects: bool = False,
) -> Load:
    """Repeats a request on some connections.

    `tolerate_reconnects` is for servers that close a connection after each reply, which wrk counts as a read error.
    Raises `Unmeasured` if any request failed.
    """
    wrk = tool("wrk", "wrk")
    script = SCRIPT % {
        "method": lua(method.encode()),
        "path": lua(path.encode()),
        "body": lua(body),
        # wrk writes the host by itself, as it was signed.
        "headers": ", ".join(
            f"[{lua(name.encode())}] = {lua(value.encode())}"
            for name, value in headers.items()
            if name != "host"
        ),
    }
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = [
            wrk,
            "--threads",
            str(min(2, connections)),
            "--connections",
            str(connections),
            "--duration",
            f"{seconds:.0f}s",
            "--timeout",
            "10s",
            "--script",
            file.name,
            f"http://{host}:{port}",
        ]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    line = next((line for line in result.stdout.splitlines() if line.startswith("RESULT ")), None)
    if line is None:
        raise Unmeasured(f"wrk failed: {result.stderr or result.stdout}")
    seen = json.loads(line.removeprefix("RESULT "))
    if seen["requests"] == 0 or (seen["failed"] and not tolerate_reconnects):
        raise Unmeasured(
            f"{seen['failed']} of {seen['requests']} requests to port {port} failed:\n{result.stdout}"
        )
    return Load(seen["p50"], seen["p99"], seen["requests"] / seen["seconds"])


def lua(value: bytes) -> str:
    """A Lua string literal."""
    return '"' + "".join(f"\\{byte:03d}" for byte in value) + '"'
