"""What an attacker would try from inside a job. Each test fails if the wall that it names is taken away."""

import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import threading
import uuid
from pathlib import Path

import pytest
from jobs import channel, log_lines, script_request, training_request, variant, wait_for_job, wait_until

SECRET = "the-walls-hold-this-back"


@pytest.fixture
def attack(sagemaker, s3, bucket, unique):
    """Runs a bash script in a job; returns its description and the text of each file in its model directory."""

    def run(script: str, **changes) -> tuple[dict, dict[str, str]]:
        name = unique("attack")
        sagemaker.create_training_job(**script_request(name, bucket, script, **changes))
        job = wait_for_job(sagemaker, name)
        files: dict[str, str] = {}
        if artifact := job.get("ModelArtifacts", {}).get("S3ModelArtifacts"):
            key = artifact.removeprefix(f"s3://{bucket}/")
            if "Contents" in s3.list_objects_v2(Bucket=bucket, Prefix=key):
                body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
                with tarfile.open(fileobj=io.BytesIO(body)) as archive:
                    for member in archive:
                        if member.isfile():
                            files[member.name.removeprefix("./")] = (
                                archive.extractfile(member).read().decode(errors="replace")
                            )
        return job, files

    return run


def completed(result: tuple[dict, dict[str, str]]) -> dict[str, str]:
    job, files = result
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return files


def test_the_platforms_files_are_not_there(attack, server):
    (server.data / "planted").write_text(SECRET)
    files = completed(
        attack(f"""
        grep -rl {SECRET} / --exclude-dir=proc --exclude-dir=sys --exclude=run.sh > /opt/ml/model/found 2>/dev/null
        for path in {server.data} {server.data}/state.sqlite {server.data}/credentials.json /home /root/.aws; do
            ls -A $path >> /opt/ml/model/listed 2>/dev/null
        done
        for root in /proc/*/root/{server.data}/credentials.json; do
            cat $root >> /opt/ml/model/listed 2>/dev/null
        done
        touch /opt/ml/model/found /opt/ml/model/listed
        cat /proc/self/mountinfo > /opt/ml/model/mounts
        """)
    )
    assert files["found"] == files["listed"] == ""
    writable = [
        line.split()[4]
        for line in files["mounts"].splitlines()
        if line.split()[5].startswith("rw")
        and line.split()[4] != "/proc"
        # The environment is everybody's below a layer of the job's own: what it writes stays in its instance.
        and (line.split()[4], line.partition(" - ")[2].split()[0]) != ("/opt/python", "overlay")
    ]
    own = ("/opt/ml", "/tmp", "/dev", "/root")
    assert all(mount.startswith(own) for mount in writable), writable


def test_a_job_is_a_user_without_rights(attack):
    files = completed(
        attack("""
        grep -E '^(Cap|NoNewPrivs|Seccomp|Uid)' /proc/self/status > /opt/ml/model/status
        cat /proc/self/uid_map > /opt/ml/model/map
        mknod /opt/ml/model/device b 8 0 2> /opt/ml/model/mknod
        mount -t tmpfs none /tmp 2> /opt/ml/model/mount
        unshare -U true 2> /opt/ml/model/unshare
        chroot /opt true 2> /opt/ml/model/chroot
        true
        """)
    )
    status = dict(line.split(":", 1) for line in files["status"].splitlines())
    for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[kind], 16) == 0, kind
    assert status["NoNewPrivs"].strip() == "1"
    assert status["Seccomp"].strip() == "2"
    for tool in ("mknod", "mount", "unshare", "chroot"):
        assert "not permitted" in files[tool] or "denied" in files[tool], (tool, files[tool])
    inside, _, count = files["map"].split()
    assert (inside, count) == ("0", "1")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a job a user of its own")
def test_jobs_of_root_are_users_who_own_nothing(sagemaker, bucket, unique, server):
    names = [unique("user") for _ in range(2)]
    for name in names:
        sagemaker.create_training_job(**script_request(name, bucket, "sleep 60.25"))
    sleepers = wait_until(sleeping, lambda found: len(found) == 2)
    try:
        users = {Path(f"/proc/{pid}").stat().st_uid for pid in sleepers}
        if users == {0}:
            pytest.skip("this machine refuses ID-mapped mounts")
        assert len(users) == 2 and min(users) >= 0x70000000
    finally:
        for name in names:
            sagemaker.stop_training_job(TrainingJobName=name)
    for name in names:
        wait_for_job(sagemaker, name)


