"""Classification and regression: rows come as named features and go in as serialized `tf.train.Example`s."""

from __future__ import annotations

from typing import Any

from ...errors import BadInput
from .signatures import SavedModel, json_values, strings


def answer(model: SavedModel, method: str, request: dict[str, Any]) -> dict[str, Any]:
    rows = request.get("examples")
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise BadInput("The value of 'examples' must be a list of objects.")
    context = request.get("context", {})
    signature = model.signature(request.get("signature_name") or _of_method(model, method))
    if len(signature.inputs) != 1:
        raise BadInput(f"Signature '{signature.name}' does not take examples.")
    name = next(iter(signature.inputs))
    outputs = signature.call({name: [_example({**context, **row}) for row in rows]})
    arrays = {key: json_values(key, array) for key, array in outputs.items()}
    if method == "regress":
        values = arrays.get("outputs", next(iter(arrays.values())))
        return {"results": [value[0] if isinstance(value, list) else value for value in values]}
    scores = arrays.get("scores")
    classes = arrays.get("classes")
    if scores is None and classes is None:
        raise BadInput(f"Signature '{signature.name}' gives neither classes nor scores.")
    results = []
    for index in range(len(rows)):
        row_scores = scores[index] if scores is not None else [0.0] * len(classes[index])
        labels = classes[index] if classes is not None else [""] * len(row_scores)
        results.append([[label, score] for label, score in zip(labels, row_scores)])  # noqa: B905 - Python 3.8.
    return {"results": results}


def _of_method(model: SavedModel, method: str) -> str | None:
    for name in (
        f"tensorflow/serving/{method}",
        {"classify": "classification", "regress": "regression"}[method],
    ):
        if name in model.signatures:
            return name
    return None


def _example(features: dict[str, Any]) -> dict[str, str]:
    """Serialized, in the form in which values of JSON carry bytes."""
    import base64

    from tensorflow import train

    def feature(name: str, value: Any) -> Any:
        values = value if isinstance(value, list) else [value]
        if all(isinstance(item, (bool, int)) for item in values):
            return train.Feature(int64_list=train.Int64List(value=[int(item) for item in values]))
        if all(isinstance(item, (int, float)) for item in values):
            return train.Feature(float_list=train.FloatList(value=values))
        try:
            return train.Feature(bytes_list=train.BytesList(value=strings(values)))
        except ValueError:
            raise BadInput(f"Feature '{name}' mixes types.") from None

    mapping = {name: feature(name, value) for name, value in features.items()}
    example = train.Example(features=train.Features(feature=mapping))
    return {"b64": base64.b64encode(example.SerializeToString()).decode()}
