"""One thread's wait for descriptors, timers and signals."""

from __future__ import annotations

import heapq
import select
import signal
import socket
import time
from typing import Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

READ = select.EPOLLIN
WRITE = select.EPOLLOUT


class EventLoop:
    """Calls back when a descriptor is ready, a time has come or a signal has arrived."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._callbacks: dict[int, Callable[[int], None]] = {}
        self._timers: list[tuple[float, int, Callable[[], None]]] = []
        self._timer_count = 0
        self._signals: dict[int, Callable[[], None]] = {}
        self._wakeup: tuple[socket.socket, socket.socket] | None = None
        self._stopped = False
        self.now = time.monotonic()
        """Time of the current round; a call of the clock per event would be a tenth of an event's cost."""

    def watch(self, descriptor: int, callback: Callable[[int], None], events: int = READ) -> None:
        self._callbacks[descriptor] = callback
        self._epoll.register(descriptor, events)

    def change(self, descriptor: int, events: int) -> None:
        self._epoll.modify(descriptor, events)

    def forget(self, descriptor: int) -> None:
        """Must come before the descriptor is closed: its number may be another's at once."""
        if self._callbacks.pop(descriptor, None):
            self._epoll.unregister(descriptor)

    def later(self, delay: float, callback: Callable[[], None]) -> None:
        self._timer_count += 1  # Two timers of one moment are compared by it, never by their callbacks.
        heapq.heappush(self._timers, (time.monotonic() + delay, self._timer_count, callback))

    def on_signal(self, number: int, callback: Callable[[], None]) -> None:
        if self._wakeup is None:
            self._wakeup = socket.socketpair()
            for end in self._wakeup:
                end.setblocking(False)
            signal.set_wakeup_fd(self._wakeup[1].fileno(), warn_on_full_buffer=False)
            self.watch(self._wakeup[0].fileno(), self._take_signals)
        self._signals[number] = callback
        signal.signal(number, _note)

    def run(self) -> None:
        """Until `stop` is called."""
        poll, callbacks, clock = self._epoll.poll, self._callbacks, time.monotonic
        while not self._stopped:
            timers = self._timers
            timeout = max(0.0, timers[0][0] - clock()) if timers else -1
            ready = poll(timeout, 256)
            self.now = clock()
            for descriptor, events in ready:
                # An earlier callback of this round may have forgotten this descriptor.
                callback = callbacks.get(descriptor)
                if callback is not None:
                    callback(events)
            while timers and timers[0][0] <= self.now:
                heapq.heappop(timers)[2]()

    def stop(self) -> None:
        self._stopped = True

    def close_in_child(self) -> None:
        """Leaves the parent's descriptors and signals to the parent."""
        signal.set_wakeup_fd(-1)
        self._epoll.close()
        for end in self._wakeup or ():
            end.close()

    def _take_signals(self, _events: int) -> None:
        assert self._wakeup is not None
        try:
            numbers = self._wakeup[0].recv(4096)
        except BlockingIOError:
            return
        for number in set(numbers):
            if number in self._signals:
                self._signals[number]()


def _note(_number: int, _frame: object) -> None:
    """The interpreter writes the number to the wake-up descriptor only for signals that have a handler."""
