"""Lines of the serving program and of user code, on standard output as they happen."""

from __future__ import annotations

import logging
import sys
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .http_head import Head

logger = logging.getLogger("clary.serving")


def configure(level: str) -> None:
    """Sends records of all loggers to standard output; `level` is a number or a name (`10`, `DEBUG`)."""
    for stream in (sys.stdout, sys.stderr):
        # A print of user code must not wait in a buffer while the request it belongs to is long over.
        stream.reconfigure(line_buffering=True, write_through=True)
    value = int(level) if level.isdigit() else logging.getLevelName(level.upper())
    logging.basicConfig(
        level=value if isinstance(value, int) else logging.INFO,
        stream=sys.stdout,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        force=True,
    )


def note_answer(head: Head, status: int, since: float) -> None:
    """A line per request for those who look for one; `since` is of the monotonic clock."""
    if logger.isEnabledFor(logging.DEBUG):
        milliseconds = (time.monotonic() - since) * 1000
        logger.debug("%s %s %d %.1f ms", head.method, head.path, status, milliseconds)
