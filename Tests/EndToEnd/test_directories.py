"""Directories of this machine as channels: file systems and file:// addresses, never more than the administrator lists;
and a pipe whose server dies."""

import pytest
from botocore.exceptions import ClientError
from jobs import script_request, wait_for_job, wait_until
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


def address(uri: str) -> dict:
    source = {"S3DataType": "S3Prefix", "S3Uri": uri}
    return {"ChannelName": "train", "DataSource": {"S3DataSource": source}}


def run(server: Server, name: str, channel: dict, script: str) -> dict:
    sagemaker, s3 = client(server, "sagemaker"), client(server, "s3")
    s3.create_bucket(Bucket="data")
    sagemaker.create_training_job(**script_request(name, "data", script, s3, InputDataConfig=[channel]))
    return wait_for_job(sagemaker, name)


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
    ]
    for number, (channel, words) in enumerate(refused):
        with pytest.raises(ClientError, match=words):
            sagemaker.create_training_job(
                **script_request(f"refused-{number}", "data", "true", InputDataConfig=[channel])
            )
    for name, channel in {"link": file_system("/out"), "link-2": address(f"file://{root}/out")}.items():
        job = run(server, name, channel, "cat /opt/ml/input/data/train/*")
        assert job["FailureReason"].startswith("ClientError: ") and "leads out of it" in job["FailureReason"]
    job = run(server, "absent", file_system("/nowhere"), "true")
    assert "'nowhere' below" in job["FailureReason"] and "No such file" in job["FailureReason"]


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
