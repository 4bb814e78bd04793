"""From the framework's name to a loaded model."""

from __future__ import annotations

import importlib
from pathlib import Path

from .code_directory import Code
from .exchange import Handler
from .script_handler import ScriptHandler
from .settings import Settings
from .user_module import import_script


def load_handler(settings: Settings, code: Code | None, model_directory: Path) -> Handler:
    """Imports the script and the framework, and loads the model; takes as long as that takes."""
    framework = importlib.import_module(f".frameworks.{settings.framework}", __package__)
    script = import_script(code) if code is not None else None
    if hasattr(framework, "load"):
        return framework.load(settings, code, script, model_directory)
    return ScriptHandler(framework.Defaults(settings.default_accept), script, model_directory)
