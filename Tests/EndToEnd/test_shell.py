"""`clary serve --keep-failed` and `clary shell`: what is left of failed instances, and who may look at it."""

import json
import os
import pty
import select
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from random import Random

import boto3
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from jobs import ROLE, XGBOOST, channel, script_request, variant, wait_for_job, wait_until
from server import CLARY, Server, processes_below
from test_contract import ASK_FOR_CREDENTIALS
from test_survival import client

BUCKET = "kept-things"


@pytest.fixture(scope="module")
def keeping(tmp_path_factory):
    """A server that keeps failed instances for an hour, with a bucket."""
    server = Server(tmp_path_factory.mktemp("keeping"), "--keep-failed").start()
    s3 = client(server, "s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="train/data.csv", Body="1,2\n")
    yield server
    server.shutdown()
    assert list((server.data / "instances").iterdir()) == []


def fail(server: Server, name: str, script: str, **changes) -> dict:
    """Runs a script as a job that fails, and returns its last description."""
    sagemaker = client(server, "sagemaker")
    request = script_request(name, BUCKET, script, s3=client(server, "s3"), **changes)
    sagemaker.create_training_job(**request)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Failed"
    return job


def shell(server: Server, name: str, *command: str, options: tuple[str, ...] = (), **more):
    more.setdefault("timeout", 60)
    return subprocess.run(
        [CLARY, "shell", "--data-dir", server.data, *options, name, "--", *command],
        env=server.environment,
        capture_output=True,
        text=True,
        **({"stdin": subprocess.DEVNULL} if "input" not in more else {}),
        **more,
    )


def directories(server: Server) -> list[Path]:
    return list((server.data / "instances").iterdir())


def kept(server: Server) -> list[dict]:
    return json.loads(server.clary("status", "--json").stdout)["kept"]


@pytest.fixture(scope="module")
def failed(keeping) -> str:
    """A job that has changed its channel, left files and a reason, and failed."""
    script = "; ".join(
        [
            "echo more >> /opt/ml/input/data/train/data.csv",
            "echo scratch > /tmp/scratch",
            "echo out of luck > /opt/ml/output/failure",
            "exit 3",
        ]
    )
    train = [channel("train", f"s3://{BUCKET}/train/")]
    job = fail(keeping, "luckless", script, InputDataConfig=train, Environment={"COLOUR": "blue"})
    reason = job["FailureReason"]
    assert reason.startswith("AlgorithmError: out of luck, exit code: 3")
    assert reason.endswith(": clary shell luckless")
    assert len(reason) <= 1024
    return "luckless"


def test_the_files_are_as_the_job_left_them(keeping, failed):
    assert shell(keeping, failed, "cat", "/opt/ml/output/failure").stdout == "out of luck\n"
    assert shell(keeping, failed, "cat", "/opt/ml/input/data/train/data.csv").stdout == "1,2\nmore\n"
    assert shell(keeping, failed, "cat", "/tmp/scratch").stdout == "scratch\n"
    assert "AlgorithmSpecification" not in shell(keeping, failed, "ls", "/opt/ml/input/config").stderr
    assert "hyperparameters.json" in shell(keeping, failed, "ls", "/opt/ml/input/config").stdout
    environment = shell(keeping, failed, "env").stdout
    assert "COLOUR=blue" in environment and "TRAINING_JOB_NAME=luckless" in environment
    assert "CREDENTIALS" not in environment and "SECRET" not in environment


def test_what_a_visitor_writes_is_there_for_the_next_and_never_in_the_store(keeping, failed):
    script = "echo seen >> /opt/ml/input/data/train/data.csv; echo note > /opt/ml/model/note"
    assert shell(keeping, failed, "sh", "-c", script).returncode == 0
    assert "seen" in shell(keeping, failed, "cat", "/opt/ml/input/data/train/data.csv").stdout
    assert shell(keeping, failed, "cat", "/opt/ml/model/note").stdout == "note\n"
    stored = client(keeping, "s3").get_object(Bucket=BUCKET, Key="train/data.csv")["Body"].read()
    assert stored == b"1,2\n"


def test_input_output_and_exit_status_go_through(keeping, failed):
    large = "line of input\n" * 20_000
    result = shell(keeping, failed, "sh", "-c", "cat; echo to-stderr >&2; exit 7", input=large)
    assert (result.returncode, result.stdout, result.stderr) == (7, large, "to-stderr\n")
    assert shell(keeping, failed, "sh", "-c", "kill -TERM $$").returncode == 143
    missing = shell(keeping, failed, "no-such-program")
    assert missing.returncode == 127 and "no-such-program: No such file" in missing.stderr
    assert shell(keeping, failed, "/etc/passwd").returncode == 126


def test_the_walls_are_those_of_the_job(keeping, failed):
    status = shell(keeping, failed, "cat", "/proc/self/status").stdout
    assert "CapEff:\t0000000000000000" in status and "NoNewPrivs:\t1" in status and "Seccomp:\t2" in status
    assert shell(keeping, failed, "unshare", "-U", "true").returncode != 0
    assert shell(keeping, failed, "ls", str(keeping.data)).returncode != 0
    assert shell(keeping, failed, "touch", "/usr/x").returncode != 0
    if os.geteuid() == 0:
        sleeper = subprocess.Popen(
            [CLARY, "shell", "--data-dir", keeping.data, failed, "--", "sleep", "54321"],
            env=keeping.environment,
        )
        try:
            pid = wait_until(
                lambda: [
                    entry.name
                    for entry in Path("/proc").iterdir()
                    if entry.name.isdigit() and (entry / "cmdline").exists() and is_sleeping(entry, b"54321")
                ],
                lambda pids: len(pids) == 1,
            )[0]
            users = Path(f"/proc/{pid}/status").read_text().split("Uid:")[1].split()[0]
            assert int(users) >= 0x7000_0000
            # One visitor at a time.
            second = shell(keeping, failed, "true")
            assert second.returncode == 1 and "Somebody else is in luckless" in second.stderr
        finally:
            sleeper.kill()
            sleeper.wait()
        # A visitor who is killed leaves nothing that runs.
        wait_until(lambda: Path(f"/proc/{pid}").exists(), lambda exists: not exists)
        wait_until(
            lambda: [line for _, line in processes_below(keeping.data) if " holder " in line], lambda x: not x
        )


def is_sleeping(entry: Path, marker: bytes) -> bool:
    try:
        return (entry / "cmdline").read_bytes() == b"sleep\0" + marker + b"\0"
    except OSError:
        return False


def test_an_interactive_shell_has_a_terminal(keeping, failed):
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(CLARY, [str(CLARY), "shell", "--data-dir", str(keeping.data), failed], keeping.environment)
    text = b""

    def expect(marker: bytes) -> None:
        nonlocal text
        deadline = time.monotonic() + 20
        while marker not in text:
            assert time.monotonic() < deadline, text
            if select.select([terminal], [], [], 0.2)[0]:
                text += os.read(terminal, 4096)
        text = text.partition(marker)[2]

    expect(b"Its credentials are revoked.")
    expect(b"[luckless] /# ")
    os.write(terminal, b"test -t 0 -a -t 1 -a -t 2 && echo is-a-$((40 + 2))-terminal\n")
    expect(b"is-a-42-terminal")
    os.write(terminal, b"sleep 1000; echo after-$((1 + 1))\n")
    time.sleep(1)
    os.write(terminal, b"\x03")  # Ctrl-C reaches the command inside and not the visitor's own process.
    expect(b"[luckless] /# ")
    os.write(terminal, b"exit 9\n")
    deadline = time.monotonic() + 20
    while (ended := os.waitpid(pid, os.WNOHANG))[0] == 0:
        assert time.monotonic() < deadline, "the shell does not end"
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                os.read(terminal, 4096)
            except OSError:
                continue
    assert os.waitstatus_to_exitcode(ended[1]) == 9


def test_the_credentials_of_the_job_are_revoked(keeping):
    script = f"python3 - <<'END'\n{ASK_FOR_CREDENTIALS}\nEND\nexit 1\n"
    fail(keeping, "credentials", script)
    answer = json.loads(shell(keeping, "credentials", "cat", "/opt/ml/model/credentials").stdout)
    assert answer["AccessKeyId"].startswith("ASIA")
    sts = boto3.client(
        "sts",
        endpoint_url=keeping.url,
        region_name="us-east-1",
        aws_access_key_id=answer["AccessKeyId"],
        aws_secret_access_key=answer["SecretAccessKey"],
        aws_session_token=answer["Token"],
    )
    with pytest.raises(ClientError) as refusal:
        sts.get_caller_identity()
    assert refusal.value.response["Error"]["Code"] == "InvalidClientTokenId"
    # Nobody answers where the agent did.
    ask = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:4052/credentials', timeout=5)"
    assert shell(keeping, "credentials", "python3", "-c", ask).returncode != 0


def test_an_isolated_job_stays_isolated(keeping):
    fail(keeping, "isolated", "exit 1", EnableNetworkIsolation=True)
    reach = "import socket; socket.create_connection(('127.0.0.1', 4050), 2)"
    assert shell(keeping, "isolated", "python3", "-c", reach).returncode != 0
    routes = shell(keeping, "isolated", "cat", "/proc/net/route").stdout.splitlines()[1:]
    assert all(line.split()[1] != "00000000" for line in routes)


def test_links_that_a_job_leaves_lead_nowhere(keeping):
    s3 = client(keeping, "s3")
    s3.put_object(Bucket=BUCKET, Key="bin/bwrap", Body="#!/bin/sh\nexit 77\n")
    # What is mounted at /opt/ml/input/data/bin must not come to lie at /usr/bin, nor a folder be made behind a link.
    script = (
        "chmod +x /opt/ml/input/data/bin/bwrap; mv /opt/ml/input /opt/ml/before && mkdir /opt/ml/input "
        f"&& ln -s /usr /opt/ml/input/data && mv /opt/ml/output /opt/ml/out && ln -s {keeping.folder} /opt/ml/output; exit 1"
    )
    fail(keeping, "links", script, InputDataConfig=[channel("bin", f"s3://{BUCKET}/bin/")])
    inside = shell(keeping, "links", "sh", "-c", "readlink /opt/ml/input/data; ls /usr/bin/env")
    assert inside.stdout.split() == ["/usr", "/usr/bin/env"], inside
    assert not (keeping.folder / "metrics").exists()


def test_a_visitor_cannot_fill_the_disk(keeping):
    fail(keeping, "writer", "exit 1")
    written = shell(keeping, "writer", "sh", "-c", "head -c 1500000000 /dev/zero > /opt/ml/model/x; sleep 60")
    assert written.returncode == 1 and "than the volume of writer holds" in written.stderr
    keeping.clary("shell", "--discard", "writer")


def test_every_instance_of_a_job_can_be_entered(keeping):
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}
    # Time for both to write before the failure of one ends the other.
    script = "hostname > /opt/ml/model/name; sleep 3; test $(hostname) = algo-1"
    fail(keeping, "pair", script, ResourceConfig=resources)
    assert shell(keeping, "pair", "cat", "/opt/ml/model/name").stdout == "algo-1\n"
    second = shell(keeping, "pair", "cat", "/opt/ml/model/name", options=("--host", "algo-2"))
    assert second.stdout == "algo-2\n"
    third = shell(keeping, "pair", "true", options=("--host", "algo-3"))
    assert third.returncode == 1 and "algo-1, algo-2" in third.stderr
    keeping.clary("shell", "--discard", "pair")
    assert [path.name for path in directories(keeping) if "pair" in path.name] == []


