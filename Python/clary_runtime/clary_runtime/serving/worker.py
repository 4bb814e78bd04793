"""A worker process, as the front sees it."""

from __future__ import annotations

import array
import collections
import enum
import mmap
import os
import signal
import socket
import sys
from typing import TYPE_CHECKING

from .event_loop import READ, WRITE
from .exchange import INVOCATIONS
from .frames import (
    BROKEN,
    CANCEL,
    FAILED,
    FROM_WORKER,
    LAST,
    LAST_THEN_CLOSE,
    LEND,
    PART,
    READY,
    RECALL,
    REQUEST,
    RETURNED,
    TAKEN_OVER,
    TO_WORKER,
)
from .worker_process import run_worker

if TYPE_CHECKING:
    from .client import Client
    from .pool import Pool

# Larger ones would be mapped and unmapped by the allocator for each call.
_READ_SIZE = 65536
_COPY_LIMIT = 65536


class State(enum.Enum):
    LOADING = 1
    IDLE = 2
    BUSY = 3
    RETIRED = 4
    """Ends after its request or its loan, without being replaced."""
    LENT = 5
    """Serves a caller's connection alone."""


class Worker:
    """Has one request at a time; its bytes go to the client as they come."""

    def __init__(self, pool: Pool, index: int) -> None:
        self.pool = pool
        self.index = index
        self.state = State.LOADING
        self.client: Client | None = None
        """Whose request it works on, or whose connection it was lent."""
        self.failure = ""
        """Traceback of a model that could not be loaded."""
        self.timed_out = False
        self.ready_at: float | None = None
        self.deadline: float | None = None
        self._loop = pool.front.loop
        self._outgoing: collections.deque[bytes | memoryview] = collections.deque()
        self._incoming = b""
        self._kind = 0  # Of the message being received; 0 between two.
        self._status = 0
        self._left = 0
        self._text = b""
        self._paused = False
        self._connected = True
        self._is_lent = False
        self._is_recalled = False
        # Shared with the process: when it began the request of a lent connection that it works on, or 0.
        self._busy_since = memoryview(mmap.mmap(-1, mmap.PAGESIZE)).cast("d")
        self._start()

    def _start(self) -> None:
        self.sock, theirs = socket.socketpair()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if self.pid == 0:
            self.sock.close()
            self.pool.front.close_in_child()
            run_worker(theirs, self._busy_since, self.pool.load, self.index, self.pool.size)
        theirs.close()
        self.sock.setblocking(False)
        self._loop.watch(self.sock.fileno(), self._on_event)

    # To the process

    def assign(self, client: Client) -> None:
        assert client.request is not None
        head, body = client.request
        self.state = State.BUSY
        self.client = client
        client.worker = self
        self.deadline = self._loop.now + self.pool.front.settings.request_timeout
        start = TO_WORKER.pack(REQUEST, client.flags, len(head.wire), len(body)) + head.wire
        if len(body) <= _COPY_LIMIT:
            self._send(start + body)
        else:
            self._send(start)
            self._send(body)

    def lend(self, client: Client) -> bool:
        """Hands the client's connection to the process, which must have nothing to do; False if it has no room."""
        if self._outgoing:
            return False
        descriptor = array.array("i", [client.sock.fileno()])
        rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptor)]
        try:
            # A stream takes a message of this size as a whole or not at all.
            self.sock.sendmsg([TO_WORKER.pack(LEND, 0, 0, 0)], rights)
        except OSError:
            return False
        self._is_lent = True
        self._is_recalled = False
        self.state = State.LENT
        self.client = client
        client.lend(self)
        return True

    def recall(self) -> None:
        """Asks for the lent connection; it comes after the request that the process may be at."""
        if not self._is_recalled:
            self._is_recalled = True
            self._send(TO_WORKER.pack(RECALL, 0, 0, 0))

    def overdue(self, now: float, limit: float) -> bool:
        """Whether its request takes longer than `limit` seconds."""
        if self._is_lent:
            since = self._busy_since[0]
            return since > 0 and since + limit <= now
        return self.deadline is not None and self.deadline <= now

    def lose_client(self) -> None:
        """The caller is gone: a streamed answer ends at its next part, another one is dropped."""
        self.client = None
        if not self._is_lent:
            self._send(TO_WORKER.pack(CANCEL, 0, 0, 0))
            self.resume()

    def resume(self) -> None:
        """The client has taken what it was sent."""
        if self._paused:
            self._paused = False
            self.deadline = self._loop.now + self.pool.front.settings.request_timeout
            self._update_interest()

    def retire(self) -> None:
        """Lets the process end as soon as it has no request."""
        if self._is_lent:
            self.recall()
        elif self.state in (State.IDLE, State.LOADING):
            self.disconnect()  # The process ends when it reads the end of its input.
        self.state = State.RETIRED

    def kill(self) -> None:
        """Ends the process at once; its death is noticed as any other."""
        # SIGABRT lets faulthandler write where the process stands, even inside native code.
        os.kill(self.pid, signal.SIGABRT)
        self._loop.later(1, self.kill_surely)

    def kill_surely(self) -> None:
        if self in self.pool.workers:
            os.kill(self.pid, signal.SIGKILL)

    def disconnect(self) -> None:
        if self._connected:
            self._connected = False
            self._loop.forget(self.sock.fileno())
            self.sock.close()

    def _send(self, data: bytes | bytearray) -> None:
        if not self._connected:
            return
        if not self._outgoing:
            try:
                sent = self.sock.send(data)
            except BlockingIOError:
                sent = 0
            except OSError:
                return  # It has died, which SIGCHLD tells.
            if sent == len(data):
                return
            data = memoryview(data)[sent:]
        self._outgoing.append(data)
        self._update_interest()

    def _flush(self) -> None:
        while self._outgoing:
            data = self._outgoing[0]
            try:
                sent = self.sock.send(data)
            except BlockingIOError:
                return
            except OSError:
                self._outgoing.clear()
                break
            if sent < len(data):
                self._outgoing[0] = memoryview(data)[sent:]
                return
            self._outgoing.popleft()
        self._update_interest()

    def _update_interest(self) -> None:
        if self._connected:
            interest = (0 if self._paused else READ) | (WRITE if self._outgoing else 0)
            self._loop.change(self.sock.fileno(), interest)

    # From the process

    def _on_event(self, events: int) -> None:
        if events & WRITE:
            self._flush()
        if events & ~WRITE:
            self.receive()

    def receive(self) -> bool:
        """Takes what has arrived; False if there is nothing."""
        if not self._connected:
            return False
        try:
            data = self.sock.recv(_READ_SIZE)
        except BlockingIOError:
            return False
        except OSError:
            data = b""
        if not data:
            self.disconnect()
            return False
        if self._incoming:
            data, self._incoming = self._incoming + data, b""
        view = memoryview(data)
        while view:
            if not self._kind:
                if len(view) < FROM_WORKER.size:
                    self._incoming = bytes(view)
                    break
                self._kind, self._status, self._left = FROM_WORKER.unpack_from(view)
                view = view[FROM_WORKER.size :]
            part, view = view[: self._left], view[self._left :]
            self._left -= len(part)
            self._take(part)
        return True

    def _take(self, part: memoryview) -> None:
        kind = self._kind
        if kind in (READY, FAILED, RETURNED, TAKEN_OVER):
            self._text += part
        elif part and self.client is not None:
            self.client.answer_begun = True
            self.client.write(part)
            if kind == PART and self.client is not None and self.client.is_congested:
                # A whole answer is made already: taking it in frees the worker from a slow caller. A streamed one
                # has no bound, so the worker waits.
                self._paused = True
                self.deadline = None
                self._update_interest()
        if self._left:
            return
        self._kind = 0
        text, self._text = self._text, b""
        if kind == READY:
            self.ready_at = self._loop.now
            if self.state is State.LOADING:
                self.state = State.IDLE
                self.pool.worker_is_ready(self, float(text))
        elif kind == FAILED:
            self.failure = text.decode("utf-8", "replace")
        elif kind == RETURNED:
            self._end_loan(text)
        elif kind == TAKEN_OVER:
            self._take_over(text)
        elif kind == PART:
            if not self._paused:
                self.deadline = self._loop.now + self.pool.front.settings.request_timeout
        else:
            self._finish(kind)

    def _finish(self, kind: int) -> None:
        client, self.client, self.deadline = self.client, None, None
        goes_on = False
        if client is not None:
            goes_on = kind == LAST and client.request is not None and client.request.head.path == INVOCATIONS
            client.worker = None
            if kind == BROKEN:
                client.close()
            else:
                client.finish(self._status, close=kind == LAST_THEN_CLOSE)
        self._be_free(client if goes_on else None)

    def _be_free(self, client: Client | None) -> None:
        """`client` may be lent."""
        if self.state is State.RETIRED:
            self.disconnect()
        else:
            self.state = State.IDLE
            self.pool.worker_is_free(self, client)

    # Loans

    def _end_loan(self, unanswered: bytes) -> None:
        client, self.client = self.client, None
        self._is_lent = False
        # A request that waits is older than one that came back just now.
        self._be_free(None)
        if client is not None:
            client.take_back(unanswered)

    def _take_over(self, head: bytes) -> None:
        self._is_lent = False
        if self.state is State.LENT:
            self.state = State.BUSY
        self.deadline = self._loop.now + self.pool.front.settings.request_timeout
        if self.client is not None:
            self.client.take_over(head)

    def give_up_loan(self, status: int, body: bytes) -> bool:
        """The process is gone: its caller is told, if there is one; False if nothing was lent."""
        if not self._is_lent:
            return False
        self._is_lent = False
        client, self.client = self.client, None
        if client is not None:
            client.end_loan(status if self._busy_since[0] else None, body)
        return True
