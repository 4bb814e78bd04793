"""Somebody's own container images: trained and deployed by a container engine, unchanged."""

import json
import time
from collections.abc import Iterator

import oci
import pytest
from jobs import channel, log_lines, training_request, wait_for_job, wait_until
from server import Server
from test_contract import contents

pytestmark = pytest.mark.skipif(oci.MISSING is not None, reason=f"no container engine: {oci.MISSING}")


@pytest.fixture(scope="module")
def engine(tmp_path_factory) -> Iterator[oci.Engine]:
    engine = oci.Engine(tmp_path_factory.mktemp("engine"))
    try:
        yield engine.start()
    finally:
        engine.stop()


@pytest.fixture(scope="module")
def server(tmp_path_factory, engine) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("clary"), "--container-engine", str(engine.socket)).start()
    yield server
    server.shutdown()
    assert engine.containers() == []


@pytest.fixture(scope="module")
def environment(server: Server) -> dict[str, str]:
    return server.client_environment()


@pytest.fixture(scope="module")
def aws(environment):
    import os

    import boto3

    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name not in environment]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield lambda service, **options: boto3.session.Session().client(service, **options)


@pytest.fixture(scope="module")
def sagemaker(aws):
    return aws("sagemaker")


@pytest.fixture(scope="module")
def runtime(aws):
    return aws("sagemaker-runtime")


@pytest.fixture(scope="module")
def s3(aws):
    return aws("s3")


@pytest.fixture(scope="module")
def logs(aws):
    return aws("logs")


@pytest.fixture(scope="module")
def bucket(s3) -> str:
    s3.create_bucket(Bucket="own-containers")
    s3.put_object(Bucket="own-containers", Key="train/data.csv", Body="1,2\n3,4\n")
    return "own-containers"


TRAIN = """#!/bin/sh
cp /opt/ml/input/data/train/data.csv /opt/ml/model/copy
chmod 777 /opt/ml/input/data/train/data.csv && echo more >> /opt/ml/input/data/train/data.csv
cat /opt/ml/input/config/hyperparameters.json > /opt/ml/model/hyperparameters
env > /opt/ml/model/env
id -u > /opt/ml/model/uid
hostname > /opt/ml/model/hostname
pwd > /opt/ml/model/pwd
echo "arguments: $*"
echo to-stderr >&2
df -k /dev/shm | tail -1 > /opt/ml/model/shm
ulimit -n > /opt/ml/model/files
echo 42 > /opt/ml/output/data/answer
"""


@pytest.fixture(scope="module")
def trainer(engine) -> str:
    """A shell script below /opt/program, as in SageMaker's examples."""
    dockerfile = f"""
FROM {oci.BASE}
ENV PATH="/opt/program:/usr/local/bin:/usr/bin:/bin" OWN=image BOTH=image
COPY train /opt/program/train
WORKDIR /opt/program
"""
    return engine.build("shell-trainer:1", dockerfile, {"train": TRAIN})


def request(name: str, bucket: str, image: str, **changes) -> dict:
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    algorithm |= changes.pop("algorithm", {})
    defaults = {"AlgorithmSpecification": algorithm, "HyperParameters": {}}
    return training_request(name, bucket, **(defaults | changes))


def run(sagemaker, name: str, bucket: str, image: str, **changes) -> dict:
    sagemaker.create_training_job(**request(name, bucket, image, **changes))
    return wait_for_job(sagemaker, name)


def test_an_own_image_trains_with_the_whole_contract(sagemaker, s3, logs, bucket, unique, trainer, engine):
    name = unique("own")
    job = run(
        sagemaker,
        name,
        bucket,
        trainer,
        HyperParameters={"a": "1"},
        Environment={"MINE": "a b", "BOTH": "job"},
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert files["copy"] == "1,2\n3,4\n"
    assert s3.get_object(Bucket=bucket, Key="train/data.csv")["Body"].read() == b"1,2\n3,4\n"
    assert json.loads(files["hyperparameters"]) == {"a": "1"}
    variables = dict(line.partition("=")[::2] for line in files["env"].splitlines())
    assert variables["TRAINING_JOB_NAME"] == name
    assert variables["OWN"] == "image" and variables["BOTH"] == "job" and variables["MINE"] == "a b"
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4050"
    assert variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"].startswith("http://127.0.0.1:4052/")
    assert variables["HOME"] == "/root"
    assert files["uid"].strip() == "0"
    assert files["hostname"].strip() == "algo-1"
    assert files["pwd"].strip() == "/opt/program"
    assert int(files["shm"].split()[1]) >= 64 << 10
    assert int(files["files"]) >= 1024
    lines = log_lines(logs, name)
    assert {"arguments: train", "to-stderr"} <= set(lines)
    assert any(line.startswith(f"[clary] Image {trainer}: ") and "sha256:" in line for line in lines)
    assert contents(s3, f"s3://{bucket}/out/{name}/output/output.tar.gz") == {"answer": "42\n"}
    wait_until(engine.containers, lambda names: names == [], 10)
