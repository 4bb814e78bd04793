"""TensorFlow: SavedModels behind TensorFlow Serving's REST forms, and scripts that wrap them."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

from ...code_directory import Code
from ...exchange import Handler
from ...settings import Settings
from .invocations import DefaultHandler
from .models import Models
from .rest import Rest
from .script import script_handler


def load(settings: Settings, code: Code | None, script: ModuleType | None, model_directory: Path) -> Handler:
    models = Models(model_directory, os.environ.get("SAGEMAKER_TFS_DEFAULT_MODEL_NAME"))
    rest = Rest(models)
    handler = DefaultHandler(models, rest) if script is None else script_handler(script, models, rest)

    def answer(invocation):
        # The front also lets TensorFlow Serving's own paths through.
        return rest(invocation) if invocation.path.startswith("/v1/") else handler(invocation)

    return answer
