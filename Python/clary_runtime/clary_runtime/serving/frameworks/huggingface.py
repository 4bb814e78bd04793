"""Hugging Face: a pipeline of transformers; `{"inputs": …, "parameters": {…}}` goes in, its result comes out as JSON."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

from ..content_types import CSV, JSON, media_type
from ..decoders import decode, json_value, text_of
from ..errors import BadInput, ModelError, UnsupportedContentType
from .arrays import ArrayDefaults

# By the end of the architecture's name in config.json.
_TASKS = {
    "TapasForQuestionAnswering": "table-question-answering",
    "ForQuestionAnswering": "question-answering",
    "ForTokenClassification": "token-classification",
    "ForSequenceClassification": "text-classification",
    "ForMultipleChoice": "multiple-choice",
    "ForMaskedLM": "fill-mask",
    "ForCausalLM": "text-generation",
    "LMHeadModel": "text-generation",
    "ForConditionalGeneration": "text2text-generation",
    "MTModel": "text2text-generation",
    "EncoderDecoderModel": "text2text-generation",
    "ForImageClassification": "image-classification",
    "ForObjectDetection": "object-detection",
    "ForImageSegmentation": "image-segmentation",
    "ForAudioClassification": "audio-classification",
    "ForCTC": "automatic-speech-recognition",
    "ForSpeechSeq2Seq": "automatic-speech-recognition",
}


class Defaults(ArrayDefaults):
    name = "Hugging Face"

    def model_fn(self, model_directory: str) -> Any:
        directory = Path(model_directory)
        if os.environ.get("HF_MODEL_ID") and not (directory / "config.json").is_file():
            directory = _from_hub(os.environ["HF_MODEL_ID"])
        task = os.environ.get("HF_TASK") or _task(directory)
        from transformers import pipeline

        return pipeline(task=task, model=str(directory), device=_device())

    def input_fn(self, data: Any, content_type: str) -> Any:
        kind = media_type(content_type)
        if kind == JSON:
            return json_value(text_of(data, content_type))
        if kind == CSV:
            return {"inputs": _rows(text_of(data, content_type))}
        if kind.startswith("image/") or kind == "application/x-image":
            from PIL import Image, UnidentifiedImageError

            try:
                return {"inputs": Image.open(io.BytesIO(data)).convert("RGB")}
            except UnidentifiedImageError as error:
                raise BadInput(f"The body is not an image: {error}.") from None
        if kind.startswith("audio/"):
            return {"inputs": data}
        try:
            return {"inputs": decode(data, content_type)}
        except UnsupportedContentType:
            raise UnsupportedContentType(content_type, (JSON, CSV, "image/*", "audio/*")) from None

    def predict_fn(self, data: Any, model: Any) -> Any:
        if not isinstance(data, dict):
            return model(data)
        inputs = data.get("inputs", data)
        parameters = data.get("parameters") or {}
        if isinstance(inputs, dict) and getattr(model, "task", "") in (
            "question-answering",
            "zero-shot-classification",
        ):
            # These pipelines take the parts of one input as separate arguments.
            return model(**inputs, **parameters)
        return model(inputs, **parameters)


def _task(directory: Path) -> str:
    try:
        configuration = json.loads((directory / "config.json").read_text())
    except (OSError, ValueError) as error:
        raise ModelError(
            f"The model archive has no readable config.json ({error}); set HF_MODEL_ID, or define model_fn(model_dir) "
            "in the inference script."
        ) from error
    architectures = configuration.get("architectures") or ["?"]
    for ending, task in _TASKS.items():
        if architectures[0].endswith(ending):
            return task
    raise ModelError(f"The task cannot be told from the architecture {architectures[0]}: set HF_TASK.")


def _device() -> int:
    """-1 is the CPU."""
    try:
        import torch

        return 0 if torch.cuda.is_available() else -1
    except ImportError:
        return -1


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download

    token = os.environ.get("HF_API_TOKEN") or os.environ.get("HF_TOKEN")
    try:
        return Path(snapshot_download(model, revision=os.environ.get("HF_REVISION"), token=token))
    except Exception as error:
        raise ModelError(
            f"The model {model} (HF_MODEL_ID) could not be downloaded from {os.environ.get('HF_ENDPOINT') or 'huggingface.co'}: "
            f"{error}. Without a way there, put the model's files into the model archive."
        ) from error


def _rows(text: str) -> list[Any]:
    """CSV with a header: a column `inputs`, or `question` and `context`."""
    rows = list(csv.DictReader(io.StringIO(text)))
    names = set(rows[0]) if rows else set()
    if {"question", "context"} <= names:
        return [{"question": row["question"], "context": row["context"]} for row in rows]
    if "inputs" not in names:
        raise BadInput("The first line of the CSV must name a column 'inputs', or 'question' and 'context'.")
    return [row["inputs"] for row in rows]
