"""Errors of serving and the text that tells of them."""

from __future__ import annotations

import traceback
from pathlib import Path

_PACKAGE = str(Path(__file__).parent)
_LINES = 30


class ModelError(Exception):
    """The model or its script cannot be used as they are; the worker does not start."""


class ServingError(Exception):
    """An error with an HTTP status of its own."""

    status = 500


class BadInput(ServingError):
    status = 400


class UnsupportedContentType(ServingError):
    status = 415

    def __init__(self, content_type: str, supported: tuple[str, ...]) -> None:
        super().__init__(
            f"Content type '{content_type}' is not understood; these are: {', '.join(supported)}. "
            "An input_fn in the inference script can read others."
        )


class UnsupportedAccept(ServingError):
    status = 406

    def __init__(self, accept: str, supported: tuple[str, ...]) -> None:
        super().__init__(
            f"None of the types '{accept}' can be made; these can: {', '.join(supported)}. "
            "An output_fn in the inference script can make others."
        )


def status_of(error: BaseException) -> int:
    """User code may give its exceptions a status (`status_code`, as the inference toolkit's have)."""
    status = getattr(error, "status", None) or getattr(error, "status_code", None)
    return status if isinstance(status, int) and 400 <= status <= 599 else 500


def failure_text(error: BaseException) -> bytes:
    """The error and the last lines of its traceback, from the first frame that is not ours."""
    trace = error.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(_PACKAGE):
        trace = trace.tb_next
    lines = "".join(traceback.format_exception(type(error), error, trace)).splitlines()
    return "\n".join([str(error) or type(error).__name__, *lines[-_LINES:], ""]).encode("utf-8", "replace")
