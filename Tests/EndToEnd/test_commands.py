"""The commands for people: status, jobs, logs, endpoints, invoke, stop, shutdown, doctor."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
import threading
import time

import boto3
import pytest
import requests
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from jobs import (
    ACCOUNT,
    ROLE,
    XGBOOST,
    log_lines,
    script_request,
    training_request,
    variant,
    wait_for_job,
    wait_until,
)
from server import CLARY, Server, processes_below


@pytest.fixture
def json_of(server):
    """The document that a command prints with --json."""
    return lambda *arguments: json.loads(server.clary(*arguments, "--json").stdout)


@pytest.fixture(scope="module")
def endpoint(sagemaker, trained_model):
    """An endpoint in service, for every test of this file."""
    name = f"commands-{os.getpid()}"
    deploy(sagemaker, name, trained_model)
    yield name
    sagemaker.delete_endpoint(EndpointName=name)
    wait_until(
        lambda: sagemaker.list_endpoints(NameContains=name)["Endpoints"], lambda found: not found, limit=60
    )


def deploy(sagemaker, name: str, model: str) -> None:
    container = {"Image": XGBOOST, "ModelDataUrl": model}
    sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=ROLE)
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": name,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"],
        lambda status: status != "Creating",
    )


def in_terminal(server: Server, width: int, *arguments: str) -> list[str]:
    """The lines that a command prints into a terminal of some width."""
    return terminal_output(server, width, *arguments).splitlines()


def terminal_output(server: Server, width: int, *arguments: str) -> str:
    """What a command prints into a terminal of some width, with the terminal's line ends."""
    mine, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, width, 0, 0))
    process = subprocess.Popen(
        [CLARY, arguments[0], "--data-dir", server.data, *arguments[1:]],
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=server.environment,
    )
    os.close(theirs)
    output = b""
    while True:
        try:
            chunk = os.read(mine, 4096)
        except OSError:  # How a terminal tells its end.
            break
        if not chunk:
            break
        output += chunk
    os.close(mine)
    assert process.wait(30) == 0
    return output.decode()


def test_without_a_server_they_say_how_to_start_one(tmp_path):
    idle = Server(tmp_path)
    for command in (["status"], ["jobs"], ["endpoints"], ["logs", "x"], ["stop", "x"], ["shutdown"]):
        result = idle.clary(*command, check=False)
        assert result.returncode == 1
        assert f"clary serve --data-dir {idle.data}" in result.stderr


@pytest.mark.parametrize("command", ["jobs", "audit"])
def test_a_limit_below_one_is_refused_in_words(tmp_path, command):
    result = Server(tmp_path).clary(command, "--limit", "-1", check=False)
    assert result.returncode == 64
    assert "--limit is a number of" in result.stderr


@pytest.mark.parametrize(
    "command", ["status", "jobs", "logs", "endpoints", "invoke", "stop", "shell", "shutdown", "doctor"]
)
def test_each_has_a_help_with_examples(command):
    text = subprocess.run([CLARY, command, "--help"], capture_output=True, text=True, check=True).stdout
    assert "Examples:" in text and "--data-dir" in text


def test_status_tells_where_the_server_is(server, json_of):
    status = json_of("status")
    assert status["server"]["url"] == server.url
    assert status["server"]["pid"] == server.process.pid
    assert status["server"]["dataDirectory"] == str(server.data)
    assert status["disk"]["usedBytes"] > 0
    text = server.clary("status").stdout
    assert server.url in text and str(server.process.pid) in text


