"""Packages that a script asks for beside it (`requirements.txt`)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ..requirements_file import RequirementsFile
from ..training.errors import TrainingError
from ..training.process import Relay
from ..training.requirements import install
from .errors import ModelError

# Set for the interpreter that has them, which begins anew with the same command line.
_DONE = "CLARY_PACKAGES_INSTALLED"


def install_requirements(directory: Path) -> None:
    """Goes on in an interpreter that has what `requirements.txt` of the script's folder asks for.

    Does not return if that is another one than this.
    """
    path = directory / "requirements.txt"
    if os.environ.get(_DONE) or not path.is_file():
        return
    requirements = RequirementsFile(path)
    if requirements.is_empty:
        return
    try:
        packages = install(directory, requirements, Relay())
    except TrainingError as error:
        raise ModelError(f"{path} cannot be installed. {error.text}") from None
    os.environ[_DONE] = "1"
    os.environ["PATH"] = os.pathsep.join((str(packages.scripts), os.environ.get("PATH", os.defpath)))
    sys.stdout.flush()
    os.execv(str(packages.python), [str(packages.python), *sys.argv])
