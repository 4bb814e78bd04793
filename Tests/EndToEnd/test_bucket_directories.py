"""Buckets on other disks: `clary serve --bucket-directory`. A file system in memory is another disk here."""

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError
from jobs import channel, log_lines, script_request, wait_for_job, wait_until
from server import CLARY, Server
from test_survival import client

MEMORY = Path("/dev/shm")
SECRET = "what the first object says"


@pytest.fixture
def disk(tmp_path):
    """A directory on another file system than the data directory."""
    if not MEMORY.is_dir() or MEMORY.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system")
    folder = Path(tempfile.mkdtemp(prefix="clary-disk-", dir=MEMORY))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def mapped(tmp_path, disk):
    server = Server(tmp_path, "--bucket-directory", f"far*={disk}")
    yield server
    server.shutdown()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "clary-volume"]


def test_objects_are_on_the_disk_of_their_bucket(mapped, disk):
    mapped.start()
    s3 = client(mapped, "s3")
    for bucket in ("far-1", "near"):
        s3.create_bucket(Bucket=bucket)
        s3.put_object(Bucket=bucket, Key="a//../é", Body=SECRET)
    large = os.urandom(20 << 20)
    (mapped.folder / "large").write_bytes(large)
    transfer = TransferConfig(multipart_threshold=5 << 20, multipart_chunksize=5 << 20)
    s3.upload_file(str(mapped.folder / "large"), "far-1", "large", Config=transfer)
    found = sorted(path.stat().st_size for path in files(disk))
    assert found == [len(SECRET), 20 << 20]
    # Copies between the disks, also of parts.
    s3.copy_object(Bucket="near", Key="copy", CopySource={"Bucket": "far-1", "Key": "large"})
    s3.copy({"Bucket": "near", "Key": "copy"}, "far-1", "again", Config=transfer)
    s3.delete_object(Bucket="far-1", Key="large")
    assert s3.get_object(Bucket="near", Key="copy")["Body"].read() == large
    assert s3.get_object(Bucket="far-1", Key="again")["Body"].read() == large
    status = mapped.clary("status").stdout
    assert f"{disk}: " in status and "free" in status
    # An upload that is open, and a server that is killed.
    upload = s3.create_multipart_upload(Bucket="far-1", Key="parts")["UploadId"]
    part = s3.upload_part(Bucket="far-1", Key="parts", UploadId=upload, PartNumber=1, Body=large[: 6 << 20])
    mapped.kill()
    mapped.start()
    s3 = client(mapped, "s3")
    s3.complete_multipart_upload(
        Bucket="far-1",
        Key="parts",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    )
    assert s3.get_object(Bucket="far-1", Key="parts")["Body"].read() == large[: 6 << 20]
    assert s3.get_object(Bucket="far-1", Key="a//../é")["Body"].read().decode() == SECRET
    scrub = mapped.clary("scrub").stdout
    assert "damaged" not in scrub, scrub


def test_acknowledged_writes_survive_kills(mapped, disk):
    """Both disks are written at the same time, and the worker dies in between."""
    mapped.start()
    s3 = client(mapped, "s3")
    acknowledged: dict[tuple[str, str], bytes] = {}
    for bucket in ("far", "near"):
        s3.create_bucket(Bucket=bucket)
    stop = threading.Event()

    def write(bucket: str) -> None:
        mine, number = client(mapped, "s3"), 0
        while not stop.is_set():
            body = os.urandom(1 + number * 7919 % 300_000)
            try:
                mine.put_object(Bucket=bucket, Key=str(number), Body=body)
                acknowledged[bucket, str(number)] = body
            except (ClientError, OSError):
                pass
            number += 1

    threads = [threading.Thread(target=write, args=(bucket,)) for bucket in ("far", "near")]
    for thread in threads:
        thread.start()
    for _ in range(5):
        before = len(acknowledged)
        while len(acknowledged) < before + 20:
            pass
        mapped.wait_for_worker(mapped.crash())
    stop.set()
    for thread in threads:
        thread.join()
    s3 = client(mapped, "s3")
    for (bucket, key), body in acknowledged.items():
        assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == body
    mapped.stop()
    mapped.start()
    count = sum(
        len(page.get("Contents", []))
        for page in client(mapped, "s3").get_paginator("list_objects_v2").paginate(Bucket="far")
    )
    assert len(files(disk)) == count


def test_a_job_sees_them_without_a_copy(mapped, disk):
    mapped.start()
    sagemaker, s3 = client(mapped, "sagemaker"), client(mapped, "s3")
    for bucket in ("far", "near"):
        s3.create_bucket(Bucket=bucket)
    for number in range(20):
        s3.put_object(Bucket="far", Key=f"set/{number // 10}/{number}", Body=f"{number}\n")
    free = os.statvfs(disk).f_ffree
    script = """
cd /opt/ml/input/data/train
cat */* | sort -n | tr '\\n' ' ' > /opt/ml/output/failure
echo changed > 0/0 && rm 0/1 && touch new || exit 3
echo "names: $(stat -c %h 1/15)" >> /opt/ml/output/failure
exit 9
"""
    inputs = [channel("train", "s3://far/set/", None)]
    sagemaker.create_training_job(**script_request("linked", "near", script, s3, InputDataConfig=inputs))
    job = wait_for_job(sagemaker, "linked")
    assert " ".join(map(str, range(20))) in job["FailureReason"], job
    assert "names: 2" in job["FailureReason"], job  # The object and what the job sees of it.
    assert not [line for line in log_lines(client(mapped, "logs"), "linked") if "was copied" in line]
    # The job's changes were its own, and nothing of it is left on the disk.
    assert s3.get_object(Bucket="far", Key="set/0/0")["Body"].read() == b"0\n"
    wait_until(lambda: list((disk / "views").iterdir()), lambda left: not left)
    assert abs(os.statvfs(disk).f_ffree - free) < 5
    # FastFile and Pipe read the same files.
    for mode, reader in {"FastFile": "cat train/*/*", "Pipe": "cat train_0"}.items():
        given = {**inputs[0], "InputMode": mode}
        script = f"cd /opt/ml/input/data; {reader} | sort -n | tr '\\n' ' ' > /opt/ml/output/failure; exit 9"
        name = f"mode-{mode.lower()}"
        sagemaker.create_training_job(**script_request(name, "near", script, s3, InputDataConfig=[given]))
        assert " ".join(map(str, range(20))) in wait_for_job(sagemaker, name)["FailureReason"]


