"""The user's inference script."""

from __future__ import annotations

import importlib.util
import inspect
import sys
from types import ModuleType
from typing import Any, Callable  # noqa: UP035 - subscripted at run time by Python 3.8.

from .code_directory import Code
from .context import Context
from .errors import ModelError
from .toolkit_names import stand_in_for_toolkits


def import_script(code: Code) -> ModuleType:
    """Runs the script as a module named after its file, with its folders importable."""
    path = code.directory / code.program
    if not path.is_file():
        found = ", ".join(sorted(entry.name for entry in code.directory.iterdir())) or "nothing"
        raise ModelError(
            f"The inference script {path} (SAGEMAKER_PROGRAM) does not exist; its folder has: {found}."
        )
    stand_in_for_toolkits()
    for folder in (code.directory / "lib", code.directory, path.parent):
        if folder.is_dir() and str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
    name = path.stem
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Objects that were pickled from a script name its module, so it must be found under that name.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def with_context(function: Callable[..., Any], count: int, context: Context) -> Callable[..., Any]:
    """`function` as one of `count` arguments; one that takes one more gets the context last."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return function  # Native code that does not tell.
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    if any(p.kind is p.VAR_POSITIONAL for p in parameters) or len(positional) == count:
        return function
    required = [p for p in positional if p.default is p.empty]
    if len(required) == count + 1 or (
        len(positional) > count and positional[count].name in ("context", "ctx")
    ):
        return lambda *arguments: function(*arguments, context)
    if len(required) <= count <= len(positional):
        return function
    raise ModelError(
        f"{getattr(function, '__name__', 'A function')} of the inference script takes {len(positional)} arguments; "
        f"it is called with {count}, or with the context as one more."
    )
