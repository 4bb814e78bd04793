"""The `context` argument that functions of a script may take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .worker_process import visible_gpus


class Context:
    """Has the names of the model server's context that scripts use."""

    def __init__(self, model_directory: Path) -> None:
        self.model_name = "model"
        self.manifest: dict[str, Any] = {"model": {"modelName": "model", "handler": "clary"}}
        self.system_properties: dict[str, Any] = {
            "model_dir": str(model_directory),
            "gpu_id": 0 if visible_gpus() else None,
            "batch_size": 1,
            "server_name": "clary",
            "server_version": "1",
        }
        self.metrics = None
        self.request_headers: dict[str, str] = {}
        self.response_headers: dict[str, str] = {}
        self.status: int | None = None

    def begin(self, headers: dict[str, str]) -> None:
        """A new request has come."""
        self.request_headers = headers
        if self.response_headers:
            self.response_headers = {}
        self.status = None

    @property
    def request_processor(self) -> list[Context]:
        """One per request of a batch; batches have one request here."""
        return [self]

    def get_request_properties(self) -> dict[str, str]:
        return self.request_headers

    def get_request_header(self, index: Any, name: str | None = None) -> str | None:
        """Called as `(index, name)` on the context and as `(name)` on a request processor."""
        return self.request_headers.get((index if name is None else name).lower())

    def get_all_request_header(self, _index: int = 0) -> dict[str, str]:
        return self.request_headers

    def set_response_header(self, _index: int, name: str, value: str) -> None:
        self.response_headers[name] = value

    def set_response_content_type(self, _index: int, value: str) -> None:
        self.response_headers["Content-Type"] = value

    def get_response_content_type(self, _index: int) -> str | None:
        return self.response_headers.get("Content-Type")

    def set_response_status(self, code: int = 200, phrase: str = "", idx: int = 0) -> None:
        self.status = code
