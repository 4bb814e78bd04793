"""A request and its answer, as handlers see them."""

from __future__ import annotations

from typing import Callable, Iterator, NamedTuple  # noqa: UP035 - subscripted at run time by Python 3.8.

INVOCATIONS = "/invocations"
"""The path of the one model's predictions (container contract §3.2)."""


class Invocation(NamedTuple):
    method: str
    path: str
    query: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type") or "application/json"

    @property
    def custom_attributes(self) -> str:
        return self.headers.get("x-amzn-sagemaker-custom-attributes", "")


class Reply:
    """Status, type and body; a body that is an iterator is sent part by part as it is made."""

    __slots__ = ("body", "content_type", "headers", "status")

    def __init__(
        self,
        body: bytes | Iterator[bytes],
        content_type: str = "application/json",
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> None:
        self.body = body
        self.content_type = content_type
        self.status = status
        self.headers = headers


Handler = Callable[[Invocation], Reply]
"""A loaded model: answers invocations, one at a time, and never raises."""
