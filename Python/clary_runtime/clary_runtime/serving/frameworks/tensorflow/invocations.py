"""`/invocations` without a script: what callers send becomes a request of TensorFlow Serving."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

from ...content_types import CSV, JSON, JSON_LINES, media_type
from ...decoders import json_value, text_of
from ...errors import BadInput
from ...exchange import Invocation, Reply
from .models import Models
from .rest import Rest

_FORMS = ("instances", "inputs", "examples")
_ROWS = re.compile(r"\s*\[\s*\[")


class Target(NamedTuple):
    """Which model a request is for, from `X-Amzn-SageMaker-Custom-Attributes`."""

    name: str
    version: int | None
    method: str

    @classmethod
    def of(cls, invocation: Invocation, models: Models) -> Target:
        attributes = {}
        for item in re.split(r"[,;]", invocation.custom_attributes):
            key, _, value = item.partition("=")
            attributes[key.strip()] = value.strip()
        version = attributes.get("tfs-model-version", "")
        return cls(
            name=attributes.get("tfs-model-name") or models.default_name,
            version=int(version) if version.isdigit() else None,
            method=attributes.get("tfs-method") or "predict",
        )


class DefaultHandler:
    def __init__(self, models: Models, rest: Rest) -> None:
        self._models = models
        self._rest = rest

    def __call__(self, invocation: Invocation) -> Reply:
        kind = media_type(invocation.content_type)
        try:
            text = text_of(invocation.body, invocation.content_type)
            if kind in (JSON, "application/jsons"):
                body = _from_json(text)
            elif kind == JSON_LINES:
                body = _instances([json_value(line) for line in text.splitlines() if line.strip()])
            elif kind == CSV:
                body = _instances(_from_csv(text))
            else:
                error = {"error": f"Unsupported Media Type: {invocation.content_type}"}
                return Reply(json.dumps(error).encode(), status=415)
        except BadInput as error:
            return Reply(json.dumps({"error": str(error)}).encode(), status=400)
        return self._rest.answer(*Target.of(invocation, self._models), body)


def _from_json(text: str) -> str:
    """A request in a form of TensorFlow Serving as it is; rows as instances; anything else as the one instance."""
    try:
        value = json.loads(text)
    except ValueError:
        # Callers send JSON Lines under this name, too.
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2:
            raise BadInput("The body is not JSON.") from None
        return _instances([json_value(line) for line in lines])
    if isinstance(value, dict) and any(form in value for form in _FORMS):
        return text
    return _instances(value if _ROWS.match(text) else [value])


def _from_csv(text: str) -> list[Any]:
    """Rows of several fields are lists, rows of one are the value; fields are numbers where they can be."""
    rows = [[_number(field) for field in line.split(",")] for line in text.splitlines() if line.strip()]
    return [row[0] if len(row) == 1 else row for row in rows]


def _number(field: str) -> Any:
    field = field.strip()
    try:
        return int(field)
    except ValueError:
        try:
            return float(field)
        except ValueError:
            quoted = len(field) >= 2 and field[0] == field[-1] == '"'
            return field[1:-1].replace('""', '"') if quoted else field


def _instances(rows: list[Any]) -> str:
    return json.dumps({"instances": rows})
