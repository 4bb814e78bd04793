"""XGBoost: the script loads the model, rows go in as a DMatrix."""

from __future__ import annotations

from typing import Any

from ..content_types import CSV, LIBSVM, NPY, RECORDIO_PROTOBUF, media_type
from ..decoders import csv_array, decode, text_of
from ..errors import UnsupportedContentType
from ..libsvm import libsvm_matrix
from ..recordio_protobuf import protobuf_matrix
from .arrays import ArrayDefaults

_SUPPORTED = (CSV, LIBSVM, RECORDIO_PROTOBUF, NPY)


class Defaults(ArrayDefaults):
    name = "XGBoost"

    def input_fn(self, data: Any, content_type: str) -> Any:
        return matrix(data, content_type)

    def predict_fn(self, data: Any, model: Any) -> Any:
        if hasattr(model, "get_booster"):  # An estimator of its scikit-learn interface.
            model = model.get_booster()
        # Rows of a request have no names, unlike those the model may have been trained with.
        return model.predict(data, validate_features=False)


def matrix(data: Any, content_type: str) -> Any:
    import xgboost

    kind = media_type(content_type)
    if kind == CSV:
        array = csv_array(text_of(data, content_type))
        return xgboost.DMatrix(array.reshape(1, -1) if array.ndim == 1 else array)
    if kind == LIBSVM:
        rows, labels = libsvm_matrix(text_of(data, content_type))
    elif kind == RECORDIO_PROTOBUF:
        rows, labels = protobuf_matrix(data)
    elif kind == NPY:
        rows, labels = decode(data, content_type), None
    else:
        raise UnsupportedContentType(content_type, _SUPPORTED)
    return xgboost.DMatrix(rows, label=labels)
