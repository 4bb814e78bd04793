"""The `aws` command: version 1 of PyPI, and Debian's 2.9, which knows no endpoint variables and uses the proxy."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jobs import ACCOUNT, LOG_GROUP, script_request, wait_for_job

VERSION_1 = str(Path(sys.executable).with_name("aws"))


def version_2() -> str | None:
    """Debian's `aws`, if it is installed."""
    for path in ("/usr/bin/aws", shutil.which("aws")):
        if path and Path(path).exists():
            said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
            if said.startswith("aws-cli/2."):
                return path
    return None


@pytest.fixture(params=["1", "2"])
def run(request, environment, tmp_path):
    """Runs `aws` of either version in the evaluated environment."""
    program = VERSION_1 if request.param == "1" else version_2()
    if program is None:
        pytest.skip("no aws CLI of version 2 here (Debian: apt-get install awscli)")

    def run(*arguments: str) -> str:
        result = subprocess.run(
            [program, *arguments],
            env={**environment, "AWS_PAGER": "", "AWS_CONFIG_FILE": str(tmp_path / "none")},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    run.version = request.param
    return run


def test_the_identity(run):
    assert json.loads(run("sts", "get-caller-identity"))["Account"] == ACCOUNT


def test_objects_go_in_and_come_out(run, tmp_path, unique):
    bucket = unique("cli")
    run("s3", "mb", f"s3://{bucket}")
    data = bytes(range(256)) * 40_000  # 10 MB: in parts.
    (tmp_path / "data.bin").write_bytes(data)
    run("s3", "cp", "data.bin", f"s3://{bucket}/folder/data.bin")
    assert "data.bin" in run("s3", "ls", f"s3://{bucket}/folder/")
    run("s3", "sync", f"s3://{bucket}/folder", "back")
    assert (tmp_path / "back/data.bin").read_bytes() == data
    run("s3", "rb", "--force", f"s3://{bucket}")


def test_jobs_and_their_logs(run, sagemaker, bucket, unique):
    name = unique("cli-job")
    sagemaker.create_training_job(**script_request(name, bucket, "echo hello from the job"))
    wait_for_job(sagemaker, name)
    found = json.loads(run("sagemaker", "describe-training-job", "--training-job-name", name))
    assert found["TrainingJobStatus"] == "Completed"
    events = json.loads(
        run(
            "logs", "filter-log-events", "--log-group-name", LOG_GROUP, "--log-stream-name-prefix", f"{name}/"
        )
    )["events"]
    assert "hello from the job" in [event["message"] for event in events]
    if run.version == "2":
        tail = run("logs", "tail", LOG_GROUP, "--log-stream-name-prefix", f"{name}/", "--since", "1h")
        assert "hello from the job" in tail
