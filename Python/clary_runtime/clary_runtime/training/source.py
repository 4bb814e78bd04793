"""The user's code: from `sagemaker_submit_directory` to `/opt/ml/code`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ..archive import BadArchive, unpack
from .configuration import Configuration
from .errors import ClientError


def place(configuration: Configuration) -> None:
    """Raises ClientError if the code is not there, may not be read or is no archive."""
    code = configuration.paths.code
    code.mkdir(parents=True, exist_ok=True)
    submitted = str(configuration.submit_directory)
    if submitted.startswith("s3://"):
        with tempfile.TemporaryDirectory(prefix="clary-source-") as folder:
            archive = Path(folder, "sourcedir.tar.gz")
            _download(submitted, archive)
            _unpack(archive, submitted, code)
        return
    if "\0" in submitted or ("://" in submitted and not submitted.startswith("file://")):
        raise ClientError(
            f"sagemaker_submit_directory is {_quoted(submitted)}, which cannot be fetched: it must be an archive at s3://…, "
            "or a path in the instance. The SDK uploads source_dir itself if that is a folder of the client's."
        )
    local = Path(submitted[len("file://") :] if submitted.startswith("file://") else submitted)
    if local.is_dir():
        if local.resolve() != code.resolve():
            shutil.copytree(local, code, symlinks=True, dirs_exist_ok=True)
    elif local.is_file():
        _unpack(local, submitted, code)
    else:
        raise ClientError(
            f"sagemaker_submit_directory is '{submitted}', which does not exist in the instance."
            f"{_inventory(local.parent)} With network isolation the code arrives through the channel 'code'."
        )


def _download(uri: str, destination: Path) -> None:
    from .. import s3

    try:
        s3.download(uri, destination)
    except s3.S3Error as error:
        raise ClientError(f"The code could not be fetched: {error}") from None


def _unpack(archive: Path, name: str, destination: Path) -> None:
    try:
        unpack(archive, destination)
    except BadArchive as error:
        raise ClientError(f"The code's archive {name} is not usable: {error}.") from None


def _quoted(text: str) -> str:
    return ascii(text) if "\0" in text else f"'{text}'"


def _inventory(folder: Path) -> str:
    if not folder.is_dir():
        return ""
    names = sorted(entry.name for entry in folder.iterdir())
    return f" '{folder}' holds: {', '.join(names[:20]) or 'nothing'}."
