"""Environments that several servers share, and builds that hang: who uses what, and who ends it."""

import subprocess
import time
from pathlib import Path

import boto3
import pytest
from jobs import ROLE, script_request, wait_for_job, wait_until
from server import CLARY, Server, is_running

PYTHON = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-base-python-310:1.0"
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


def clary(server: Server, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [CLARY, *words, "--data-dir", server.data], capture_output=True, text=True, env=server.environment
    )


def client(server: Server, service: str = "sagemaker"):
    settings = server.client_environment()
    session = boto3.Session(
        settings["AWS_ACCESS_KEY_ID"], settings["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
    )
    return session.client(service, endpoint_url=server.url)


def request(name: str, script: str) -> dict:
    algorithm = {
        "TrainingImage": PYTHON,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": ["/bin/sh", "-c", script],
    }
    return script_request(name, "shared", script, AlgorithmSpecification=algorithm)


@pytest.fixture
def servers(tmp_path):
    environments = str(tmp_path / "environments")
    made = [
        Server(tmp_path / name, "--environment-directory", environments).start() for name in ("one", "two")
    ]
    yield made
    for server in made:
        server.shutdown()


def test_a_server_keeps_its_hands_off_what_the_jobs_of_another_one_use(servers):
    one, two = servers
    client(one, "s3").create_bucket(Bucket="shared")
    sagemaker = client(one)
    sagemaker.create_training_job(**request("sleeper", "sleep 1000"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="sleeper"),
        lambda job: job["SecondaryStatus"] == "Training",
    )
    name = clary(two, "images").stdout.split("LAST USED\n")[1].split()[0]
    assert name.startswith("python-")
    refused = clary(two, "images", "rm", name)
    assert refused.returncode != 0
    assert f"The environment '{name}' is in use: by training job sleeper (of the server" in refused.stderr
    # The agent goes on without its server, and keeps what it needs.
    one.kill()
    assert "is in use" in clary(two, "images", "rm", name).stderr
    one.start()
    sagemaker = client(one)
    sagemaker.stop_training_job(TrainingJobName="sleeper")
    assert wait_for_job(sagemaker, "sleeper")["TrainingJobStatus"] == "Stopped"
    removed = wait_until(
        lambda: clary(two, "images", "rm", name), lambda result: result.returncode == 0, limit=20
    )
    assert removed.stdout == f"{name} is removed.\n"
    # The next job has it built again.
    sagemaker.create_training_job(**request("again", "python --version"))
    job = wait_for_job(sagemaker, "again")
    assert job["TrainingJobStatus"] == "Completed", job


@pytest.fixture
def stuck_server(tmp_path):
    """A server whose uv waits for ever."""
    uv = tmp_path / "uv"
    uv.write_text(
        f"#!/bin/sh\necho $$ >> {tmp_path}/started\nsleep 100000 &\necho $! >> {tmp_path}/started\nwait\n"
    )
    uv.chmod(0o755)
    server = Server(tmp_path, "--environment-directory", str(tmp_path / "environments"))
    server.environment["CLARY_UV"] = str(uv)
    yield server.start()
    server.shutdown()


def started(server: Server, count: int) -> list[int]:
    """The processes of uv, once there are so many."""
    place: Path = server.folder / "started"
    return wait_until(
        lambda: [int(word) for word in place.read_text().split()] if place.exists() else [],
        lambda found: len(found) == count,
    )


def test_a_build_that_hangs_ends_with_its_job_and_with_the_server(stuck_server):
    client(stuck_server, "s3").create_bucket(Bucket="shared")
    sagemaker = client(stuck_server)
    sagemaker.create_training_job(**request("stopped", "true"))
    processes = started(stuck_server, 2)
    job = sagemaker.describe_training_job(TrainingJobName="stopped")
    assert "Preparing the environment" in job["SecondaryStatusTransitions"][-1]["StatusMessage"]
    begin = time.monotonic()
    sagemaker.stop_training_job(TrainingJobName="stopped")
    assert wait_for_job(sagemaker, "stopped")["TrainingJobStatus"] == "Stopped"
    wait_until(lambda: [is_running(process) for process in processes], lambda running: not any(running))
    assert time.monotonic() - begin < 5

    sagemaker.create_training_job(**request("patient", "true"))
    processes = started(stuck_server, 4)
    begin = time.monotonic()
    assert stuck_server.stop() == 0
    assert time.monotonic() - begin < 10
    assert not any(is_running(process) for process in processes)
    environments = stuck_server.folder / "environments"
    assert not list(environments.glob(".draft-*"))
    # The job did not fail by that: it waits for its environment again.
    stuck_server.start()
    sagemaker = client(stuck_server)
    started(stuck_server, 6)
    job = sagemaker.describe_training_job(TrainingJobName="patient")
    assert job["TrainingJobStatus"] == "InProgress"

    # A killed server cannot end its build; the next one deletes what that leaves, and the test its processes.
    stuck_server.kill()
    for process in started(stuck_server, 6)[4:]:
        subprocess.run(["kill", "-9", str(process)], check=False)
    (left,) = environments.glob(".draft-*")
    stuck_server.start()
    started(stuck_server, 8)
    wait_until(left.exists, lambda exists: not exists)
    client(stuck_server).stop_training_job(TrainingJobName="patient")


def test_a_build_that_hangs_ends_with_its_endpoint(stuck_server):
    sagemaker = client(stuck_server)
    client(stuck_server, "s3").create_bucket(Bucket="shared")
    client(stuck_server, "s3").put_object(Bucket="shared", Key="model.tar.gz", Body=b"")
    container = {"Image": SKLEARN, "ModelDataUrl": "s3://shared/model.tar.gz"}
    sagemaker.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    variant = {
        "VariantName": "all",
        "ModelName": "m",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    processes = started(stuck_server, 2)
    begin = time.monotonic()
    stuck_server.shutdown()
    assert time.monotonic() - begin < 10
    assert not any(is_running(process) for process in processes)
    log = stuck_server.log()
    assert "was not written" not in log and "could not be started" not in log, log
