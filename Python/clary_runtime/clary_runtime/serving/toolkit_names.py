"""Modules of the published toolkits that scripts import for their types, decoders and encoders.

An environment has the frameworks, not the toolkits that images add to them. These stand in where nothing of the name
is installed.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import sys
from types import ModuleType
from typing import Any, Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

from ..xgboost_data import get_dmatrix
from . import content_types, decoders, encoders
from .errors import ServingError, UnsupportedAccept


class BaseInferenceToolkitError(Exception):
    """Carries the status of the answer."""

    def __init__(self, status_code: int, message: str, phrase: str = "") -> None:
        super().__init__(message)
        self.status_code = status_code
        self.message = message
        self.phrase = phrase


class GenericInferenceToolkitError(BaseInferenceToolkitError):
    def __init__(self, status_code: int, message: str | None = None, phrase: str | None = None) -> None:
        super().__init__(status_code, message or "Invalid Request", phrase or "")


class UnsupportedFormatError(BaseInferenceToolkitError):
    def __init__(self, content_type: str) -> None:
        super().__init__(415, f"Content type {content_type} is not supported by this framework.")


class Response:
    """A body with its type, as output functions of older scripts return it."""

    def __init__(
        self, response: Any = None, *more: Any, status: int = 200, mimetype: str | None = None, **_: Any
    ) -> None:
        self.response = b"" if response is None else response
        self.status_code = next((value for value in more if isinstance(value, int)), status)
        self.mimetype = mimetype or next(
            (value for value in more if isinstance(value, str)), content_types.JSON
        )


class DefaultInferenceHandler:
    """Base class of handlers in scripts."""

    def default_input_fn(self, input_data: Any, content_type: str, context: Any = None) -> Any:
        return decoders.decode(input_data, content_type)

    def default_output_fn(self, prediction: Any, accept: str, context: Any = None) -> tuple[Any, str]:
        content_type = content_types.choose(accept, encoders.ENCODABLE, content_types.JSON)
        return _encode(prediction, content_type), content_type


def _encode(prediction: Any, content_type: str) -> str | bytes:
    try:
        data = encoders.encode(prediction, content_types.media_type(content_type))
    except UnsupportedAccept:
        raise UnsupportedFormatError(content_type) from None
    # Scripts join and compare text, so they get it as text.
    return data if content_types.media_type(content_type) == content_types.NPY else data.decode()


def _decode(data: Any, content_type: str) -> Any:
    try:
        return decoders.decode(data, content_type)
    except ServingError as error:
        if error.status == 415:
            raise UnsupportedFormatError(content_type) from None
        raise


def _to_matrix(content_type: str) -> Callable[[Any], Any]:
    def convert(data: Any) -> Any:
        from .frameworks.xgboost import matrix

        return matrix(data, content_type)

    return convert


def _decode_to_matrix(data: Any, content_type: str) -> Any:
    from .frameworks.xgboost import matrix

    return matrix(data, content_type)


def _wait_hostname_resolution() -> None:
    """Until each host of the job has an address; raises TimeoutError."""
    import json
    import os
    import socket
    import time

    deadline = time.monotonic() + 300
    for host in json.loads(os.environ.get("SM_HOSTS", "[]")):
        while True:
            try:
                socket.gethostbyname(host)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"The host {host} has no address after 5 minutes.") from None
                time.sleep(0.1)


def _rabit_run(
    exec_fun: Callable[..., Any],
    args: dict[str, Any],
    include_in_training: bool,
    hosts: list[str],
    current_host: str,
    first_port: int | None = None,
    second_port: int | None = None,
    max_connect_attempts: int | None = None,
    connect_retry_timeout: int = 3,
    update_rabit_args: bool = False,
) -> None:
    """Calls the training function; on one host it is the master."""
    if len(hosts) > 1:
        raise NotImplementedError(
            "rabit_run trains on one host here: train on several with the built-in algorithm, or with "
            "xgboost.tracker.RabitTracker and xgboost.collective, which the environment has."
        )
    if not include_in_training:
        raise ValueError("The only host of the job has no data to train on.")
    exec_fun(**({**args, "is_master": True} if update_rabit_args else args))


def _decode_json(data: Any, content_type: str) -> Any:
    import json

    return (
        json.loads(data)
        if content_types.media_type(content_type) == content_types.JSON
        else _decode(data, content_type)
    )


_TYPES = {
    **{
        name: getattr(content_types, name)
        for name in ("JSON", "CSV", "NPY", "NPZ", "OCTET_STREAM", "ANY", "LIBSVM")
    },
    "UTF8_TYPES": list(content_types.TEXT_TYPES),
    "X_LIBSVM": "text/x-libsvm",
    "X_RECORDIO_PROTOBUF": content_types.RECORDIO_PROTOBUF,
}
_ERRORS = {
    error.__name__: error
    for error in (BaseInferenceToolkitError, GenericInferenceToolkitError, UnsupportedFormatError)
}
_MODULES: dict[str, dict[str, Any]] = {
    "sagemaker_inference": {},
    "sagemaker_inference.content_types": _TYPES,
    "sagemaker_inference.decoder": {"decode": _decode},
    "sagemaker_inference.encoder": {"encode": _encode},
    "sagemaker_inference.errors": _ERRORS,
    "sagemaker_inference.default_inference_handler": {"DefaultInferenceHandler": DefaultInferenceHandler},
    "sagemaker_training": {},
    "sagemaker_training.entry_point": {"_wait_hostname_resolution": _wait_hostname_resolution},
    "sagemaker_containers": {},
    "sagemaker_containers.entry_point": {"_wait_hostname_resolution": _wait_hostname_resolution},
    "sagemaker_containers.beta": {},
    "sagemaker_containers.beta.framework": {},
    "sagemaker_containers.beta.framework.content_types": _TYPES,
    "sagemaker_containers.beta.framework.encoders": {"decode": _decode, "encode": _encode},
    "sagemaker_containers.beta.framework.errors": _ERRORS,
    "sagemaker_containers.beta.framework.worker": {"Response": Response},
    # Scripts import these beside the others and use nothing of them.
    "sagemaker_containers.beta.framework.env": {},
    "sagemaker_containers.beta.framework.modules": {},
    "sagemaker_containers.beta.framework.server": {},
    "sagemaker_containers.beta.framework.transformer": {},
    "sagemaker_xgboost_container": {},
    "sagemaker_xgboost_container.data_utils": {"get_dmatrix": get_dmatrix},
    "sagemaker_xgboost_container.distributed": {"rabit_run": _rabit_run},
    "sagemaker_xgboost_container.encoder": {
        "csv_to_dmatrix": _to_matrix(content_types.CSV),
        "libsvm_to_dmatrix": _to_matrix(content_types.LIBSVM),
        "recordio_protobuf_to_dmatrix": _to_matrix(content_types.RECORDIO_PROTOBUF),
        "decode": _decode_to_matrix,
        "encode": _encode,
    },
    "sagemaker_huggingface_inference_toolkit": {},
    "sagemaker_huggingface_inference_toolkit.content_types": _TYPES,
    "sagemaker_huggingface_inference_toolkit.decoder_encoder": {"decode": _decode_json, "encode": _encode},
}


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if name not in _MODULES:
            return None
        return importlib.machinery.ModuleSpec(
            name, self, is_package=any(key.startswith(f"{name}.") for key in _MODULES)
        )

    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(_MODULES[module.__name__])


def stand_in_for_toolkits() -> None:
    """Last of all finders, so that an installed package comes first."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
