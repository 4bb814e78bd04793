"""Parquet for Clary: reads or writes one file, rows as binary frames over standard input and output.

Called as `parquet.py PACKAGES read PATH TYPE LABELS VALUES` or `parquet.py PACKAGES write PATH`, where PACKAGES is the
folder with pyarrow, TYPE one of f4, f8, i4, LABELS the number of columns at the start that are labels, and VALUES the
most values of a frame.

Both directions start with one line of JSON: {"columns": [name, ...], "labels": n, "type": "f4", "rows": n or null}. Then
come frames: the number of rows (8 bytes, little endian), the labels of all rows, the features of all rows, both
row-major. A frame of no rows is the end. An error is a line of JSON on standard error, {"message": ..., "column": ...},
and exit status 1.
"""

import json
import os
import struct
import sys


class BadData(Exception):
    """Something that the file's owner has to change."""

    def __init__(self, message: str, column: int | None = None, row: int | None = None):
        super().__init__(message)
        self.column = column
        self.row = row


def send(descriptor: int, data) -> None:
    view = memoryview(data).cast("B")
    while view:
        view = view[os.write(descriptor, view[: 1 << 20]) :]


def receive(descriptor: int, count: int) -> bytearray:
    data = bytearray(count)
    view = memoryview(data)
    while view:
        got = os.readv(descriptor, [view[: 1 << 20]])
        if got == 0:
            raise EOFError
        view = view[got:]
    return data


def receive_line(descriptor: int) -> dict:
    line = bytearray()
    while not line.endswith(b"\n"):
        line += receive(descriptor, 1)
    return json.loads(line)


def numbers(column, kind: str, position: int, first_row: int):
    """The values of a column of one batch as an array of numbers; a null becomes NaN."""
    import numpy
    import pyarrow

    name = column.type
    types = pyarrow.types
    if not (
        types.is_integer(name) or types.is_floating(name) or types.is_boolean(name) or types.is_null(name)
    ):
        raise BadData(f"it holds values of type {name}, which are no numbers", position)
    if kind == "i4" and column.null_count:
        row = first_row + int(numpy.flatnonzero(column.is_null().to_numpy(zero_copy_only=False))[0])
        raise BadData("the value is missing, and int32 has no missing value", position, row)
    if types.is_null(name):
        return numpy.full(len(column), numpy.nan)
    if types.is_boolean(name):
        column = column.cast(pyarrow.int8())
    values = column.to_numpy(zero_copy_only=False)
    if kind == "i4" and values.dtype != numpy.int32:
        wrong = numpy.flatnonzero(values != values.astype(numpy.int32))
        if len(wrong):
            row = first_row + int(wrong[0])
            raise BadData(f"'{values[wrong[0]]}' is not a value of type int32", position, row)
    return values


def read(path: str, kind: str, labels: int, most_values: int) -> None:
    import numpy
    import pyarrow.parquet

    pyarrow.set_cpu_count(1)
    pyarrow.set_io_thread_count(1)
    try:
        source = pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=1 << 20)
    except pyarrow.ArrowInvalid as error:
        raise BadData(f"it is no Parquet file: {error}") from None
    names = source.schema_arrow.names
    head = {"columns": names, "labels": labels, "type": kind, "rows": source.metadata.num_rows}
    if len(names) <= labels:
        raise BadData(f"it has {len(names)} columns, which leaves none for features")
    send(1, json.dumps(head).encode() + b"\n")
    row = 0
    rows = max(1, min(65536, most_values // len(names)))
    try:
        for batch in source.iter_batches(batch_size=rows, use_threads=False):
            count = batch.num_rows
            if count == 0:
                continue
            left = numpy.empty((count, labels), f"<{kind}")
            right = numpy.empty((count, len(names) - labels), f"<{kind}")
            for position in range(len(names)):
                column = numbers(batch.column(position), kind, position, row)
                if position < labels:
                    left[:, position] = column
                else:
                    right[:, position - labels] = column
            send(1, struct.pack("<q", count))
            send(1, left)
            send(1, right)
            row += count
    except (pyarrow.ArrowInvalid, OSError) as error:
        raise BadData(f"it is damaged: {error}", row=row) from None
    send(1, struct.pack("<q", 0))


def write(path: str) -> None:
    import numpy
    import pyarrow.parquet

    head = receive_line(0)
    names, kind, labels = head["columns"], head["type"], head["labels"]
    type_of = {"f4": pyarrow.float32(), "f8": pyarrow.float64(), "i4": pyarrow.int32()}[kind]
    schema = pyarrow.schema([pyarrow.field(name, type_of) for name in names])
    size = int(kind[1])
    with pyarrow.parquet.ParquetWriter(path, schema) as target:
        while (count := struct.unpack("<q", receive(0, 8))[0]) > 0:
            columns = []
            for width in (labels, len(names) - labels):
                data = numpy.frombuffer(receive(0, count * width * size), f"<{kind}").reshape(count, width)
                columns += [numpy.ascontiguousarray(data[:, column]) for column in range(width)]
            arrays = [pyarrow.array(column, type_of, from_pandas=kind != "i4") for column in columns]
            target.write_batch(pyarrow.record_batch(arrays, schema=schema))
    send(1, b"\n")


def main(arguments: list[str]) -> int:
    packages, verb, *rest = arguments
    sys.path.insert(0, packages)
    try:
        if verb == "read":
            path, kind, labels, most_values = rest
            read(path, kind, int(labels), int(most_values))
        else:
            write(*rest)
    except BadData as error:
        report = {"message": str(error), "column": error.column, "row": error.row}
    except (BrokenPipeError, ConnectionResetError, EOFError):
        return 2  # Whoever asked is gone.
    except Exception as error:
        report = {"message": f"{type(error).__name__}: {error}"}
    else:
        return 0
    sys.stderr.write(json.dumps(report) + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
