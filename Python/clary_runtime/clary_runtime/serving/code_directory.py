"""Where the user's script is: beside the model, in another folder, or in an archive that is unpacked first."""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple
from urllib.parse import urlparse

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
    program = settings.program or _DEFAULT_PROGRAM
    if settings.program is None and not (directory / program).is_file():
        return None
    return Code(directory, program)


def _directory(settings: Settings, submitted: str | None, model_directory: Path) -> Path:
    if submitted is None:
        return model_directory / "code"
    if submitted.startswith("s3://"):
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder) / "sourcedir.tar.gz"
            _download(submitted, archive)
            return _unpack(archive, settings.ml_root / "code")
    path = Path(urlparse(submitted).path if submitted.startswith("file://") else submitted)
    if path.is_file():
        return _unpack(path, settings.ml_root / "code")
    if path == Path("/opt/ml/model/code"):
        return model_directory / "code"
    return path


def _download(uri: str, target: Path) -> None:
    try:
        import boto3
    except ImportError:
        raise ModelError(
            f"SAGEMAKER_SUBMIT_DIRECTORY is {uri}, which needs boto3 in the environment's packages."
        ) from None
    address = urlparse(uri)
    # Newer versions of boto3 read AWS_ENDPOINT_URL themselves; older ones that images ask for do not.
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    client = boto3.client(
        "s3",
        endpoint_url=endpoint or os.environ.get("S3_ENDPOINT_URL"),
        region_name=os.environ.get("AWS_REGION") or os.environ.get("SAGEMAKER_REGION"),
    )
    logger.info("Downloading %s.", uri)
    try:
        client.download_file(address.netloc, address.path.lstrip("/"), str(target))
    except Exception as error:
        raise ModelError(f"{uri} (SAGEMAKER_SUBMIT_DIRECTORY) could not be downloaded: {error}") from error


def _unpack(archive: Path, wanted: Path) -> Path:
    """Unpacks regular files and folders; what would land outside of the folder is refused."""
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        directory = wanted if os.access(wanted, os.W_OK) else Path(tempfile.mkdtemp(prefix="code-"))
    except OSError:
        directory = Path(tempfile.mkdtemp(prefix="code-"))
    try:
        with tarfile.open(archive) as tar:
            members = tar.getmembers()
            for member in members:
                _check(member)
            tar.extractall(directory, [member for member in members if member.isfile() or member.isdir()])
    except tarfile.TarError as error:
        raise ModelError(f"The source archive cannot be unpacked: {error}") from error
    return directory


def _check(member: tarfile.TarInfo) -> None:
    path = PurePosixPath(member.name)
    if path.is_absolute() or ".." in path.parts:
        raise ModelError(f"The source archive has an entry outside of it: {member.name}.")
    if member.isdev():
        raise ModelError(f"The source archive has a device: {member.name}.")
    member.mode = (member.mode | 0o600) & 0o755