def test_a_failed_endpoint_is_kept_too(keeping):
    sagemaker, s3 = client(keeping, "sagemaker"), client(keeping, "s3")
    s3.put_object(Bucket=BUCKET, Key="broken/model.tar.gz", Body=b"this is no archive")
    container = {"Image": XGBOOST, "ModelDataUrl": f"s3://{BUCKET}/broken/model.tar.gz"}
    sagemaker.create_model(ModelName="broken", ExecutionRoleArn=ROLE, PrimaryContainer=container)
    sagemaker.create_endpoint_config(EndpointConfigName="broken", ProductionVariants=[variant("broken")])
    sagemaker.create_endpoint(EndpointName="broken", EndpointConfigName="broken")
    description = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName="broken"),
        lambda description: description["EndpointStatus"] != "Creating",
        limit=90,
    )
    assert description["FailureReason"].endswith(": clary shell broken")
    # Its agent goes before the endpoint lets go of it.
    wait_until(
        lambda: [line for _, line in processes_below(keeping.data) if " agent " in line], lambda x: not x
    )
    assert shell(keeping, "broken", "hostname").returncode == 0
    sagemaker.delete_endpoint(EndpointName="broken")
    wait_until(lambda: sagemaker.list_endpoints()["Endpoints"], lambda endpoints: not endpoints)
    assert shell(keeping, "broken", "true").returncode == 0  # What is left of it outlives it.


