"""The server's life: ports, directories, signals, and what outlives it."""

import contextlib
import http.server
import json
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import ClassVar

import boto3
import pytest
import urllib3
from jobs import script_request, wait_until
from server import CLARY, Server, processes_below


def serve(server: Server, *arguments: str) -> subprocess.CompletedProcess:
    """Runs `clary serve` where it is expected to give up."""
    return subprocess.run(
        [CLARY, "serve", *arguments],
        env=server.environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )


def client(server: Server, service: str):
    environment = server.client_environment()
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name=environment["AWS_REGION"],
    )
    return session.client(service, endpoint_url=server.url)


def test_sigterm_ends_the_server_with_exit_code_0(own_server):
    assert own_server.start().stop() == 0


def test_a_port_in_use_is_named(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = serve(Server(tmp_path), "--port", port, "--data-dir", str(tmp_path / "data"))
    assert result.returncode not in (0, -6, -11)
    assert port in result.stderr and "in use" in result.stderr


def test_a_data_directory_in_use_is_named(own_server):
    own_server.start()
    result = serve(own_server, "--port", "0", "--data-dir", str(own_server.data))
    assert result.returncode not in (0, -6, -11)
    assert str(own_server.data) in result.stderr and "in use" in result.stderr
    assert client(own_server, "sts").get_caller_identity()["Account"]


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path):
    folder = tmp_path / "read-only"
    if os.getuid() == 0:  # Permissions do not stop root; a place where nobody can make a folder does.
        folder.write_text("a file, not a folder")
    else:
        folder.mkdir(mode=0o500)
    result = serve(Server(tmp_path), "--port", "0", "--data-dir", str(folder / "data"))
    assert result.returncode not in (0, -6, -11)
    assert str(folder) in result.stderr


def test_the_access_key_is_its_owners_only_and_stays(own_server):
    first = own_server.start().client_environment()["AWS_ACCESS_KEY_ID"]
    assert (own_server.data / "credentials.json").stat().st_mode & 0o777 == 0o600
    own_server.stop()
    assert own_server.start().client_environment()["AWS_ACCESS_KEY_ID"] == first


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_job_outlives_the_server_and_the_next_one_adopts_it(own_server, how):
    own_server.start()
    client(own_server, "s3").create_bucket(Bucket="outlive")
    sagemaker = client(own_server, "sagemaker")
    # The job waits for a file that only a later server lets it find finished.
    sagemaker.create_training_job(
        **script_request("outlive", "outlive", "echo begun; sleep 6; echo done > /opt/ml/model/answer")
    )
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="outlive")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    port = own_server.port
    getattr(own_server, how)()

    agents = [command for _, command in processes_below(own_server.folder) if " agent" in command]
    assert agents, "the agent died with the server"
    with socket.create_server(("127.0.0.1", port)):
        pass  # The port is free while the agent lives.
    own_server.start(port=port)  # So is the directory's lock.

    sagemaker = client(own_server, "sagemaker")
    job = wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="outlive"),
        lambda job: job["TrainingJobStatus"] != "InProgress",
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://outlive/")
    assert client(own_server, "s3").head_object(Bucket="outlive", Key=key)["ContentLength"] > 0


def test_an_endpoint_outlives_the_server(own_server):
    from jobs import CSV, ROLE, XGBOOST, training_request, wait_for_job

    own_server.start()
    s3, sagemaker = client(own_server, "s3"), client(own_server, "sagemaker")
    s3.create_bucket(Bucket="outlive")
    s3.put_object(Bucket="outlive", Key="train/data.csv", Body=CSV)
    sagemaker.create_training_job(**training_request("model", "outlive"))
    job = wait_for_job(sagemaker, "model")
    sagemaker.create_model(
        ModelName="m",
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": XGBOOST, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]},
    )
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": "m",
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant])
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e", WaiterConfig={"Delay": 1})
    port = own_server.port
    own_server.kill()
    own_server.start(port=port)
    runtime = client(own_server, "sagemaker-runtime")

    def invoke():
        try:
            return runtime.invoke_endpoint(EndpointName="e", ContentType="text/csv", Body="9,3")[
                "Body"
            ].read()
        except runtime.exceptions.ClientError as error:
            return error

    answer = wait_until(invoke, lambda answer: isinstance(answer, bytes), limit=20)
    assert float(answer) > 0.5


