"""Predictions as bodies of answers."""

from __future__ import annotations

import io
import json
from typing import Any

from .content_types import CSV, JSON, JSON_LINES, NPY
from .errors import UnsupportedAccept

ENCODABLE = (JSON, CSV, NPY, JSON_LINES)


def encode(prediction: Any, content_type: str) -> bytes:
    """`prediction` is whatever a model gave: arrays, frames, scalars or plain containers of them."""
    if content_type == JSON:
        return json_bytes(prediction)
    if content_type == CSV:
        return csv_bytes(prediction)
    if content_type == NPY:
        return npy_bytes(prediction)
    if content_type == JSON_LINES:
        rows = plain(prediction)
        return b"".join(json_bytes(row) + b"\n" for row in (rows if isinstance(rows, list) else [rows]))
    raise UnsupportedAccept(content_type, ENCODABLE)


def json_bytes(value: Any) -> bytes:
    return json.dumps(value.tolist() if hasattr(value, "tolist") else value, default=plain).encode()


def plain(value: Any) -> Any:
    """What JSON can say of a value of numpy, pandas, torch or tensorflow."""
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "to_dict"):
        return value.to_dict(orient="records") if hasattr(value, "columns") else value.to_dict()
    if hasattr(value, "numpy"):
        return plain(value.numpy())
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, (set, frozenset)):
        return list(value)
    if isinstance(value, (list, dict, str, int, float, type(None))):
        return value
    raise TypeError(f"A value of type {type(value).__name__} cannot be written as JSON.")


def csv_bytes(prediction: Any) -> bytes:
    import numpy

    array = numpy.asarray(prediction.numpy() if hasattr(prediction, "detach") else prediction)
    if array.ndim > 2:
        raise UnsupportedAccept(CSV, (JSON, NPY))
    # As text of its own type: a float32 would gain digits on the way through a float of Python.
    rows = numpy.atleast_1d(array).astype(str).tolist()
    return "".join((row if isinstance(row, str) else ",".join(row)) + "\n" for row in rows).encode()


def npy_bytes(prediction: Any) -> bytes:
    import numpy

    buffer = io.BytesIO()
    numpy.save(buffer, numpy.asarray(prediction), allow_pickle=False)
    return buffer.getvalue()
