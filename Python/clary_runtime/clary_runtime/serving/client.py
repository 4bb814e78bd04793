"""A caller's connection, as the front sees it."""

from __future__ import annotations

import collections
import contextlib
import select
import socket
from typing import TYPE_CHECKING

from .event_loop import READ, WRITE
from .http_head import BadRequest, parse_head
from .http_reader import Request, RequestReader
from .http_reply import HTTP10, KEEP_ALIVE, whole_response
from .log import logger

if TYPE_CHECKING:
    from .front import Front
    from .worker import Worker

# Larger ones would be mapped and unmapped by the allocator for each call.
_READ_SIZE = 65536
_BACKLOG_LIMIT = 262144
_OUTGOING_LIMIT = 1048576
_STALL_LIMIT = 60.0
_LINGER = 5.0
# How long a connection is not lent after a request that a worker could not take alone, in seconds.
_UNSUITED_PAUSE = 1.0
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
        """Works on the current request, or was lent the connection."""
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
        self._was_lent = False
        self._lendable_from = 0.0
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

    # Loans

    @property
    def is_lendable(self) -> bool:
        """Whether a worker may read and answer the next request of this connection by itself."""
        return (
            not (self.closed or self._ended or self._closing or self._outgoing or self.front.draining)
            and self.request is None
            and self._reader.is_between_requests
            and self.front.loop.now >= self._lendable_from
        )

    def lend(self, worker: Worker) -> None:
        self.worker = worker
        self._was_lent = True
        self.front.loop.forget(self.sock.fileno())

    def take_back(self, unanswered: bytes) -> None:
        """The connection is the front's again; `unanswered` was read of it."""
        self._resume_watch()
        if unanswered:
            # What the worker could not take alone; the next request is likely to be of the same kind.
            self._lendable_from = self.front.loop.now + _UNSUITED_PAUSE
            self._reader.feed(unanswered)
            self._advance()
        if self.front.draining:
            self.close_if_idle()

    def take_over(self, head: bytes) -> None:
        """The connection is the front's again, which relays the rest of the answer to the request of this head."""
        worker = self.worker
        self._resume_watch()
        self.worker = worker
        self.request = Request(parse_head(head), b"")
        self.since = self.front.loop.now
        self.answer_begun = True

    def end_loan(self, status: int | None, body: bytes) -> None:
        """The worker is gone; `status` is for the caller of the request it was at, None if it was at none."""
        self._resume_watch()
        if status is None:
            # What it may have read is lost; a caller who has got no answer on a kept connection asks again.
            self.close()
        else:
            self.write(whole_response(status, "application/json", body, 0))
            self._close_when_written()

    def _resume_watch(self) -> None:
        self.worker = None
        self._progress = self.front.loop.now
        self._interest = READ
        self.front.loop.watch(self.sock.fileno(), self._on_event)

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
        if self._was_lent:
            # A process that user code started may have got a copy of the descriptor.
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()
        self.front.clients.discard(self)
        if self.worker is not None:
            self.worker.lose_client()
        self.front.client_has_closed()

    def close_if_idle(self) -> None:
        if self.worker is not None and self.request is None:
            self.worker.recall()
            return
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