def sleeping() -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if command == b"sleep\x0060.25\0":
                found.append(int(entry.name))
    return found


def test_system_calls_that_open_kernels_are_refused(attack):
    program = """
        import ctypes, errno
        libc = ctypes.CDLL(None, use_errno=True)
        def attempt(name, number, *arguments):
            ctypes.set_errno(0)
            result = libc.syscall(number, *arguments)
            print(name, errno.errorcode.get(ctypes.get_errno(), result))
        attempt("bpf", 321, 0, None, 0)
        attempt("keyctl", 250, 0, -3, 1)
        attempt("io_uring_setup", 425, 1, None)
        attempt("perf_event_open", 298, None, 0, -1, -1, 0)
        attempt("userfaultfd", 323, 1)
        attempt("setns", 308, 0, 0)
        attempt("open_by_handle_at", 304, 0, None, 0)
        attempt("clone_newuser", 56, 0x10000000 | 17, None)
        attempt("clone3", 435, None, 0)
        attempt("getpid", 39)
    """
    if os.uname().machine != "x86_64":
        pytest.skip("the numbers are those of x86-64")
    lines = "\n".join(
        line.strip() if not line.startswith(" " * 12) else line[8:] for line in program.splitlines()
    )
    script = f"python3 - > /opt/ml/model/calls <<'END'\n{lines}\nEND\n"
    files = completed(attack(script))
    calls = dict(line.split() for line in files["calls"].splitlines())
    assert calls.pop("clone3") == "ENOSYS"
    assert calls.pop("getpid").isdigit()
    assert set(calls.values()) == {"EPERM"}, calls


def test_other_processes_cannot_be_seen_or_signalled(attack):
    files = completed(
        attack("""
        ls /proc | grep -c '^[0-9]*$' > /opt/ml/model/processes
        kill -9 1 2> /opt/ml/model/init
        cat /proc/1/environ > /opt/ml/model/environment 2> /opt/ml/model/refused
        ls -l /proc/1/fd > /opt/ml/model/descriptors 2>> /opt/ml/model/refused
        for pid in $(seq 2 400); do [ -d /proc/$pid ] || kill -0 $pid 2>/dev/null && echo $pid; done \
            > /opt/ml/model/reached
        touch /opt/ml/model/environment
        """)
    )
    assert int(files["processes"]) < 12
    assert files["environment"] == ""
    assert "->" not in files["descriptors"]
    assert "ermission denied" in files["refused"]


def test_the_hosts_loopback_and_other_jobs_are_out_of_reach(attack, sagemaker, bucket, unique, server):
    other = unique("listener")
    listen = "python3 -m http.server 18081 --bind 0.0.0.0"
    sagemaker.create_training_job(**script_request(other, bucket, listen))
    with socket.create_server(("127.0.0.1", 0)) as host, socket.create_server(("0.0.0.0", 0)) as everywhere:
        reached = []
        for listener in (host, everywhere):
            threading.Thread(target=lambda it=listener: reached.append(it.accept()), daemon=True).start()
        wait_until(
            lambda: sagemaker.describe_training_job(TrainingJobName=other)["SecondaryStatus"],
            lambda status: status == "Training",
        )
        ports = (host.getsockname()[1], everywhere.getsockname()[1], server.port)
        own = socket.gethostbyname(socket.gethostname())
        targets = [
            f"{address}/{port}" for address in ("127.0.0.1", own, "10.0.2.2", "10.77.0.2") for port in ports
        ]
        targets += ["169.254.169.254/80", "10.77.0.1/18081", "10.77.0.2/18081", "10.77.1.1/18081"]
        tries = "\n".join(
            f"timeout 2 bash -c '</dev/tcp/{target}' 2>/dev/null && echo {target} >> /opt/ml/model/open &"
            for target in targets
        )
        files = completed(attack(f"touch /opt/ml/model/open\n{tries}\nwait"))
        assert files["open"] == ""
        assert reached == []
    sagemaker.stop_training_job(TrainingJobName=other)
    wait_for_job(sagemaker, other)