def test_a_completed_or_stopped_job_leaves_nothing(keeping):
    sagemaker = client(keeping, "sagemaker")
    before = len(directories(keeping))
    sagemaker.create_training_job(**script_request("fine", BUCKET, "true"))
    assert wait_for_job(sagemaker, "fine")["TrainingJobStatus"] == "Completed"
    wait_until(lambda: len(directories(keeping)), lambda count: count == before)
    nothing = shell(keeping, "fine", "true")
    assert nothing.returncode == 1 and "Nothing is kept of 'fine'" in nothing.stderr


def test_kept_instances_hold_nothing_of_the_machine_and_are_listed(keeping, failed):
    status = json.loads(keeping.clary("status", "--json").stdout)
    assert status["instances"] == [] and status["machine"]["reservedCPUs"] == 0
    assert failed in {entry["name"] for entry in status["kept"]}
    assert f"clary shell {failed}" in keeping.clary("status").stdout
    assert f"clary shell {failed}" in keeping.clary("jobs", failed).stdout


def test_entering_is_for_the_owner_and_those_who_may_and_is_written_down(keeping, failed):
    def enter(user: dict, name: str) -> int:
        keys = Credentials(user["accessKeyIds"][0], user["secretAccessKey"])
        body = json.dumps({"name": name})
        request = AWSRequest("POST", keeping.url + "/_clary/v1/shell", data=body)
        SigV4Auth(keys, "clary", "us-east-1").add_auth(request)
        call = urllib.request.Request(request.url, data=body.encode(), headers=dict(request.headers))
        try:
            return urllib.request.urlopen(call).status
        except urllib.error.HTTPError as error:
            return error.code

    def add(name: str, *options: str) -> dict:
        return json.loads(keeping.clary("users add", name, "--json", *options).stdout)

    administrator, guest = add("admin", "--policy", "AdministratorAccess"), add("guest")
    assert enter(administrator, failed) == 200
    assert enter(guest, failed) == 403
    statement = {
        "Effect": "Allow",
        "Action": "clary:EnterInstance",
        "Resource": f"arn:aws:clary:*:*:kept-instance/{failed}",
    }
    client(keeping, "iam").put_user_policy(
        UserName="guest",
        PolicyName="enter",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]}),
    )
    assert enter(guest, failed) == 200
    assert enter(guest, "credentials") == 403
    shell(keeping, failed, "true")
    entries = json.loads(keeping.clary("audit", "--json", "--action", "clary:EnterInstance").stdout)
    seen = [(entry["principal"].rpartition("/")[2], entry["outcome"]) for entry in entries]
    assert ("guest", "AccessDeniedException") in seen and ("guest", "Success") in seen
    assert ("admin", "Success") in seen and seen[-1] == ("owner", "Success")
    assert entries[-1]["resource"].endswith(f":kept-instance/{failed}")


