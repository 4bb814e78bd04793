"""What the job was created with, read once from `/opt/ml/input/config`."""

from __future__ import annotations

import json
import os
from pathlib import Path

from .errors import ClientError
from .paths import Paths

PREFIX = "sagemaker_"
# Parameters that have a place of their own, so they are no `additional_framework_parameters`.
NAMED = {
    "sagemaker_program",
    "sagemaker_submit_directory",
    "sagemaker_enable_cloudwatch_metrics",
    "sagemaker_region",
    "sagemaker_container_log_level",
    "sagemaker_job_name",
    "sagemaker_s3_output",
}
# Not the script's either, though they lack the prefix.
UNPREFIXED = {"default_user_module_name", "_tuning_objective_metric"}
DISTRIBUTIONS = (
    "sagemaker_mpi_enabled",
    "sagemaker_parameter_server_enabled",
    "sagemaker_distributed_dataparallel_enabled",
    "sagemaker_pytorch_ddp_enabled",
    "sagemaker_torch_distributed_enabled",
    "sagemaker_pytorch_xla_multi_worker_enabled",
    "sagemaker_multi_worker_mirrored_strategy_enabled",
)


class Configuration:
    def __init__(self, paths: Paths, hyperparameters: dict, channels: dict, resources: dict):
        self.paths = paths
        self.framework = os.environ.get("CLARY_FRAMEWORK", "")
        decoded = {name: decode(value) for name, value in hyperparameters.items()}
        given = {name: value for name, value in decoded.items() if name.startswith(PREFIX)}
        self.parameters = {name: value for name, value in given.items() if name not in NAMED}
        self.hyperparameters = {
            name: value for name, value in decoded.items() if name not in given and name not in UNPREFIXED
        }
        self.program = os.environ.get("SAGEMAKER_PROGRAM") or _text(given.get("sagemaker_program"))
        self.submit_directory = (
            _text(given.get("sagemaker_submit_directory"))
            or os.environ.get("SAGEMAKER_SUBMIT_DIRECTORY")
            or str(paths.code)
        )
        self.log_level = log_level(given.get("sagemaker_container_log_level", 20))
        self.job_name = os.environ.get("TRAINING_JOB_NAME") or given.get("sagemaker_job_name", "")
        self.region = given.get("sagemaker_region") or os.environ.get("AWS_REGION", "")
        self.intermediate_output = given.get("sagemaker_s3_output")
        self._name_model_directory_of_tuning(decoded)

        self.channels = channels
        self.resources = resources
        self.host = resources.get("current_host", "algo-1")
        self.hosts = resources.get("hosts", [self.host])
        self.interface = resources.get("network_interface_name", "eth0")
        self.instance_type = resources.get("current_instance_type", "local")
        self.group = resources.get("current_group_name", "homogeneousCluster")
        self.groups = resources.get("instance_groups") or []
        self.distribution_groups = given.get(
            "sagemaker_distribution_instance_groups",
            [self.group] if any(given.get(name) for name in DISTRIBUTIONS) else [],
        )

    @classmethod
    def read(cls, paths: Paths) -> Configuration:
        return cls(
            paths,
            read_json(paths.config / "hyperparameters.json"),
            read_json(paths.config / "inputdataconfig.json"),
            read_json(paths.config / "resourceconfig.json"),
        )

    def is_on(self, parameter: str) -> bool:
        return bool(self.parameters.get(parameter)) and self.group in self.distribution_groups

    @property
    def group_hosts(self) -> list[str]:
        return next(
            (group["hosts"] for group in self.groups if group["instance_group_name"] == self.group), []
        )

    @property
    def distribution_hosts(self) -> list[str]:
        """Hosts that train together: those of the groups that the distribution names."""
        if not self.groups:
            return list(self.hosts)
        groups = (group for group in self.groups if group["instance_group_name"] in self.distribution_groups)
        return [host for group in groups for host in group["hosts"]]

    @property
    def master(self) -> str:
        return (self.distribution_hosts or self.hosts)[0]

    @property
    def is_master(self) -> bool:
        return self.host == self.master

    @property
    def rank(self) -> int:
        return self.distribution_hosts.index(self.host)

    def _name_model_directory_of_tuning(self, decoded: dict) -> None:
        # All trials of a tuning job are given one `model_dir`; without the name they would overwrite each other.
        directory = self.hyperparameters.get("model_dir")
        if self.framework != "tensorflow" or "_tuning_objective_metric" not in decoded or not directory:
            return
        if not str(directory).startswith("/opt/ml"):
            self.hyperparameters["model_dir"] = f"{directory}/{self.job_name}/model"


def decode(value):
    """A hyperparameter's value: JSON if it is JSON, else the text itself."""
    try:
        return json.loads(value)
    except (TypeError, ValueError):
        return value


def _text(value) -> str:
    """Of a parameter that is text, also where it reads like a number; nothing for null."""
    return "" if value is None else str(value)


def log_level(value) -> int:
    if isinstance(value, int):
        return value
    names = {"DEBUG": 10, "INFO": 20, "WARNING": 30, "WARN": 30, "ERROR": 40, "CRITICAL": 50}
    return names.get(str(value).upper(), 20)


def read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise ClientError(f"{path} is not JSON: {error}.") from None
