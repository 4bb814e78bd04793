"""Settings of the serving program, read once from the container's environment (container contract §3.4)."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Mapping  # noqa: UP035 - subscripted at run time by Python 3.8.

FRAMEWORKS = ("sklearn", "xgboost", "pytorch", "tensorflow", "mxnet", "huggingface")

MEBIBYTE = 1024 * 1024


class SettingsError(Exception):
    """A variable has a value that cannot be meant."""


@dataclass(frozen=True)
class Settings:
    """What the environment asks for; durations in seconds, sizes in bytes."""

    framework: str
    ml_root: Path
    address: str
    port: int
    workers: int | None
    request_timeout: float
    startup_timeout: float
    body_limit: int
    default_accept: str
    program: str | None
    submit_directory: str | None
    multi_model: bool
    log_level: str

    @property
    def model_directory(self) -> Path:
        return self.ml_root / "model"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        framework = environment.get("CLARY_FRAMEWORK", "")
        if framework not in FRAMEWORKS:
            raise SettingsError(
                f"CLARY_FRAMEWORK is '{framework}'; it must be one of {', '.join(FRAMEWORKS)}."
            )

        def number(names: tuple[str, ...], default: float) -> float:
            for name in names:
                text = environment.get(name, "").strip()
                if text:
                    try:
                        value = float(text)
                    except ValueError:
                        value = -1
                    if not 0 < value < float("inf"):
                        raise SettingsError(f"{name} is '{text}'; it must be a positive number.")
                    return value
            return default

        workers = number(
            (
                "SAGEMAKER_MODEL_SERVER_WORKERS",
                "MMS_DEFAULT_WORKERS_PER_MODEL",
                "TS_DEFAULT_WORKERS_PER_MODEL",
            ),
            0,
        )
        megabytes = number(("SAGEMAKER_MAX_PAYLOAD_IN_MB",), 6)
        return cls(
            framework=framework,
            ml_root=Path(environment.get("CLARY_ML_ROOT") or "/opt/ml"),
            address=environment.get("CLARY_BIND_ADDRESS") or "0.0.0.0",
            port=int(number(("SAGEMAKER_BIND_TO_PORT",), 8080)),
            workers=max(1, int(workers)) if workers else None,
            request_timeout=number(
                (
                    "SAGEMAKER_MODEL_SERVER_TIMEOUT_SECONDS",
                    "SAGEMAKER_MODEL_SERVER_TIMEOUT",
                    "MMS_DEFAULT_RESPONSE_TIMEOUT",
                    "TS_DEFAULT_RESPONSE_TIMEOUT",
                ),
                60,
            ),
            startup_timeout=number(("SAGEMAKER_STARTUP_TIMEOUT",), 600),
            body_limit=int(
                number(
                    ("SAGEMAKER_MAX_REQUEST_SIZE", "MMS_MAX_REQUEST_SIZE", "TS_MAX_REQUEST_SIZE"),
                    megabytes * MEBIBYTE,
                )
            ),
            default_accept=environment.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or "application/json",
            program=environment.get("SAGEMAKER_PROGRAM") or None,
            submit_directory=environment.get("SAGEMAKER_SUBMIT_DIRECTORY") or None,
            multi_model=environment.get("SAGEMAKER_MULTI_MODEL", "").lower() in ("true", "1"),
            log_level=environment.get("SAGEMAKER_CONTAINER_LOG_LEVEL") or "20",
        )


def cpu_count() -> int:
    """vCPUs this process may run on, which a sandbox can have narrowed."""
    return len(os.sched_getaffinity(0))
