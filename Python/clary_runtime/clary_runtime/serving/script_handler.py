"""Answers invocations with the functions of the user's script and the framework's defaults for the others."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

from .content_types import ANY, OCTET_STREAM, TEXT, TEXT_TYPES, media_type
from .context import Context
from .decoders import text_of
from .encoders import json_bytes
from .errors import ModelError, ServingError, failure_text, status_of
from .exchange import Invocation, Reply
from .frameworks.arrays import ArrayDefaults
from .user_module import with_context

_PARTS = ("input_fn", "predict_fn", "output_fn")


class ScriptHandler:
    """`model_fn` once; then `transform_fn`, or `input_fn`, `predict_fn` and `output_fn` for each request."""

    def __init__(self, defaults: ArrayDefaults, script: ModuleType | None, model_directory: Path) -> None:
        self._context = Context(model_directory)
        self._default_accept = defaults.default_accept
        transform = getattr(script, "transform_fn", None)
        parts = [name for name in _PARTS if hasattr(script, name)]
        if transform is not None and parts:
            raise ModelError(
                f"The inference script defines transform_fn, which does all of a request, and {', '.join(parts)}: "
                "keep one or the other."
            )

        def function(name: str, count: int) -> Any:
            return with_context(getattr(script, name, None) or getattr(defaults, name), count, self._context)

        self._transform = with_context(transform, 4, self._context) if transform is not None else None
        self._input, self._predict, self._output = (function(name, 2) for name in _PARTS)
        self._model = function("model_fn", 1)(str(model_directory))

    def __call__(self, invocation: Invocation) -> Reply:
        try:
            return self._answer(invocation)
        except ServingError as error:
            return Reply(f"{error}\n".encode(), TEXT, error.status)
        except (Exception, SystemExit) as error:
            traceback.print_exc(file=sys.stderr)
            return Reply(failure_text(error), TEXT, status_of(error), self._context.response_headers or None)

    def _answer(self, invocation: Invocation) -> Reply:
        headers = invocation.headers
        self._context.begin(headers)
        content_type = invocation.content_type
        accept = headers.get("accept") or ANY
        if accept == ANY:
            accept = self._default_accept
        data: Any = invocation.body
        if media_type(content_type) in TEXT_TYPES:
            data = text_of(data, content_type)
        if self._transform is not None:
            result = self._transform(self._model, data, content_type, accept)
        else:
            result = self._output(self._predict(self._input(data, content_type), self._model), accept)
        return self._reply(result, accept)

    def _reply(self, result: Any, accept: str) -> Reply:
        """Scripts return a body, a body with its type, or a response object of a web framework."""
        headers = self._context.response_headers
        status = self._context.status or 200
        if isinstance(result, tuple) and len(result) == 2:
            result, content_type = result
        elif hasattr(result, "status_code"):
            status, content_type, result = _taken_apart(result)
        else:
            content_type = headers.get("Content-Type") or _single(accept, self._default_accept)
        if "Content-Type" in headers:
            headers = {name: value for name, value in headers.items() if name != "Content-Type"}
        if isinstance(result, bytes):
            body: Any = result
        elif isinstance(result, str):
            body = result.encode()
        elif isinstance(result, (bytearray, memoryview)):
            body = bytes(result)
        elif hasattr(result, "__next__"):
            body = result
        else:
            body = json_bytes(result)
        return Reply(body, content_type, status, headers or None)


def _single(accept: str, default: str) -> str:
    """The type of a body whose script did not say: what was asked for, if that is one type."""
    if "," in accept or "*" in accept:
        return default
    return accept.partition(";")[0].strip()


def _taken_apart(response: Any) -> tuple[int, str, Any]:
    """Status, type and body of a response of Flask, Starlette, requests, or the inference toolkit."""
    content_type = (
        getattr(response, "mimetype", None)
        or getattr(response, "media_type", None)
        or getattr(response, "content_type", None)
    )
    for name in ("get_data", "body", "response", "content"):
        body = getattr(response, name, None)
        if body is not None:
            return response.status_code, content_type or OCTET_STREAM, body() if callable(body) else body
    return response.status_code, content_type or OCTET_STREAM, b""
