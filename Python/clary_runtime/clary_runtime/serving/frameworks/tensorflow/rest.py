"""TensorFlow Serving's REST API (tensorflow.org/tfx/serving/api_rest)."""

from __future__ import annotations

import json
import re
import sys
import traceback
from typing import Any

from ...errors import BadInput, failure_text
from ...exchange import Invocation, Reply
from . import examples
from .models import Models, UnknownModel
from .signatures import SavedModel, Signature, is_binary, json_values

_PATH = re.compile(r"/v1/models/([^/:]+)(?:/versions/(\d+))?(/metadata|:predict|:classify|:regress)?")


class Rest:
    """Answers `/v1/models/…`; may be called from several threads."""

    def __init__(self, models: Models) -> None:
        self._models = models

    def __call__(self, invocation: Invocation) -> Reply:
        match = _PATH.fullmatch(invocation.path)
        if not match:
            return _error(404, f"Malformed request: {invocation.method} {invocation.path}")
        name, version, what = match[1], int(match[2]) if match[2] else None, match[3] or ""
        if invocation.method != ("POST" if what.startswith(":") else "GET"):
            return _error(405, f"Method {invocation.method} is not served for {invocation.path}")
        if what.startswith(":"):
            return self.answer(name, version, what[1:], invocation.body)
        try:
            if what:
                return _json(_metadata(self._models.model(name, version)))
            versions = (
                self._models.versions(name)
                if version is None
                else [self._models.model(name, version).version]
            )
            return _json({"model_version_status": [_status(number) for number in reversed(versions)]})
        except UnknownModel as error:
            return _error(404, str(error))

    def answer(self, name: str, version: int | None, method: str, body: bytes | str) -> Reply:
        """`method` is predict, classify or regress; never raises."""
        try:
            request = _parse(body)
            model = self._models.model(name, version)
            if method == "predict":
                return _json(predict(model, request))
            if method in ("classify", "regress"):
                return _json(examples.answer(model, method, request))
            raise BadInput(f"The method '{method}' is none of predict, classify, regress.")
        except UnknownModel as error:
            return _error(404, str(error))
        except BadInput as error:
            return _error(400, str(error))
        except Exception as error:
            traceback.print_exc(file=sys.stderr)
            return _error(500, failure_text(error).decode())


def predict(model: SavedModel, request: dict[str, Any]) -> dict[str, Any]:
    signature = model.signature(request.get("signature_name"))
    if ("instances" in request) == ("inputs" in request):
        raise BadInput("Request body must have either 'instances' or 'inputs', not both.")
    if "inputs" in request:
        return {"outputs": _by_column(signature, request["inputs"])}
    return {"predictions": _by_row(signature, request["instances"])}


def _by_column(signature: Signature, inputs: Any) -> Any:
    if not isinstance(inputs, dict) or is_binary(inputs):
        inputs = {_only_input(signature): inputs}
    outputs = {name: json_values(name, array) for name, array in signature.call(inputs).items()}
    return next(iter(outputs.values())) if len(outputs) == 1 else outputs


def _by_row(signature: Signature, instances: Any) -> list[Any]:
    if not isinstance(instances, list) or not instances:
        raise BadInput("The value of 'instances' must be a list that is not empty.")
    if isinstance(instances[0], dict) and not is_binary(instances[0]):
        names = instances[0].keys()
        if not all(isinstance(row, dict) and row.keys() == names for row in instances):
            raise BadInput("All instances must be objects with the same names.")
        columns = {name: [row[name] for row in instances] for name in names}
    else:
        columns = {_only_input(signature): instances}
    outputs = {}
    for name, array in signature.call(columns).items():
        if array.ndim == 0 or len(array) != len(instances):
            raise BadInput(
                f"Output '{name}' has no row per instance; ask with 'inputs' instead of 'instances'."
            )
        outputs[name] = json_values(name, array)
    if len(outputs) == 1:
        return next(iter(outputs.values()))
    return [dict(zip(outputs, row)) for row in zip(*outputs.values())]  # noqa: B905 - Python 3.8.


def _only_input(signature: Signature) -> str:
    if len(signature.inputs) != 1:
        raise BadInput(
            f"Signature '{signature.name}' has several inputs; name them: {', '.join(signature.inputs)}."
        )
    return next(iter(signature.inputs))


def _parse(body: bytes | str) -> dict[str, Any]:
    try:
        request = json.loads(body)
    except ValueError as error:
        raise BadInput(f"JSON Parse error: {error}") from None
    if not isinstance(request, dict):
        raise BadInput("The request must be a JSON object.")
    return request


def _status(version: int) -> dict[str, Any]:
    return {
        "version": str(version),
        "state": "AVAILABLE",
        "status": {"error_code": "OK", "error_message": ""},
    }


def _metadata(model: SavedModel) -> dict[str, Any]:
    signatures = {
        name: {
            "inputs": {key: _tensor_info(key, spec) for key, spec in signature.inputs.items()},
            "outputs": {key: _tensor_info(key, spec) for key, spec in signature.outputs.items()},
            "method_name": "tensorflow/serving/predict",
        }
        for name, signature in model.signatures.items()
    }
    return {
        "model_spec": {"name": model.name, "signature_name": "", "version": str(model.version)},
        "metadata": {"signature_def": {"signature_def": signatures}},
    }


def _tensor_info(name: str, spec: Any) -> dict[str, Any]:
    unknown_rank = spec.shape.rank is None
    sizes = [] if unknown_rank else [-1 if size is None else size for size in spec.shape.as_list()]
    return {
        "dtype": f"DT_{'FLOAT' if spec.dtype.name == 'float32' else spec.dtype.name.upper()}",
        "tensor_shape": {
            "dim": [{"size": str(size), "name": ""} for size in sizes],
            "unknown_rank": unknown_rank,
        },
        "name": name,
    }


def _json(value: Any) -> Reply:
    return Reply(json.dumps(value).encode())


def _error(status: int, text: str) -> Reply:
    return Reply(json.dumps({"error": text}).encode(), status=status)
