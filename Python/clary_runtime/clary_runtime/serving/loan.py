"""A caller's connection in the hands of a worker: requests are answered without the front between them.

The worker takes what is simple, and all of a sudden there: a whole request to `/invocations` in one read, and an
answer that the socket takes in one write. Everything else (large or slow requests, other paths, streamed answers, a
caller that leaves) goes to the front with the connection, so it is handled in one place only.
"""

from __future__ import annotations

import os
import select
import time

from .exchange import INVOCATIONS, Handler, Invocation
from .frames import RETURNED, TAKEN_OVER
from .http_head import HEAD_LIMIT, BadRequest, Head, parse_head
from .http_reply import KEEP_ALIVE, whole_response
from .inbox import Inbox
from .log import note_answer
from .reply_writer import ReplyWriter

# Longest request, in bytes, that is answered without the front, which is who knows the limit of bodies.
LONGEST_REQUEST = 65536
# Two requests with less between them, in seconds, are of a caller who waits for each answer.
_BRISK = 0.0002
_END_OF_HEAD = b"\r\n\r\n"


class Loan:
    """Lasts until the front wants something, or something comes that only the front can handle."""

    def __init__(self, descriptor: int, inbox: Inbox, writer: ReplyWriter, busy_since: memoryview) -> None:
        self._descriptor = descriptor
        self._inbox = inbox
        self._writer = writer
        self._busy_since = busy_since
        """One number, read by the front: when the current request began, 0 between two."""

    def serve(self, handler: Handler) -> None:
        """Answers requests, and gives the connection back in the end."""
        descriptor, busy_since, clock = self._descriptor, self._busy_since, time.monotonic
        arrivals = _Arrivals(descriptor, self._inbox.fileno())
        try:
            while True:
                ready = arrivals.wait()
                if len(ready) > 1 or ready[0][0] != descriptor:
                    return self._give_back(b"")
                # Before the read, so that a request of a worker that dies is never taken for unread.
                busy_since[0] = since = clock()
                try:
                    data = os.read(descriptor, LONGEST_REQUEST)
                except BlockingIOError:
                    busy_since[0] = 0
                    continue
                except OSError:
                    return self._give_back(b"")
                end = data.find(_END_OF_HEAD, 0, HEAD_LIMIT)
                head = _simple_head(data, end)
                if head is None:
                    return self._give_back(data)
                reply = handler(Invocation(head.method, head.path, head.query, head.headers, data[end + 4 :]))
                body = reply.body
                if not isinstance(body, bytes):
                    self._hand_over(data[:end])
                    return self._writer.write(reply, KEEP_ALIVE, False)
                answer = whole_response(reply.status, reply.content_type, body, KEEP_ALIVE, reply.headers)
                # Before the write: from here on the caller may have got the answer.
                busy_since[0] = 0
                try:
                    sent = os.write(descriptor, answer)
                except BlockingIOError:
                    sent = 0
                except OSError:
                    return self._give_back(b"")
                if sent < len(answer):
                    self._hand_over(data[:end])
                    return self._writer.write_rest(reply.status, memoryview(answer)[sent:])
                note_answer(head, reply.status, since)
                # They may be large, and the next request may be long in coming.
                del data, reply, body, answer
        finally:
            os.close(descriptor)

    def _give_back(self, unanswered: bytes) -> None:
        self._busy_since[0] = 0
        self._writer.send(RETURNED, 0, unanswered)

    def _hand_over(self, head: bytes) -> None:
        self._busy_since[0] = 0
        self._writer.send(TAKEN_OVER, 0, head)


class _Arrivals:
    """Waits for one of two descriptors: actively, as long as what comes comes at once.

    A CPU that fell asleep takes longer to wake (some 25 µs in a virtual machine) than a small model to predict. A
    caller who asks again as soon as it has its answer finds this process awake; sparse requests find it asleep and
    cost nothing between them.
    """

    def __init__(self, *descriptors: int) -> None:
        poll = select.poll()
        for descriptor in descriptors:
            poll.register(descriptor, select.POLLIN)
        self._poll = poll.poll
        self._is_brisk = False

    def wait(self) -> list[tuple[int, int]]:
        """Those that are ready."""
        poll, clock = self._poll, time.monotonic
        limit = clock() + _BRISK
        if self._is_brisk:
            while clock() < limit:
                ready = poll(0)
                if ready:
                    return ready
                os.sched_yield()  # Nobody else who has something to do waits for this.
        ready = poll()
        self._is_brisk = clock() < limit
        return ready


def _simple_head(data: bytes, end: int) -> Head | None:
    """The head of a request that is whole, alone and asks for nothing but a prediction."""
    if end < 0:
        return None
    try:
        head = parse_head(data[:end])
    except BadRequest:
        return None
    is_simple = (
        head.path == INVOCATIONS
        and head.method == "POST"
        and head.content_length == len(data) - end - 4
        and head.keep_alive
        and not (head.chunked or head.http10)
    )
    return head if is_simple else None
