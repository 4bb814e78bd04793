"""What the code needs beyond its environment: installed once, then shared by all jobs that ask for the same."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
from pathlib import Path

from ..overlay import Overlay
from ..requirements_file import RequirementsFile
from .configuration import Configuration
from .entry_point import EntryPoint
from .errors import ClientError, InstallModuleError, InstallRequirementsError
from .installer import Installer, index_settings
from .log import log
from .process import Relay

MARKER = "complete"
CONDA = ("environment.yml", "environment.yaml", "conda.yml", "conda.yaml")


class Packages:
    """The interpreter that runs the script. `hold` keeps the cached entry from being collected meanwhile."""

    def __init__(self, python: Path, hold=None):
        self.python = python
        self.scripts = python.parent
        self._hold = hold

    def __contains__(self, module: str) -> bool:
        import importlib.util

        overlay = self.scripts.parent.glob(f"lib/python*/site-packages/{module}")
        return any(overlay) or importlib.util.find_spec(module) is not None


def provide(configuration: Configuration, entry: EntryPoint, relay: Relay) -> Packages:
    """Raises InstallRequirementsError or InstallModuleError with the installer's last words."""
    code = configuration.paths.code
    named = configuration.parameters.get("sagemaker_requirements")
    path = code / str(named or "requirements.txt")
    if named and not path.is_file():
        raise ClientError(f"sagemaker_requirements names '{named}', which is not in the submitted code.")
    _tell_of_conda(code)
    requirements = RequirementsFile(path) if path.is_file() else None
    if requirements is not None and requirements.is_empty:
        requirements = None
    return install(code, requirements, relay, with_code=entry.needs_installation)


def _tell_of_conda(code: Path) -> None:
    """As in SageMaker's images, which ignore such files in silence."""
    for name in CONDA:
        if (code / name).is_file():
            log.warning(
                f"{name} is not used: packages come from requirements.txt alone, in pip's form, in the environment of "
                "the image. List there what the script needs (`pip list --format freeze` in the conda environment)."
            )


def install(
    code: Path, requirements: RequirementsFile | None, relay: Relay, with_code: bool = False
) -> Packages:
    """What a requirements file asks for and, `with_code`, the code itself as a package.

    Raises InstallRequirementsError or InstallModuleError with the installer's last words.
    """
    if requirements is None and not with_code:
        return Packages(Path(sys.executable))

    installer = Installer(code, relay)
    wanted = ["-r", str(requirements.path)] if requirements else []
    if with_code or requirements.is_local:
        overlay = Overlay(Path(tempfile.mkdtemp(prefix="clary-packages-"), "environment"))
        if with_code:
            wanted = [*installer.options_of_code(), ".", *wanted]
        error = InstallModuleError if with_code else InstallRequirementsError
        installer.install(overlay, overlay.root, wanted, error)
        return Packages(overlay.python)
    # An overlay names the lower environment and its Python by their paths.
    lower = (sys.prefix, str(Path(sys.executable).resolve()), sys.version)
    key = requirements.key(os.environ.get("CLARY_ENVIRONMENT", ""), *lower, *index_settings(os.environ))
    return _cached(_cache() / key, installer, wanted)


def _cache() -> Path:
    folder = Path(os.environ.get("CLARY_PACKAGE_CACHE") or Path(tempfile.gettempdir(), "clary-package-cache"))
    overlays = folder / "overlays"
    overlays.mkdir(parents=True, exist_ok=True)
    return overlays


def _cached(entry: Path, installer: Installer, wanted: list[str]) -> Packages:
    found = _use(entry)
    if found is not None:
        return found
    # The lock only spares the others the work; that nobody sees half an entry is the rename's doing.
    with entry.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            log.info("Another job is installing the same requirements: waiting for it")
            fcntl.flock(lock, fcntl.LOCK_EX)
        found = _use(entry)
        if found is not None:
            return found
        temporary = Path(tempfile.mkdtemp(prefix=f"{entry.name}.", suffix=".partial", dir=entry.parent))
        try:
            overlay = Overlay(temporary / "environment")
            installer.install(overlay, entry, wanted, InstallRequirementsError)
            (overlay.root / MARKER).write_text("")
            _publish(overlay.root, entry)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
    found = _use(entry)
    if found is None:
        raise ClientError(
            f"The installed requirements vanished from {entry.parent}: is the disk being cleaned?"
        )
    return found


def _publish(finished: Path, entry: Path) -> None:
    if entry.exists() and not (entry / MARKER).exists():
        # Damaged from outside. Renamed first, so that nobody finds it while it is being removed.
        damaged = finished.parent / "damaged"
        with contextlib.suppress(OSError):
            entry.rename(damaged)
    try:
        finished.rename(entry)
    except OSError:
        if not (entry / MARKER).exists():
            raise


def _use(entry: Path) -> Packages | None:
    """The entry if it is complete. Its time says when it was last used, a shared lock on the marker that it is in use.

    The server locks the marker of what it moves away, for that moment: then the marker is no longer there.
    """
    marker = entry / MARKER
    try:
        hold = marker.open()
        # Where nothing can be locked, the server moves nothing away.
        with contextlib.suppress(OSError):
            fcntl.flock(hold, fcntl.LOCK_SH)
        if not os.path.samestat(os.fstat(hold.fileno()), marker.stat()):
            return None
    except OSError:
        return None
    with contextlib.suppress(OSError):
        os.utime(entry)
    log.debug(f"Requirements come from {entry}")
    return Packages(Overlay(entry).python, hold)
