"""MXNet: a saved Module, or a Gluon network where no shapes are saved, is loaded; JSON goes in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..content_types import CSV, JSON, NPY, choose, media_type
from ..decoders import decode
from ..encoders import encode
from ..errors import BadInput, ModelError
from .arrays import ArrayDefaults

_OFFERED = (JSON, CSV, NPY)
_SYMBOL = "model-symbol.json"
_PARAMETERS = "model-0000.params"
_SHAPES = "model-shapes.json"


class Defaults(ArrayDefaults):
    name = "MXNet"

    def __init__(self, default_accept: str) -> None:
        super().__init__(default_accept)
        import mxnet

        self._mxnet = mxnet
        self._context = mxnet.gpu() if mxnet.context.num_gpus() else mxnet.cpu()

    def model_fn(self, model_directory: str) -> Any:
        directory = Path(model_directory)
        missing = [name for name in (_SYMBOL, _PARAMETERS) if not (directory / name).is_file()]
        if missing:
            raise ModelError(
                f"The model archive lacks {' and '.join(missing)}; the inference script must define "
                "model_fn(model_dir) for models of another form."
            )
        if not (directory / _SHAPES).is_file():
            return self._mxnet.gluon.SymbolBlock.imports(
                str(directory / _SYMBOL), ["data"], str(directory / _PARAMETERS), ctx=self._context
            )
        shapes = [
            (entry["name"], tuple(entry["shape"])) for entry in json.loads((directory / _SHAPES).read_text())
        ]
        symbol, arguments, auxiliary = self._mxnet.model.load_checkpoint(str(directory / "model"), 0)
        module = self._mxnet.mod.Module(
            symbol, data_names=[name for name, _ in shapes], label_names=None, context=self._context
        )
        module.bind(for_training=False, data_shapes=shapes)
        module.set_params(arguments, auxiliary, allow_missing=True)
        return module

    def input_fn(self, data: Any, content_type: str) -> Any:
        array = decode(data, content_type)
        if media_type(content_type) in (CSV, JSON):
            array = array.astype("float32")
        return self._mxnet.nd.array(array, ctx=self._context)

    def predict_fn(self, data: Any, model: Any) -> Any:
        if not isinstance(model, self._mxnet.mod.BaseModule):
            return model(data)
        if len(model.data_shapes) != 1:
            raise BadInput("The model has several inputs: the script must define input_fn and predict_fn.")
        batch, *rest = model.data_shapes[0].shape
        # Flat rows, as CSV has them, take the shape that the model was bound with.
        data = data.reshape((-1, *rest))
        if data.shape[0] < batch:
            # The iterator needs one whole batch; what pads it is not in the result.
            padded = self._mxnet.nd.zeros((batch, *rest), ctx=self._context)
            padded[: data.shape[0]] = data
            return model.predict(self._mxnet.io.NDArrayIter(padded, batch_size=batch))[: data.shape[0]]
        return model.predict(self._mxnet.io.NDArrayIter(data, batch_size=batch))

    def output_fn(self, prediction: Any, accept: str) -> tuple[bytes, str]:
        content_type = choose(accept, _OFFERED, self.default_accept)
        return encode(self._on_host(prediction), content_type), content_type

    def _on_host(self, value: Any) -> Any:
        if isinstance(value, self._mxnet.nd.NDArray):
            return value.asnumpy()
        return [self._on_host(item) for item in value] if isinstance(value, (list, tuple)) else value
