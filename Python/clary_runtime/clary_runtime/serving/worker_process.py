"""Inside a worker: loads the model, then answers one request after another."""

from __future__ import annotations

import faulthandler
import gc
import marshal
import os
import resource
import signal
import socket
import sys
import time
import traceback
from pathlib import Path
from typing import Callable, NoReturn  # noqa: UP035 - subscripted at run time by Python 3.8.

from .exchange import Handler, Invocation
from .frames import FAILED, FROM_WORKER, LEND, READY, REQUEST
from .inbox import Inbox
from .loan import Loan
from .reply_writer import ReplyWriter


def run_worker(
    sock: socket.socket, busy_since: memoryview, load: Callable[[], Handler], index: int, count: int
) -> NoReturn:
    """Never returns; exit code 1 if the model could not be loaded.

    `busy_since` is one number, shared with the front: when this process began a request that the front has not seen,
    0 if there is none.
    """
    code = 1
    try:
        _prepare_process(index, count)
        started = time.monotonic()
        try:
            handler = load()
        except BaseException:  # SystemExit of a user's script, too.
            text = traceback.format_exc().encode("utf-8", "replace")
            sock.sendall(FROM_WORKER.pack(FAILED, 0, len(text)) + text)
        else:
            # What loading made stays: collections of garbage need not look at it again and again.
            gc.collect()
            gc.freeze()
            text = b"%.3f" % (time.monotonic() - started)
            sock.sendall(FROM_WORKER.pack(READY, 0, len(text)) + text)
            _serve(sock, busy_since, handler)
            code = 0
    except OSError:
        pass  # The front is gone.
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        # Frameworks' threads would hold up an ordinary exit, or crash in it.
        os._exit(code)


def _prepare_process(index: int, count: int) -> None:
    # A stop is the front's to handle, even if every process gets the signal; handlers, unlike ignored signals,
    # are not inherited by programs that user code starts.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda _number, _frame: None)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    faulthandler.enable()
    _take_devices(index, count)


def _take_devices(index: int, count: int) -> None:
    """Spreads GPUs over workers, so that `cuda:0` of each is its own as far as there are enough."""
    devices = visible_gpus()
    if not devices or count == 1:
        return
    share = max(1, len(devices) // count)
    first = index * share % len(devices)
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(devices[first : first + share])


def visible_gpus() -> list[str]:
    """Ids of GPUs that frameworks would see, found without a framework."""
    named = os.environ.get("CUDA_VISIBLE_DEVICES")
    if named is not None:
        return [device for device in named.split(",") if device.strip() and device != "-1"]
    names = sorted(path.name[len("nvidia") :] for path in Path("/dev").glob("nvidia[0-9]*"))
    return [str(position) for position in range(len(names))]


def _serve(sock: socket.socket, busy_since: memoryview, handler: Handler) -> None:
    inbox = Inbox(sock)
    writer = ReplyWriter(sock, inbox)
    while True:
        message = inbox.next()
        if message is None:
            return
        kind, flags, wire, body, descriptor = message
        if kind == REQUEST:
            method, path, query, headers = marshal.loads(wire)
            reply = handler(Invocation(method, path, query, headers, body))
            writer.write(reply, flags, method == "HEAD")
            del reply
        elif kind == LEND and descriptor is not None:
            Loan(descriptor, inbox, writer, busy_since).serve(handler)
        # Else what was said of an answer or a loan that was over when it was said.
        del message, body  # It may be large, and the next request may be long in coming.
