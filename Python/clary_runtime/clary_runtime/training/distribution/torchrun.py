"""PyTorch: variables for scripts that join a process group themselves, and torchrun."""

from __future__ import annotations

import socket
from pathlib import Path

from ..errors import ClientError
from ..job import Job
from ..log import log

PORT = "7777"


def prepare(job: Job) -> None:
    configuration = job.configuration
    added = {
        "MASTER_ADDR": configuration.master,
        "MASTER_PORT": PORT,
        "NCCL_IB_DISABLE": "1",
        "NCCL_DEBUG": "WARN",
    }
    if has_interface(configuration.interface):
        added["NCCL_SOCKET_IFNAME"] = configuration.interface
        added["GLOO_SOCKET_IFNAME"] = configuration.interface
    given = job.environment
    job.added.update({name: value for name, value in added.items() if name not in given})


def run(job: Job) -> None:
    configuration = job.configuration
    if job.entry.kind == "command":
        raise ClientError(
            f"torch_distributed starts Python scripts, and the entry point is '{job.entry.program}'. "
            "Make the .py file the entry point."
        )
    log.info("Starting distributed training through torchrun")
    hosts = configuration.distribution_hosts
    if len(hosts) > 1:
        address, port = configuration.master, PORT
    else:
        # Jobs that share a machine's network must not meet at one port.
        address, port = "127.0.0.1", str(_free_port())
    processes = max(1, int(job.added["SM_NUM_GPUS"]))
    launcher = [job.python, "-m", "torch.distributed.run"]
    launcher += [
        "--nnodes",
        str(len(hosts)),
        "--nproc_per_node",
        str(processes),
        "--node_rank",
        str(configuration.rank),
    ]
    launcher += ["--master_addr", address, "--master_port", port]
    job.run(launcher)


def has_interface(name: str) -> bool:
    return Path("/sys/class/net", name).exists()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
