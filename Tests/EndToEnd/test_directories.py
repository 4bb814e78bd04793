"""Directories of this machine as channels: file systems and file:// addresses, never more than the administrator lists;
and a pipe whose server dies."""

import gzip
import os
import struct
from hashlib import sha256

import pytest
from botocore.exceptions import ClientError
from jobs import log_lines, script_request, wait_for_job, wait_until
from server import Server
from test_survival import client


@pytest.fixture
def place(tmp_path):
    """A server with a file system and a data root, in which some links lead out."""
    system, root, secret = tmp_path / "system", tmp_path / "root", tmp_path / "secret"
    for folder in (system / "deep", root / "set", secret):
        folder.mkdir(parents=True)
    (system / "deep/a.txt").write_text("from the file system\n")
    (root / "set/b.txt").write_text("from the root\n")
    (secret / "c.txt").write_text("secret\n")
    (system / "out").symlink_to(secret)
    (root / "out").symlink_to(secret)
    server = Server(
        tmp_path, "--file-system", f"fs-0123456789abcdef0={system}", "--data-root", str(root)
    ).start()
    yield server, system, root
    server.shutdown()


def file_system(path: str, mode: str = "ro", name: str = "fs-0123456789abcdef0") -> dict:
    source = {
        "FileSystemId": name,
        "FileSystemAccessMode": mode,
        "FileSystemType": "FSxLustre",
        "DirectoryPath": path,
    }
    return {"ChannelName": "train", "DataSource": {"FileSystemDataSource": source}}


def address(uri: str, mode: str = "File", distribution: str = "FullyReplicated", **more) -> dict:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": distribution}
    return {"ChannelName": "train", "InputMode": mode, "DataSource": {"S3DataSource": source}} | more


def start(server: Server, name: str, channel: dict, script: str, count: int = 1) -> None:
    sagemaker, s3 = client(server, "sagemaker"), client(server, "s3")
    s3.create_bucket(Bucket="data")
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 1}
    sagemaker.create_training_job(
        **script_request(name, "data", script, s3, InputDataConfig=[channel], ResourceConfig=resources)
    )


def run(server: Server, name: str, channel: dict, script: str, count: int = 1) -> dict:
    start(server, name, channel, script, count)
    return wait_for_job(client(server, "sagemaker"), name)


def said(server: Server, name: str) -> list[str]:
    """What the script of a job wrote."""
    return [line for line in log_lines(client(server, "logs"), name) if not line.startswith("[clary]")]


def epochs(count: int, body: str) -> str:
    waiting = "while [ ! -p train_$n ]; do sleep 0.01; done"
    return f"cd /opt/ml/input/data; for n in $(seq 0 {count - 1}); do {waiting}; {body}; done"


def test_file_systems_are_mounted_and_writable_only_when_asked(place):
    server, system, root = place
    read = "cd /opt/ml/input/data/train; cat *.txt > /opt/ml/output/failure; touch new && exit 3; exit 4"
    job = run(server, "read-only", file_system("/deep"), read)
    assert job["TrainingJobStatus"] == "Failed"
    assert "from the file system" in job["FailureReason"] and "exit code: 4" in job["FailureReason"]
    assert not (system / "deep/new").exists()
    job = run(server, "writable", file_system("/deep", "rw"), "echo mine > /opt/ml/input/data/train/new")
    assert job["TrainingJobStatus"] == "Completed", job
    assert (system / "deep/new").read_text() == "mine\n"
    assert (system / "deep/new").stat().st_uid == (system / "deep").stat().st_uid
    job = run(server, "address", address(f"file://{root}/set"), read)
    assert "from the root" in job["FailureReason"] and "exit code: 4" in job["FailureReason"]
    job = run(server, "one-file", address(f"file://{root}/set/b.txt"), "cat /opt/ml/input/data/train/b.txt")
    assert job["TrainingJobStatus"] == "Completed", job


