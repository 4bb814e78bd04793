"""How the hosts of a job train together: one file per way."""

from __future__ import annotations

import time

from ..configuration import Configuration
from ..errors import ClientError
from ..job import Job
from ..log import log

NAMES_APPEAR_WITHIN = 15 * 60


def check(configuration: Configuration) -> None:
    """Refuses what cannot work before anything is fetched. Raises ClientError."""
    parallel = configuration.hyperparameters.get("mp_parameters")
    if configuration.is_on("sagemaker_distributed_dataparallel_enabled") or parallel:
        library = "model" if parallel else "data"
        raise ClientError(
            f"smdistributed.{library}parallel is a closed library of AWS's own images and is not available here. Use "
            'distribution={"torch_distributed": {"enabled": True}}'
            f" with PyTorch's {'FSDP' if parallel else 'DistributedDataParallel'}."
        )
    if configuration.is_on("sagemaker_pytorch_xla_multi_worker_enabled"):
        raise ClientError(
            "The training compiler (pytorchxla) is a closed library of AWS's own images and is not available here. "
            'Use distribution={"torch_distributed": {"enabled": True}} and torch.compile.'
        )


def run(job: Job) -> None:
    """Runs the script in the way that the job asks for. Raises ExecuteUserScriptError."""
    configuration = job.configuration
    await_names(configuration.hosts)
    if configuration.framework in ("pytorch", "huggingface"):
        from . import torchrun

        torchrun.prepare(job)
    if configuration.is_on("sagemaker_mpi_enabled"):
        from . import mpi

        mpi.run(job)
    elif configuration.is_on("sagemaker_torch_distributed_enabled") or configuration.is_on(
        "sagemaker_pytorch_ddp_enabled"
    ):
        from . import torchrun

        torchrun.run(job)
    elif configuration.framework == "mxnet" and configuration.is_on("sagemaker_parameter_server_enabled"):
        from . import mxnet_cluster

        mxnet_cluster.run(job)
    elif (
        configuration.framework == "tensorflow"
        or configuration.is_on("sagemaker_multi_worker_mirrored_strategy_enabled")
        or configuration.is_on("sagemaker_parameter_server_enabled")
    ):
        from . import tensorflow_cluster

        tensorflow_cluster.run(job)
    else:
        job.run()


def await_names(hosts: list[str]) -> None:
    """Names of the other hosts may resolve some seconds after this one has started."""
    if len(hosts) < 2:
        return
    import socket

    deadline = time.monotonic() + NAMES_APPEAR_WITHIN
    for host in hosts:
        pause = 0.05
        while True:
            try:
                socket.gethostbyname(host)
                break
            except OSError as error:
                if time.monotonic() > deadline:
                    raise ClientError(f"The host '{host}' of this job cannot be resolved: {error}.") from None
            log.debug(f"Waiting for the name {host}")
            time.sleep(pause)
            pause = min(2 * pause, 2)
