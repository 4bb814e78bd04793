"""TensorFlow: `TF_CONFIG` for mirrored workers or parameter servers."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from ...s3 import endpoint, region
from ..job import Job
from ..log import log
from . import fleet

MIRRORED_PORT = 8890
WORKER_PORT = 2222
SERVER_PORT = 2223


def run(job: Job) -> None:
    _prepare(job)
    configuration = job.configuration
    hosts = configuration.distribution_hosts
    if configuration.is_on("sagemaker_multi_worker_mirrored_strategy_enabled"):
        log.info("Running distributed training job with multi_worker_mirrored_strategy setup")
        job.added["TF_CONFIG"] = json.dumps(mirrored(hosts, configuration.host))
        job.run()
    elif configuration.is_on("sagemaker_parameter_server_enabled") and len(hosts) > 1:
        log.info("Running distributed training job with parameter servers")
        _run_with_servers(job, hosts)
    else:
        job.run()


def mirrored(hosts: list[str], host: str) -> dict:
    return {
        "cluster": {"worker": addresses(hosts, MIRRORED_PORT)},
        "environment": "cloud",
        "task": {"index": hosts.index(host), "type": "worker"},
    }


def parameter_server(hosts: list[str], host: str, is_server: bool = False) -> dict:
    """The first host is the master, the others are workers, and each has a parameter server."""
    if is_server:
        task = {"index": hosts.index(host), "type": "ps"}
    elif host == hosts[0]:
        task = {"index": 0, "type": "master"}
    else:
        task = {"index": hosts.index(host) - 1, "type": "worker"}
    return {
        "cluster": {
            "master": addresses(hosts[:1], WORKER_PORT),
            "ps": addresses(hosts, SERVER_PORT),
            "worker": addresses(hosts[1:], WORKER_PORT),
        },
        "environment": "cloud",
        "task": task,
    }


def addresses(hosts: list[str], port: int) -> list[str]:
    return [f"{host}:{port}" for host in hosts]


def _run_with_servers(job: Job, hosts: list[str]) -> None:
    host = job.configuration.host
    job.added["TF_CONFIG"] = json.dumps(parameter_server(hosts, host))
    # A process of its own on the processor: two TensorFlows on one GPU take each other's memory.
    server = subprocess.Popen(
        [job.python, str(Path(__file__).with_name("tensorflow_server.py"))],
        cwd=job.configuration.paths.code,
        env={
            **job.environment,
            "TF_CONFIG": json.dumps(parameter_server(hosts, host, is_server=True)),
            "CUDA_VISIBLE_DEVICES": "-1",
        },
    )
    try:
        # The parameters on this host are needed until the master has finished.
        with fleet.ending_with_leader(job.configuration):
            job.run()
    finally:
        server.kill()
        server.wait()


def _prepare(job: Job) -> None:
    """TensorFlow's own S3 client, which `model_dir` is written with, reads variables that no other client reads."""
    where = urlsplit(endpoint())
    if where.netloc.endswith(".amazonaws.com"):
        return
    added = {
        "S3_ENDPOINT": where.netloc,
        "S3_USE_HTTPS": "1" if where.scheme == "https" else "0",
        "S3_REGION": region(),
    }
    job.added.update({name: value for name, value in added.items() if name not in os.environ})
