"""Packages that a script asks for beside it (`requirements.txt`)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from .errors import ModelError
from .log import logger


def install_requirements(directory: Path) -> None:
    """Installs `requirements.txt` of the script's folder, once and before any worker starts."""
    requirements = directory / "requirements.txt"
    if not requirements.is_file():
        return
    uv = os.environ.get("CLARY_UV") or shutil.which("uv")
    if not uv:
        raise ModelError(f"{requirements} cannot be installed: there is no uv (CLARY_UV).")
    target = tempfile.mkdtemp(prefix="packages-")
    logger.info("Installing %s.", requirements)
    command = [uv, "pip", "install", "--python", sys.executable, "--target", target, "-r", str(requirements)]
    outcome = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=directory
    )
    if outcome.returncode:
        raise ModelError(f"{requirements} cannot be installed:\n{outcome.stdout.strip()}")
    sys.path.insert(0, target)