@pytest.fixture
def outside():
    """A machine beyond this one, 198.51.100.2, that serves a file; this machine is 198.51.100.1 to it."""
    name = f"cl-{uuid.uuid4().hex[:8]}"
    serve = [
        "ip",
        "netns",
        "exec",
        name,
        sys.executable,
        "-m",
        "http.server",
        "8099",
        "--bind",
        "198.51.100.2",
    ]
    steps = [
        f"ip netns add {name}",
        f"ip link add {name} type veth peer name far netns {name}",
        f"ip addr add 198.51.100.1/24 dev {name}",
        f"ip link set {name} up",
        f"ip -n {name} addr add 198.51.100.2/24 dev far",
        f"ip -n {name} link set far up",
    ]
    if shutil.which("ip") is None or shutil.which("slirp4netns") is None:
        pytest.skip("iproute2 or slirp4netns is not installed")
    for step in steps:
        if subprocess.run(step.split(), capture_output=True).returncode != 0:
            subprocess.run(["ip", "netns", "del", name], capture_output=True)
            pytest.skip(f"not allowed here: {step}")
    server = subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/usr/share")
    yield "198.51.100.2/8099"
    server.terminate()
    server.wait()
    subprocess.run(["ip", "link", "del", name], check=True)
    subprocess.run(["ip", "netns", "del", name], check=True)


REACH = "timeout 5 bash -c '</dev/tcp/{}' 2>/dev/null && echo reached > /opt/ml/model/{}\n"


def test_an_open_network_leads_outside_and_not_to_this_machine(attack, outside):
    with socket.create_server(("0.0.0.0", 0)) as listener:
        here = f"198.51.100.1/{listener.getsockname()[1]}"
        script = "touch /opt/ml/model/done; for i in 1 2 3 4 5 6 7 8; do\n" + REACH.format(outside, "outside")
        script += (
            "[ -f /opt/ml/model/outside ] && break; sleep 0.3; done\n"
            + REACH.format(here, "machine")
            + "true\n"
        )
        files = completed(attack(script))
    assert "outside" in files
    assert "machine" not in files
    names = completed(attack("cat /etc/resolv.conf > /opt/ml/model/names"))["names"]
    assert names.startswith("nameserver ")


def test_an_isolated_network_leads_nowhere(attack, outside):
    script = "touch /opt/ml/model/done\n" + REACH.format(outside, "outside") + "true\n"
    assert "outside" not in completed(attack(script, EnableNetworkIsolation=True))


def test_every_instance_of_a_job_has_the_way_out(attack, outside):
    script = (
        "for i in 1 2 3 4 5 6 7 8; do\n"
        + REACH.format(outside, "$(hostname)")
        + "[ -f /opt/ml/model/$(hostname) ] && break; sleep 0.3; done; true\n"
    )
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 3, "VolumeSizeInGB": 1}
    assert set(completed(attack(script, ResourceConfig=resources))) == {"algo-1", "algo-2", "algo-3"}


def test_links_and_devices_in_what_is_collected_lead_nowhere(attack, s3, bucket, server):
    secret = server.data / "planted-for-links"
    secret.write_text(SECRET)
    job, files = attack(f"""
        cd /opt/ml
        ln -s {secret} model/absolute
        ln -s ../../../../../../../../../../../../{secret} model/relative
        ln -s / model/root
        mkfifo model/pipe
        python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("/opt/ml/model/socket")'
        echo fine > model/file
        ln model/file model/twin
        rm -rf output/data && ln -s {server.data} output/data
        ln -sf {secret} output/failure
        exit 1
        """)
    assert job["TrainingJobStatus"] == "Failed"
    assert SECRET not in job["FailureReason"]
    assert files["file"] == "fine\n"
    assert SECRET not in json.dumps(files)
    prefix = job["OutputDataConfig"]["S3OutputPath"].removeprefix(f"s3://{bucket}/")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/{job['TrainingJobName']}/")
    for entry in listed.get("Contents", []):
        body = s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()
        assert SECRET.encode() not in body


def test_links_in_a_checkpoint_directory_are_not_followed(attack, s3, bucket, unique, server):
    secret = server.data / "planted-for-checkpoints"
    secret.write_text(SECRET)
    prefix = unique("checkpoints")
    attack(
        f"ln -s {secret} /opt/ml/checkpoints/link; echo fine > /opt/ml/checkpoints/file",
        CheckpointConfig={"S3Uri": f"s3://{bucket}/{prefix}", "LocalPath": "/opt/ml/checkpoints"},
    )
    found = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/")["Contents"]
    assert [entry["Key"] for entry in found] == [f"{prefix}/file"]