def test_a_pipe_reads_what_the_objects_were_when_it_began(mapped, disk):
    mapped.start()
    sagemaker, s3 = client(mapped, "sagemaker"), client(mapped, "s3")
    for bucket in ("far", "near"):
        s3.create_bucket(Bucket=bucket)
    for number in range(3):
        s3.put_object(Bucket="far", Key=f"set/{number}", Body=f"{number}\n" * 100_000)
    script = """
cd /opt/ml/input/data
exec 3< train_0
head -c 2 <&3 > /opt/ml/output/failure
echo began
sleep 3
tr -d '\\n' <&3 | tr -s 012 >> /opt/ml/output/failure
exit 9
"""
    inputs = [channel("train", "s3://far/set/", None) | {"InputMode": "Pipe"}]
    sagemaker.create_training_job(**script_request("held", "near", script, s3, InputDataConfig=inputs))
    wait_until(
        lambda: log_lines(client(mapped, "logs"), "held"),
        lambda lines: any("began" in line for line in lines),
    )
    for number in range(3):
        s3.put_object(Bucket="far", Key=f"set/{number}", Body=b"overwritten")
    assert "012" in wait_for_job(sagemaker, "held")["FailureReason"].replace("\n", "")
    wait_until(lambda: list((disk / "views").iterdir()), lambda left: not left)


def test_what_is_left_of_a_failed_job_still_shows_them(tmp_path, disk):
    server = Server(tmp_path, "--bucket-directory", f"far={disk}", "--keep-failed").start()
    sagemaker, s3 = client(server, "sagemaker"), client(server, "s3")
    s3.create_bucket(Bucket="far")
    s3.put_object(Bucket="far", Key="set/a", Body=SECRET)
    inputs = [channel("train", "s3://far/set/", None)]
    script = "echo mine > /opt/ml/input/data/train/b; exit 9"
    sagemaker.create_training_job(**script_request("failed", "far", script, s3, InputDataConfig=inputs))
    wait_for_job(sagemaker, "failed")
    shown = server.clary("shell", "failed", "--", "sh", "-c", "cat /opt/ml/input/data/train/*")
    assert SECRET in shown.stdout and "mine" in shown.stdout
    assert list((disk / "views").iterdir())
    server.clary("shell", "--discard", "failed")
    wait_until(lambda: list((disk / "views").iterdir()), lambda left: not left)
    server.shutdown()


def test_a_disk_that_is_not_mounted_stops_the_start(mapped, disk, tmp_path):
    mapped.start()
    s3 = client(mapped, "s3")
    s3.create_bucket(Bucket="far")
    s3.put_object(Bucket="far", Key="k", Body=SECRET)
    mapped.end(signal.SIGTERM)
    away = disk.with_name(disk.name + "-away")
    disk.rename(away)
    try:
        disk.mkdir()
        with pytest.raises(AssertionError) as refusal:
            mapped.start()
        assert f"'{disk}' held 1 file of" in str(refusal.value) and "is its disk mounted?" in str(
            refusal.value
        )
        disk.rmdir()
    finally:
        away.rename(disk)
    mapped.start()
    assert client(mapped, "s3").get_object(Bucket="far", Key="k")["Body"].read().decode() == SECRET


def test_a_backup_has_them_and_comes_back_in_one_directory(mapped, disk, tmp_path):
    mapped.start()
    s3 = client(mapped, "s3")
    s3.create_bucket(Bucket="far")
    s3.put_object(Bucket="far", Key="k", Body=SECRET)
    mapped.clary("backup", str(tmp_path / "backup"))
    s3.delete_object(Bucket="far", Key="k")
    folder = tmp_path / "restored"
    folder.mkdir()
    restored = Server(folder, "--no-proxy")
    restored.clary("restore", str(tmp_path / "backup"))
    restored.start()
    assert client(restored, "s3").get_object(Bucket="far", Key="k")["Body"].read().decode() == SECRET
    restored.shutdown()


def test_wrong_options_are_refused(own_server, tmp_path):
    for option, words in {
        "far": "write bucket=/absolute/path",
        "far=relative": "write bucket=/absolute/path",
        f"far={tmp_path}/nowhere": "There is no directory",
        f"far={own_server.data}/objects": "belongs to the data directory itself",
    }.items():
        result = subprocess.run(
            [CLARY, "serve", "--port", "0", "--data-dir", own_server.data, "--bucket-directory", option],
            capture_output=True,
            text=True,
            timeout=30,
            env=own_server.environment,
            stdin=subprocess.DEVNULL,
        )
        assert result.returncode != 0 and words in result.stderr, result
