"""Intermediate output goes to S3 while the script runs."""

import time
from pathlib import Path

import boto3
import pytest
from training_instance import Instance, environment
from training_s3 import moto

SCRIPT = """
import os, pathlib, sys, time
folder = pathlib.Path(os.environ["SM_OUTPUT_INTERMEDIATE_DIR"])
(folder / "epochs").mkdir()
(folder / "epochs" / "1.txt").write_text("first")
growing = (folder / "growing.log").open("w")
while not pathlib.Path("go-on").exists():
    growing.write("x" * 100); growing.flush(); time.sleep(0.05)
growing.close()
(folder / "epochs" / "1.txt").write_text("changed")
(folder / "last.txt").write_text("last")
sys.exit(3)
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path, environment("boto3"))
    made.variables |= {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    return made


def test_files_are_sent_while_the_script_runs_and_when_it_fails(instance: Instance) -> None:
    with moto() as url:
        client = boto3.client("s3", endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b")
        client.create_bucket(Bucket="out-bucket")
        instance.variables["AWS_ENDPOINT_URL"] = url
        instance.submit({"train.py": SCRIPT}).configure(s3_output="s3://out-bucket/some/prefix/")

        def sent() -> dict[str, bytes]:
            listed = client.list_objects_v2(Bucket="out-bucket").get("Contents", [])
            prefix = "some/prefix/job-1/output/intermediate/"
            assert all(one["Key"].startswith(prefix) for one in listed)
            return {
                one["Key"][len(prefix) :]: client.get_object(Bucket="out-bucket", Key=one["Key"])[
                    "Body"
                ].read()
                for one in listed
            }

        process = instance.start()
        deadline = time.monotonic() + 30
        while "epochs/1.txt" not in sent():
            if time.monotonic() > deadline:
                process.kill()
                pytest.fail(f"nothing was sent: {instance.ended(process)}")
            time.sleep(0.1)
        # What is being written is not sent half.
        assert sent() == {"epochs/1.txt": b"first"}
        (instance.ml / "code" / "go-on").touch()
        ended = instance.ended(process)
        assert ended.exit_code == 3
        found = sent()
        assert (found["epochs/1.txt"], found["last.txt"]) == (b"changed", b"last")
        assert set(found["growing.log"]) == set(b"x")


def test_an_upload_that_fails_is_only_a_warning(instance: Instance) -> None:
    instance.variables |= {"AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_MAX_ATTEMPTS": "1"}
    script = "import os, pathlib; pathlib.Path(os.environ['SM_OUTPUT_INTERMEDIATE_DIR'], 'a').touch()"
    ended = instance.submit({"train.py": script}).train(s3_output="s3://out-bucket/prefix")
    assert ended.exit_code == 0
    assert "WARNING  s3://out-bucket/prefix/job-1/output/intermediate/a could not be uploaded" in ended.output


def test_an_address_that_is_not_s3_is_refused(instance: Instance) -> None:
    ended = instance.submit({"train.py": ""}).train(s3_output="/somewhere")
    assert ended.exit_code == 1 and "must be an s3:// address" in ended.failure
