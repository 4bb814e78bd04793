"""A caller's connection, as the front sees it."""

from __future__ import annotations

import collections
import select
import socket
from typing import TYPE_CHECKING

from .event_loop import READ, WRITE
from .http_head import BadRequest
from .http_reader import Request, RequestReader
from .http_reply import HTTP10, KEEP_ALIVE, whole_response
from .log import logger

if TYPE_CHECKING:
    from .front import Front
    from .worker import Worker

_READ_SIZE = 262144
_BACKLOG_LIMIT = 262144
_OUTGOING_LIMIT = 1048576
_STALL_LIMIT = 60.0
_LINGER = 5.0
_HANG_UP = select.EPOLLHUP | select.EPOLLERR


class Client:
    """Reads requests one after another and writes their answers in that order."""

    def __init__(self, front: Front, sock: socket.socket) -> None:
        self.front = front
        self.sock = sock
        self.request: Request | None = None
        self.since = 0.0
        """When the current request was complete."""
        self.worker: Worker | None = None
        """Works on the current request."""
        self.answer_begun = False
        self.closed = False
        self._reader = RequestReader(front.settings.body_limit)
        self._outgoing: collections.deque[bytes | memoryview] = collections.deque()
        self._outgoing_size = 0
        self._progress = front.loop.now
        self._interest = READ
        self._advancing = False
        self._ended = False  # The caller sends no more.
        self._closing = False  # Closes when everything is written.
        self._lingering = False
        front.loop.watch(sock.fileno(), self._on_event)

    # Input

    def _on_event(self, events: int) -> None:
        try:
            if events & WRITE:
                self._flush()
            if events & READ:
                self._receive()
            elif events & _HANG_UP and not self.closed:
                # The event may be of an earlier connection with the same number: ask the socket itself.
                self.close() if self._ended else self._receive()
        except Exception:
            logger.exception("An error of the serving program ends one connection.")
            self.close()

    def _receive(self) -> None:
        if self.closed:
            return
        try:
            data = self.sock.recv(_READ_SIZE)
        except BlockingIOError:
            return
        except OSError:
            self.close()
            return
        if not data:
            self._on_end()
        elif not self._lingering:
            self._progress = self.front.loop.now
            self._reader.feed(data)
            if self.request is None:
                self._advance()
            if self._reader.backlog > _BACKLOG_LIMIT:
                self._update_interest()

    def _on_end(self) -> None:
        self._ended = True
        if self.worker is None and not self._outgoing:
            # Nobody began the request, if there is one: its caller has given up.
            self.close()
        else:
            self._closing = True
            self._update_interest()

    def _advance(self) -> None:
        """Begins requests while whole ones are there; one that is answered at once makes room for the next."""
        if self._advancing:
            return
        self._advancing = True
        try:
            while self.request is None and not (self._closing or self.closed or self.is_congested):
                request = self._reader.next()
                if request is None:
                    if self._reader.asks_to_continue():
                        self.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                    break
                self.request = request
                self.since = self.front.loop.now
                self.front.route(self)
        except BadRequest as problem:
            self._refuse(problem.status, problem.message)
        finally:
            self._advancing = False

    # Output

    @property
    def flags(self) -> int:
        """How the answer to the current request is framed."""
        assert self.request is not None
        head = self.request.head
        keeps = head.keep_alive and not self.front.draining
        return (KEEP_ALIVE if keeps else 0) | (HTTP10 if head.http10 else 0)

    @property
    def is_congested(self) -> bool:
        return self._outgoing_size > _OUTGOING_LIMIT

    def respond(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        """Answers the current request in whole."""
        assert self.request is not None
        if self.request.head.method == "HEAD":
            self.write(whole_response(status, content_type, body, self.flags)[: -len(body) or None])
        else:
            self.write(whole_response(status, content_type, body, self.flags))
        self.finish(status)

    def write(self, data: bytes | memoryview) -> None:
        if self.closed:
            return
        sent = 0
        if not self._outgoing:
            try:
                sent = self.sock.send(data)
            except BlockingIOError:
                pass
            except OSError:
                self.close()
                return
            if sent == len(data):
                return
            self._progress = self.front.loop.now
        rest = memoryview(data)[sent:]
        self._outgoing.append(rest)
        self._outgoing_size += len(rest)
        self._update_interest()

    def finish(self, status: int, close: bool = False) -> None:
        """The current request is answered."""
        if self.closed or self.request is None:
            return
        head = self.request.head
        self.front.note_answer(self, status)
        self.request = self.worker = None
        self.answer_begun = False
        self._progress = self.front.loop.now
        if close or not head.keep_alive or self._closing or self.front.draining:
            self._close_when_written()
        else:
            if self._reader.backlog:
                self._advance()
            if self._interest != READ:
                self._update_interest()

    def fail(self, status: int, body: bytes) -> None:
        """The current request cannot be answered by a worker any more."""
        if self.answer_begun:
            # The caller knows from the missing end of the body that it is not whole.
            self.close()
        else:
            self.respond(status, body)

    def _refuse(self, status: int, message: str) -> None:
        """Answers input that cannot be understood; where a next request would begin is unknown then."""
        self.write(whole_response(status, "text/plain; charset=utf-8", f"{message}\n".encode(), 0))
        self._lingering = True
        self._close_when_written()

    def _flush(self) -> None:
        outgoing = self._outgoing
        while outgoing:
            data = outgoing[0]
            try:
                sent = self.sock.send(data)
            except BlockingIOError:
                break
            except OSError:
                self.close()
                return
            self._progress = self.front.loop.now
            self._outgoing_size -= sent
            if sent < len(data):
                outgoing[0] = memoryview(data)[sent:]
                break
            outgoing.popleft()
        if not self.is_congested:
            if self.worker is not None:
                self.worker.resume()
            elif self._reader.backlog:
                self._advance()
        if not outgoing and self._closing and self.request is None:
            self._close_when_written()
        else:
            self._update_interest()

    def _update_interest(self) -> None:
        if self.closed:
            return
        interest = WRITE if self._outgoing else 0
        # Only of input that waits for its turn there is so much: a body that is coming leaves the backlog at once.
        if not self._ended and self._reader.backlog <= _BACKLOG_LIMIT:
            interest |= READ
        if interest != self._interest:
            self._interest = interest
            self.front.loop.change(self.sock.fileno(), interest)

    # End

    def _close_when_written(self) -> None:
        self._closing = True
        if self._outgoing or self.closed:
            return
        if not self._lingering:
            self.close()
            return
        # Closing while input is unread would reset the connection and take the answer from the caller, who may
        # still be sending: what comes is read and dropped for a while.
        try:
            self.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self.close()
            return
        self.front.loop.later(_LINGER, self.close)

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.front.loop.forget(self.sock.fileno())
        self.sock.close()
        self.front.clients.discard(self)
        if self.worker is not None:
            self.worker.lose_client()
        self.front.client_has_closed()

    def close_if_idle(self) -> None:
        self._receive()  # A request may have come in this moment.
        if (
            not self.closed
            and self.request is None
            and self._reader.is_between_requests
            and not self._outgoing
        ):
            self.close()

    def check_progress(self) -> None:
        """Ends connections whose other side stands still in the middle of something."""
        if self.front.loop.now - self._progress < _STALL_LIMIT:
            return
        if self._outgoing:
            self.close()
        elif self.request is None and not self._reader.is_between_requests:
            self._refuse(408, "The request did not arrive within a minute.")
