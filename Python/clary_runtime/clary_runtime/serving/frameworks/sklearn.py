"""Scikit-learn: the script loads the model, arrays of float32 go in."""

from __future__ import annotations

from typing import Any

from ..content_types import CSV, JSON, media_type
from ..decoders import decode
from .arrays import ArrayDefaults


class Defaults(ArrayDefaults):
    name = "scikit-learn"

    def input_fn(self, data: Any, content_type: str) -> Any:
        array = decode(data, content_type)
        kind = media_type(content_type)
        if kind == CSV and array.ndim == 1:
            array = array.reshape(1, -1)  # Estimators take rows, and one line is one.
        return array.astype("float32") if kind in (CSV, JSON) else array