def test_shutdown_ends_jobs_too(own_server):
    own_server.start()
    client(own_server, "s3").create_bucket(Bucket="shutdown")
    sagemaker = client(own_server, "sagemaker")
    sagemaker.create_training_job(**script_request("long", "shutdown", "sleep 600"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="long")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    begun = time.monotonic()
    own_server.shutdown()  # Fails if an agent, a holder or a sandbox is left.
    assert time.monotonic() - begun < 60


@pytest.mark.parametrize("port", ["65536", "-1", "abc"])
def test_a_port_that_cannot_be_is_refused(tmp_path, port):
    result = subprocess.run(
        [CLARY, "serve", "--data-dir", tmp_path / "d", f"--port={port}"], capture_output=True, text=True
    )
    assert result.returncode == 64 and port in result.stderr


def test_a_data_directory_too_long_for_sockets_is_refused(tmp_path):
    folder = tmp_path / ("x" * 150)
    result = subprocess.run(
        [CLARY, "serve", "--data-dir", folder, "--port", "0"], capture_output=True, text=True
    )
    assert result.returncode == 1
    assert "sockets" in result.stderr and "ready" not in result.stdout
    assert not folder.exists()


def test_a_data_directory_of_the_longest_path_works(tmp_path_factory):
    folder = tmp_path_factory.mktemp("long")
    folder = folder / ("x" * (80 - len(str(folder)) - len("//data")))
    folder.mkdir()
    server = Server(folder).start()
    assert len(str(server.data)) == 80
    program = (
        "import boto3\n"
        "from jobs import script_request, wait_for_job\n"
        "boto3.client('s3').create_bucket(Bucket='long')\n"
        "sagemaker = boto3.client('sagemaker')\n"
        f"sagemaker.create_training_job(**script_request('{'n' * 63}', 'long', 'true'))\n"
        f"print(wait_for_job(sagemaker, '{'n' * 63}')['TrainingJobStatus'])\n"
    )
    environment = server.client_environment() | {"PYTHONPATH": str(Path(__file__).parent)}
    result = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True)
    server.shutdown()
    assert result.stdout == "Completed\n", result.stderr


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 24 MB; gives a function that makes it larger."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no right to mount a file system here")
    yield folder, lambda: subprocess.run(["mount", "-o", "remount,size=400m", folder], check=True)
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_job_that_fills_the_disk_fails_and_its_end_is_written(small_disk):
    folder, enlarge = small_disk
    server = Server(folder).start()
    environment = server.client_environment()
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    )
    s3 = session.client("s3", endpoint_url=server.url)
    s3.create_bucket(Bucket="disk")
    s3.put_object(Bucket="disk", Key="goes", Body=b"goes")
    client = session.client("sagemaker", endpoint_url=server.url)
    fill = "head -c 100000000 /dev/urandom > /opt/ml/model/x"
    client.create_training_job(**script_request("fill", "disk", fill))
    job = wait_until(
        lambda: client.describe_training_job(TrainingJobName="fill"),
        lambda job: job["TrainingJobStatus"] != "InProgress",
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "No space left on device" in job["FailureReason"]

    # To the last byte: what deletes and what changes state goes on, by the room that the databases have in advance.
    with (folder / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(1 << 12))
    assert os.statvfs(folder).f_bavail == 0
    for number in range(20):
        client.add_tags(ResourceArn=job["TrainingJobArn"], Tags=[{"Key": "n", "Value": str(number)}])
    s3.delete_object(Bucket="disk", Key="goes")
    assert "Contents" not in s3.list_objects_v2(Bucket="disk", Prefix="goes")
    enlarge()
    server.shutdown()


def test_a_server_that_finds_a_full_disk_says_so(small_disk):
    folder, _ = small_disk
    with (folder / "filler").open("wb") as filler, contextlib.suppress(OSError):
        while True:
            filler.write(bytes(1 << 16))
            filler.flush()
    data = folder / "data"
    run = subprocess.run([CLARY, "serve", "--port", "0", "--data-dir", data], capture_output=True, text=True)
    assert run.returncode != 0
    assert f"{data} cannot be" in run.stderr and "No space left on device" in run.stderr, run.stderr
    assert "NSCocoaErrorDomain" not in run.stderr


class Listener(http.server.BaseHTTPRequestHandler):
    """Refuses the first document, then takes all."""

    heard: ClassVar[list[dict]] = []
    refusals: ClassVar[list[dict]] = []

    def do_POST(self) -> None:
        document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        (self.heard if self.refusals else self.refusals).append(document)
        self.send_response(200 if self.heard else 503)
        self.end_headers()

    def log_message(self, *arguments) -> None:
        pass


def test_state_changes_are_posted_at_least_once_in_order(tmp_path):
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as listener:
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        server = Server(
            tmp_path, "--webhook", f"http://127.0.0.1:{listener.server_address[1]}/events"
        ).start()
        client(server, "s3").create_bucket(Bucket="events")
        sagemaker = client(server, "sagemaker")
        sagemaker.create_training_job(**script_request("told", "events", "echo bad; exit 4"))
        ended = wait_until(
            lambda: [it for it in Listener.heard if it["detail"]["TrainingJobStatus"] == "Failed"], bool
        )[0]
        listener.shutdown()
    server.shutdown()
    assert Listener.heard[0]["id"] == Listener.refusals[0]["id"], "what was refused comes again"
    statuses = [it["detail"]["SecondaryStatus"] for it in Listener.heard]
    assert statuses[0] == "Starting" and statuses[-1] == "Failed"
    assert ended["source"] == "aws.sagemaker"
    assert ended["detail-type"] == "SageMaker Training Job State Change"
    assert ended["resources"] == [ended["detail"]["TrainingJobArn"]]
    assert "exit code: 4" in ended["detail"]["FailureReason"]


def metrics(server: Server) -> dict[str, float]:
    """The samples of `/_clary/metrics` by their names and labels."""
    reply = urllib3.request("GET", f"{server.url}/_clary/metrics", retries=False)
    assert reply.status == 200 and reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in reply.data.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_prometheus_sees_what_the_server_does(own_server):
    own_server.start()
    ready = urllib3.request("GET", f"{own_server.url}/_clary/readyz", retries=False)
    assert (ready.status, ready.data) == (200, b"ready\n")
    before = metrics(own_server)
    assert before['clary_training_jobs{status="Completed"}'] == 0
    s3, sagemaker = client(own_server, "s3"), client(own_server, "sagemaker")
    s3.create_bucket(Bucket="counted")
    s3.list_objects_v2(Bucket="counted")
    with pytest.raises(s3.exceptions.ClientError):
        s3.head_object(Bucket="counted", Key="missing")
    sagemaker.create_training_job(**script_request("counted", "counted", "true"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="counted")["TrainingJobStatus"],
        lambda status: status == "Completed",
    )
    after = metrics(own_server)
    assert after['clary_training_jobs{status="Completed"}'] == 1
    requests = {
        'service="s3",operation="CreateBucket",status="200"': 1,
        'service="s3",operation="ListObjectsV2",status="200"': 1,
        'service="s3",operation="HeadObject",status="404"': 1,
        'service="sagemaker",operation="CreateTrainingJob",status="200"': 1,
    }
    assert {key: after[f"clary_requests_total{{{key}}}"] for key in requests} == requests
    series = 'service="sagemaker",operation="CreateTrainingJob"'
    assert after[f'clary_request_duration_seconds_bucket{{{series},le="+Inf"}}'] == 1
    assert after[f"clary_request_duration_seconds_count{{{series}}}"] == 1
    assert 0 < after[f"clary_request_duration_seconds_sum{{{series}}}"] < 10
    assert after["clary_queue_length"] == 0 and after["clary_instances"] == 0
    assert after["clary_disk_free_bytes"] > 1 << 20
    assert 1 << 20 < after["process_resident_memory_bytes"] < 1 << 30


def test_containers_are_not_shown_the_figures(own_server):
    own_server.start()
    with socket.socket(socket.AF_UNIX) as gateway:
        gateway.connect(str(own_server.data / "gateway/gateway.sock"))
        gateway.sendall(b"GET /_clary/metrics HTTP/1.1\r\nHost: clary\r\nConnection: close\r\n\r\n")
        assert gateway.recv(100).startswith(b"HTTP/1.1 403")


def test_the_log_is_json_where_programs_read_it(tmp_path):
    server = Server(tmp_path, "--log-format", "json", "--log-level", "debug").start()
    client(server, "s3").create_bucket(Bucket="logged")
    server.shutdown()
    lines = [line for line in server.log().splitlines() if not line.startswith("Clary is ready")]
    entries = [json.loads(line) for line in lines]
    assert all({"time", "level", "logger", "message"} <= entry.keys() for entry in entries)
    requests = [entry["fields"] for entry in entries if entry["message"] == "request"]
    assert any(fields["status"] == "200" and fields["id"] for fields in requests), requests[:1]
