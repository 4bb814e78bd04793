"""Serves a model over HTTP inside a hosting container: `serve` of the framework images.

Reading order: `main` here; `front` (the parent process: connections, pings, timeouts), `pool` and `worker` (its side
of the worker processes); `worker_process` (a worker from inside), `loan` (what it serves without the front),
`script_handler` and `frameworks` (the user's functions and the defaults).
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import traceback
from pathlib import Path

from .code_directory import Code, find_code
from .errors import ModelError
from .exchange import Handler
from .front import Front
from .handlers import load_handler
from .log import configure, logger
from .packages import install_requirements
from .settings import Settings, SettingsError, cpu_count
from .worker_process import visible_gpus

_BACKLOG = 2048
_DEVICE_FRAMEWORKS = ("pytorch", "tensorflow", "mxnet", "huggingface")


def main() -> int:
    """Serves until SIGTERM; returns the exit code, 1 if the model cannot be served."""
    configure(os.environ.get("SAGEMAKER_CONTAINER_LOG_LEVEL") or "20")
    try:
        settings = Settings.from_environment(os.environ)
        code = find_code(settings, settings.model_directory)
        if code is not None:
            install_requirements(code.directory)
        size = _worker_count(settings)
        # Workers share the CPUs: libraries that start a thread per CPU in each worker only get in their own way.
        os.environ.setdefault("OMP_NUM_THREADS", str(max(1, cpu_count() // size)))
        logger.info(
            "Serving %s from %s with %d workers%s.",
            settings.framework,
            settings.model_directory,
            size,
            f" and {code.directory / code.program}" if code is not None else "",
        )
        listener = socket.create_server((settings.address, settings.port), backlog=_BACKLOG)
    except (SettingsError, ModelError, OSError) as error:
        sys.stdout.flush()
        print(error, file=sys.stderr)
        return 1
    except Exception:
        sys.stdout.flush()
        traceback.print_exc()
        return 1
    listener.setblocking(False)
    return Front(settings, listener, functools.partial(_load, settings, code), size).run()


def _load(settings: Settings, code: Code | None, directory: Path) -> Handler:
    """Of several models, each brings its own script, unless SAGEMAKER_SUBMIT_DIRECTORY names one for all."""
    is_shared = code is not None and code.directory != settings.model_directory / "code"
    if settings.multi_model and not is_shared:
        code = find_code(settings, directory)
    return load_handler(settings, code, directory)


def _worker_count(settings: Settings) -> int:
    if settings.workers is not None:
        return settings.workers
    devices = visible_gpus() if settings.framework in _DEVICE_FRAMEWORKS else []
    return len(devices) or cpu_count()
