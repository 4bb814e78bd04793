"""`clary backup` and `clary restore`: what was there comes back, also from beside a server that goes on writing."""

import json
import sqlite3
import threading
from pathlib import Path

import boto3
import pytest
from jobs import LOG_GROUP, script_request, wait_until
from server import Server


def client(server: Server, service: str):
    environment = server.client_environment("--no-proxy")
    session = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    )
    return session.client(service, endpoint_url=server.url)


def run_job(server: Server, name: str) -> dict:
    sagemaker = client(server, "sagemaker")
    request = script_request(name, "kept", "echo said; echo 42 > /opt/ml/model/answer")
    sagemaker.create_training_job(**request, Tags=[{"Key": "team", "Value": "a"}])
    return wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName=name),
        lambda job: job["TrainingJobStatus"] != "InProgress",
    )


@pytest.fixture
def restored(tmp_path: Path):
    """A server on a data directory that is still to be made."""
    folder = tmp_path / "restored"
    folder.mkdir()
    server = Server(folder, "--no-proxy")
    yield server
    server.shutdown()


@pytest.mark.parametrize("options", [[], ["--copy"]])
def test_everything_comes_back(own_server, restored, tmp_path, options):
    own_server.start()
    s3 = client(own_server, "s3")
    s3.create_bucket(Bucket="kept")
    for number in range(5):
        s3.put_object(Bucket="kept", Key=f"n/{number}", Body=bytes([number]) * 10_000, Metadata={"n": "1"})
    s3.create_multipart_upload(Bucket="kept", Key="open")
    job = run_job(own_server, "before")
    backup = str(tmp_path / "backup")
    own_server.clary("backup", backup, *options)
    # What happens afterwards is not in it, and takes nothing from it.
    s3.put_object(Bucket="kept", Key="n/0", Body=b"after")
    s3.delete_object(Bucket="kept", Key="n/1")
    client(own_server, "sagemaker").delete_training_job(TrainingJobName="before")
    key = own_server.client_environment()["AWS_ACCESS_KEY_ID"]
    own_server.shutdown()

    restored.clary("restore", backup, *options)
    restored.start()
    assert restored.client_environment()["AWS_ACCESS_KEY_ID"] == key
    s3 = client(restored, "s3")
    for number in range(5):
        object = s3.get_object(Bucket="kept", Key=f"n/{number}")
        assert object["Body"].read() == bytes([number]) * 10_000 and object["Metadata"] == {"n": "1"}
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="kept")
    sagemaker = client(restored, "sagemaker")
    again = sagemaker.describe_training_job(TrainingJobName="before")
    for name in ("ResponseMetadata",):
        again.pop(name), job.pop(name)
    assert again == job
    tags = sagemaker.list_tags(ResourceArn=job["TrainingJobArn"])["Tags"]
    assert tags == [{"Key": "team", "Value": "a"}]
    model = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://kept/")
    assert s3.get_object(Bucket="kept", Key=model)["Body"].read()
    events = client(restored, "logs").filter_log_events(logGroupName=LOG_GROUP)["events"]
    assert "said" in [event["message"] for event in events]
    # It is a data directory like any other.
    s3.put_object(Bucket="kept", Key="new", Body=b"new")
    s3.delete_object(Bucket="kept", Key="n/2")
    assert run_job(restored, "after")["TrainingJobStatus"] == "Completed"


def test_a_backup_beside_a_busy_server_is_of_one_point(own_server, restored, tmp_path):
    own_server.start()
    s3 = client(own_server, "s3")
    s3.create_bucket(Bucket="busy")
    stop = threading.Event()
    written = []

    def write() -> None:
        # Each round, first one object and then the other: a point in time has them equal or one apart.
        writer = client(own_server, "s3")
        while not stop.is_set():
            body = str(len(written)).encode().ljust(3000)
            for key in ("first", "second", f"all/{len(written):06}"):
                writer.put_object(Bucket="busy", Key=key, Body=body)
            written.append(body)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(4):
            begun = len(written)
            wait_until(lambda begun=begun: len(written), lambda count, begun=begun: count > begun + 5)
            own_server.clary("backup", str(tmp_path / f"backup-{number}"))
    finally:
        stop.set()
        thread.join()
    assert thread.is_alive() is False and len(written) > 20
    restored.clary("restore", str(tmp_path / "backup-3"))
    restored.start()
    s3 = client(restored, "s3")
    first, second = (int(s3.get_object(Bucket="busy", Key=key)["Body"].read()) for key in ("first", "second"))
    assert first - second in (0, 1)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="busy", Prefix="all/")
    keys = [object["Key"] for page in pages for object in page["Contents"]]
    assert len(keys) in (second, second + 1)
    for number, key in enumerate(keys):
        assert s3.get_object(Bucket="busy", Key=key)["Body"].read() == written[number]