def test_the_calls_are_for_the_owner_alone(server, environment):
    url = f"{server.url}/_clary/v1/overview"
    assert requests.get(url, timeout=10).status_code == 403
    session = boto3.session.Session(
        environment["AWS_ACCESS_KEY_ID"],
        environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    role = session.client("sts", endpoint_url=server.url).assume_role(
        RoleArn=f"arn:aws:iam::{ACCOUNT}:role/ClaryExecutionRole", RoleSessionName="job"
    )
    key = role["Credentials"]
    job = boto3.session.Session(key["AccessKeyId"], key["SecretAccessKey"], key["SessionToken"])

    def status(session, service, method="GET", path="overview"):
        request = AWSRequest(method, f"{server.url}/_clary/v1/{path}")
        SigV4Auth(session.get_credentials(), service, "us-east-1").add_auth(request)
        return requests.request(method, request.url, headers=dict(request.headers), timeout=10).status_code

    assert status(session, "clary") == 200
    assert status(session, "sagemaker") == 403
    assert status(job, "clary") == 403
    assert status(job, "clary", "POST", "shutdown") == 403
    assert status(session, "clary", path="missing") == 404


def test_jobs_and_logs(server, json_of, sagemaker, bucket, unique):
    name = unique("job")
    script = "printf 'a \\033[31mred\\033[0m word\\n'; printf '\\033]0;title\\007end\\n'"
    changes = {"ResourceConfig": {"InstanceType": "ml.m5.24xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1}}
    sagemaker.create_training_job(**script_request(name, bucket, script, **changes))
    result = server.clary("logs", "-f", name)
    assert "a red word" in result.stdout.splitlines()
    assert "end" in result.stdout.splitlines()
    assert "\x1b" not in result.stdout
    assert f"{name} ended after" in result.stderr and "Completed" in result.stderr
    assert [line["message"] for line in json_lines(server, name)].count("a \x1b[31mred\x1b[0m word") == 1

    [job] = [job for job in json_of("jobs") if job["name"] == name]
    assert (job["status"], job["secondaryStatus"], job["region"]) == ("Completed", "Completed", "us-east-1")
    assert job["limit"]["cpus"] == min(os.cpu_count(), 96)
    assert job["offered"]["cpus"] == 96
    [line] = [line for line in server.clary("jobs").stdout.splitlines() if line.startswith(name)]
    assert "Completed" in line and "1 × ml.m5.24xlarge" in line and "of 96 CPUs" in line
    assert name not in server.clary("jobs", "--running").stdout


def json_lines(server: Server, name: str) -> list[dict]:
    return [json.loads(line) for line in server.clary("logs", name, "--json").stdout.splitlines()]


def test_a_failed_job_ends_its_log_with_exit_code_1(server, sagemaker, bucket, unique):
    name = unique("fails")
    sagemaker.create_training_job(**script_request(name, bucket, "echo before; exit 3"))
    result = server.clary("logs", "-f", name, check=False)
    assert result.returncode == 1
    assert "before" in result.stdout
    assert "Failed: AlgorithmError" in result.stderr
    assert server.clary("logs", name).returncode == 0
    assert "AlgorithmError" in server.clary("jobs").stdout


def test_tables_have_a_headline_and_a_name_the_whole_reason(server, sagemaker, bucket, unique):
    name = unique("long")
    script = "echo first line >&2; echo second line >&2; echo ValueError: third line >&2; exit 3"
    sagemaker.create_training_job(**script_request(name, bucket, script))
    reason = wait_for_job(sagemaker, name)["FailureReason"]
    assert "\n" in reason
    [line] = [line for line in server.clary("jobs").stdout.splitlines() if line.startswith(name)]
    assert line.endswith("AlgorithmError: ValueError: third line, exit code: 3.")
    shown = server.clary("jobs", name).stdout
    assert shown.endswith(f"\n\n{reason}\n") and len(shown.split("\n\n")[0].splitlines()) == 2
    assert "There is no training job 'nothing'." in server.clary("jobs", "nothing").stderr
    assert "There is no endpoint 'nothing'." in server.clary("endpoints", "nothing").stderr


def test_lines_of_several_instances_say_whose_they_are(server, sagemaker, bucket, unique):
    name = unique("two")
    config = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}
    sagemaker.create_training_job(**script_request(name, bucket, "echo here", ResourceConfig=config))
    lines = server.clary("logs", "-f", name).stdout.splitlines()
    assert "algo-1  here" in lines and "algo-2  here" in lines


def test_tables_fit_the_terminal(server, sagemaker, bucket, unique):
    name = unique("narrow")
    sagemaker.create_training_job(**script_request(name, bucket, "exit 1"))
    wait_for_job(sagemaker, name)
    for width in (40, 80, 200):
        lines = in_terminal(server, width, "jobs")
        assert any(line.startswith(name) for line in lines)
        assert all(len(line) <= width for line in lines), lines


def test_a_missing_name_is_explained(server):
    for command in ("logs", "stop", "invoke"):
        result = server.clary(command, "no-such-thing", check=False)
        assert result.returncode == 1
        assert "no-such-thing" in result.stderr and "clary" in result.stderr


def test_endpoints_and_invoke(server, json_of, endpoint, tmp_path):
    [found] = [found for found in json_of("endpoints") if found["name"] == endpoint]
    assert found["status"] == "InService"
    [variant] = found["variants"]
    assert (variant["currentCount"], variant["desiredCount"]) == (1, 1)
    [line] = [line for line in server.clary("endpoints").stdout.splitlines() if line.startswith(endpoint)]
    assert "InService" in line and "1/1 × ml.m5.large" in line and "AllTraffic" in line
    [instance] = [i for i in json_of("status")["instances"] if i["owner"].endswith(f"/{endpoint}")]
    assert instance["reservation"]["memoryBytes"] > 0

    rows = tmp_path / "rows.csv"
    rows.write_text("11,2\n0,0\n")
    high, low = map(
        float, server.clary("invoke", endpoint, "--body", str(rows)).stdout.replace(",", " ").split()
    )
    assert high > 0.5 > low
    piped = subprocess.run(
        [CLARY, "invoke", "--data-dir", server.data, endpoint, "--accept", "application/json"],
        input=b"11,2",
        env=server.environment,
        capture_output=True,
        check=True,
    )
    assert json.loads(piped.stdout)["predictions"]
    # A prompt after it begins on a line of its own; what goes into a file is the model's.
    assert not piped.stdout.endswith(b"\n")
    shown = terminal_output(
        server, 80, "invoke", endpoint, "--body", str(rows), "--accept", "application/json"
    )
    assert shown.endswith("}\r\n")


def test_a_model_error_goes_to_standard_error(server, endpoint, tmp_path):
    body = tmp_path / "body.csv"
    body.write_text("this,is,no,number\n")
    result = server.clary("invoke", endpoint, "--body", str(body), check=False)
    assert result.returncode == 1
    assert result.stdout == ""
    assert "HTTP status" in result.stderr and f"clary logs --endpoint {endpoint}" in result.stderr


def test_a_name_of_a_job_and_an_endpoint_needs_to_be_told_apart(
    server, sagemaker, bucket, endpoint, trained_model
):
    sagemaker.create_training_job(**script_request(endpoint, bucket, "exec sleep 600"))
    ambiguous = server.clary("stop", endpoint, check=False)
    assert ambiguous.returncode == 1
    assert "--job" in ambiguous.stderr and "--endpoint" in ambiguous.stderr
    assert "Stopped" in server.clary("stop", endpoint, "--job").stdout
    assert sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"] == "InService"


def test_stop_ends_a_job_and_an_endpoint(server, sagemaker, bucket, trained_model, unique):
    job, endpoint = unique("stops"), unique("goes")
    sagemaker.create_training_job(**script_request(job, bucket, "exec sleep 600"))
    assert "Stopped" in server.clary("stop", job).stdout
    assert sagemaker.describe_training_job(TrainingJobName=job)["TrainingJobStatus"] == "Stopped"
    assert "has ended already" in server.clary("stop", job).stdout
    deploy(sagemaker, endpoint, trained_model)
    assert "deleted" in server.clary("stop", endpoint).stdout
    assert not sagemaker.list_endpoints(NameContains=endpoint)["Endpoints"]
    assert sagemaker.describe_model(ModelName=endpoint)["ModelName"] == endpoint


def client_of(server: Server, service: str):
    environment = server.client_environment()
    session = boto3.session.Session(
        environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], region_name="us-east-1"
    )
    return session.client(service, endpoint_url=server.url)


def test_a_job_without_room_says_its_place_and_shutdown_ends_everything(own_server):
    own_server.start()
    sagemaker, s3 = client_of(own_server, "sagemaker"), client_of(own_server, "s3")
    s3.create_bucket(Bucket="data")
    config = {"InstanceType": "ml.m5.24xlarge", "InstanceCount": 4, "VolumeSizeInGB": 1}
    for name in ("holds-all", "waits"):
        sagemaker.create_training_job(**script_request(name, "data", "exec sleep 600", ResourceConfig=config))

    def jobs():
        return {job["name"]: job for job in json.loads(own_server.clary("jobs", "--json").stdout)}

    found = wait_until(
        jobs,
        lambda found: "queue" in found["waits"] and found["holds-all"]["secondaryStatus"] == "Training",
    )
    assert found["waits"]["queue"] == {"position": 1, "holders": ["training job holds-all"]}
    assert "number 1 in line; the room is held by training job holds-all" in own_server.clary("jobs").stdout
    status = json.loads(own_server.clary("status", "--json").stdout)
    assert len(status["instances"]) == 4
    assert status["machine"]["reservedCPUs"] == pytest.approx(os.cpu_count())

    sagemaker.create_training_job(**script_request("gives-up", "data", "true", s3, ResourceConfig=config))
    wait_until(jobs, lambda found: "queue" in found["gives-up"])
    assert "gives-up ended after" in own_server.clary("stop", "gives-up").stdout
    said = "[clary] The job was stopped by request before there was room for it."
    wait_until(
        lambda: log_lines(client_of(own_server, "logs"), "gives-up"), lambda lines: lines == [said] * 4
    )

    process = own_server.process
    assert "training job holds-all" in own_server.clary("shutdown").stdout
    assert process.wait(10) == 0
    assert not processes_below(own_server.folder)

    # The record survives: both were stopped, nothing vanished.
    own_server.start()
    assert {name: job["status"] for name, job in jobs().items()} == {
        "holds-all": "Stopped",
        "waits": "Stopped",
        "gives-up": "Stopped",
    }


def test_logs_follow_a_job_from_its_wait_to_its_end(own_server):
    own_server.start()
    sagemaker, s3 = client_of(own_server, "sagemaker"), client_of(own_server, "s3")
    s3.create_bucket(Bucket="data")
    sagemaker.create_training_job(
        **script_request("ticks", "data", "for i in 1 2 3; do echo tick $i; sleep 1; done")
    )
    process = subprocess.Popen(
        [CLARY, "logs", "--data-dir", own_server.data, "-f", "ticks", "--timestamps"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=own_server.environment,
        text=True,
    )
    arrivals = []
    reader = threading.Thread(
        target=lambda: arrivals.extend((time.monotonic(), line) for line in process.stdout)
    )
    reader.start()
    assert process.wait(60) == 0
    reader.join()
    times = [moment for moment, line in arrivals if "tick" in line]
    assert len(times) == 3
    assert times[-1] - times[0] > 1, "lines come while the job runs"


def test_shutdown_ends_an_endpoint_that_is_being_created(own_server):
    own_server.start()
    sagemaker, s3 = client_of(own_server, "sagemaker"), client_of(own_server, "s3")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="train/data.csv", Body="1,2,3\n0,1,1\n" * 10)
    sagemaker.create_training_job(**training_request("model", "data"))
    job = wait_for_job(sagemaker, "model")
    container = {"Image": XGBOOST, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}
    sagemaker.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    variant = {"VariantName": "A", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    for name in ("one", "two"):
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    process = own_server.process
    own_server.clary("shutdown")
    assert process.wait(10) == 0
    assert not processes_below(own_server.folder)


def test_a_server_that_died_is_no_server_and_its_jobs_are_not_forgotten(own_server):
    own_server.start()
    sagemaker, s3 = client_of(own_server, "sagemaker"), client_of(own_server, "s3")
    s3.create_bucket(Bucket="data")
    sagemaker.create_training_job(**script_request("outlives", "data", "exec sleep 600"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="outlives")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    own_server.kill()
    result = own_server.clary("shutdown", check=False)
    assert result.returncode == 1
    assert "of its jobs and" in result.stderr and "clary serve --data-dir" in result.stderr


def test_doctor_tries_what_instances_need(server, json_of):
    report = json_of("doctor")
    assert report["isUsable"]
    verdicts = {finding["subject"]: finding["verdict"] for finding in report["findings"]}
    for subject in ("namespaces", "job networks", "bubblewrap", "sandbox", "libxgboost", "server"):
        assert verdicts[subject] == "ok", report
    text = server.clary("doctor").stdout
    assert "Clary runs on this machine." in text and server.url in text


def test_doctor_works_without_a_server_and_leaves_nothing(tmp_path):
    idle = Server(tmp_path)
    result = idle.clary("doctor")
    assert "clary serve" in result.stdout
    assert not idle.data.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["home"]


def test_endpoints_that_wait_for_room_say_so_and_can_be_stopped(own_server):
    own_server.start()
    sagemaker, s3 = client_of(own_server, "sagemaker"), client_of(own_server, "s3")
    s3.create_bucket(Bucket="data")
    config = {"InstanceType": "ml.m5.24xlarge", "InstanceCount": 4, "VolumeSizeInGB": 1}
    holding = script_request("holds-all", "data", "exec sleep 600", s3, ResourceConfig=config)
    sagemaker.create_training_job(**holding)
    container = {"Image": XGBOOST, "Environment": {}}
    sagemaker.create_model(ModelName="model", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant("model")])

    def message(name: str) -> str:
        summary = sagemaker.describe_endpoint(EndpointName=name)["PendingDeploymentSummary"]
        assert summary["EndpointConfigName"] == "config"
        (status,) = summary["ProductionVariants"][0]["VariantStatus"]
        assert status["Status"] == "Creating"
        return status.get("StatusMessage", "")

    held = "the room is held by training job holds-all"
    sagemaker.create_endpoint(EndpointName="first", EndpointConfigName="config")
    wait_until(lambda: message("first"), lambda text: f"number 1 in line; {held}." in text)
    sagemaker.create_endpoint(EndpointName="second", EndpointConfigName="config")
    words = f"number 2 in line behind endpoint first; {held}"
    wait_until(lambda: message("second"), lambda text: words in text)
    assert words in own_server.clary("endpoints").stdout

    assert "deleted" in own_server.clary("stop", "first").stdout
    wait_until(lambda: message("second"), lambda text: f"number 1 in line; {held}." in text)
    sagemaker.delete_endpoint(EndpointName="second")
    wait_until(lambda: sagemaker.list_endpoints()["Endpoints"], lambda left: not left)

    # The name is free at once, and nothing stands in line for what is gone.
    sagemaker.create_endpoint(EndpointName="second", EndpointConfigName="config")
    wait_until(lambda: message("second"), lambda text: "number 1 in line" in text)
    sagemaker.stop_training_job(TrainingJobName="holds-all")
    # It is being started now, and fails soon, having no model: it can be deleted before and after.
    wait_until(
        lambda: str(sagemaker.describe_endpoint(EndpointName="second")), lambda text: "in line" not in text
    )
    sagemaker.delete_endpoint(EndpointName="second")
    wait_until(lambda: sagemaker.list_endpoints()["Endpoints"], lambda left: not left)
    assert not json.loads(own_server.clary("status", "--json").stdout)["instances"]
    assert not [line for _, line in processes_below(own_server.folder) if " agent " in line]


def test_a_model_that_is_overwritten_while_its_endpoint_waits_is_told(own_server):
    own_server.start()
    sagemaker, s3 = client_of(own_server, "sagemaker"), client_of(own_server, "s3")
    s3.create_bucket(Bucket="data")
    s3.put_object(Bucket="data", Key="model.tar.gz", Body=b"one")
    config = {"InstanceType": "ml.m5.24xlarge", "InstanceCount": 4, "VolumeSizeInGB": 1}
    holding = script_request("holds-all", "data", "exec sleep 600", s3, ResourceConfig=config)
    sagemaker.create_training_job(**holding)
    container = {"Image": XGBOOST, "ModelDataUrl": "s3://data/model.tar.gz"}
    sagemaker.create_model(ModelName="model", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant("model")])
    sagemaker.create_endpoint(EndpointName="late", EndpointConfigName="config")
    wait_until(
        lambda: str(sagemaker.describe_endpoint(EndpointName="late")), lambda text: "number 1 in line" in text
    )
    s3.put_object(Bucket="data", Key="model.tar.gz", Body=b"two")
    sagemaker.stop_training_job(TrainingJobName="holds-all")
    description = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName="late"),
        lambda description: description["EndpointStatus"] == "Failed",
    )
    words = "s3://data/model.tar.gz was deleted or overwritten while the endpoint waited"
    assert words in description["FailureReason"]
