"""The parent process: connections of callers on one side, workers on the other, itself without user code."""

from __future__ import annotations

import functools
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

from .client import Client
from .event_loop import EventLoop
from .exchange import INVOCATIONS, Handler
from .log import logger, note_answer
from .multi_model import MultiModel
from .pool import Pool
from .settings import MEBIBYTE, Settings

_TICK = 0.25
_DRAIN_LIMIT = 25.0
_NOT_FOUND = b'{"error": "Nothing is served under this path."}'


class Front:
    """Answers what needs no model itself, so pings are answered however long predictions take."""

    def __init__(
        self, settings: Settings, listener: socket.socket, load: Callable[[Path], Handler], size: int
    ) -> None:
        self.settings = settings
        self.load = load
        self.loop = EventLoop()
        self.clients: set[Client] = set()
        self.draining = False
        self.pools: list[Pool] = []
        self._multi_model = MultiModel(self) if settings.multi_model else None
        self._pool = Pool(self, functools.partial(load, settings.model_directory), size)
        self._pool.on_ready = self._on_ready
        self._pool.on_failure = lambda: self._fail(self._pool.failure or "")
        self._listener = listener
        self._listening = False
        self._was_ready = False
        self._exit_code = 0

    def run(self) -> int:
        """Serves until SIGTERM; returns the exit code."""
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        self.loop.on_signal(signal.SIGTERM, self._drain)
        self.loop.on_signal(signal.SIGINT, self._drain)
        self.loop.on_signal(signal.SIGHUP, self._reload)
        self.loop.on_signal(signal.SIGCHLD, self._reap)
        self._listen()
        self.loop.later(_TICK, self._tick)
        if self._multi_model is None:
            self.pools.append(self._pool)
            self.loop.later(self.settings.startup_timeout, self._check_startup)
            self._pool.start()
        else:
            self._on_ready()
        self.loop.run()
        self._kill_workers()
        return self._exit_code

    def close_in_child(self) -> None:
        """Called in a new worker: what belongs to the front must end when the front closes it."""
        self.loop.close_in_child()
        self._listener.close()
        for client in self.clients:
            client.sock.close()
        for pool in self.pools:
            for worker in pool.workers:
                worker.sock.close()

    # Requests

    def route(self, client: Client) -> None:
        assert client.request is not None
        head = client.request.head
        path, method = head.path, head.method
        if self._multi_model is not None and path.startswith("/models"):
            self._multi_model.route(client)
        elif path == INVOCATIONS and self._multi_model is None:
            self._if_method(client, method == "POST", self._pool.submit)
        elif path == "/ping":
            self._if_method(client, method in ("GET", "HEAD"), self._answer_ping)
        elif path == "/execution-parameters":
            self._if_method(client, method == "GET", self._answer_execution_parameters)
        elif path.startswith("/v1/models/") and self.settings.framework == "tensorflow":
            self._pool.submit(client)
        else:
            client.respond(404, _NOT_FOUND)

    @staticmethod
    def _if_method(client: Client, allowed: bool, serve) -> None:
        if allowed:
            serve(client)
        else:
            client.respond(405, b'{"error": "This method is not served under this path."}')

    def _answer_ping(self, client: Client) -> None:
        if self._multi_model is not None or self._pool.is_ready:
            client.respond(200, b"{}")
        else:
            client.respond(503, b'{"error": "The model is not loaded yet."}')

    def _answer_execution_parameters(self, client: Client) -> None:
        """What a batch transform job may send at once (container contract §8.1)."""
        megabytes = max(1, min(self.settings.body_limit // MEBIBYTE, 100))
        parameters = {
            "MaxConcurrentTransforms": max(1, min(self._pool.size, 100 // megabytes)),
            "BatchStrategy": "MULTI_RECORD",
            "MaxPayloadInMB": megabytes,
        }
        client.respond(200, json.dumps(parameters).encode())

    def note_answer(self, client: Client, status: int) -> None:
        assert client.request is not None
        note_answer(client.request.head, status, client.since)

    # Connections

    def _listen(self) -> None:
        if not self._listening and not self.draining:
            self._listening = True
            self.loop.watch(self._listener.fileno(), self._accept)

    def _accept(self, _events: int) -> None:
        for _ in range(64):
            try:
                sock, _ = self._listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                # Out of descriptors: the kernel keeps callers waiting until the next tick listens again.
                logger.error("A connection could not be accepted: %s.", error)
                self.loop.forget(self._listener.fileno())
                self._listening = False
                return
            sock.setblocking(False)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            self.clients.add(Client(self, sock))

    def client_has_closed(self) -> None:
        if self.draining and not self.clients:
            for pool in self.pools:
                pool.on_end = functools.partial(self._finish, pool)
            for pool in list(self.pools):
                pool.stop()
            if not self.pools:
                self.loop.stop()

    def _finish(self, pool: Pool) -> None:
        self.pools.remove(pool)
        if not self.pools:
            self.loop.stop()

    # Time and signals

    def _tick(self) -> None:
        self._listen()
        for pool in self.pools:
            pool.check_deadlines()
        for client in list(self.clients):
            client.check_progress()
        self.loop.later(_TICK, self._tick)

    def _reap(self) -> None:
        while True:
            try:
                # Any child: as the first process of a sandbox this one inherits orphans of user code.
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            for pool in list(self.pools):
                for worker in list(pool.workers):
                    if worker.pid == pid:
                        pool.worker_has_ended(worker, status)

    def _reload(self) -> None:
        logger.info("The model is loaded anew.")
        for pool in self.pools:
            pool.reload()

    def _drain(self) -> None:
        """Finishes what has been asked, then ends."""
        if self.draining:
            return
        logger.info("Stopping: requests in progress are finished.")
        self.draining = True
        if self._listening:
            self.loop.forget(self._listener.fileno())
        self._listener.close()
        self.loop.later(_DRAIN_LIMIT, self.loop.stop)
        for client in list(self.clients):
            client.close_if_idle()
        self.client_has_closed()

    # Start and failure

    def _on_ready(self) -> None:
        if not self._was_ready:
            self._was_ready = True
            logger.info("Ready on port %d.", self.settings.port)

    def _check_startup(self) -> None:
        if not self._was_ready:
            limit = self.settings.startup_timeout
            self._fail(f"The model was not loaded within {limit:g} s (SAGEMAKER_STARTUP_TIMEOUT).\n")

    def _fail(self, reason: str) -> None:
        """Ends with `reason` as the last lines of the log, where the platform looks for it."""
        self._kill_workers()
        sys.stdout.flush()
        sys.stderr.write(reason)
        sys.stderr.flush()
        self._exit_code = 1
        self.loop.stop()

    def _kill_workers(self) -> None:
        for pool in self.pools:
            for worker in pool.workers:
                worker.kill_surely()