def test_another_user_of_the_machine_is_told_why_not(keeping, failed):
    if os.geteuid() != 0:
        pytest.skip("only root can be another user")
    command = [CLARY, "shell", "--data-dir", keeping.data, failed, "--", "true"]
    keeping.folder.parent.chmod(0o755)
    result = subprocess.run(
        command,
        env=keeping.environment,
        capture_output=True,
        text=True,
        user=65534,
        group=65534,
        extra_groups=[],
    )
    assert result.returncode == 1
    assert "belongs to another user" in result.stderr


def test_what_is_kept_outlives_the_server_and_ends_with_its_time_and_with_a_visit_in_it(tmp_path):
    server = Server(tmp_path, "--keep-failed-for", "12s").start()
    client(server, "s3").create_bucket(Bucket=BUCKET)
    fail(server, "brief", "echo here > /opt/ml/model/x; exit 1")
    port = server.port
    server.kill()
    server.start(port=port)
    assert shell(server, "brief", "cat", "/opt/ml/model/x").stdout == "here\n"
    server.stop()
    server.arguments = ()  # What was kept before ends in its time, also where nothing more is kept.
    server.start(port=port)
    assert [entry["name"] for entry in kept(server)] == ["brief"]
    visit = shell(server, "brief", "sleep", "1000")
    assert visit.returncode == 1 and "brief is gone" in visit.stderr
    wait_until(lambda: directories(server), lambda found: found == [])
    wait_until(lambda: kept(server), lambda found: found == [])
    wait_until(lambda: processes_below(server.data / "instances"), lambda found: found == [])
    server.shutdown()


