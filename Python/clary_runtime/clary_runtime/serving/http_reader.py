"""Cuts the bytes of a connection into requests, however they arrive."""

from __future__ import annotations

import re
from typing import NamedTuple

from .http_head import HEAD_LIMIT, BadRequest, Head, parse_head

_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?")
_LINE_LIMIT = 4096


class Request(NamedTuple):
    head: Head
    body: bytes | bytearray


class RequestReader:
    """Takes bytes with `feed` and gives whole requests with `next`, in order."""

    def __init__(self, body_limit: int) -> None:
        self._body_limit = body_limit
        self._unread: bytes | bytearray = b""
        self._head: Head | None = None
        self._body = bytearray()
        # Bytes of the current chunk still to come; None between chunks, -1 within the trailer.
        self._chunk: int | None = None
        self._asks_to_continue = False

    def feed(self, data: bytes) -> None:
        if self._unread:
            if isinstance(self._unread, bytes):
                self._unread = bytearray(self._unread)
            self._unread += data
        else:
            self._unread = data

    @property
    def backlog(self) -> int:
        """Bytes that no request has taken yet."""
        return len(self._unread)

    @property
    def is_between_requests(self) -> bool:
        return self._head is None and not self._unread

    def asks_to_continue(self) -> bool:
        """True once per request that waits for `100 Continue` before it sends its body."""
        asks, self._asks_to_continue = self._asks_to_continue, False
        return asks

    def next(self) -> Request | None:
        """The next whole request, None if bytes are missing; raises `BadRequest`."""
        head = self._head
        if head is None:
            head = self._take_head()
            if head is None:
                return None
            if not head.chunked:
                unread = self._unread
                length = head.content_length
                if len(unread) == length:  # The usual case: one request, all of it here.
                    self._unread = b""
                    return Request(head, unread)
                if len(unread) > length:
                    body = unread[:length]
                    self._drop(length)
                    return Request(head, body)
            self._head = head
            self._asks_to_continue = head.expects_continue and not self._unread
        complete = self._take_chunks() if head.chunked else self._take_sized(head.content_length)
        if not complete:
            return None
        body, self._body, self._head = self._body, bytearray(), None
        self._asks_to_continue = False
        return Request(head, body)

    def _take_head(self) -> Head | None:
        unread = self._unread
        if unread[:1] in (b"\r", b"\n"):
            # Empty lines before a request are tolerated (RFC 9112 §2.2): old clients end bodies with one.
            self._drop(len(unread) - len(unread.lstrip(b"\r\n")))
            unread = self._unread
        end = unread.find(b"\r\n\r\n", 0, HEAD_LIMIT)
        if end < 0:
            if len(unread) >= HEAD_LIMIT:
                raise BadRequest(431, f"The head of the request is longer than {HEAD_LIMIT} bytes.")
            if b"\n" in unread and not unread.split(b"\n", 1)[0].endswith(b"\r"):
                raise BadRequest(400, "The request line is malformed.")
            return None
        head = parse_head(bytes(unread[:end]))
        self._check_size(head.content_length)
        self._drop(end + 4)
        return head

    def _check_size(self, size: int) -> None:
        if size > self._body_limit:
            raise BadRequest(
                413, f"The body is longer than {self._body_limit} bytes (SAGEMAKER_MAX_PAYLOAD_IN_MB)."
            )

    def _take_sized(self, length: int) -> bool:
        missing = length - len(self._body)
        part = self._unread[:missing]
        self._body += part
        self._drop(len(part))
        return len(self._body) == length

    def _take_chunks(self) -> bool:
        unread = self._unread
        at = 0
        try:
            while True:
                if self._chunk is None or self._chunk < 0:
                    end = unread.find(b"\r\n", at)
                    if end < 0:
                        if len(unread) - at > _LINE_LIMIT:
                            raise BadRequest(400, "A chunk's size line is too long.")
                        return False
                    line = bytes(unread[at:end])
                    at = end + 2
                    if self._chunk is None:
                        match = _CHUNK_LINE.fullmatch(line)
                        if not match:
                            raise BadRequest(400, "A chunk's size is malformed.")
                        size = int(match[1], 16)
                        self._check_size(len(self._body) + size)
                        self._chunk = size or -1
                    elif not line:
                        self._chunk = None
                        return True
                    continue
                if self._chunk:
                    part = unread[at : at + self._chunk]
                    self._body += part
                    at += len(part)
                    self._chunk -= len(part)
                    if self._chunk:
                        return False
                ending = bytes(unread[at : at + 2])
                if ending != b"\r\n"[: len(ending)]:
                    raise BadRequest(400, "A chunk is longer than its size line says.")
                if len(ending) < 2:
                    return False
                at += 2
                self._chunk = None
        finally:
            self._drop(at)

    def _drop(self, count: int) -> None:
        unread = self._unread
        if count == len(unread):
            self._unread = b""
        elif isinstance(unread, bytearray):
            # Moves nothing: the rest of many pipelined requests is not copied for each of them.
            del unread[:count]
        else:
            self._unread = bytearray(memoryview(unread)[count:])
