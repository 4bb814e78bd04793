"""RecordIO with protobuf records, the form of the built-in algorithms: rows of numbers, dense or sparse."""

from __future__ import annotations

import struct
from typing import Any, Iterator  # noqa: UP035 - subscripted at run time by Python 3.8.

from .errors import BadInput

_MAGIC = 0xCED7230A
# Fields of `Record` (features, label), of a map's entry (key, value), of `Value` and of a tensor.
_FEATURES, _LABEL = 1, 2
_MAP_VALUE = 2
_TENSORS = {2: "<f4", 3: "<f8", 7: "<i4"}
_VALUES, _KEYS, _SHAPE = 1, 2, 3


def protobuf_matrix(data: bytes) -> tuple[Any, Any]:
    """A sparse matrix and its labels, None if records have none."""
    import numpy
    import scipy.sparse

    rows, labels, width = [], [], 0
    try:
        for record in _records(data):
            values, keys, shape = _tensor(record, _FEATURES)
            label = _tensor(record, _LABEL)[0]
            keys = keys if len(keys) else numpy.arange(len(values))
            width = max(width, shape, int(keys.max(initial=-1)) + 1)
            rows.append((values, keys))
            labels.extend(label[:1].tolist())
    except (struct.error, IndexError, ValueError) as error:
        raise BadInput(f"The body is not RecordIO with protobuf records: {error}.") from None
    if not rows:
        raise BadInput("The body has no records.")
    ends = numpy.cumsum([0, *(len(keys) for _, keys in rows)])
    matrix = scipy.sparse.csr_matrix(
        (
            numpy.concatenate([values for values, _ in rows]).astype("float32"),
            numpy.concatenate([keys for _, keys in rows]).astype("int64"),
            ends,
        ),
        shape=(len(rows), max(width, 1)),
    )
    return matrix, numpy.array(labels) if len(labels) == len(rows) else None


def _records(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        magic, length = struct.unpack_from("<II", data, at)
        # The upper bits tell parts of a record that itself contains the magic number, which ours never are.
        if magic != _MAGIC or length >> 29 or at + 8 + length > len(data):
            raise ValueError("a record's head is wrong")
        yield data[at + 8 : at + 8 + length]
        at += 8 + (length + 3) // 4 * 4


def _tensor(record: bytes, field: int) -> tuple[Any, Any, int]:
    """Values, keys and columns of the first entry of one of the record's maps."""
    import numpy

    values, keys, shape = numpy.zeros(0), numpy.zeros(0, dtype="int64"), 0
    for entry in (content for number, content in _fields(record) if number == field):
        for value in (content for number, content in _fields(entry) if number == _MAP_VALUE):
            for kind, tensor in _fields(value):
                if kind not in _TENSORS:
                    raise ValueError("a value is not a tensor of numbers")
                dtype = _TENSORS[kind]
                for number, content in _fields(tensor):
                    if number == _VALUES and kind != 7:
                        values = numpy.concatenate([values, numpy.frombuffer(content, dtype)])
                    elif number == _VALUES:
                        values = numpy.concatenate([values, _integers(content)])
                    elif number == _KEYS:
                        keys = numpy.concatenate([keys, _integers(content)])
                    elif number == _SHAPE:
                        shape = int(_integers(content)[-1])
    return values, keys, shape


def _integers(content: bytes | int) -> Any:
    import numpy

    if isinstance(content, int):
        return numpy.array([content])
    numbers, at = [], 0
    while at < len(content):
        number, at = _varint(content, at)
        numbers.append(number - (1 << 64) if number >> 63 else number)
    return numpy.array(numbers, dtype="int64")


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        wire = key & 7
        if wire == 0:
            content, at = _varint(message, at)
        else:
            if wire == 2:
                length, at = _varint(message, at)
            elif wire in (1, 5):
                length = 8 if wire == 1 else 4
            else:
                raise ValueError("a field has an unknown form")
            if at + length > len(message):
                raise ValueError("a field is cut off")
            content, at = message[at : at + length], at + length
        yield key >> 3, content


def _varint(message: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")