def test_no_crash_loses_what_is_kept(tmp_path):
    server = Server(tmp_path, "--keep-failed").start()
    client(server, "s3").create_bucket(Bucket=BUCKET)
    random = Random(7)
    names = [f"crash-{number}" for number in range(8)]
    for name in names:
        sagemaker = client(server, "sagemaker")
        script = f"echo {name} > /opt/ml/model/name; sleep 0.2; exit 1"
        sagemaker.create_training_job(**script_request(name, BUCKET, script))
        time.sleep(random.uniform(0, 0.8))
        server.wait_for_worker(server.crash())
        job = wait_for_job(sagemaker, name)
        assert job["TrainingJobStatus"] == "Failed"
        assert job["FailureReason"].endswith(f"clary shell {name}")
        assert shell(server, name, "cat", "/opt/ml/model/name").stdout == f"{name}\n"
    assert [entry["name"] for entry in kept(server)] == names
    assert len(directories(server)) == len(names)
    assert not [line for _, line in processes_below(server.data) if " agent " in line]
    server.shutdown()
    assert directories(server) == []


def test_without_the_option_nothing_is_kept_and_a_short_disk_takes_what_is(tmp_path):
    server = Server(tmp_path, "--keep-failed").start()
    client(server, "s3").create_bucket(Bucket=BUCKET)
    fail(server, "first", "exit 1")
    server.stop()
    server.arguments = ("--disk-reserve", str(1 << 30))  # More MiB than any disk has.
    server.start()
    wait_until(lambda: directories(server), lambda found: found == [])
    assert "what was left of first goes before its time" in server.log()
    server.stop()
    server.arguments = ()
    server.start()
    job = fail(server, "second", "exit 1")
    assert "clary shell" not in job["FailureReason"]
    wait_until(lambda: directories(server), lambda found: found == [])
    server.shutdown()


@pytest.mark.parametrize("time", ["0s", "1", "h", "-1h", "31d", "nanh"])
def test_a_time_that_cannot_be_is_refused(tmp_path, time):
    result = subprocess.run(
        [CLARY, "serve", "--data-dir", tmp_path / "data", f"--keep-failed-for={time}"],
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert result.returncode != 0 and "--keep-failed-for" in result.stderr
    assert not (tmp_path / "data").exists()
