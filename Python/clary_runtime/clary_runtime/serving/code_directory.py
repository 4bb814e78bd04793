"""Where the user's script is: beside the model, in another folder, or in an archive that is unpacked first."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlparse

from .. import s3
from ..archive import BadArchive, unpack
from .errors import ModelError
from .log import logger
from .settings import Settings

_DEFAULT_PROGRAM = "inference.py"


class Code(NamedTuple):
    directory: Path
    program: str


def find_code(settings: Settings, model_directory: Path) -> Code | None:
    """The script that SAGEMAKER_PROGRAM and SAGEMAKER_SUBMIT_DIRECTORY name; None if neither does and none is there."""
    submitted = settings.submit_directory
    if settings.program is None and submitted is None:
        directory = model_directory / "code"
        return Code(directory, _DEFAULT_PROGRAM) if (directory / _DEFAULT_PROGRAM).is_file() else None
    directory = _directory(settings, submitted, model_directory)
    if not directory.is_dir() and not _comes_with_models(directory, settings, model_directory):
        raise ModelError(_missing(directory, submitted, model_directory))
    program = settings.program or _DEFAULT_PROGRAM
    if settings.program is None and not (directory / program).is_file():
        return None
    return Code(directory, program)


def _comes_with_models(directory: Path, settings: Settings, model_directory: Path) -> bool:
    """Of several models, each brings its own folder, when it is loaded."""
    own = settings.model_directory
    return settings.multi_model and model_directory == own and directory == own / "code"


def _missing(directory: Path, submitted: str | None, model_directory: Path) -> str:
    names = (
        f"SAGEMAKER_SUBMIT_DIRECTORY names '{submitted}'" if submitted else "SAGEMAKER_PROGRAM names a script"
    )
    if directory != model_directory / "code":
        return f"{names}, which does not exist in the instance: name a folder of the image or an archive (s3://…)."
    entries = sorted(entry.name for entry in model_directory.iterdir()) if model_directory.is_dir() else []
    found = (
        f"the model's archive has no folder 'code', only: {', '.join(entries[:20])}"
        if entries
        else "the model has no files, as one without ModelDataUrl"
    )
    return (
        f"{names}, but {found}. Give the model a ModelDataUrl whose archive has the script below code/, or name the "
        "script's archive (s3://…) in SAGEMAKER_SUBMIT_DIRECTORY."
    )


def _directory(settings: Settings, submitted: str | None, model_directory: Path) -> Path:
    if submitted is None:
        return model_directory / "code"
    if submitted.startswith("s3://"):
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "sourcedir.tar.gz"
            _download(submitted, archive)
            return _unpack(archive, settings.ml_root / "code")
    if "://" in submitted and not submitted.startswith("file://"):
        raise ModelError(
            f"SAGEMAKER_SUBMIT_DIRECTORY is '{submitted}', which cannot be fetched: it is an archive at s3://… or a path."
        )
    path = Path(urlparse(submitted).path if submitted.startswith("file://") else submitted)
    if path.is_file():
        return _unpack(path, settings.ml_root / "code")
    if path == Path("/opt/ml/model/code"):
        return model_directory / "code"
    return path


def _download(uri: str, target: Path) -> None:
    logger.info("Downloading %s.", uri)
    try:
        s3.download(uri, target)
    except s3.S3Error as error:
        raise ModelError(f"{uri} (SAGEMAKER_SUBMIT_DIRECTORY) could not be downloaded: {error}") from None


def _unpack(archive: Path, wanted: Path) -> Path:
    """Unpacks into the folder that is wanted, or into another one where that cannot be written."""
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        directory = wanted if os.access(wanted, os.W_OK) else Path(tempfile.mkdtemp(prefix="code-"))
    except OSError:
        directory = Path(tempfile.mkdtemp(prefix="code-"))
    try:
        unpack(archive, directory)
    except BadArchive as error:
        raise ModelError(f"The source archive is not usable: {error}.") from None
    return directory