def test_nothing_outside_of_them_can_be_reached(place):
    server, _, root = place
    sagemaker, s3 = client(server, "sagemaker"), client(server, "s3")
    s3.create_bucket(Bucket="data")
    refused = [
        (file_system("/../secret"), "has '..' in it"),
        (file_system("/deep", name="fs-99999999"), "the file system 'fs-99999999' is not known here"),
        (file_system("/deep") | {"InputMode": "Pipe"}, "supported in File mode only"),
        (address("file:///etc"), "is below no directory that the administrator opens"),
        (address(f"file://{root}/../secret"), "has '..' in it"),
        (address(f"file://{root}/../secret", "Pipe"), "has '..' in it"),
        (address(f"file://{root}/set", CompressionType="Gzip"), "CompressionType Gzip is for Pipe mode only"),
    ]
    manifest = address(f"file://{root}/set", "Pipe")
    manifest["DataSource"]["S3DataSource"]["S3DataType"] = "ManifestFile"
    refused.append((manifest, "S3DataType ManifestFile is for s3:// addresses"))
    for number, (channel, words) in enumerate(refused):
        with pytest.raises(ClientError, match=words):
            sagemaker.create_training_job(
                **script_request(f"refused-{number}", "data", "true", InputDataConfig=[channel])
            )
    channels = {
        "link": file_system("/out"),
        "link-2": address(f"file://{root}/out"),
        "link-3": address(f"file://{root}/out", "Pipe"),
        "link-4": address(f"file://{root}/out/c.txt", "Pipe"),
    }
    for name, channel in channels.items():
        job = run(server, name, channel, "cat /opt/ml/input/data/train/*")
        assert job["FailureReason"].startswith("ClientError: ") and "leads out of it" in job["FailureReason"]
    job = run(server, "absent", file_system("/nowhere"), "true")
    assert "'nowhere' below" in job["FailureReason"] and "No such file" in job["FailureReason"]


def test_a_pipe_has_the_files_of_a_directory_in_the_order_of_their_paths(place):
    server, _, root = place
    names = [".hidden", "a-b", "a/1", "a/deep/2", "b.txt", "link", "ä"]
    for name in names:
        (root / "set" / name).parent.mkdir(parents=True, exist_ok=True)
        if name == "link":
            (root / "set/link").symlink_to("b.txt")
        else:
            (root / "set" / name).write_text(f"{name}\n")
    content = ["b.txt" if name == "link" else name for name in names]
    channel = address(f"file://{root}/set", "Pipe")
    script = epochs(3, "cat train_$n; echo end") + "; cat train-manifest; ls train 2>/dev/null; true"
    job = run(server, "pipe", channel, script)
    assert job["TrainingJobStatus"] == "Completed", job
    uris = [f"file://{root}/set/{name}" for name in names]
    assert said(server, "pipe") == [*content, "end"] * 3 + [f"file://{root}/set/", *uris]
    job = run(server, "pipe-of-one", address(f"file://{root}/set/b.txt", "Pipe"), epochs(2, "cat train_$n"))
    assert said(server, "pipe-of-one") == ["b.txt", "b.txt"]

    shuffled = channel | {"ShuffleConfig": {"Seed": 5}}
    orders = []
    for name in ("shuffled", "again"):
        run(server, name, shuffled, epochs(3, "cat train_$n"))
        lines = said(server, name)
        orders.append([lines[start : start + len(names)] for start in range(0, len(lines), len(names))])
    assert orders[0] == orders[1] and len(orders[0]) == 3
    assert all(sorted(order) == sorted(content) for order in orders[0])
    assert orders[0][0] != orders[0][1]

    # What is no file is named, and not waited for.
    os.mkfifo(root / "set/fifo")
    job = run(server, "fifo", channel, "true")
    assert (
        job["FailureReason"].startswith("ClientError: ")
        and "'fifo' is neither a file" in job["FailureReason"]
    )
    (root / "set/fifo").unlink()
    (root / "set/out").symlink_to("/etc/passwd")
    job = run(server, "leads-out", channel, "true")
    assert job["FailureReason"].startswith("ClientError: ") and "'out' leads out of" in job["FailureReason"]
    (root / "empty").mkdir()
    job = run(server, "empty", address(f"file://{root}/empty", "Pipe"), "true")
    assert "no files are below" in job["FailureReason"]


