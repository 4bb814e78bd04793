"""How the hosts of a job talk about their common run: the first host leads, the others listen.

Both ends prove that they know the job's secret before anything is said; the words themselves are plain, on the job's own
network. A message is a letter, a length of four bytes (big endian) and that many bytes.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import socket
import struct
import threading
import time

from ..configuration import Configuration
from ..errors import ClientError, TrainingError
from ..log import log

PORT = 7778
APPEAR_WITHIN = 60 * 60
PROOF_WITHIN = 10
LENGTH = 32

PING, RUN, FINISH = b"p", b"r", b"f"


class LeaderFailed(TrainingError):
    """The first host's failure, told again by the others: whichever the platform shows says the same."""

    def __init__(self, exit_code: int, text: str):
        super().__init__(text)
        self.exit_code = exit_code

    @property
    def text(self) -> str:
        return str(self)


class Refused(Exception):
    pass


def secret() -> bytes:
    """What all hosts of this job have, and nobody else."""
    shared = os.environ.get("CLARY_FLEET_SECRET")
    if not shared:
        raise ClientError(
            "The hosts of this job cannot trust each other: the platform set no CLARY_FLEET_SECRET."
        )
    job = os.environ.get("TRAINING_JOB_ARN") or os.environ.get("TRAINING_JOB_NAME", "")
    return hmac.new(shared.encode(), job.encode(), hashlib.sha256).digest()


class Line:
    """One connection, after both ends have proved themselves."""

    def __init__(self, connection: socket.socket):
        self._connection = connection
        self._sending = threading.Lock()

    @classmethod
    def calling(cls, host: str, key: bytes) -> Line:
        """Raises OSError if nobody listens, Refused if it is somebody else."""
        connection = socket.create_connection((host, PORT), timeout=PROOF_WITHIN)
        try:
            theirs = _exactly(connection, LENGTH)
            ours = os.urandom(LENGTH)
            connection.sendall(ours + _proof(key, b"leader", theirs, ours))
            if not hmac.compare_digest(_exactly(connection, LENGTH), _proof(key, b"member", ours, theirs)):
                raise Refused(f"{host} does not know the job's secret")
            return cls._trusted(connection)
        except BaseException:
            connection.close()
            raise

    @classmethod
    def answering(cls, connection: socket.socket, key: bytes) -> Line:
        connection.settimeout(PROOF_WITHIN)
        ours = os.urandom(LENGTH)
        connection.sendall(ours)
        theirs = _exactly(connection, LENGTH)
        if not hmac.compare_digest(_exactly(connection, LENGTH), _proof(key, b"leader", ours, theirs)):
            raise Refused("a caller does not know the job's secret")
        connection.sendall(_proof(key, b"member", theirs, ours))
        return cls._trusted(connection)

    @classmethod
    def _trusted(cls, connection: socket.socket) -> Line:
        connection.settimeout(None)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return cls(connection)

    def send(self, kind: bytes, body: bytes = b"") -> None:
        with self._sending:
            self._connection.sendall(kind + struct.pack(">I", len(body)) + body)

    def receive(self) -> tuple[bytes, bytes]:
        """Raises ConnectionError at the end."""
        head = _exactly(self._connection, 5)
        return head[:1], _exactly(self._connection, struct.unpack(">I", head[1:])[0])

    def close(self) -> None:
        self._connection.close()


class Leader:
    def __init__(self, configuration: Configuration):
        self._key = secret()
        self._others = [host for host in configuration.distribution_hosts if host != configuration.host]

    def await_members(self) -> None:
        deadline = time.monotonic() + APPEAR_WITHIN
        for host in self._others:
            while True:
                try:
                    self._ask(host, PING)
                    break
                except (OSError, Refused) as error:
                    if time.monotonic() > deadline:
                        raise ClientError(
                            f"The host '{host}' of this job did not become ready: {error}."
                        ) from None
                time.sleep(0.2)
            log.info(f"Worker {host} is ready")

    def finish(self, exit_code: int, text: str) -> None:
        for host in self._others:
            # A host that is gone needs no telling.
            with contextlib.suppress(OSError, Refused):
                self._ask(host, FINISH, json.dumps({"exit_code": exit_code, "text": text}).encode())

    def _ask(self, host: str, kind: bytes, body: bytes = b"") -> None:
        line = Line.calling(host, self._key)
        try:
            line.send(kind, body)
            line.receive()
        finally:
            line.close()


class Member:
    """Listens for the leader. `execute` is called with a line and a command that the leader wants to run here."""

    def __init__(self, execute=None):
        self._key = secret()
        self._execute = execute
        self._finished = threading.Event()
        self._result: dict = {}
        self._socket = socket.create_server(("", PORT), backlog=64)
        threading.Thread(target=self._accept, daemon=True).start()

    def await_leader(self) -> None:
        """Returns when the leader has finished; raises LeaderFailed if it failed."""
        self._finished.wait()
        if self._result["exit_code"]:
            raise LeaderFailed(self._result["exit_code"], self._result["text"])

    def _accept(self) -> None:
        while True:
            connection, _ = self._socket.accept()
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection:
            try:
                line = Line.answering(connection, self._key)
                kind, body = line.receive()
                if kind == RUN and self._execute is not None:
                    self._execute(line, body.decode())
                    return
                line.send(kind)
                if kind == FINISH:
                    self._result = json.loads(body)
                    self._finished.set()
            except (OSError, Refused) as error:
                log.debug(f"A connection ended: {error}")


@contextlib.contextmanager
def ending_with_leader(configuration: Configuration):
    """Around each host's own script: the leader's end is everybody's, however early the others are done."""
    if not configuration.is_master:
        member = Member()
        yield
        member.await_leader()
        return
    leader = Leader(configuration)
    try:
        yield
    except TrainingError as error:
        leader.finish(error.exit_code, error.text)
        raise
    # A member may not be listening yet when a short script ends here.
    leader.await_members()
    leader.finish(0, "")


def _proof(key: bytes, role: bytes, first: bytes, second: bytes) -> bytes:
    return hmac.new(key, role + first + second, hashlib.sha256).digest()


def _exactly(connection: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        chunk = connection.recv(count - len(data))
        if not chunk:
            raise ConnectionError("the other end hung up")
        data += chunk
    return bytes(data)
