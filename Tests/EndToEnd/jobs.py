"""Data and requests that several test files use."""

import time
from collections.abc import Callable

import boto3

ACCOUNT = "000000000000"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/TestRole"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
LOG_GROUP = "/aws/sagemaker/TrainingJobs"
ENDED = ("Completed", "Failed", "Stopped")

# Twelve rows of a rule that trees find at once: the label is 1 where the first feature exceeds 5.
CSV = "".join(f"{int(x > 5)},{x},{(x * 7) % 5}\n" for x in range(12))
LIBSVM = "".join(f"{int(x > 5)} 1:{x} 2:{(x * 7) % 5}\n" for x in range(12))


def channel(name: str, uri: str, content_type: str | None = "text/csv") -> dict:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    result = {"ChannelName": name, "DataSource": {"S3DataSource": source}}
    return result | ({"ContentType": content_type} if content_type else {})


def training_request(name: str, bucket: str, **changes) -> dict:
    """A CreateTrainingJob call for XGBoost on s3://bucket/train/; `changes` replace its members."""
    request = {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        "RoleArn": ROLE,
        "HyperParameters": {"num_round": "5", "objective": "binary:logistic", "eval_metric": "logloss"},
        "InputDataConfig": [channel("train", f"s3://{bucket}/train/")],
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    } | changes
    return {name: value for name, value in request.items() if value is not None}


def script_request(name: str, bucket: str, script: str, s3=None, **changes) -> dict:
    """A job that runs a bash script in the place of the image's own entry point.

    An entry point is one line of at most 256 characters; a longer script comes in by a channel of its own, which `s3`
    fills, by default a client of the shell's.
    """
    entry_point = ["/bin/bash", "-c", script]
    inputs = changes.pop("InputDataConfig", None)
    if "\n" in script or len(script) > 256:
        (s3 or boto3.client("s3")).put_object(Bucket=bucket, Key=f"scripts/{name}/run.sh", Body=script)
        entry_point = ["/bin/bash", "/opt/ml/input/data/script/run.sh"]
        inputs = [*(inputs or []), channel("script", f"s3://{bucket}/scripts/{name}/", None)]
    algorithm = {
        "TrainingImage": XGBOOST,
        "TrainingInputMode": "File",
        "ContainerEntrypoint": entry_point,
    }
    defaults = {"AlgorithmSpecification": algorithm, "HyperParameters": {}, "InputDataConfig": inputs}
    return training_request(name, bucket, **(defaults | changes))


def variant(model: str, name: str = "AllTraffic", weight: float = 1.0, count: int = 1) -> dict:
    """A production variant of one or more small instances."""
    return {
        "VariantName": name,
        "ModelName": model,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": count,
        "InitialVariantWeight": weight,
    }


def wait_for_job(sagemaker, name: str, limit: float = 120) -> dict:
    """Polls until the job ended; returns its last description."""
    return wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName=name),
        lambda job: job["TrainingJobStatus"] in ENDED,
        limit,
    )


def wait_until(read: Callable, is_done: Callable, limit: float = 60):
    """Polls `read` until `is_done` says yes to what it returned."""
    deadline = time.monotonic() + limit
    while not is_done(value := read()):
        assert time.monotonic() < deadline, f"not done after {limit} s: {value}"
        time.sleep(0.1)
    return value


def log_lines(logs, name: str, group: str = LOG_GROUP) -> list[str]:
    """All log lines of a job or endpoint, stream by stream."""
    lines = []
    streams = logs.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{name}/")["logStreams"]
    for stream in streams:
        token: dict[str, str] = {}
        while True:
            page = logs.get_log_events(
                logGroupName=group, logStreamName=stream["logStreamName"], startFromHead=True, **token
            )
            if not page["events"]:
                break
            lines += [event["message"] for event in page["events"]]
            token = {"nextToken": page["nextForwardToken"]}
    return lines
