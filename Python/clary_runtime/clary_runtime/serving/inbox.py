"""Messages of the front, as a worker reads them."""

from __future__ import annotations

import array
import os
import select
import socket
from typing import NamedTuple

from .frames import CANCEL, LEND, TO_WORKER

# Larger ones would be mapped and unmapped by the allocator for each call.
_READ_SIZE = 65536
_RIGHTS = socket.CMSG_SPACE(array.array("i").itemsize)


class Message(NamedTuple):
    kind: int
    flags: int
    head: bytes
    """Marshalled, as `http_head.Head.wire` has it."""
    body: bytes
    descriptor: int | None
    """Of a lent connection; the reader's to close."""


class Inbox:
    """Gives whole messages, one after another."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._unread: bytes | bytearray = b""
        self._descriptor: int | None = None
        self._poll = select.poll()
        self._poll.register(sock, select.POLLIN)

    def fileno(self) -> int:
        return self._sock.fileno()

    def next(self) -> Message | None:
        """Waits for a message; None if the front is gone."""
        data = self._unread
        while len(data) < TO_WORKER.size:
            more = self._receive()
            if not more:
                return None
            data = data + more if data else more
        kind, flags, head_length, body_length = TO_WORKER.unpack_from(data)
        start = TO_WORKER.size + head_length
        end = start + body_length
        if len(data) < end:
            data = self._receive_rest(data, end)
        self._unread = bytes(data[end:])
        descriptor = None
        if kind == LEND:  # Others may have come with it in one read.
            descriptor, self._descriptor = self._descriptor, None
        view = memoryview(data)
        return Message(kind, flags, bytes(view[TO_WORKER.size : start]), bytes(view[start:end]), descriptor)

    def is_cancelled(self) -> bool:
        """Whether the front has said that the answer being made has no taker, or is gone itself."""
        while self._unread or self._poll.poll(0):
            message = self.next()
            if message is None or message.kind == CANCEL:
                return True
        return False

    def _receive(self) -> bytes:
        data, rights, _, _ = self._sock.recvmsg(_READ_SIZE, _RIGHTS, socket.MSG_CMSG_CLOEXEC)
        for level, kind, payload in rights:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                if self._descriptor is not None:
                    os.close(self._descriptor)
                (self._descriptor,) = array.array("i", payload)
        return data

    def _receive_rest(self, data: bytes | bytearray, size: int) -> bytearray:
        whole = bytearray(size)
        whole[: len(data)] = data
        view = memoryview(whole)[len(data) :]
        while view:
            count = self._sock.recv_into(view)
            if count == 0:
                raise ConnectionResetError("The front is gone.")
            view = view[count:]
        return whole
