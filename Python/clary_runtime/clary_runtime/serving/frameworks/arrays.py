"""Defaults that frameworks share: arrays in, arrays out."""

from __future__ import annotations

from typing import Any

from ..content_types import choose
from ..decoders import decode
from ..encoders import ENCODABLE, encode
from ..errors import ModelError


class ArrayDefaults:
    """Used for each function that the script does not define."""

    name = ""

    def __init__(self, default_accept: str) -> None:
        self.default_accept = default_accept

    def model_fn(self, model_directory: str) -> Any:
        raise ModelError(
            f"The {self.name} image has no default way to load a model: the inference script must define "
            "model_fn(model_dir), which returns the model (NotImplementedError)."
        )

    def input_fn(self, data: Any, content_type: str) -> Any:
        return decode(data, content_type)

    def predict_fn(self, data: Any, model: Any) -> Any:
        return model.predict(data)

    def output_fn(self, prediction: Any, accept: str) -> tuple[bytes, str]:
        content_type = choose(accept, ENCODABLE, self.default_accept)
        return encode(prediction, content_type), content_type
