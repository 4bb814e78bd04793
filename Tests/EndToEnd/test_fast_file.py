"""FastFile channels whose objects are in another store: files at once, bytes when they are read."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jobs import script_request, wait_for_job
from server import CLARY, Server
from test_external_s3 import Store, another_clary, root_clients

MIB = 1 << 20


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from another_clary(tmp_path_factory.mktemp("external"))


@pytest.fixture(scope="module")
def front(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = store.server(tmp_path_factory.mktemp("front"))
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def client(front: Server) -> Callable:
    return root_clients(front)


def fast_file(name: str, uri: str) -> dict:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri, "S3DataDistributionType": "FullyReplicated"}
    return {"ChannelName": name, "InputMode": "FastFile", "DataSource": {"S3DataSource": source}}


def run(client: Callable, name: str, bucket: str, script: str, channel: dict) -> dict:
    request = script_request(name, bucket, script, s3=client("s3"), InputDataConfig=[channel])
    request["OutputDataConfig"]["CompressionType"] = "NONE"
    client("sagemaker").create_training_job(**request)
    return wait_for_job(client("sagemaker"), name)


def output(store: Store, bucket: str, job: dict, name: str) -> bytes:
    key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix(f"s3://{bucket}/").rstrip("/")
    return store.s3.get_object(Bucket=bucket, Key=f"{key}/{name}")["Body"].read()


def test_files_are_there_and_read_as_they_are(store: Store, client: Callable) -> None:
    store.s3.create_bucket(Bucket="lazy")
    large = os.urandom(21 * MIB + 5)
    store.s3.put_object(Bucket="lazy", Key="in/deep/large.bin", Body=large)
    store.s3.put_object(Bucket="lazy", Key="in/empty", Body=b"")
    script = """
        cd /opt/ml/input/data/c
        find . -type f | sort > /opt/ml/model/names
        cat deep/large.bin > /opt/ml/model/whole
        tail -c 7 deep/large.bin > /opt/ml/model/end
        dd if=deep/large.bin bs=1 skip=9000000 count=11 status=none > /opt/ml/model/middle
        (echo x > new) 2>/dev/null && echo writable >> /opt/ml/model/names
        stat -c '%u %s' deep/large.bin >> /opt/ml/model/names
        grep -c fuse /proc/self/mounts >> /opt/ml/model/names
        """
    job = run(client, "lazy-1", "lazy", script, fast_file("c", "s3://lazy/in/"))
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert output(store, "lazy", job, "whole") == large
    assert output(store, "lazy", job, "end") == large[-7:]
    assert output(store, "lazy", job, "middle") == large[9_000_000:9_000_011]
    lines = output(store, "lazy", job, "names").decode().split("\n")
    assert lines == ["./deep/large.bin", "./empty", f"0 {len(large)}", "1", ""]


def test_a_visitor_sees_the_files_of_a_failed_job(store: Store, tmp_path: Path) -> None:
    store.s3.create_bucket(Bucket="visited")
    large = os.urandom(9 * MIB + 3)
    store.s3.put_object(Bucket="visited", Key="in/deep/large.bin", Body=large)
    store.s3.put_object(Bucket="visited", Key="in/small", Body=b"small\n")
    root = tmp_path / "root"
    root.mkdir()
    (root / "here").write_text("on this machine\n")
    server = store.server(tmp_path, "--keep-failed", "--data-root", str(root))
    try:
        client = root_clients(server)
        near = fast_file("near", f"file://{root}")
        request = script_request(
            "failing",
            "visited",
            "head -c 5 /opt/ml/input/data/c/small; exit 3",
            InputDataConfig=[fast_file("c", "s3://visited/in/"), near],
        )
        client("sagemaker").create_training_job(**request)
        assert wait_for_job(client("sagemaker"), "failing")["TrainingJobStatus"] == "Failed"

        def shell(script: str) -> subprocess.CompletedProcess:
            command = [CLARY, "shell", "--data-dir", server.data, "failing", "--", "sh", "-c", script]
            return subprocess.run(
                command, env=server.environment, capture_output=True, stdin=subprocess.DEVNULL, timeout=60
            )

        data = "/opt/ml/input/data"
        names = shell(f"cd {data} && find . -type f | sort; cat c/small near/here")
        expected = [
            "./c-manifest",
            "./c/deep/large.bin",
            "./c/small",
            "./near/here",
            "small",
            "on this machine",
        ]
        assert names.stdout.decode().split("\n") == [*expected, ""], names
        assert names.stderr == b""
        assert shell(f"cat {data}/c/deep/large.bin").stdout == large
        # What is no longer there is said, and not left empty.
        store.s3.delete_object(Bucket="visited", Key="in/small")
        gone = shell(f"cat {data}/c/small")
        assert gone.returncode != 0 and gone.stdout == b""
        assert b"Channel 'c'" in gone.stderr and b"s3://visited/in/small" in gone.stderr, gone
    finally:
        server.shutdown()


def test_what_is_not_read_is_not_fetched(store: Store, front: Server, client: Callable) -> None:
    """A job that reads the end of a GiB starts at once."""
    bucket = "lazy-large"
    store.s3.create_bucket(Bucket=bucket)
    store.s3.put_object(Bucket=bucket, Key="in/small", Body=b"small")
    upload = store.s3.create_multipart_upload(Bucket=bucket, Key="in/huge")["UploadId"]
    # Parts that are copies of one another, so that a GiB is quickly made.
    seed = store.s3.upload_part(
        Bucket=bucket, Key="in/huge", UploadId=upload, PartNumber=1, Body=b"a" * (64 * MIB)
    )
    store.s3.put_object(Bucket=bucket, Key="seed", Body=b"a" * (64 * MIB))
    parts = [{"PartNumber": 1, "ETag": seed["ETag"]}]
    for number in range(2, 17):
        copied = store.s3.upload_part_copy(
            Bucket=bucket,
            Key="in/huge",
            UploadId=upload,
            PartNumber=number,
            CopySource={"Bucket": bucket, "Key": "seed"},
        )
        parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
    store.s3.complete_multipart_upload(
        Bucket=bucket, Key="in/huge", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    size = 16 * 64 * MIB
    script = """
        cd /opt/ml/input/data/c
        stat -c %s huge > /opt/ml/model/size
        tail -c 3 huge > /opt/ml/model/end
        """
    begun = time.monotonic()
    job = run(client, "lazy-2", bucket, script, fast_file("c", f"s3://{bucket}/in/"))
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert time.monotonic() - begun < 30
    assert output(store, bucket, job, "size").decode() == f"{size}\n"
    assert output(store, bucket, job, "end") == b"aaa"


@pytest.mark.parametrize("change", ["overwritten", "deleted"])
def test_an_object_that_changes_during_the_job_fails_it(store: Store, client: Callable, change: str) -> None:
    bucket = f"lazy-{change}"
    store.s3.create_bucket(Bucket=bucket)
    store.s3.put_object(Bucket=bucket, Key="in/x", Body=b"first")
    sagemaker = client("sagemaker")
    request = script_request(
        f"lazy-{change}",
        bucket,
        "echo ready; sleep 3; cat /opt/ml/input/data/c/x; sleep 60",
        s3=client("s3"),
        InputDataConfig=[fast_file("c", f"s3://{bucket}/in/")],
    )
    sagemaker.create_training_job(**request)
    deadline = time.monotonic() + 60
    while (
        sagemaker.describe_training_job(TrainingJobName=request["TrainingJobName"])["SecondaryStatus"]
        != "Training"
    ):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    if change == "overwritten":
        store.s3.put_object(Bucket=bucket, Key="in/x", Body=b"other")
    else:
        store.s3.delete_object(Bucket=bucket, Key="in/x")
    job = wait_for_job(sagemaker, request["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: Channel 'c': s3://" + bucket + "/in/x")
    assert ("overwritten" if change == "overwritten" else "NoSuchKey") in job["FailureReason"]
