"""The SavedModels of a model archive, by name and version."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from pathlib import Path

from ...errors import ModelError
from ...log import logger
from .signatures import SavedModel


class UnknownModel(Exception):
    """The text is TensorFlow Serving's."""


class Models:
    """Loads the newest version of every model at once, older ones when they are asked for.

    `<name>/<version>/saved_model.pb` may be anywhere below the folder (`export/Servo/<version>` is common); versions
    right in the folder, and a model without versions, are named after the folder.
    """

    def __init__(self, directory: Path, default_name: str | None) -> None:
        self._paths = _find(directory)
        if not self._paths:
            found = (
                ", ".join(sorted(str(path.relative_to(directory)) for path in directory.glob("*")))
                or "nothing"
            )
            raise ModelError(
                f"The model archive has no SavedModel (<name>/<version>/saved_model.pb); {directory} has: {found}. "
                "Keras models are written in this form by model.export('1')."
            )
        self.default_name = default_name if default_name in self._paths else next(iter(self._paths))
        self._loaded: dict[tuple[str, int], SavedModel] = {}
        self._lock = threading.Lock()
        _configure()
        for name in self._paths:
            self.model(name, None)

    def versions(self, name: str) -> list[int]:
        """Oldest first."""
        if name not in self._paths:
            raise UnknownModel(f"Could not find any versions of model {name}")
        return sorted(self._paths[name])

    def model(self, name: str, version: int | None) -> SavedModel:
        """`version` None is the newest."""
        paths = self._paths.get(name, {})
        if not paths or (version is not None and version not in paths):
            wanted = f"Latest({name})" if version is None else f"Specific({name}, {version})"
            raise UnknownModel(f"Servable not found for request: {wanted}")
        if version is None:
            version = max(paths)
        loaded = self._loaded.get((name, version))
        if loaded is None:
            with self._lock:
                loaded = self._loaded.get((name, version))
                if loaded is None:
                    started = time.monotonic()
                    loaded = SavedModel(paths[version], name, version)
                    self._loaded[name, version] = loaded
                    seconds = time.monotonic() - started
                    logger.info(
                        "Model %s, version %d: signatures %s (%.2f s).", name, version, loaded.names, seconds
                    )
        return loaded


def _find(directory: Path) -> dict[str, dict[int, Path]]:
    found: dict[str, dict[int, Path]] = {}
    for root, folders, files in os.walk(directory, followlinks=True):
        folder = Path(root)
        folders.sort()
        if folder == directory and "code" in folders:
            folders.remove("code")
        if "saved_model.pb" not in files and "saved_model.pbtxt" not in files:
            continue
        if folder != directory and folder.name.isdigit():
            found.setdefault(folder.parent.name, {})[int(folder.name)] = folder
        else:
            found.setdefault(folder.name, {})[1] = folder
    return found


def _configure() -> None:
    """Workers share CPUs, and GPUs with what else runs on them; this must come before the first tensor."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "1")
    import tensorflow

    threads = int(os.environ.get("TF_NUM_INTRAOP_THREADS") or os.environ.get("OMP_NUM_THREADS") or 0)
    # A script that computes while it is imported has settled this already, which raises here.
    with contextlib.suppress(RuntimeError):
        tensorflow.config.threading.set_intra_op_parallelism_threads(threads)
        for device in tensorflow.config.list_physical_devices("GPU"):
            tensorflow.config.experimental.set_memory_growth(device, True)
