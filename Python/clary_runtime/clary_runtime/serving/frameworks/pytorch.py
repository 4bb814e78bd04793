"""PyTorch: a TorchScript archive is loaded, tensors go in and out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..content_types import CSV, JSON, media_type
from ..decoders import decode
from ..errors import ModelError
from .arrays import ArrayDefaults


class Defaults(ArrayDefaults):
    name = "PyTorch"

    def __init__(self, default_accept: str) -> None:
        super().__init__(default_accept)
        import torch

        self._torch = torch
        self._device = torch.device("cuda:0" if torch.cuda.is_available() else "cpu")

    def model_fn(self, model_directory: str) -> Any:
        path = _model_file(Path(model_directory))
        try:
            model = self._torch.jit.load(str(path), map_location=self._device)
        except RuntimeError as error:
            raise ModelError(
                f"{path.name} is not a TorchScript archive (made with torch.jit.save); the inference script must "
                f"define model_fn(model_dir) for models of another form. {error}"
            ) from error
        return model.eval()

    def input_fn(self, data: Any, content_type: str) -> Any:
        array = decode(data, content_type)
        if media_type(content_type) in (CSV, JSON):
            array = array.astype("float32")
        return self._torch.as_tensor(array).to(self._device)

    def predict_fn(self, data: Any, model: Any) -> Any:
        with self._torch.no_grad():
            return model(data)

    def output_fn(self, prediction: Any, accept: str) -> tuple[bytes, str]:
        return super().output_fn(self._on_host(prediction), accept)

    def _on_host(self, value: Any) -> Any:
        if isinstance(value, self._torch.Tensor):
            value = value.detach().cpu()
            return (value.float() if value.dtype is self._torch.bfloat16 else value).numpy()
        if isinstance(value, (list, tuple)):
            return [self._on_host(item) for item in value]
        if isinstance(value, dict):
            return {key: self._on_host(item) for key, item in value.items()}
        return value


def _model_file(directory: Path) -> Path:
    for name in ("model.pt", "model.pth"):
        if (directory / name).is_file():
            return directory / name
    candidates = sorted([*directory.glob("*.pt"), *directory.glob("*.pth")])
    if len(candidates) != 1:
        found = ", ".join(path.name for path in candidates) or "none"
        raise ModelError(
            f"The model archive must have a TorchScript file model.pt (or one *.pt or *.pth; found: {found}), or "
            "the inference script must define model_fn(model_dir)."
        )
    return candidates[0]