def test_files_are_decompressed_and_framed(place):
    server, _, root = place
    (root / "zip").mkdir()
    bodies = [b"one", b"", os.urandom(3_000_001)]
    for number, body in enumerate(bodies):
        (root / f"zip/{number}.gz").write_bytes(gzip.compress(body))
    channel = address(f"file://{root}/zip/", "Pipe", CompressionType="Gzip", RecordWrapperType="RecordIO")
    framed = b"".join(
        struct.pack("<II", 0xCED7230A, len(body)) + body + bytes(-len(body) % 4) for body in bodies
    )
    job = run(server, "framed", channel, epochs(2, "cat train_$n > /opt/ml/model/$n"))
    assert job["TrainingJobStatus"] == "Completed", job
    for name, changes, expected in (
        ("framed", {}, framed),
        ("plain", {"RecordWrapperType": "None"}, b"".join(bodies)),
    ):
        run(server, f"{name}-sum", channel | changes, epochs(2, "sha256sum < train_$n"))
        assert [line.split()[0] for line in said(server, f"{name}-sum")] == 2 * [sha256(expected).hexdigest()]
    (root / "zip/1.gz").write_bytes(b"no gzip")
    job = run(server, "damaged", channel, epochs(1, "cat train_$n | wc -c"))
    assert (
        job["FailureReason"].startswith("ClientError: ") and f"file://{root}/zip/1.gz" in job["FailureReason"]
    )


@pytest.mark.parametrize("mode", ["Pipe", "File", "FastFile"])
def test_files_are_shared_out_among_instances(place, mode):
    server, _, root = place
    (root / "many/deep").mkdir(parents=True)
    for number in range(7):
        (root / f"many/{'deep/' if number % 2 else ''}{number}").write_text(f"{number}\n")
    read = (
        "find train -type f | sort | xargs cat; touch train/new 2>/dev/null; grep -c fuse /proc/self/mounts"
    )
    body = epochs(2, "cat train_$n") if mode == "Pipe" else f"cd /opt/ml/input/data; {read}"
    script = f"({body}) | sed s/^/$CURRENT_HOST:/; wc -l < /opt/ml/input/data/train-manifest"
    job = run(
        server, f"shared-{mode.lower()}", address(f"file://{root}/many", mode, "ShardedByS3Key"), script, 2
    )
    assert job["TrainingJobStatus"] == "Completed", job
    lines = sorted(set(said(server, f"shared-{mode.lower()}")))
    mounts = {"Pipe": [], "File": ["0"], "FastFile": ["1"]}[mode]
    # In the order of their paths: 0, 2, 4, 6, deep/1, deep/3, deep/5.
    first, second = ["0", "4", "1", "5"], ["2", "6", "3"]
    expected = {f"algo-1:{it}" for it in first + mounts} | {f"algo-2:{it}" for it in second + mounts} | {"8"}
    assert set(lines) == expected
    assert sorted(it.name for it in (root / "many").iterdir()) == ["0", "2", "4", "6", "deep"]


def test_a_file_that_changes_under_a_pipe_fails_the_job(place):
    server, _, root = place
    channel = address(f"file://{root}/set", "Pipe")
    start(server, "changed", channel, epochs(2000, "cat train_$n > /dev/null; sleep 0.02"))
    sagemaker = client(server, "sagemaker")
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="changed")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    (root / "set/b.txt").write_text("something else\n")
    job = wait_for_job(sagemaker, "changed")
    assert job["FailureReason"].startswith("ClientError: Data download failed: ")
    assert f"file://{root}/set/b.txt was changed or deleted" in job["FailureReason"]


def test_a_pipe_goes_on_while_its_server_is_killed_and_started_again(own_server):
    own_server.start()
    sagemaker, s3 = client(own_server, "sagemaker"), client(own_server, "s3")
    s3.create_bucket(Bucket="data")
    for number in range(20):
        s3.put_object(Bucket="data", Key=f"pipe/{number:02}", Body=bytes([65 + number]) * 1_000_000)
    script = """
cd /opt/ml/input/data
for n in 0 1 2 3 4 5; do
    while [ ! -p train_$n ]; do sleep 0.01; done
    (while read -r -N 1000000 chunk; do echo -n ${chunk:0:1}${chunk:999999}; sleep 0.02; done) < train_$n >> /opt/ml/output/failure
done
exit 9
"""
    channel = {"ChannelName": "train", "InputMode": "Pipe"} | {
        "DataSource": address("s3://data/pipe/")["DataSource"]
    }
    sagemaker.create_training_job(**script_request("survivor", "data", script, s3, InputDataConfig=[channel]))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="survivor")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    own_server.kill()
    own_server.start()
    sagemaker = client(own_server, "sagemaker")
    job = wait_for_job(sagemaker, "survivor")
    assert "".join(2 * chr(65 + number) for number in range(20)) * 6 in job["FailureReason"]
