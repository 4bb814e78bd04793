"""A channel of labelled rows as a DMatrix, for scripts that read their data with AWS's helper for XGBoost.

The label is the first column, as in the built-in algorithm.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .serving.content_types import CSV, LIBSVM, RECORDIO_PROTOBUF, media_type

PARQUET = "application/x-parquet"
# What scripts call the types, too.
_SHORT = {
    "csv": CSV,
    "libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "parquet": PARQUET,
    "recordio-protobuf": RECORDIO_PROTOBUF,
}


class DataError(ValueError):
    """The data is not what it is said to be; the text says where."""


def get_dmatrix(data_path: str, content_type: str, csv_weights: int = 0, is_pipe: bool = False) -> Any:
    """All files below a path as one `xgboost.DMatrix`, None if there are none.

    With `csv_weights` 1 the second column of a CSV file is the rows' weight. Raises `DataError`.
    """
    import xgboost

    if is_pipe:
        raise DataError("A pipe cannot be read whole into a DMatrix: give the channel the input mode File.")
    kind = media_type(content_type)
    kind = _SHORT.get(kind, kind)
    if kind not in (CSV, LIBSVM, PARQUET, RECORDIO_PROTOBUF):
        raise DataError(f"The content type '{content_type}' is none of {', '.join(_SHORT)}.")
    files = _files(Path(data_path))
    if not files:
        return None
    if kind == LIBSVM:
        rows, labels = _stacked([_libsvm(file) for file in files])
        return xgboost.DMatrix(rows, label=labels)
    if kind == RECORDIO_PROTOBUF:
        rows, labels = _stacked([_protobuf(file) for file in files])
        return xgboost.DMatrix(rows, label=labels)
    table = _table(files, kind)
    if csv_weights and kind == CSV:
        return xgboost.DMatrix(table[:, 2:], label=table[:, 0], weight=table[:, 1])
    return xgboost.DMatrix(table[:, 1:], label=table[:, 0])


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return sorted(
        file
        for file in path.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(path).parts)
    )


def _table(files: list[Path], kind: str) -> Any:
    import numpy
    import pandas

    tables = []
    for file in files:
        try:
            frame = pandas.read_csv(file, header=None) if kind == CSV else pandas.read_parquet(file)
            tables.append(frame.to_numpy(dtype="float32"))
        except ValueError as error:
            raise DataError(f"{file} is no table of numbers: {error}") from None
    widths = {table.shape[1] for table in tables}
    if len(widths) > 1:
        raise DataError(
            f"The files below {files[0].parent} have different numbers of columns: {sorted(widths)}."
        )
    if widths == {1}:
        raise DataError(f"{files[0]} has one column: the label comes first, then at least one feature.")
    return numpy.concatenate(tables)


def _libsvm(file: Path) -> tuple[Any, Any]:
    from .serving.libsvm import libsvm_matrix

    return _labelled(file, lambda: libsvm_matrix(file.read_text()))


def _protobuf(file: Path) -> tuple[Any, Any]:
    from .serving.recordio_protobuf import protobuf_matrix

    return _labelled(file, lambda: protobuf_matrix(file.read_bytes()))


def _labelled(file: Path, read) -> tuple[Any, Any]:
    from .serving.errors import BadInput

    try:
        rows, labels = read()
    except (BadInput, UnicodeDecodeError) as error:
        raise DataError(f"{file}: {error}") from None
    if labels is None:
        raise DataError(f"{file} has rows without a label.")
    return rows, labels


def _stacked(parts: list[tuple[Any, Any]]) -> tuple[Any, Any]:
    """Rows of all files; one whose last columns are all zero may be narrower than the others."""
    import numpy
    import scipy.sparse

    width = max(rows.shape[1] for rows, _ in parts)
    matrices = []
    for rows, _ in parts:
        matrix = scipy.sparse.csr_matrix(rows)
        matrix.resize(matrix.shape[0], width)
        matrices.append(matrix)
    return scipy.sparse.vstack(matrices, format="csr"), numpy.concatenate([labels for _, labels in parts])
