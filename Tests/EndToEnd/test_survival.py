"""What outlives a crash: sockets, calls, acknowledged writes, jobs and endpoints."""

import contextlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import boto3
import pytest
import requests
from botocore.config import Config
from jobs import CSV, ENDED, ROLE, XGBOOST, script_request, training_request, wait_for_job, wait_until
from server import CLARY, Server, is_running, processes_below

# One round kills one process; `make soak` sets more.
ROUNDS = int(os.environ.get("CLARY_SOAK_ROUNDS", "200"))
DAY = 86_400
SEED = int(os.environ.get("CLARY_SOAK_SEED", "20"))


def client(server: Server, service: str, **options):
    """A client with boto3's own retries, whatever the shell says."""
    environment = server.client_environment("--no-proxy")
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    )
    return session.client(service, endpoint_url=server.url, **options)


class Calls:
    """Calls something all the time from one thread, and counts."""

    def __init__(self, call, interval: float) -> None:
        self.call, self.interval = call, interval
        self.count = 0
        self.failures: list[Exception] = []
        self.longest = 0.0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        while not self.over.wait(self.interval):
            begun = time.monotonic()
            try:
                self.call()
            except Exception as error:
                self.failures.append(error)
            self.count += 1
            self.longest = max(self.longest, time.monotonic() - begun)

    def __enter__(self) -> "Calls":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self.thread.join()


def test_a_call_waits_for_the_next_worker_without_a_retry(own_server):
    own_server.start()
    sts = client(own_server, "sts", config=Config(retries={"total_max_attempts": 1}))
    for _ in range(3):
        old = own_server.crash()
        wait_until(lambda old=old: is_running(old), lambda running: not running)
        # A connection of its own: the one before died with the worker.
        sts = client(own_server, "sts", config=Config(retries={"total_max_attempts": 1}))
        begun = time.monotonic()
        assert sts.get_caller_identity()["Account"]
        assert time.monotonic() - begun < 5
        own_server.wait_for_worker(old)
    assert own_server.log().count("was ended by signal 9; it is started again") == 3
    assert own_server.stop() == 0
    assert not (own_server.data / "server.json").exists()


def test_status_names_both_processes(own_server):
    own_server.start()
    text = own_server.clary("status").stdout
    assert f"process {own_server.process.pid} (worker {own_server.worker})" in text


def test_no_call_fails_through_crashes_and_upgrades(own_server):
    own_server.start()
    s3, sts = client(own_server, "s3"), client(own_server, "sts")
    s3.create_bucket(Bucket="calls")
    body = os.urandom(300_000)
    s3.put_object(Bucket="calls", Key="kept", Body=body)

    def read() -> None:
        assert s3.get_object(Bucket="calls", Key="kept")["Body"].read() == body

    with (
        Calls(sts.get_caller_identity, 0.005) as calls,
        Calls(lambda: s3.list_objects_v2(Bucket="calls"), 0.01) as lists,
    ):
        for _ in range(4):
            own_server.wait_for_worker(own_server.crash())
            time.sleep(0.3)
            read()
        for _ in range(4):
            old = own_server.worker
            assert "goes on at" in own_server.clary("upgrade").stdout
            assert own_server.worker != old
            read()
    assert calls.count > 50 and lists.count > 50
    assert not calls.failures and not lists.failures
    assert "signal 15" not in own_server.log()


def test_an_upgrade_lets_a_request_finish(own_server):
    own_server.start()
    s3 = client(own_server, "s3", config=Config(retries={"total_max_attempts": 1}))
    s3.create_bucket(Bucket="slow")

    class Slow:
        """A body that takes two seconds to be read."""

        def __init__(self) -> None:
            self.left = 20

        def __len__(self) -> int:
            return 20_000

        def read(self, _: int = -1) -> bytes:
            if self.left == 0:
                return b""
            self.left -= 1
            time.sleep(0.1)
            return b"x" * 1000

    url = s3.generate_presigned_url("put_object", Params={"Bucket": "slow", "Key": "k"})
    answer = []
    upload = threading.Thread(
        target=lambda: answer.append(requests.put(url, data=Slow(), timeout=30).status_code)
    )
    upload.start()
    time.sleep(0.5)
    old = own_server.worker
    os.kill(own_server.process.pid, signal.SIGUSR2)
    upload.join()
    assert answer == [200]
    own_server.wait_for_worker(old)
    assert client(own_server, "s3").head_object(Bucket="slow", Key="k")["ContentLength"] == 20_000