def hostile(kind: str) -> bytes:
    """A model archive that would write outside of its directory."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:

        def add(name: str, content: bytes = b"x", **fields) -> None:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            for field, value in fields.items():
                setattr(member, field, value)
            archive.addfile(member, io.BytesIO(content))

        match kind:
            case "climbing":
                add("../../../escaped")
            case "absolute":
                add("/tmp/clary-escaped")
            case "link":
                add("out", b"", type=tarfile.SYMTYPE, linkname="/tmp")
                add("out/clary-escaped")
            case "hard link":
                add("passwd", b"", type=tarfile.LNKTYPE, linkname="/etc/passwd")
            case "device":
                add("disk", b"", type=tarfile.BLKTYPE, devmajor=8, devminor=0)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["climbing", "absolute", "link", "hard link", "device"])
def test_a_hostile_model_archive_fails_its_endpoint_alone(sagemaker, s3, bucket, unique, kind):
    name = unique("hostile")
    s3.put_object(Bucket=bucket, Key=f"{name}/model.tar.gz", Body=hostile(kind))
    image = training_request(name, bucket)["AlgorithmSpecification"]["TrainingImage"]
    container = {"Image": image, "ModelDataUrl": f"s3://{bucket}/{name}/model.tar.gz"}
    sagemaker.create_model(
        ModelName=name, ExecutionRoleArn="arn:aws:iam::000000000000:role/T", PrimaryContainer=container
    )
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant(name)])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    endpoint = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName=name), lambda it: it["EndpointStatus"] != "Creating"
    )
    assert endpoint["EndpointStatus"] == "Failed"
    assert not Path("/tmp/clary-escaped").exists()
    sagemaker.delete_endpoint(EndpointName=name)


def test_a_fork_bomb_ends_with_its_job(attack, sagemaker):
    job, _ = attack(
        "bomb() { bomb | bomb & }; bomb; sleep 20; echo survived",
        StoppingCondition={"MaxRuntimeInSeconds": 15},
    )
    assert job["TrainingJobStatus"] in ("Failed", "Stopped")
    assert sagemaker.list_training_jobs(MaxResults=1)["TrainingJobSummaries"]


def test_more_than_the_volume_holds_is_said(attack):
    job, _ = attack("head -c 1500000000 /dev/zero > /opt/ml/model/huge; sleep 30")
    assert job["TrainingJobStatus"] == "Failed"
    assert "Out of disk" in job["FailureReason"] and "VolumeSizeInGB" in job["FailureReason"]


def test_more_than_the_memory_is_said(attack):
    job, _ = attack(
        "python3 -c 'x = bytearray(1 << 40)' 2>&1 || python3 -c \"x=[bytearray(b'x'*(1<<26)) for _ in range(1<<20)]\""
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "Out of memory" in job["FailureReason"]


def test_a_channel_cannot_reach_the_stores_file(attack, s3, bucket, unique):
    key = f"{unique('wall')}/data"
    s3.put_object(Bucket=bucket, Key=key, Body=b"original")
    files = completed(
        attack(
            """
            cd /opt/ml/input/data/train
            chmod 777 data; echo changed > data; truncate -s 0 data; ln data twin; echo more >> twin
            python3 -c 'import os; f = os.open("data", os.O_RDWR); os.write(f, b"z" * 100); os.fsync(f)'
            rm data; echo new > data; cat data > /opt/ml/model/seen
            """,
            InputDataConfig=[channel("train", f"s3://{bucket}/{key.split('/')[0]}/", None)],
        )
    )
    assert files["seen"] == "new\n"
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"original"


def test_terminal_escapes_and_floods_in_logs_are_harmless(sagemaker, logs, bucket, unique, server):
    name = unique("flood")
    script = r"""
        printf '\033]0;title\007\033[2Jcleared\rover\n'
        head -c 3000000 /dev/zero | tr '\0' 'x'; echo
        yes line | head -n 20000
        printf 'no end'
        """
    sagemaker.create_training_job(**script_request(name, bucket, script))
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    lines = log_lines(logs, name)
    assert lines.count("line") == 20000 and lines[-1] == "no end"
    assert max(len(line) for line in lines) < 300_000
    shown = server.clary("logs", name).stdout
    assert "\033" not in shown and "\r" not in shown and "cleared" in shown


def test_an_object_whose_key_is_no_path_is_named(attack, s3, bucket, unique):
    prefix = unique("keys")
    s3.put_object(Bucket=bucket, Key=f"{prefix}/a/../../b", Body=b"x")
    job, _ = attack("true", InputDataConfig=[channel("train", f"s3://{bucket}/{prefix}/", None)])
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError") and "a/../../b" in job["FailureReason"]
