"""OpenMPI: the first host runs mpirun, which starts its daemons on the others through `remote_shell`."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import sys
from pathlib import Path

from ..errors import ClientError, TrainingError
from ..job import Job
from ..log import log
from . import fleet, remote_shell
from .torchrun import has_interface

DAEMONS = ("mpirun", "orterun", "orted", "prte", "prterun", "prted")


def run(job: Job) -> None:
    configuration = job.configuration
    # mpirun tags every write. Its pseudo-terminals make Python write lines, where unbuffered it would write words.
    job.added["PYTHONUNBUFFERED"] = ""
    if len(configuration.distribution_hosts) == 1:
        _lead(job, {})
    elif not configuration.is_master:
        _follow(job)
    else:
        leader = fleet.Leader(configuration)
        leader.await_members()
        try:
            _lead(job, {"CLARY_FLEET_SECRET": os.environ["CLARY_FLEET_SECRET"]})
        except TrainingError as error:
            leader.finish(error.exit_code, error.text)
            raise
        leader.finish(0, "")


def _follow(job: Job) -> None:
    log.info("Starting MPI run as worker node")
    environment, directory = job.environment, str(job.configuration.paths.code)
    member = fleet.Member(lambda line, command: remote_shell.execute(line, command, environment, directory))
    # The processes end by the signal and mpirun by their end, so the leader is still the one to say when.
    with job.relay.delivering(lambda number: _signal_ranks(job, number)):
        member.await_leader()


def _lead(job: Job, extra: dict[str, str]) -> None:
    if shutil.which("mpirun", path=job.environment["PATH"]) is None:
        raise ClientError(
            "distribution mpi needs OpenMPI, and the instance has no 'mpirun': install it on the machine "
            "(Debian: apt install openmpi-bin) or use torch_distributed."
        )
    log.info("Starting MPI run as master node")

    def reach(child):
        return lambda number: _signal_ranks(job, number) or child.send_signal(number)

    job.execute(command(job), extra, reach)


def command(job: Job) -> list[str]:
    configuration = job.configuration
    parameters = configuration.parameters
    hosts = configuration.distribution_hosts
    per_host = int(parameters.get("sagemaker_mpi_num_of_processes_per_host") or 0)
    per_host = per_host or max(1, int(job.added["SM_NUM_GPUS"]))
    total = int(parameters.get("sagemaker_mpi_num_processes") or per_host * len(hosts))
    debug, custom = _custom_options(str(parameters.get("sagemaker_mpi_custom_mpi_options") or ""))
    several = len(hosts) > 1
    slots = ",".join(f"{host}:{per_host}" for host in (hosts if several else ["localhost"]))
    line = ["mpirun", "--host", slots, "-np", str(total)]
    line += ["--allow-run-as-root", "--tag-output", "-bind-to", "none", "-map-by", "slot"]
    line += ["-mca", "pml", "ob1", "-mca", "btl", "^openib", "-mca", "orte_abort_on_non_zero_status", "1"]
    if several and has_interface(configuration.interface):
        for setting in ("btl_tcp_if_include", "oob_tcp_if_include"):
            line += ["-mca", setting, configuration.interface]
        line += ["-x", f"NCCL_SOCKET_IFNAME={configuration.interface}"]
    if several:
        agent = f"{sys.executable} {Path(sys.argv[0]).resolve()} rsh"
        # OpenMPI 5 calls both differently and passes over what it does not know.
        for prefix in ("plm_rsh", "plm_ssh"):
            line += ["-mca", f"{prefix}_agent", agent, "-mca", f"{prefix}_no_tree_spawn", "1"]
    line += ["-x", f"NCCL_DEBUG={debug}", *custom]
    # By name: each host finds its own environment first on its PATH. mpi4py ends all processes when one raises.
    python = ["python", "-m", "mpi4py"] if "mpi4py" in job.packages else ["python"]
    return [*line, *job.entry.command(python, job.arguments)]


def _custom_options(text: str) -> tuple[str, list[str]]:
    options = shlex.split(text)
    debug = "WARN"
    for index, option in enumerate(options):
        if option == "--NCCL_DEBUG" and index + 1 < len(options):
            return options[index + 1], options[:index] + options[index + 2 :]
        if option.startswith("--NCCL_DEBUG="):
            return option.split("=", 1)[1], options[:index] + options[index + 1 :]
    return debug, options


def _signal_ranks(job: Job, number: int) -> bool:
    """Signals the processes that MPI started on this host, if it did. mpirun would kill them a second after a SIGTERM."""
    wanted = f"SM_CURRENT_HOST={job.configuration.host}".encode()
    reached = False
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            environment = (process / "environ").read_bytes().split(b"\0")
            is_rank = any(entry.startswith(b"OMPI_COMM_WORLD_RANK=") for entry in environment)
            if is_rank and wanted in environment and _parent_name(process) in DAEMONS:
                os.kill(int(process.name), number)
                reached = True
    return reached


def _parent_name(process: Path) -> str:
    # The name in the file may hold spaces and brackets; the fields follow the last bracket.
    parent = (process / "stat").read_text().rpartition(")")[2].split()[1]
    return Path("/proc", parent, "comm").read_text().strip()
