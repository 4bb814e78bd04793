"""The `SM_*` variables, which scripts read instead of the files."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from .arguments import arguments
from .configuration import Configuration


def variables(configuration: Configuration) -> dict[str, str]:
    values = _values(configuration)
    values["training_env"] = _training_env(configuration, values)
    values["hps"] = configuration.hyperparameters
    values["user_args"] = arguments(configuration.hyperparameters)
    spelled = {f"SM_{name.upper()}": encode(value) for name, value in values.items()}
    for kind, members in (
        ("CHANNEL", _channel_directories(configuration)),
        ("HP", configuration.hyperparameters),
    ):
        for name, value in members.items():
            spelled[f"SM_{kind}_{name.upper()}"] = encode(value)
            # A shell cannot spell the name with a hyphen.
            spelled[f"SM_{kind}_{name.upper().replace('-', '_')}"] = encode(value)
    return spelled


def encode(value) -> str:
    """Text as it is, nothing as the empty text, all else as JSON."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _values(configuration: Configuration) -> dict:
    paths = configuration.paths
    groups = {group["instance_group_name"]: group for group in configuration.groups}
    return {
        "hosts": configuration.hosts,
        "current_host": configuration.host,
        "network_interface_name": configuration.interface,
        "resource_config": configuration.resources,
        "current_instance_type": configuration.instance_type,
        "current_instance_group": configuration.group,
        "current_instance_group_hosts": configuration.group_hosts,
        "instance_groups": list(groups),
        "instance_groups_dict": groups,
        "distribution_instance_groups": configuration.distribution_groups,
        "is_hetero": len(groups) > 1,
        "input_data_config": configuration.channels,
        "channels": sorted(configuration.channels),
        "framework_params": configuration.parameters,
        "framework_module": os.environ.get("SAGEMAKER_TRAINING_MODULE"),
        "module_name": configuration.program[:-3]
        if configuration.program.endswith(".py")
        else configuration.program,
        "module_dir": configuration.submit_directory,
        "user_entry_point": configuration.program,
        "log_level": configuration.log_level,
        "input_dir": str(paths.input),
        "input_config_dir": str(paths.config),
        "output_dir": str(paths.output),
        "output_data_dir": str(paths.output_data),
        "output_intermediate_dir": str(paths.intermediate),
        "model_dir": str(paths.model),
        "num_cpus": len(os.sched_getaffinity(0)),
        "num_gpus": count_gpus(),
        "num_neurons": 0,
    }


def _training_env(configuration: Configuration, values: dict) -> dict:
    left_out = ("channels", "framework_params")
    return {
        **{name: value for name, value in values.items() if name not in left_out},
        "additional_framework_parameters": configuration.parameters,
        "channel_input_dirs": _channel_directories(configuration),
        "distribution_hosts": configuration.distribution_hosts,
        "hyperparameters": configuration.hyperparameters,
        "is_master": configuration.is_master,
        "job_name": configuration.job_name,
        "master_hostname": configuration.master,
    }


def _channel_directories(configuration: Configuration) -> dict[str, str]:
    return {name: str(configuration.paths.data / name) for name in configuration.channels}


def count_gpus() -> int:
    # nvidia-smi takes longer than the whole start of a job, also where it finds nothing.
    if not any(Path("/dev").glob("nvidia[0-9]*")):
        return 0
    try:
        listed = subprocess.run(
            ["nvidia-smi", "--list-gpus"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = sum(line.startswith(b"GPU ") for line in listed.stdout.splitlines())
    visible = os.environ.get("CUDA_VISIBLE_DEVICES")
    if visible is None:
        return found
    names = [name.strip() for name in visible.split(",")]
    return min(found, sum(name not in ("", "-1") for name in names))
