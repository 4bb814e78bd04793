"""The small world in which the figures are taken: data, a trained model, endpoints."""

import io
import json
import os
import random
import subprocess
import tarfile
import tempfile
import time
from pathlib import Path

import aws
from harness import CLARY, ROOT, Unmeasured, tool

IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
TENSORFLOW = "763104351884.dkr.ecr.us-east-1.amazonaws.com/tensorflow-training:2.16.2-cpu-py310"
PYTORCH = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.3.0-cpu-py311"
BUCKET = "clary-bench"
# The role that exists from the start.
ROLE = "arn:aws:iam::000000000000:role/ClaryExecutionRole"
HYPERPARAMETERS = {"objective": "binary:logistic", "num_round": "10", "max_depth": "3", "nthread": "1"}
COLUMNS = 8
ROW = ",".join(["0.5"] * COLUMNS)


def table(rows: int = 200) -> bytes:
    """A csv with the label first; the label depends on the first two columns."""
    source = random.Random(7)
    lines = []
    for _ in range(rows):
        values = [source.random() for _ in range(COLUMNS)]
        lines.append(",".join([str(int(values[0] + values[1] > 1)), *(f"{value:.5f}" for value in values)]))
    return ("\n".join(lines) + "\n").encode()


def put_training_data(client: aws.Client) -> None:
    client.s3("PUT", f"/{BUCKET}")
    client.s3("PUT", f"/{BUCKET}/train/data.csv", table())


def create_training_job(client: aws.Client, name: str, **algorithm) -> None:
    """Creates a tiny job; `algorithm` adds to its AlgorithmSpecification."""
    source = {
        "S3DataSource": {
            "S3DataType": "S3Prefix",
            "S3Uri": f"s3://{BUCKET}/train/",
            "S3DataDistributionType": "FullyReplicated",
        }
    }
    client.json(
        "CreateTrainingJob",
        TrainingJobName=name,
        AlgorithmSpecification={"TrainingImage": IMAGE, "TrainingInputMode": "File"} | algorithm,
        RoleArn=ROLE,
        InputDataConfig=[{"ChannelName": "train", "DataSource": source, "ContentType": "text/csv"}],
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        HyperParameters=HYPERPARAMETERS,
    )


