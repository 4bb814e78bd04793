"""Bodies of requests as numpy arrays."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from .content_types import CSV, JSON, JSON_LINES, NPY, NPZ, charset, media_type
from .errors import BadInput, UnsupportedContentType

if TYPE_CHECKING:
    import numpy

DECODABLE = (JSON, CSV, NPY, JSON_LINES, NPZ)


def text_of(data: bytes | str, content_type: str = "") -> str:
    if isinstance(data, str):
        return data
    try:
        return data.decode(charset(content_type))
    except (UnicodeDecodeError, LookupError) as error:
        raise BadInput(f"The body is not text: {error}.") from None


def decode(data: bytes | str, content_type: str) -> Any:
    """A numpy array (a scipy sparse matrix for npz); raises `BadInput` or `UnsupportedContentType`."""
    kind = media_type(content_type)
    if kind == JSON:
        return json_array(text_of(data, content_type))
    if kind == CSV:
        return csv_array(text_of(data, content_type))
    if kind == NPY:
        return npy_array(data)
    if kind == JSON_LINES:
        return array_of(
            [json_value(line) for line in text_of(data, content_type).splitlines() if line.strip()]
        )
    if kind == NPZ:
        return npz_matrix(data)
    raise UnsupportedContentType(content_type, DECODABLE)


def json_value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise BadInput(f"The body is not JSON: {error}.") from None


def json_array(text: str) -> numpy.ndarray:
    return array_of(json_value(text))


def array_of(values: Any) -> numpy.ndarray:
    import numpy

    try:
        return numpy.array(values)
    except ValueError as error:
        raise BadInput(f"The rows do not make an array: {error}.") from None


def csv_array(text: str, missing: float = float("nan")) -> numpy.ndarray:
    """Rows and columns; one row makes a vector (the inference toolkit's shape). Empty fields are `missing`."""
    import numpy

    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise BadInput("The body has no rows.")
    width = lines[0].count(",") + 1
    try:
        # The usual case, without a Python step per value.
        values = list(map(float, ",".join(lines).split(",")))
    except ValueError:
        values = [
            _csv_number(field, row, missing) for row, line in enumerate(lines, 1) for field in line.split(",")
        ]
    for row, line in enumerate(lines, 1):
        if line.count(",") + 1 != width:
            raise BadInput(f"Row {row} has {line.count(',') + 1} fields, the first has {width}.")
    array = numpy.array(values)
    return array if len(lines) == 1 else array.reshape(len(lines), width)


def _csv_number(field: str, row: int, missing: float) -> float:
    field = field.strip().strip('"').strip()
    if not field or field.upper() in ("NA", "NULL", "?"):
        return missing
    try:
        return float(field)
    except ValueError:
        raise BadInput(f"Row {row} of the body has '{field}' where a number should be.") from None


def npy_array(data: bytes | str) -> numpy.ndarray:
    import numpy

    try:
        # Without pickles: a body must not run code.
        return numpy.load(
            io.BytesIO(data if isinstance(data, bytes) else data.encode("latin-1")), allow_pickle=False
        )
    except (ValueError, EOFError, OSError) as error:
        raise BadInput(f"The body is not an npy array: {error}.") from None


def npz_matrix(data: bytes | str) -> Any:
    import zipfile

    import scipy.sparse

    try:
        return scipy.sparse.load_npz(io.BytesIO(data if isinstance(data, bytes) else data.encode("latin-1")))
    except (ValueError, KeyError, OSError, zipfile.BadZipFile) as error:
        raise BadInput(f"The body is not a sparse matrix of scipy: {error}.") from None