def test_a_job_that_ran_has_failed_after_restoring_and_the_first_server_keeps_its_own(
    own_server, restored, tmp_path
):
    own_server.start()
    client(own_server, "s3").create_bucket(Bucket="kept")
    sagemaker = client(own_server, "sagemaker")
    sagemaker.create_training_job(**script_request("runs", "kept", "sleep 8"))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="runs")["SecondaryStatus"],
        lambda status: status == "Training",
    )
    own_server.clary("backup", str(tmp_path / "backup"))
    restored.clary("restore", str(tmp_path / "backup"))
    restored.start()
    other = client(restored, "sagemaker")
    job = wait_until(
        lambda: other.describe_training_job(TrainingJobName="runs"),
        lambda job: job["TrainingJobStatus"] != "InProgress",
    )
    assert job["TrainingJobStatus"] == "Failed" and "lost" in job["FailureReason"]
    job = wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="runs"),
        lambda job: job["TrainingJobStatus"] != "InProgress",
        limit=60,
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")


def test_what_cannot_be_backed_up_or_restored_is_refused_in_words(own_server, restored, tmp_path):
    def refusal(server: Server, *arguments: str) -> str:
        result = server.clary(*arguments, check=False)
        assert result.returncode == 1
        return result.stderr

    backup = tmp_path / "backup"
    assert "There is no data of Clary" in refusal(restored, "backup", str(backup))
    assert not backup.exists()
    own_server.start().stop()
    own_server.clary("backup", str(backup))  # Without a server, too.
    assert "is not empty" in refusal(own_server, "backup", str(backup))
    assert "inside the data directory" in refusal(own_server, "backup", str(own_server.data / "b"))
    assert all(file.stat().st_mode & 0o077 == 0 for file in backup.glob("*.sqlite"))
    assert "is not empty" in refusal(own_server, "restore", str(backup))
    assert "is no backup" in refusal(restored, "restore", str(tmp_path))

    for name in ("state.sqlite", "logs.sqlite", "objects/index.sqlite"):
        with sqlite3.connect(backup / name) as database:
            database.execute("INSERT INTO grdb_migrations VALUES ('999 of the future')")
        database.close()
        assert "newer Clary" in refusal(restored, "restore", str(backup))
        assert not restored.data.exists() or not any(restored.data.iterdir())
        with sqlite3.connect(backup / name) as database:
            database.execute("DELETE FROM grdb_migrations WHERE identifier LIKE '999%'")
        database.close()
    manifest = json.loads((backup / "backup.json").read_text())
    (backup / "backup.json").write_text(json.dumps(manifest | {"format": 99}))
    assert "newer Clary" in refusal(restored, "restore", str(backup))
    (backup / "backup.json").write_text(json.dumps(manifest))
    restored.clary("restore", str(backup))
    restored.start()


def test_a_server_refuses_data_of_a_newer_one(own_server):
    own_server.start().stop()
    with sqlite3.connect(own_server.data / "state.sqlite") as database:
        database.execute("INSERT INTO grdb_migrations VALUES ('999 of the future')")
    database.close()
    with pytest.raises(AssertionError, match="newer Clary"):
        own_server.start()
    own_server.process = None
    with sqlite3.connect(own_server.data / "state.sqlite") as database:
        database.execute("DELETE FROM grdb_migrations WHERE identifier LIKE '999%'")
    database.close()
