"""How the user's code gets into the instance."""

import io
import tarfile
from pathlib import Path

import boto3
import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from training_instance import Instance, archive
from training_s3 import answering, moto

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}
DENIED = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    made = Instance(tmp_path)
    made.variables.update(KEYS)
    return made


def tar_of(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for member, content in members:
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return data.getvalue()


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    made = tarfile.TarInfo(name)
    made.type, made.linkname, made.mode = kind, target, mode
    return made


def test_the_code_comes_from_s3(instance: Instance) -> None:
    key = "a job/with+odd~(names)/ü/sourcedir.tar.gz"
    with moto() as url:
        client = boto3.client("s3", endpoint_url=url, aws_access_key_id="a", aws_secret_access_key="b")
        client.create_bucket(Bucket="code-bucket")
        client.put_object(Bucket="code-bucket", Key=key, Body=archive({"train.py": "print('from s3')"}))
        instance.variables["AWS_ENDPOINT_URL"] = url
        instance.submitted = f"s3://code-bucket/{key}"
        ended = instance.train()
        assert ended.exit_code == 0 and "from s3" in ended.script_output, ended

        instance.submitted = "s3://code-bucket/nothing.tar.gz"
        ended = instance.train()
        assert ended.exit_code == 1
        assert (
            "s3://code-bucket/nothing.tar.gz does not exist: bucket 'code-bucket' has no object"
            in ended.failure
        )

        instance.submitted = "s3://other-bucket/nothing.tar.gz"
        assert "there is no bucket 'other-bucket' (NoSuchBucket)" in instance.train().failure


def test_the_request_is_signed_as_botocore_signs_it(instance: Instance) -> None:
    with answering((200, archive({"train.py": ""}))) as s3:
        instance.variables["S3_ENDPOINT_URL"] = s3.url
        instance.submitted = "s3://code-bucket/a b/ü+(1)~.tar.gz"
        assert instance.train().exit_code == 0
    _, path, headers = s3.requests[0]
    assert path == "/code-bucket/a%20b/%C3%BC%2B%281%29~.tar.gz"
    headers = {name.lower(): value for name, value in headers.items()}
    request = AWSRequest("GET", s3.url + path)
    request.context["timestamp"] = headers["x-amz-date"]
    request.headers["X-Amz-Security-Token"] = "token"
    signer = S3SigV4Auth(Credentials("AKIDEXAMPLE", "secret", "token"), "s3", "eu-west-1")
    request.headers["X-Amz-Date"] = headers["x-amz-date"]
    request.headers["X-Amz-Content-SHA256"] = headers["x-amz-content-sha256"]
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    assert headers["authorization"].endswith(f"Signature={signature}")


def test_refused_access_is_told(instance: Instance) -> None:
    with answering((403, DENIED)) as s3:
        instance.variables["AWS_ENDPOINT_URL"] = s3.url
        instance.submitted = "s3://code-bucket/code.tar.gz"
        ended = instance.train()
    assert len(s3.requests) == 1
    assert ended.failure == (
        "ClientError: The code could not be fetched: s3://code-bucket/code.tar.gz may not be read by the job's role "
        "(AccessDenied). Allow s3:GetObject on it, or pass another role."
    )


def test_a_busy_s3_is_asked_again(instance: Instance) -> None:
    with answering((503, b"<Error><Code>SlowDown</Code></Error>"), (200, archive({"train.py": ""}))) as s3:
        instance.variables["AWS_ENDPOINT_URL"] = s3.url
        instance.submitted = "s3://code-bucket/code.tar.gz"
        assert instance.train().exit_code == 0
    assert len(s3.requests) == 2


def test_credentials_may_come_from_the_instance(instance: Instance) -> None:
    answer = b'{"AccessKeyId": "ASIAROLE", "SecretAccessKey": "s", "Token": "t"}'
    with answering((200, answer)) as metadata, answering((200, archive({"train.py": ""}))) as s3:
        for name in KEYS:
            del instance.variables[name]
        instance.variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = metadata.url + "/role"
        instance.variables["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "let-me"
        instance.variables["AWS_ENDPOINT_URL"] = s3.url
        instance.submitted = "s3://code-bucket/code.tar.gz"
        assert instance.train().exit_code == 0
    assert metadata.requests[0][2]["Authorization"] == "let-me"
    assert "Credential=ASIAROLE/" in s3.requests[0][2]["Authorization"]


def test_an_s3_that_is_not_there_is_named(instance: Instance) -> None:
    instance.variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9"
    instance.submitted = "s3://code-bucket/code.tar.gz"
    assert "http://127.0.0.1:9 does not answer" in instance.train().failure


def test_the_code_may_be_a_folder(instance: Instance) -> None:
    folder = instance.folder / "channel"
    (folder / "lib").mkdir(parents=True)
    (folder / "train.py").write_text("import lib.part")
    (folder / "lib" / "part.py").write_text("print('part')")
    instance.submitted = str(folder)
    assert "part" in instance.train().script_output


def test_code_that_is_in_place_already_is_used(instance: Instance) -> None:
    (instance.ml / "code").mkdir()
    (instance.ml / "code" / "train.py").write_text("print('in place')")
    assert "in place" in instance.train().script_output


def test_a_missing_local_archive_is_told(instance: Instance) -> None:
    channel = instance.ml / "input" / "data" / "code"
    channel.mkdir(parents=True)
    (channel / "other.tar.gz").touch()
    instance.submitted = str(channel / "sourcedir.tar.gz")
    ended = instance.train()
    assert "sourcedir.tar.gz', which does not exist" in ended.failure
    assert "holds: other.tar.gz. With network isolation" in ended.failure


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a tar", b"<html>" * 200])
def test_what_is_no_archive_is_told(instance: Instance, content: bytes) -> None:
    instance.submit({})
    Path(instance.submitted).write_bytes(content)
    failure = instance.train().failure
    assert failure.startswith(f"ClientError: The code's archive {instance.submitted} is not usable")
    assert f"it starts with {content[:8]!r}" in failure


def test_a_damaged_archive_is_told(instance: Instance) -> None:
    import random

    whole = archive(
        {"train.py": "", "noise": "".join(map(str, random.Random(1).choices(range(10), k=100_000)))}
    )
    instance.submit({})
    Path(instance.submitted).write_bytes(whole[: len(whole) // 2])
    assert "it is damaged" in instance.train().failure


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ([(entry("../evil"), b"x")], "its entry '../evil' lies outside"),
        ([(entry("a/../../evil"), b"x")], "its entry 'a/../../evil' lies outside"),
        ([(entry("link", tarfile.SYMTYPE, "/etc"), b"")], "its link 'link' points outside"),
        ([(entry("a/link", tarfile.SYMTYPE, "../../evil"), b"")], "its link 'a/link' points outside"),
        ([(entry("link", tarfile.LNKTYPE, "../sourcedir.tar.gz"), b"")], "its link 'link' points outside"),
        ([(entry("pipe", tarfile.FIFOTYPE), b"")], "neither file, folder nor link"),
        ([(entry("disk", tarfile.BLKTYPE), b"")], "neither file, folder nor link"),
    ],
)
def test_nothing_leaves_the_folder(instance: Instance, members: list, reason: str) -> None:
    instance.submit({})
    Path(instance.submitted).write_bytes(tar_of(*members))
    assert reason in instance.train().failure
    assert not (instance.ml / "evil").exists() and not (instance.folder / "evil").exists()


def test_links_inside_and_absolute_names_are_fine(instance: Instance) -> None:
    instance.submit({})
    Path(instance.submitted).write_bytes(
        tar_of(
            (entry("/real.py", mode=0o4777), b"print('linked')"),
            (entry("train.py", tarfile.SYMTYPE, "real.py"), b""),
            (entry("folder", tarfile.DIRTYPE, mode=0o000), b""),
            (entry("hard.py", tarfile.LNKTYPE, "real.py", mode=0o755), b""),
        )
    )
    assert "linked" in instance.train().script_output
    code = instance.ml / "code"
    assert (code / "real.py").stat().st_mode & 0o7777 == 0o755
    assert (code / "hard.py").samefile(code / "real.py")


@pytest.mark.parametrize("address", ["https://example.com/code.tar.gz", "git://example.com/code"])
def test_an_address_that_is_not_in_s3_is_refused(instance: Instance, address: str) -> None:
    ended = instance.train(submit_directory=address)
    assert ended.exit_code == 1
    assert ended.failure.startswith(
        f"ClientError: sagemaker_submit_directory is '{address}', which cannot be fetched: it must be an archive at s3://…"
    )
