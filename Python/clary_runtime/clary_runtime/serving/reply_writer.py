"""Writes answers of a worker to the front, as the bytes the caller gets."""

from __future__ import annotations

import socket
import traceback
from typing import Iterator  # noqa: UP035 - subscripted at run time by Python 3.8.

from .errors import failure_text
from .exchange import Reply
from .frames import BROKEN, FROM_WORKER, LAST, LAST_THEN_CLOSE, PART
from .http_reply import HTTP10, head_bytes
from .inbox import Inbox

_COPY_LIMIT = 65536


class ReplyWriter:
    def __init__(self, sock: socket.socket, inbox: Inbox) -> None:
        self._sock = sock
        self._inbox = inbox

    def write(self, reply: Reply, flags: int, is_head: bool) -> None:
        body = reply.body
        if isinstance(body, bytes):
            head = head_bytes(reply.status, reply.content_type, len(body), flags, reply.headers)
            if is_head:
                body = b""
            start = FROM_WORKER.pack(LAST, reply.status, len(head) + len(body)) + head
            if len(body) <= _COPY_LIMIT:
                self._sock.sendall(start + body)
            else:
                self._sock.sendall(start)
                self._sock.sendall(body)
        else:
            self._write_parts(reply, body, flags)

    def write_rest(self, status: int, rest: memoryview) -> None:
        """The rest of an answer, after the caller has got its beginning."""
        self._sock.sendall(FROM_WORKER.pack(LAST, status, len(rest)))
        self._sock.sendall(rest)

    def send(self, kind: int, status: int, data: bytes) -> None:
        self._sock.sendall(FROM_WORKER.pack(kind, status, len(data)) + data)

    def _write_parts(self, reply: Reply, parts: Iterator, flags: int) -> None:
        try:
            # Nothing is promised before the first part is there: a generator's failure in its first lines
            # is an ordinary error then.
            first = next(parts, b"")
        except Exception as error:
            traceback.print_exc()
            self.write(Reply(failure_text(error), "text/plain; charset=utf-8", 500), flags, False)
            return
        plain = bool(flags & HTTP10)
        self.send(
            PART, reply.status, head_bytes(reply.status, reply.content_type, None, flags, reply.headers)
        )
        try:
            part = first
            while True:
                data = part.encode() if isinstance(part, str) else bytes(part)
                if data:  # An empty chunk would end the body.
                    self.send(PART, reply.status, data if plain else b"%x\r\n%b\r\n" % (len(data), data))
                if self._inbox.is_cancelled():
                    self.send(BROKEN, reply.status, b"")
                    return
                try:
                    part = next(parts)
                except StopIteration:
                    break
            self.send(LAST_THEN_CLOSE if plain else LAST, reply.status, b"" if plain else b"0\r\n\r\n")
        except OSError:
            raise
        except Exception:
            traceback.print_exc()
            self.send(BROKEN, reply.status, b"")
        finally:
            close = getattr(parts, "close", None)
            if close is not None:
                close()
