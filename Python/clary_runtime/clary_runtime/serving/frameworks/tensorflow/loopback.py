"""The REST API on a port of the worker's own, for the handlers that run in it."""

from __future__ import annotations

import socket
import threading

from ...exchange import Handler, Invocation
from ...http_head import BadRequest
from ...http_reader import RequestReader
from ...http_reply import HTTP10, KEEP_ALIVE, whole_response

_BODY_LIMIT = 1 << 30


class Loopback:
    """A thread per connection: its only callers are in this process."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://localhost:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, name="rest", daemon=True).start()

    def _accept(self) -> None:
        while True:
            sock, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, sock: socket.socket) -> None:
        reader = RequestReader(_BODY_LIMIT)
        with sock:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                while True:
                    request = reader.next()
                    if request is None:
                        if reader.asks_to_continue():
                            sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
                        data = sock.recv(262144)
                        if not data:
                            return
                        reader.feed(data)
                        continue
                    head = request.head
                    reply = self._handler(
                        Invocation(head.method, head.path, "", head.headers, bytes(request.body))
                    )
                    flags = (KEEP_ALIVE if head.keep_alive else 0) | (HTTP10 if head.http10 else 0)
                    assert isinstance(reply.body, bytes)
                    sock.sendall(whole_response(reply.status, reply.content_type, reply.body, flags))
                    if not head.keep_alive:
                        return
            except BadRequest as problem:
                sock.sendall(whole_response(problem.status, "text/plain", f"{problem}\n".encode(), 0))
            except OSError:
                return
