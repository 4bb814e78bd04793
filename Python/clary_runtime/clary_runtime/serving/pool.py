"""The workers of one model and the requests that wait for one of them."""

from __future__ import annotations

import collections
import os
import signal
from typing import TYPE_CHECKING, Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

from .loan import LONGEST_REQUEST
from .log import logger
from .worker import State, Worker

if TYPE_CHECKING:
    from .client import Client
    from .exchange import Handler
    from .front import Front

_QUEUE_LIMIT = 1024
# A worker that lived this long is replaced at once; one that dies sooner waits longer each time.
_SETTLED = 10.0
_FIRST_DELAY = 0.1
_LONGEST_DELAY = 10.0
_MOST_FAILURES = 5
# How long nothing is lent after a request had to wait: while callers are many, calling back costs more than the hop.
_LOAN_PAUSE = 0.1


_SERVING = (State.IDLE, State.BUSY, State.LENT)


class Pool:
    """Gives each request to the worker that became free last (its caches are warm), and replaces the dead.

    Requests pass through here, instead of callers' connections being spread over workers for good: a kept connection
    of a router would stay with its worker, and two of them with one busy worker would wait while another has
    nothing to do. So no slow caller, hanging prediction or crash of a worker is ever seen by another request. The
    hop over a Unix socket costs half as much as a small prediction, though. As long as there are no more callers
    than workers, each worker is lent its caller's connection and answers without the hop; a request that finds no
    worker free calls all loans back.
    """

    def __init__(self, front: Front, load: Callable[[], Handler], size: int) -> None:
        self.front = front
        self.load = load
        """Called in each worker after the fork: libraries with threads (OpenMP, TensorFlow, CUDA) do not survive one,
        so sharing the pages of a model that was loaded before is not worth its hangs."""
        self.size = size
        self.workers: list[Worker] = []
        self.failure: str | None = None
        """Why the model cannot be served: the last attempt's traceback."""
        self.on_ready: Callable[[], None] = lambda: None
        self.on_failure: Callable[[], None] = lambda: None
        self.on_end: Callable[[], None] = lambda: None
        self._idle: list[Worker] = []
        self._waiting: collections.deque[Client] = collections.deque()
        self._stopping = False
        self._was_ready = False
        self._early_deaths = 0
        # A limit below what a worker takes by itself is the front's to keep.
        self._lends = front.settings.body_limit >= LONGEST_REQUEST
        self._lends_from = 0.0

    def start(self) -> None:
        for index in range(self.size):
            self.workers.append(Worker(self, index))

    @property
    def is_ready(self) -> bool:
        return any(worker.state in _SERVING for worker in self.workers)

    # Requests

    def submit(self, client: Client) -> None:
        if self._idle:
            self._idle.pop().assign(client)
        elif len(self._waiting) >= _QUEUE_LIMIT:
            client.respond(503, b'{"error": "Too many requests wait for a worker."}')
        else:
            self._waiting.append(client)
            self._lends_from = self.front.loop.now + _LOAN_PAUSE
            for worker in self.workers:
                if worker.state is State.LENT:
                    worker.recall()

    def worker_is_free(self, worker: Worker, client: Client | None = None) -> None:
        """`client` is whom the worker has just answered, if its next request will be of the same kind."""
        waiting = self._waiting
        while waiting:
            oldest = waiting.popleft()
            if not oldest.closed:
                worker.assign(oldest)
                return
        if (
            self._lends
            and client is not None
            and client.is_lendable
            and self.front.loop.now >= self._lends_from
            and worker.lend(client)
        ):
            return
        self._idle.append(worker)

    def check_deadlines(self) -> None:
        now, limit = self.front.loop.now, self.front.settings.request_timeout
        for worker in self.workers:
            if not worker.timed_out and worker.overdue(now, limit):
                worker.timed_out = True
                logger.error(
                    "A request took longer than %g s; its worker (process %d) is killed.", limit, worker.pid
                )
                worker.kill()
        while self._waiting and (self._waiting[0].closed or self._waiting[0].since + limit <= now):
            client = self._waiting.popleft()
            if not client.closed:
                client.respond(504, b'{"error": "No worker became free in time."}')

    # Workers

    def worker_is_ready(self, worker: Worker, seconds: float) -> None:
        logger.info("Worker %d (process %d) loaded the model in %.2f s.", worker.index, worker.pid, seconds)
        self._was_ready = True
        for other in self.workers[: self.workers.index(worker)]:
            # After a reload this one takes the place of its predecessors; one that started later will take its.
            if other.index == worker.index:
                self._retire(other)
        self.worker_is_free(worker)
        self.on_ready()

    def reload(self) -> None:
        """Starts new workers; each old one serves until its successor has loaded the model."""
        for worker in list(self.workers):
            if worker.state in _SERVING:
                self.workers.append(Worker(self, worker.index))

    def stop(self) -> None:
        """Lets workers end after their requests; `on_end` follows the last one."""
        self._stopping = True
        while self._waiting:
            client = self._waiting.popleft()
            if not client.closed:
                client.respond(503, b'{"error": "The model is being unloaded."}')
        for worker in list(self.workers):
            if worker.state is State.LOADING:
                worker.kill_surely()
            self._retire(worker)
        if not self.workers:
            self.on_end()

    def _retire(self, worker: Worker) -> None:
        if worker in self._idle:
            self._idle.remove(worker)
        worker.retire()

    def worker_has_ended(self, worker: Worker, status: int) -> None:
        """A process is gone; `status` is as `os.waitpid` gave it."""
        while worker.receive():
            pass  # What it wrote last is still on its way.
        worker.disconnect()
        self.workers.remove(worker)
        if worker in self._idle:
            self._idle.remove(worker)
        how = _describe(status)
        if worker.timed_out:
            limit = self.front.settings.request_timeout
            problem = 504, b'{"error": "The prediction took longer than %d s."}' % limit
        else:
            problem = 500, b'{"error": "The worker of this request %s."}' % how.encode()
        if not worker.give_up_loan(*problem):
            client, worker.client = worker.client, None
            if client is not None:
                client.worker = None
                client.fail(*problem)
        if self._stopping:
            if not self.workers:
                self.on_end()
        elif worker.state is not State.RETIRED:
            self._replace(worker, how)

    def _replace(self, worker: Worker, how: str) -> None:
        if worker.ready_at is None:
            if any(other.index == worker.index for other in self.workers):
                logger.error(
                    "The model could not be loaded anew; the old workers stay.\n%s", worker.failure or how
                )
                return
            self._early_deaths += 1
            self.failure = worker.failure or f"A worker {how} while it loaded the model.\n"
            if not self.is_ready and (not self._was_ready or self._early_deaths > _MOST_FAILURES):
                self.on_failure()
                return
            logger.error("A worker could not load the model.\n%s", self.failure.rstrip())
            if self._early_deaths > _MOST_FAILURES:
                logger.error("%d workers of %d go on.", len(self.workers), self.size)
                return
        else:
            logger.error("A worker (process %d) %s.", worker.pid, how)
            lived = self.front.loop.now - worker.ready_at
            self._early_deaths = 0 if lived > _SETTLED or worker.timed_out else self._early_deaths + 1
        delay = min(_FIRST_DELAY * 2**self._early_deaths, _LONGEST_DELAY) if self._early_deaths else 0
        self.front.loop.later(delay, lambda: self._spawn(worker.index))

    def _spawn(self, index: int) -> None:
        if self._stopping:
            return
        try:
            self.workers.append(Worker(self, index))
        except OSError as error:  # No process or descriptor is to be had now.
            logger.error("A worker could not be started: %s.", error)
            self.front.loop.later(_LONGEST_DELAY, lambda: self._spawn(index))


def _describe(status: int) -> str:
    if not os.WIFSIGNALED(status):
        return f"ended with exit code {os.WEXITSTATUS(status)}"
    number = os.WTERMSIG(status)
    text = f"was killed by {signal.Signals(number).name}"
    return f"{text} (is the memory too small?)" if number == signal.SIGKILL else text
