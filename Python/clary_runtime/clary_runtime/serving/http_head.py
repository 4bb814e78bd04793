"""Heads of HTTP requests (RFC 9112), parsed strictly: what two readers could read differently is refused."""

from __future__ import annotations

import marshal
import re
from typing import NamedTuple
from urllib.parse import unquote

HEAD_LIMIT = 65536

_REQUEST_LINE = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+) ([\x21-\x7e\x80-\xff]+) HTTP/(\d)\.(\d)")
_FIELD = re.compile(r"([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
# Repeated lines of these fields differ in meaning between readers, so they are errors unless equal.
_SINGLE = ("content-length", "host", "content-type")

# Callers on kept connections repeat their heads byte for byte: looking one up costs a tenth of parsing it.
_known: dict[bytes, Head] = {}


class BadRequest(Exception):
    """The request cannot be served; the connection ends after the answer."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Head(NamedTuple):
    method: str
    path: str
    """Percent-decoded, without the query."""
    query: str
    headers: dict[str, str]
    """Names in lower case; values of repeated lines joined by commas."""
    content_length: int
    chunked: bool
    keep_alive: bool
    http10: bool
    expects_continue: bool
    wire: bytes
    """What workers need of it, marshalled: `(method, path, query, headers)`."""


def parse_head(block: bytes) -> Head:
    """Parses all lines up to the empty one; `block` has no final line break."""
    head = _known.get(block)
    if head is None:
        head = _parse(block)
        if len(block) <= 2048:
            if len(_known) >= 256:
                _known.clear()
            _known[block] = head
    return head


def _parse(block: bytes) -> Head:
    lines = block.decode("latin-1").split("\r\n")
    match = _REQUEST_LINE.fullmatch(lines[0])
    if not match:
        raise BadRequest(400, "The request line is malformed.")
    method, target, major, minor = match.groups()
    if major != "1":
        raise BadRequest(505, f"Version {major}.{minor} of HTTP is not spoken here.")
    http10 = minor == "0"
    headers = _fields(lines[1:])
    if not http10 and "host" not in headers:
        raise BadRequest(400, "The request has no Host header.")
    path, query = _split_target(method, target)

    chunked = False
    if "transfer-encoding" in headers:
        if "content-length" in headers or http10:
            raise BadRequest(
                400, "Transfer-Encoding is not allowed together with Content-Length or HTTP/1.0."
            )
        if headers["transfer-encoding"].lower() != "chunked":
            raise BadRequest(501, f"Transfer-Encoding '{headers['transfer-encoding']}' is not supported.")
        chunked = True
    length = headers.get("content-length", "0")
    if not (length.isascii() and length.isdigit() and len(length) < 19):
        raise BadRequest(400, f"Content-Length '{length}' is not a size.")
    expectation = headers.get("expect", "").lower()
    if expectation not in ("", "100-continue"):
        raise BadRequest(417, f"The expectation '{expectation}' cannot be met.")
    connection = [token.strip() for token in headers.get("connection", "").lower().split(",")]
    return Head(
        method=method,
        path=path,
        query=query,
        headers=headers,
        content_length=int(length),
        chunked=chunked,
        keep_alive="keep-alive" in connection if http10 else "close" not in connection,
        http10=http10,
        expects_continue=bool(expectation) and not http10,
        wire=marshal.dumps((method, path, query, headers)),
    )


def _fields(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        match = _FIELD.fullmatch(line)
        if not match:
            raise BadRequest(400, "A header line is malformed.")
        name, value = match[1].lower(), match[2].rstrip(" \t")
        earlier = headers.get(name)
        if earlier is None:
            headers[name] = value
        elif name not in _SINGLE:
            headers[name] = f"{earlier}, {value}"
        elif earlier != value:
            raise BadRequest(400, f"The header {match[1]} is given twice with different values.")
    return headers


def _split_target(method: str, target: str) -> tuple[str, str]:
    """Path and query of the origin form, or of the absolute form that proxies use."""
    if target.startswith(("http://", "https://")):
        _, slash, rest = target.partition("://")[2].partition("/")
        target = slash + rest or "/"
    if not target.startswith("/") and not (method == "OPTIONS" and target == "*"):
        raise BadRequest(400, "The request target is not a path.")
    path, _, query = target.partition("?")
    return unquote(path), query
