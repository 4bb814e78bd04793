"""Bytes of HTTP responses."""

from __future__ import annotations

from http import HTTPStatus

_REASONS = {status.value: status.phrase for status in HTTPStatus}

# Values come from user code; a line break in one would start a header of its own.
_BREAKS = str.maketrans("\r\n\0", "   ")

KEEP_ALIVE = 1
HTTP10 = 2


def head_bytes(
    status: int,
    content_type: str | None,
    length: int | None,
    flags: int,
    headers: dict[str, str] | None = None,
) -> bytes:
    """Status line and headers; `length` None announces a chunked body (to HTTP/1.0: one that ends by closing)."""
    text = f"HTTP/1.1 {status} {_REASONS.get(status, 'Unknown')}\r\n"
    if content_type:
        text += f"Content-Type: {content_type.translate(_BREAKS)}\r\n"
    if headers:
        for name, value in headers.items():
            text += f"{name.translate(_BREAKS)}: {str(value).translate(_BREAKS)}\r\n"
    if length is not None:
        text += f"Content-Length: {length}\r\n"
    elif not flags & HTTP10:
        text += "Transfer-Encoding: chunked\r\n"
    if not flags & KEEP_ALIVE:
        text += "Connection: close\r\n"
    elif flags & HTTP10:
        text += "Connection: keep-alive\r\n"
    return (text + "\r\n").encode("latin-1", "replace")


def whole_response(
    status: int, content_type: str, body: bytes, flags: int, headers: dict[str, str] | None = None
) -> bytes:
    return head_bytes(status, content_type, len(body), flags, headers) + body