def test_a_job_that_begins_while_the_program_is_replaced_waits_for_the_new_one(tmp_path, monkeypatch):
    program = tmp_path / "clary"
    program.write_bytes(CLARY.read_bytes())
    program.chmod(0o755)
    server = Server(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("server.CLARY", program)
        server.start()
    s3, sagemaker = client(server, "s3"), client(server, "sagemaker")
    s3.create_bucket(Bucket="replaced")
    # As cp --remove-destination and install do it: the file is gone, then there without a right, then written to.
    program.unlink()
    sagemaker.create_training_job(**script_request("replaced", "replaced", "true", s3))
    time.sleep(0.3)
    with program.open("wb") as file:
        time.sleep(0.3)
        file.write(CLARY.read_bytes())
        program.chmod(0o755)
        time.sleep(1)
        assert (
            sagemaker.describe_training_job(TrainingJobName="replaced")["TrainingJobStatus"] == "InProgress"
        )
    job = wait_for_job(sagemaker, "replaced")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    server.shutdown()


def test_a_new_program_that_does_not_start_gives_way_to_the_old_one(tmp_path, monkeypatch):
    program = tmp_path / "clary"
    program.write_bytes(CLARY.read_bytes())
    program.chmod(0o755)
    server = Server(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr("server.CLARY", program)
        server.start()
    broken = tmp_path / "broken"
    broken.write_text("#!/bin/sh\necho broken >&2\nexit 3\n")
    broken.chmod(0o755)
    broken.replace(program)
    old = server.worker
    os.kill(server.process.pid, signal.SIGUSR2)
    server.wait_for_worker(old)
    assert "broken" in server.log() and "ended with code 3" in server.log()
    assert client(server, "sts").get_caller_identity()["Account"]
    server.shutdown()


def test_a_worker_ends_with_its_keeper_and_frees_everything(own_server):
    own_server.start()
    client(own_server, "s3").create_bucket(Bucket="alone")
    sagemaker = client(own_server, "sagemaker")
    sagemaker.create_training_job(**script_request("alone", "alone", "exec sleep 600"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="alone")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    worker, port = own_server.worker, own_server.port
    own_server.end(signal.SIGKILL)
    wait_until(lambda: is_running(worker), lambda running: not running, limit=10)
    assert any(" agent" in command for _, command in processes_below(own_server.folder))
    with socket.create_server(("127.0.0.1", port)):
        pass
    own_server.start(port=port)
    assert sagemaker.describe_training_job(TrainingJobName="alone")["TrainingJobStatus"] == "InProgress"


def test_a_server_that_crashes_at_its_start_again_and_again_gives_up(tmp_path):
    server = Server(tmp_path)
    server.data.mkdir(mode=0o700)
    os.mkfifo(server.data / "credentials.json")  # Nobody writes to it: the worker waits before it is ready.
    process = subprocess.Popen(
        [CLARY, "serve", "--port", "0", "--data-dir", server.data],
        env=server.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    killed: set[int] = set()
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        for pid, command in processes_below(server.data):
            if command.startswith("clary-worker") and pid not in killed:
                killed.add(pid)
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.02)
    assert process.wait(10) == 128 + 9
    assert len(killed) == 5
    assert "5 times before it was ready. Giving up." in process.stdout.read()


def test_sigterm_during_a_start_ends_the_server(tmp_path):
    server = Server(tmp_path)
    server.data.mkdir(mode=0o700)
    os.mkfifo(server.data / "credentials.json")
    process = subprocess.Popen(
        [CLARY, "serve", "--port", "0", "--data-dir", server.data], env=server.environment
    )
    wait_until(lambda: processes_below(server.data), lambda found: len(found) == 2)
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert not processes_below(server.data)


def test_sockets_of_a_service_manager_are_used(tmp_path):
    server = Server(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        start = 'exec 3<&"$0"; LISTEN_PID=$$ LISTEN_FDS=1 LISTEN_FDNAMES=clary.socket exec "$@"'
        fd = listener.fileno()
        process = subprocess.Popen(
            ["bash", "-c", start, str(fd), CLARY, "serve", "--port", "1", "--data-dir", server.data],
            env=server.environment,
            pass_fds=[fd],
        )
        server.process = process
        wait_until(lambda: (server.data / "server.json").exists(), bool)
        server.url = f"http://127.0.0.1:{port}"
        assert client(server, "sts").get_caller_identity()["Account"]
        old = server.crash()
        server.wait_for_worker(old)
        assert client(server, "sts").get_caller_identity()["Account"]
        server.shutdown()


def test_whatever_is_killed_nothing_acknowledged_is_lost(own_server):
    """Kills the worker, agents and containers at random moments under a mix of calls."""
    own_server.start()
    chance = random.Random(SEED)
    s3, sagemaker = client(own_server, "s3"), client(own_server, "sagemaker")
    runtime = client(own_server, "sagemaker-runtime")
    s3.create_bucket(Bucket="soak")
    s3.put_object(Bucket="soak", Key="train/data.csv", Body=CSV)
    sagemaker.create_training_job(**training_request("model", "soak"))
    job = wait_for_job(sagemaker, "model")
    container = {"Image": XGBOOST, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}
    sagemaker.create_model(ModelName="m", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    shape = {"VariantName": "A", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[shape])
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName="e", WaiterConfig={"Delay": 1})
    instances = own_server.data / "instances"

    objects: dict[str, bytes] = {}
    jobs: dict[str, str] = {}
    most_jobs = ROUNDS // 3
    answers: list[float] = []
    numbers = iter(range(10**9))
    choice = random.Random(SEED + 1)

    def upload() -> None:
        name, body = f"put/{next(numbers)}", os.urandom(choice.choice([10, 5_000, 700_000]))
        s3.put_object(Bucket="soak", Key=name, Body=body)
        objects[name] = body

    def upload_in_parts() -> None:
        name, parts = f"parts/{next(numbers)}", [os.urandom(5 << 20), b"the end"]
        upload_id = s3.create_multipart_upload(Bucket="soak", Key=name)["UploadId"]
        done = []
        for number, part in enumerate(parts, 1):
            tag = s3.upload_part(Bucket="soak", Key=name, UploadId=upload_id, PartNumber=number, Body=part)[
                "ETag"
            ]
            done.append({"PartNumber": number, "ETag": tag})
        with contextlib.suppress(s3.exceptions.NoSuchUpload):  # Completed, and the answer lost.
            s3.complete_multipart_upload(
                Bucket="soak", Key=name, UploadId=upload_id, MultipartUpload={"Parts": done}
            )
        objects[name] = b"".join(parts)

    def submit() -> None:
        if len(jobs) > most_jobs:
            return
        name = f"job-{next(numbers)}"
        code = choice.choice([0, 0, 3])
        script = f"sleep {choice.random() * 3:.2f}; echo {name} > /opt/ml/model/answer; exit {code}"
        with contextlib.suppress(sagemaker.exceptions.ResourceInUse):  # Accepted, and the answer lost.
            sagemaker.create_training_job(**script_request(name, "soak", script))
        jobs[name] = "Completed" if code == 0 else "Failed"

    def describe() -> None:
        for name in list(jobs)[-3:]:
            status = sagemaker.describe_training_job(TrainingJobName=name)["TrainingJobStatus"]
            assert status in ("InProgress", *ENDED)

    def invoke() -> None:
        begun = time.monotonic()
        reply = runtime.invoke_endpoint(EndpointName="e", ContentType="text/csv", Body="9,3")
        assert float(reply["Body"].read()) > 0.5
        answers.append(time.monotonic() - begun)

    verbs = [upload, upload, describe, describe, describe, submit, invoke]
    with (
        Calls(lambda: choice.choice(verbs)(), 0.02) as mix,
        Calls(upload_in_parts, 0.5) as parts,
    ):
        for _ in range(ROUNDS):
            old = own_server.crash()
            time.sleep(chance.random() * 0.3)
            own_server.wait_for_worker(old)
            time.sleep(chance.random() * 0.6)
    assert not mix.failures, mix.failures
    assert not parts.failures, parts.failures
    assert answers and jobs and objects

    # An agent and a container die too, while the worker is away.
    for index, needle in enumerate([" agent", "sleep 611"]):
        name = f"victim-{index}"
        sagemaker.create_training_job(**script_request(name, "soak", "exec sleep 611"))
        wait_until(
            lambda name=name: sagemaker.describe_training_job(TrainingJobName=name)["SecondaryStatus"],
            lambda status: status == "Training",
        )
        old = own_server.crash()
        assert kill_one(name, needle, instances, own_server)
        own_server.wait_for_worker(old)
        assert wait_for_job(sagemaker, name)["TrainingJobStatus"] == "Failed"

    for name, body in objects.items():
        assert s3.get_object(Bucket="soak", Key=name)["Body"].read() == body, name
    for name, status in jobs.items():
        job = wait_for_job(sagemaker, name)
        assert job["TrainingJobStatus"] == status, (name, job.get("FailureReason"))
        if status == "Completed":
            key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://soak/")
            assert s3.head_object(Bucket="soak", Key=key)["ContentLength"] > 0
    invoke()
    sagemaker.delete_endpoint(EndpointName="e")
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName="e", WaiterConfig={"Delay": 1})
    wait_until(lambda: list(instances.iterdir()), lambda left: not left, limit=20)
    # A client that lost the answer has begun another upload; the first one is still open, as it must be.
    for upload in s3.list_multipart_uploads(Bucket="soak").get("Uploads", []):
        s3.abort_multipart_upload(Bucket="soak", Key=upload["Key"], UploadId=upload["UploadId"])
    assert not list((own_server.data / "objects" / "incoming").iterdir())
    own_server.shutdown()  # Fails if a process is left.
    mounts = Path("/proc/self/mountinfo").read_text()
    assert str(own_server.folder) not in mounts


def kill_one(name: str, needle: str, instances: Path, server: Server) -> bool:
    """Kills the agent of the one training job that runs, or its container's process."""
    if needle == " agent":
        # The newest instance is the job's; the endpoint's is older.
        newest = max(instances.iterdir(), key=lambda folder: folder.stat().st_ctime).name
        found = [
            pid
            for pid, command in processes_below(server.folder)
            if " agent" in command and newest in command
        ]
    else:
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError):
                if entry.name.isdigit() and (entry / "cmdline").read_bytes() == b"sleep\x00611\x00":
                    found.append(int(entry.name))
    for pid in found:
        os.kill(pid, signal.SIGKILL)
    return bool(found)


def disk_of(folder: Path, size: str):
    """Mounts a small file system there, or skips the test."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("no right to mount a file system here")


@pytest.fixture
def disk(tmp_path):
    """A file system of 100 MB."""
    folder = tmp_path / "disk"
    disk_of(folder, "100m")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_below_the_disk_reserve_uploads_fail_and_jobs_wait_but_deletions_work(disk):
    server = Server(disk, "--disk-reserve", "40").start()
    s3, sagemaker = client(server, "s3"), client(server, "sagemaker")
    s3.create_bucket(Bucket="disk")
    s3.put_object(Bucket="disk", Key="large", Body=bytes(50 << 20))
    s3.put_object(Bucket="disk", Key="kept", Body=b"kept")
    filler = disk / "filler"
    filler.write_bytes(bytes(20 << 20))
    once = client(server, "s3", config=Config(retries={"total_max_attempts": 1}))
    with pytest.raises(once.exceptions.ClientError) as refusal:
        once.put_object(Bucket="disk", Key="kept", Body=b"another")
    assert refusal.value.response["Error"]["Code"] == "InsufficientStorage"
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 507
    assert s3.get_object(Bucket="disk", Key="kept")["Body"].read() == b"kept"

    sagemaker.create_training_job(**script_request("waits", "disk", "true"))
    wait_until(lambda: server.clary("jobs").stdout, lambda text: "the disk reserve" in text)
    s3.delete_object(Bucket="disk", Key="large")
    filler.unlink()
    assert wait_for_job(sagemaker, "waits")["TrainingJobStatus"] == "Completed"
    s3.put_object(Bucket="disk", Key="kept", Body=b"another")
    server.shutdown()


def test_an_instance_without_a_server_ends_itself_after_its_time(tmp_path):
    server = Server(tmp_path, "--orphan-timeout", "3").start()
    client(server, "s3").create_bucket(Bucket="orphans")
    sagemaker = client(server, "sagemaker")
    sagemaker.create_training_job(**script_request("orphan", "orphans", "exec sleep 617"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="orphan")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    time.sleep(4)  # A call is open for longer than the time; that it breaks off is no silence.
    server.wait_for_worker(server.crash())
    time.sleep(1)
    job = client(server, "sagemaker").describe_training_job(TrainingJobName="orphan")
    assert job["TrainingJobStatus"] == "InProgress"
    server.kill()
    begun = time.monotonic()
    wait_until(lambda: processes_below(server.folder), lambda left: not left, limit=30)
    assert time.monotonic() - begun > 1, "it waited"
    server.start()
    job = wait_for_job(client(server, "sagemaker"), "orphan")
    assert job["TrainingJobStatus"] == "Failed" and job["FailureReason"].startswith("InternalServerError")
    assert not list((server.data / "instances").iterdir())
    server.shutdown()


def test_a_clock_that_jumps_ends_nothing_and_loses_nothing(tmp_path):
    server = Server(tmp_path)
    clock = tmp_path / "clock"
    clock.write_text("0")
    shim = tmp_path / "clock.so"
    source = Path(__file__).with_name("clock.c")
    # The Swift toolchain that built the binary brings the first of these compilers.
    compiler = shutil.which("clang") or shutil.which("cc") or pytest.skip("there is no C compiler")
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", shim, source], check=True)
    server.environment |= {"LD_PRELOAD": str(shim), "TEST_CLOCK": str(clock)}
    server.start()
    client(server, "s3").create_bucket(Bucket="time")
    sagemaker = client(server, "sagemaker")

    def job(name: str) -> dict:
        """As `clary` sees it, whose clock jumps too."""
        return next(job for job in json.loads(server.clary("jobs", "--json").stdout) if job["name"] == name)

    for name, jump in (("forward", 2 * DAY), ("backward", -2 * DAY)):
        script = "sleep 4; echo 42 > /opt/ml/model/answer"
        sagemaker.create_training_job(
            **script_request(name, "time", script, StoppingCondition={"MaxRuntimeInSeconds": 600})
        )
        wait_until(lambda name=name: job(name)["secondaryStatus"], lambda status: status == "Training")
        clock.write_text(str(jump))
        ended = wait_until(lambda name=name: job(name), lambda job: job["status"] != "InProgress")
        assert ended["status"] == "Completed", ended["failureReason"]
        clock.write_text("0")
    for name in ("forward", "backward"):
        seen = sagemaker.describe_training_job(TrainingJobName=name)
        assert 4 <= seen["BillableTimeInSeconds"] < 60, "it is as long as it was, whatever the clock said"
        times = [
            stage[end] for stage in seen["SecondaryStatusTransitions"] for end in ("StartTime", "EndTime")
        ]
        assert times == sorted(times)
    server.shutdown()
