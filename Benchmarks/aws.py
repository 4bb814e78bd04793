"""Signed calls with the standard library: what the measurements need and nothing that would cost time."""

import datetime
import hashlib
import hmac
import http.client
import json
import urllib.parse
from dataclasses import dataclass, field

EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Credentials:
    key: str
    secret: str
    token: str = ""
    region: str = "us-east-1"


class CallFailed(Exception):
    """A call that was not answered with a 2xx status."""

    def __init__(self, what: str, status: int, body: bytes) -> None:
        super().__init__(f"{what}: HTTP {status}: {body[:500].decode(errors='replace')}")
        self.status = status


def sign(
    credentials: Credentials,
    service: str,
    method: str,
    host: str,
    path: str,
    headers: dict[str, str],
    payload_hash: str,
    now: datetime.datetime | None = None,
) -> dict[str, str]:
    """The headers of a request with its SigV4 signature (header form)."""
    now = now or datetime.datetime.now(datetime.timezone.utc)
    stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
    signed = {name.lower(): value for name, value in headers.items()} | {"host": host, "x-amz-date": stamp}
    if service == "s3":
        signed["x-amz-content-sha256"] = payload_hash
    if credentials.token:
        signed["x-amz-security-token"] = credentials.token
    bare, _, query = path.partition("?")
    uri = bare if service == "s3" else urllib.parse.quote(bare, safe="/-_.~")
    pairs = sorted(urllib.parse.parse_qsl(query, keep_blank_values=True))
    canonical_query = "&".join(
        f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}"
        for name, value in pairs
    )
    names = ";".join(sorted(signed))
    lines = "".join(f"{name}:{' '.join(signed[name].split())}\n" for name in sorted(signed))
    canonical = "\n".join([method, uri, canonical_query, lines, names, payload_hash])
    scope = f"{day}/{credentials.region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{credentials.secret}".encode()
    for part in (day, credentials.region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.key}/{scope}, SignedHeaders={names}, Signature={signature}"
    )
    return signed


@dataclass
class Client:
    """One keep-alive connection to a server."""

    host: str
    port: int
    credentials: Credentials
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=120)

    @property
    def authority(self) -> str:
        return f"{self.host}:{self.port}"

    def json(self, operation: str, **members) -> dict:
        """A call of the control plane (awsJson 1.1)."""
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": f"SageMaker.{operation}"}
        body = json.dumps(members).encode()
        return json.loads(self.call("sagemaker", "POST", "/", headers, body, operation) or b"{}")

    def s3(self, method: str, path: str, body: bytes = b"") -> bytes:
        return self.call("s3", method, path, {}, body, f"{method} {path}")

    def call(self, service: str, method: str, path: str, headers: dict, body: bytes, what: str) -> bytes:
        digest = hashlib.sha256(body).hexdigest()
        signed = sign(self.credentials, service, method, self.authority, path, headers, digest)
        self.connection.request(method, path, body=body, headers=signed)
        reply = self.connection.getresponse()
        content = reply.read()
        if not 200 <= reply.status < 300:
            raise CallFailed(what, reply.status, content)
        return content

    def close(self) -> None:
        self.connection.close()
