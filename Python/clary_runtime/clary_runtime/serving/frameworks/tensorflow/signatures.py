"""A loaded SavedModel and calls of its signatures with values from JSON."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any

from ...errors import BadInput

_PREFERRED = ("serving_default", "predict", "serve")


class SavedModel:
    def __init__(self, path: Path, name: str, version: int) -> None:
        import tensorflow

        self.name = name
        self.version = version
        # Kept for its variables: signatures only borrow them.
        self._root = tensorflow.saved_model.load(str(path))
        self.signatures = {key: Signature(key, function) for key, function in self._root.signatures.items()}

    @property
    def names(self) -> str:
        return ", ".join(self.signatures) or "none"

    def signature(self, name: str | None) -> Signature:
        if name:
            if name in self.signatures:
                return self.signatures[name]
            raise BadInput(f'Serving signature key "{name}" not found; the model has: {self.names}.')
        for key in (*_PREFERRED, *self.signatures):
            if key in self.signatures:
                return self.signatures[key]
        raise BadInput("The model has no signatures.")


class Signature:
    """`inputs` and `outputs` are tensor specifications by name."""

    def __init__(self, name: str, function: Any) -> None:
        self.name = name
        self._function = function
        self.inputs = dict(function.structured_input_signature[1])
        self.outputs = dict(function.structured_outputs)

    def call(self, values: dict[str, Any]) -> dict[str, Any]:
        """JSON values by input to numpy arrays by output; raises `BadInput`."""
        import tensorflow

        missing = [name for name in self.inputs if name not in values]
        unknown = [name for name in values if name not in self.inputs]
        if missing or unknown:
            wrong = f"lacks {', '.join(missing)}" if missing else f"has an unknown {', '.join(unknown)}"
            raise BadInput(
                f"The request {wrong}; inputs of signature '{self.name}': {', '.join(self.inputs)}."
            )
        tensors = {name: tensor(name, values[name], spec) for name, spec in self.inputs.items()}
        try:
            return {name: value.numpy() for name, value in self._function(**tensors).items()}
        except (tensorflow.errors.InvalidArgumentError, tensorflow.errors.UnimplementedError) as error:
            raise BadInput(error.message) from error


def tensor(name: str, value: Any, spec: Any) -> Any:
    """`value` as a tensor of the specification's type; raises `BadInput` where it would not be the same numbers."""
    import numpy
    import tensorflow

    try:
        if spec.dtype == tensorflow.string:
            array = numpy.array(strings(value), dtype=object)
        else:
            array = numpy.array(value)
            if array.dtype.kind not in "biuf":
                raise ValueError(f"its values are not of type {spec.dtype.name}")
            # Of no values nothing tells the type.
            if array.size and spec.dtype.is_integer and array.dtype.kind == "f" and (array % 1).any():
                raise ValueError(f"its values are not of type {spec.dtype.name}")
            array = array.astype(spec.dtype.as_numpy_dtype)
        if not spec.shape.is_compatible_with(array.shape):
            raise ValueError(f"its shape is {list(array.shape)}, {spec.shape} is expected")
        return tensorflow.constant(array, dtype=spec.dtype)
    except (ValueError, TypeError, OverflowError) as error:
        raise BadInput(f"Input '{name}' does not fit: {error}.") from None


def strings(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return [strings(item) for item in value]
    if is_binary(value):
        try:
            return base64.b64decode(value["b64"], validate=True)
        except (binascii.Error, TypeError, ValueError):
            raise ValueError("a value of 'b64' is not base64") from None
    raise ValueError("its values are not strings")


def is_binary(value: Any) -> bool:
    return isinstance(value, dict) and len(value) == 1 and "b64" in value


def json_values(name: str, array: Any) -> Any:
    """Values for JSON: strings as text, unless the output's name ends with `_bytes`."""
    values = array.tolist()
    if array.dtype.kind not in "OS":
        return values

    def convert(value: Any) -> Any:
        if isinstance(value, list):
            return [convert(item) for item in value]
        if name.endswith("_bytes"):
            return {"b64": base64.b64encode(value).decode()}
        return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

    return convert(values)
