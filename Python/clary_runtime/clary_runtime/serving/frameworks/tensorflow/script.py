"""Scripts for TensorFlow: `handler(data, context)`, or `input_handler` and `output_handler` around the model."""

from __future__ import annotations

import io
import json
import sys
import traceback
from types import ModuleType
from typing import Any, Callable, NamedTuple  # noqa: UP035 - subscripted at run time by Python 3.8.

from ...content_types import OCTET_STREAM
from ...errors import ModelError, failure_text, status_of
from ...exchange import Handler, Invocation, Reply
from .invocations import Target
from .loopback import Loopback
from .models import Models
from .rest import Rest


class Context(NamedTuple):
    """What handlers are told of a request."""

    model_name: str
    model_version: int | None
    method: str
    rest_uri: str
    grpc_port: int | None
    channel: None
    custom_attributes: str | None
    request_content_type: str
    accept_header: str | None
    content_length: int


class RestResponse:
    """The model's answer, with the names of `requests.Response` that output handlers use."""

    def __init__(self, reply: Reply) -> None:
        assert isinstance(reply.body, bytes)
        self.status_code = reply.status
        self.content = reply.body
        self.headers = {"Content-Type": reply.content_type}
        self.encoding = "utf-8"

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def ok(self) -> bool:
        return self.status_code < 400

    def json(self) -> Any:
        return json.loads(self.content)

    def raise_for_status(self) -> None:
        if not self.ok:
            raise OSError(f"{self.status_code}: {self.text}")


def script_handler(script: ModuleType, models: Models, rest: Rest) -> Handler:
    handler = getattr(script, "handler", None)
    before, after = getattr(script, "input_handler", None), getattr(script, "output_handler", None)
    if handler is None and (before is None or after is None):
        raise ModelError(
            "The inference script must define handler(data, context), or both input_handler(data, context) and "
            "output_handler(response, context)."
        )
    # The worker is busy with the handler when that asks the model by HTTP, so another thread of it answers.
    address = Loopback(rest).address
    return ScriptHandler(handler or _around_model(before, after, rest), models, address)


def _around_model(before: Callable[..., Any], after: Callable[..., Any], rest: Rest) -> Callable[..., Any]:
    def handler(data: io.BytesIO, context: Context) -> Any:
        body = before(data, context)
        if hasattr(body, "read"):
            body = body.read()
        reply = rest.answer(context.model_name, context.model_version, context.method, body)
        return after(RestResponse(reply), context)

    return handler


class ScriptHandler:
    def __init__(self, handler: Callable[..., Any], models: Models, address: str) -> None:
        self._handler = handler
        self._models = models
        self._address = address

    def __call__(self, invocation: Invocation) -> Reply:
        try:
            result = self._handler(io.BytesIO(invocation.body), self._context(invocation))
            body, content_type = result if isinstance(result, tuple) else (result, OCTET_STREAM)
            if isinstance(body, str):
                body = body.encode()
            return Reply(body if hasattr(body, "__next__") else bytes(body), content_type)
        except (Exception, SystemExit) as error:
            traceback.print_exc(file=sys.stderr)
            return Reply(
                json.dumps({"error": failure_text(error).decode()}).encode(), status=status_of(error)
            )

    def _context(self, invocation: Invocation) -> Context:
        target = Target.of(invocation, self._models)
        version = f"/versions/{target.version}" if target.version is not None else ""
        return Context(
            model_name=target.name,
            model_version=target.version,
            method=target.method,
            rest_uri=f"{self._address}/v1/models/{target.name}{version}:{target.method}",
            grpc_port=None,
            channel=None,
            custom_attributes=invocation.custom_attributes or None,
            request_content_type=invocation.content_type,
            accept_header=invocation.headers.get("accept"),
            content_length=len(invocation.body),
        )
