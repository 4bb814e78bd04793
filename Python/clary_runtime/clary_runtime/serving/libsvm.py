"""LibSVM's text form: `label index:value …`, sparse rows with indices from 0."""

from __future__ import annotations

from typing import Any

from .errors import BadInput


def libsvm_matrix(text: str) -> tuple[Any, Any]:
    """A sparse matrix and its labels, None if no row has one."""
    import numpy
    import scipy.sparse

    values: list[float] = []
    columns: list[int] = []
    ends = [0]
    labels: list[float] = []
    for line in text.splitlines():
        tokens = line.partition("#")[0].split()
        if not tokens:
            continue
        row = len(ends)
        try:
            if ":" not in tokens[0]:
                labels.append(float(tokens.pop(0)))
            for token in tokens:
                index, _, value = token.partition(":")
                if index != "qid":
                    columns.append(int(index))
                    values.append(float(value))
        except ValueError:
            raise BadInput(f"Row {row} of the body is not 'label index:value …'.") from None
        if any(column < 0 for column in columns[ends[-1] :]):
            raise BadInput(f"Row {row} of the body has a negative index.")
        ends.append(len(values))
    if len(ends) == 1:
        raise BadInput("The body has no rows.")
    width = max(columns, default=-1) + 1
    matrix = scipy.sparse.csr_matrix(
        (numpy.array(values, dtype="float32"), numpy.array(columns, dtype="int32"), numpy.array(ends)),
        shape=(len(ends) - 1, max(width, 1)),
    )
    return matrix, numpy.array(labels) if len(labels) == len(ends) - 1 else None
