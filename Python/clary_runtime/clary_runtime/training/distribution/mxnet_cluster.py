"""MXNet's parameter servers: a scheduler on the first host, a server and a worker on each."""

from __future__ import annotations

import socket
import subprocess

from ..job import Job
from .torchrun import has_interface

PORT = "8000"


def run(job: Job) -> None:
    configuration = job.configuration
    hosts = configuration.distribution_hosts
    count = str(len(hosts))
    shared = {
        "DMLC_NUM_WORKER": count,
        "DMLC_NUM_SERVER": count,
        # MXNet does not resolve names.
        "DMLC_PS_ROOT_URI": socket.gethostbyname(hosts[0]),
        "DMLC_PS_ROOT_PORT": str(configuration.hyperparameters.get("_ps_port", PORT)),
        "PS_VERBOSE": str(configuration.hyperparameters.get("_ps_verbose", "0")),
    }
    if has_interface(configuration.interface):
        shared["DMLC_INTERFACE"] = configuration.interface
    roles = ["scheduler", "server"] if configuration.host == hosts[0] else ["server"]
    # The import alone makes a process of such a role serve until all workers have finished.
    servers = [
        subprocess.Popen(
            [job.python, "-c", "import mxnet"],
            cwd=configuration.paths.code,
            env={**job.environment, **shared, "DMLC_ROLE": role},
        )
        for role in roles
    ]
    job.added.update(shared, DMLC_ROLE="worker")
    try:
        job.run()
        for server in servers:
            server.wait()
    finally:
        for server in servers:
            server.kill()
            server.wait()