def create_script_job(
    client: aws.Client, name: str, image: str, script: str, count: int = 1, **hyperparameters: str
) -> None:
    """Creates a job that runs a script in script mode, without channels; `rate N` in its log is the metric `rate`."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        entry = tarfile.TarInfo("main.py")
        entry.size = len(script.encode())
        tar.addfile(entry, io.BytesIO(script.encode()))
    client.s3("PUT", f"/{BUCKET}/scripts/{name}.tar.gz", buffer.getvalue())
    submitted = {
        "sagemaker_program": '"main.py"',
        "sagemaker_submit_directory": json.dumps(f"s3://{BUCKET}/scripts/{name}.tar.gz"),
    }
    client.json(
        "CreateTrainingJob",
        TrainingJobName=name,
        AlgorithmSpecification={
            "TrainingImage": image,
            "TrainingInputMode": "File",
            "MetricDefinitions": [{"Name": "rate", "Regex": "rate ([0-9.]+)"}],
        },
        RoleArn=ROLE,
        OutputDataConfig={"S3OutputPath": f"s3://{BUCKET}/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 5},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
        HyperParameters=submitted | hyperparameters,
    )


def wait_for_job(client: aws.Client, name: str, status: str = "Completed") -> dict:
    return _wait(
        lambda: client.json("DescribeTrainingJob", TrainingJobName=name), "TrainingJobStatus", status
    )


def train_model(client: aws.Client, name: str = "bench-model") -> str:
    """Trains a model and registers it; returns the address of its artifact."""
    put_training_data(client)
    create_training_job(client, name)
    artifact = wait_for_job(client, name)["ModelArtifacts"]["S3ModelArtifacts"]
    client.json(
        "CreateModel",
        ModelName="bench-model",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": artifact},
    )
    return artifact


def create_endpoint_config(client: aws.Client, name: str) -> None:
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "bench-model",
        "InitialInstanceCount": 1,
        "InstanceType": "ml.m5.large",
        "InitialVariantWeight": 1.0,
    }
    client.json("CreateEndpointConfig", EndpointConfigName=name, ProductionVariants=[variant])


def wait_for_endpoint(client: aws.Client, name: str) -> dict:
    return _wait(lambda: client.json("DescribeEndpoint", EndpointName=name), "EndpointStatus", "InService")


def delete_endpoint(client: aws.Client, name: str) -> None:
    """Deletes an endpoint and waits until it is gone, so that the next one finds room."""
    client.json("DeleteEndpoint", EndpointName=name)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            client.json("DescribeEndpoint", EndpointName=name)
        except aws.CallFailed:
            return
        time.sleep(0.02)
    raise Unmeasured(f"endpoint {name} was still there 60 s after its deletion")


def _wait(describe, key: str, wanted: str, limit: float = 120) -> dict:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        seen = describe()
        if seen[key] == wanted:
            return seen
        if seen[key] in ("Failed", "Stopped"):
            raise Unmeasured(f"{key} is {seen[key]}: {seen.get('FailureReason', 'no reason given')}")
        time.sleep(0.01)
    raise Unmeasured(f"{key} was not {wanted} within {limit:.0f} s")


# The algorithm without the platform


def container_command(root: Path, *arguments: str) -> list:
    """A command that runs the algorithm's own program with `root` in the place of /opt/ml, on this machine's network."""
    return [
        tool("bwrap", "bubblewrap"),
        "--die-with-parent",
        "--dev-bind",
        "/",
        "/",
        "--tmpfs",
        "/opt",
        "--bind",
        root,
        "/opt/ml",
        CLARY,
        "algorithm",
        "xgboost",
        *arguments,
    ]


def container_environment(**more: str) -> dict[str, str]:
    return dict(os.environ) | {"LD_LIBRARY_PATH": str(ROOT / ".clary/lib")} | more


def algorithm_seconds() -> float:
    """Wall time of the algorithm alone on the data of the tiny jobs: the best of three runs of its own program."""
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        root = Path(folder)
        config, data = root / "input/config", root / "input/data/train"
        for place in (config, data, root / "model", root / "output/data"):
            place.mkdir(parents=True)
        (data / "data.csv").write_bytes(table())
        write_configuration(config)
        seconds = []
        for _ in range(3):
            began = time.perf_counter()
            result = subprocess.run(
                container_command(root, "train"),
                capture_output=True,
                text=True,
                env=container_environment(),
                check=False,
            )
            seconds.append(time.perf_counter() - began)
            if result.returncode != 0:
                raise Unmeasured(
                    f"the algorithm alone failed:\n{result.stdout[-1000:]}{result.stderr[-1000:]}"
                )
        return min(seconds)


def write_configuration(config: Path) -> None:
    channel = {
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "ContentType": "text/csv",
    }
    group = {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["algo-1"]}
    hosts = {
        "current_host": "algo-1",
        "hosts": ["algo-1"],
        "network_interface_name": "eth0",
        "current_instance_type": "ml.m5.large",
        "current_group_name": "homogeneousCluster",
        "instance_groups": [group],
    }
    (config / "hyperparameters.json").write_text(json.dumps(HYPERPARAMETERS))
    (config / "inputdataconfig.json").write_text(json.dumps({"train": channel}))
    (config / "resourceconfig.json").write_text(json.dumps(hosts))


def unpack_model(client: aws.Client, artifact: str, root: Path) -> None:
    """Puts a job's model where a serving container looks for it."""
    content = client.s3("GET", "/" + artifact.removeprefix("s3://"))
    model = root / "model"
    model.mkdir()
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        for member in archive:
            if member.isfile() and (source := archive.extractfile(member)):
                (model / Path(member.name).name).write_bytes(source.read())
