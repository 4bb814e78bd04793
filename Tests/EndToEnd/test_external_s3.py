"""`clary serve --s3-endpoint`: another S3 in the place of the embedded object store."""

import hashlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError
from jobs import CSV, ROLE, XGBOOST, script_request, training_request, variant, wait_for_job, wait_until
from server import Server
from test_script_mode import SKLEARN, archive

MIB = 1 << 20


def clients(url: str, key: str, secret: str) -> Callable:
    """Makes boto3 clients that owe nothing to this process's environment."""
    session = boto3.Session(aws_access_key_id=key, aws_secret_access_key=secret, region_name="us-east-1")
    return lambda name, **options: session.client(name, endpoint_url=url, **options)


def root_clients(server: Server) -> Callable:
    """Clients with the key that a new server prints for its owner."""
    environment = server.client_environment()
    return clients(server.url, environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])


class Store:
    """An S3 service that a Clary stands in front of."""

    def __init__(self, url: str, key: str, secret: str, home: Path) -> None:
        self.url = url
        self.file = home / "external-key"
        self.file.write_text(
            f"# the other store\n[default]\naws_access_key_id = wrong\naws_secret_access_key = wrong\n\n"
            f"[there]\naws_access_key_id={key}\naws_secret_access_key = {secret}\n"
        )
        self.s3 = boto3.client(
            "s3",
            endpoint_url=url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            region_name="us-east-1",
            config=Config(s3={"addressing_style": "path"}),
        )

    def server(self, folder: Path, *options: str) -> Server:
        return Server(
            folder,
            "--s3-endpoint",
            self.url,
            "--s3-credentials",
            str(self.file),
            "--s3-profile",
            "there",
            *options,
        ).start()


def another_clary(folder: Path) -> Iterator[Store]:
    server = Server(folder / "there").start()
    environment = server.client_environment()
    yield Store(server.url, environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], folder)
    server.shutdown()


def foreign_server(folder: Path) -> Iterator[Store]:
    """The S3 of moto's server: somebody else's reading of the protocol."""
    program = Path(sys.executable).with_name("moto_server")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (folder / "foreign.log").open("wb") as log:
        process = subprocess.Popen(
            [program, "-H", "127.0.0.1", "-p", str(port)], stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        deadline = time.monotonic() + 60
        while True:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            assert process.poll() is None, (folder / "foreign.log").read_text()
            assert time.monotonic() < deadline, "the foreign server does not listen"
            time.sleep(0.05)
        yield Store(f"http://127.0.0.1:{port}", "AKIAFOREIGN", "foreign-secret", folder)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture(scope="module", params=[another_clary, foreign_server])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    yield from request.param(tmp_path_factory.mktemp("external"))


@pytest.fixture(scope="module")
def front(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = store.server(tmp_path_factory.mktemp("front"))
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def client(front: Server) -> Callable:
    return root_clients(front)


@pytest.fixture
def there(store: Store, client: Callable, request: pytest.FixtureRequest) -> str:
    """A bucket that was made through Clary, and is in the other store."""
    name = f"bucket-{hashlib.sha1(request.node.name.encode()).hexdigest()[:12]}"
    client("s3").create_bucket(Bucket=name)
    assert name in [bucket["Name"] for bucket in store.s3.list_buckets()["Buckets"]]
    return name


def test_objects_are_in_the_other_store(store: Store, client: Callable, there: str) -> None:
    s3 = client("s3")
    key = "a b/ü+%/~x.bin"
    body = os.urandom(3 * MIB + 17)
    s3.put_object(Bucket=there, Key=key, Body=body, ContentType="text/x-own", Metadata={"k": "v"})
    found = store.s3.get_object(Bucket=there, Key=key)
    assert found["Body"].read() == body
    assert (found["ContentType"], found["Metadata"]) == ("text/x-own", {"k": "v"})
    assert "aws-chunked" not in found.get("ContentEncoding", "")
    again = s3.get_object(Bucket=there, Key=key, Range="bytes=5-1004")
    assert again["Body"].read() == body[5:1005]
    assert again["ResponseMetadata"]["HTTPStatusCode"] == 206
    assert s3.head_object(Bucket=there, Key=key)["ContentLength"] == len(body)
    s3.copy_object(Bucket=there, Key="copy", CopySource={"Bucket": there, "Key": key})
    assert [item["Key"] for item in s3.list_objects_v2(Bucket=there)["Contents"]] == [key, "copy"]
    s3.delete_objects(Bucket=there, Delete={"Objects": [{"Key": key}, {"Key": "copy"}]})
    assert "Contents" not in store.s3.list_objects_v2(Bucket=there)


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_checksums_arrive(store: Store, client: Callable, there: str, algorithm: str) -> None:
    s3 = client("s3")
    body = os.urandom(2 * MIB + 3)
    sent = s3.put_object(Bucket=there, Key="sum", Body=body, ChecksumAlgorithm=algorithm)
    member = f"Checksum{algorithm}"
    assert sent[member]
    assert store.s3.head_object(Bucket=there, Key="sum", ChecksumMode="ENABLED")[member] == sent[member]


def test_streams_without_a_length_of_their_own(client: Callable, there: str) -> None:
    """A stream that cannot be rewound has its checksum behind the body."""

    class Once(io.RawIOBase):
        def __init__(self, data: bytes) -> None:
            self.inner = io.BytesIO(data)

        def readable(self) -> bool:
            return True

        def seekable(self) -> bool:
            return False

        def readinto(self, buffer) -> int:
            return self.inner.readinto(buffer)

    body = os.urandom(9 * MIB + 1)
    s3 = client("s3")
    s3.upload_fileobj(io.BufferedReader(Once(body)), there, "stream")
    assert s3.get_object(Bucket=there, Key="stream")["Body"].read() == body


def test_uploads_in_parts(store: Store, client: Callable, there: str, tmp_path: Path) -> None:
    source = tmp_path / "large"
    source.write_bytes(os.urandom(23 * MIB))
    s3 = client("s3")
    s3.upload_file(str(source), there, "large", Config=TransferConfig(multipart_chunksize=5 * MIB))
    copy = tmp_path / "copy"
    s3.download_file(there, "large", str(copy), Config=TransferConfig(multipart_chunksize=5 * MIB))
    assert copy.read_bytes() == source.read_bytes()
    assert store.s3.head_object(Bucket=there, Key="large")["ETag"].endswith('-5"')
    upload = s3.create_multipart_upload(Bucket=there, Key="given up")["UploadId"]
    s3.abort_multipart_upload(Bucket=there, Key="given up", UploadId=upload)


def test_presigned_addresses(client: Callable, there: str) -> None:
    s3 = client("s3", config=Config(signature_version="s3v4"))
    put = s3.generate_presigned_url("put_object", Params={"Bucket": there, "Key": "p"})
    # Without a type, urllib calls it a form, which the foreign server takes apart.
    kind = {"Content-Type": "application/octet-stream"}
    request = urllib.request.Request(put, data=b"presigned", method="PUT", headers=kind)
    urllib.request.urlopen(request).close()
    get = s3.generate_presigned_url("get_object", Params={"Bucket": there, "Key": "p"})
    assert urllib.request.urlopen(get).read() == b"presigned"


def test_errors_are_the_other_stores(client: Callable, there: str) -> None:
    s3 = client("s3")
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=there, Key="nothing")
    with pytest.raises(ClientError, match="NoSuchBucket"):
        s3.list_objects_v2(Bucket="there-is-no-such-bucket")


def test_who_may_is_decided_here(front: Server, client: Callable, there: str) -> None:
    """The other store sees one key; users and their policies are ours."""
    iam = client("iam")
    iam.create_user(UserName="reader")
    key = iam.create_access_key(UserName="reader")["AccessKey"]
    policy = (
        '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject",'
        f'"Resource":"arn:aws:s3:::{there}/open/*"}}]}}'
    )
    iam.put_user_policy(UserName="reader", PolicyName="p", PolicyDocument=policy)
    for name in ("open/x", "closed/x"):
        client("s3").put_object(Bucket=there, Key=name, Body=b"x")
    reader = clients(front.url, key["AccessKeyId"], key["SecretAccessKey"])("s3")
    assert reader.get_object(Bucket=there, Key="open/x")["Body"].read() == b"x"
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.get_object(Bucket=there, Key="closed/x")
    with pytest.raises(ClientError, match="AccessDenied"):
        reader.delete_objects(Bucket=there, Delete={"Objects": [{"Key": "open/x"}]})
    assert client("s3").head_object(Bucket=there, Key="open/x")
    iam.delete_access_key(UserName="reader", AccessKeyId=key["AccessKeyId"])
    iam.delete_user_policy(UserName="reader", PolicyName="p")
    iam.delete_user(UserName="reader")


def test_a_job_and_an_endpoint_work_on_it(store: Store, front: Server, client: Callable, there: str) -> None:
    store.s3.put_object(Bucket=there, Key="train/a.csv", Body=CSV.encode())
    sagemaker = client("sagemaker")
    sagemaker.create_training_job(**training_request("outside", there))
    job = wait_for_job(sagemaker, "outside")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    artifact = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix(f"s3://{there}/")
    assert store.s3.head_object(Bucket=there, Key=artifact)["ContentLength"] > 0
    sagemaker.create_model(
        ModelName="outside",
        PrimaryContainer={"Image": XGBOOST, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]},
        ExecutionRoleArn=ROLE,
    )
    sagemaker.create_endpoint_config(EndpointConfigName="outside", ProductionVariants=[variant("outside")])
    sagemaker.create_endpoint(EndpointName="outside", EndpointConfigName="outside")
    endpoint = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName="outside"),
        lambda found: found["EndpointStatus"] != "Creating",
        120,
    )
    assert endpoint["EndpointStatus"] == "InService", endpoint.get("FailureReason")
    runtime = client("sagemaker-runtime")
    reply = runtime.invoke_endpoint(EndpointName="outside", ContentType="text/csv", Body="9,3")
    assert float(reply["Body"].read()) > 0.5
    sagemaker.delete_endpoint(EndpointName="outside")
    assert not list((front.data / "objects").rglob("*.csv"))


def test_preflight_looks_into_a_script_there(store: Store, front: Server, there: str, tmp_path: Path) -> None:
    store.s3.put_object(Bucket=there, Key="train/a.csv", Body=CSV.encode())
    store.s3.put_object(
        Bucket=there, Key="code.tar.gz", Body=archive(main__py="", requirements__txt="numpy=1\n")
    )
    request = training_request("looked-at", there)
    request["AlgorithmSpecification"]["TrainingImage"] = SKLEARN
    request["HyperParameters"] = {
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory": f"s3://{there}/code.tar.gz",
    }
    path = tmp_path / "request.json"
    path.write_text(json.dumps(request))
    result = front.clary("preflight", str(path), "--json", check=False)
    checks = json.loads(result.stdout)["checks"]
    found = {check["subject"]: check["text"] for check in checks if check["verdict"] == "problem"}
    assert found.keys() == {"Script", "requirements.txt"}, found
    assert "which has main.py, requirements.txt" in found["Script"]
    assert "compared with ==" in found["requirements.txt"]
    assert not list(front.data.glob("preflight-*"))


def test_containers_reach_it_with_their_role(store: Store, client: Callable, there: str) -> None:
    """What a script reads in /opt/ml came from the other store, and what is missing is told in its words."""
    store.s3.put_object(Bucket=there, Key="in/deep/x", Body=b"from there")
    script = "cp /opt/ml/input/data/c/deep/x /opt/ml/model/y"
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{there}/in/"}
    request = script_request(
        "copies",
        there,
        script,
        s3=client("s3"),
        InputDataConfig=[{"ChannelName": "c", "DataSource": {"S3DataSource": source}}],
    )
    request["OutputDataConfig"]["CompressionType"] = "NONE"
    sagemaker = client("sagemaker")
    sagemaker.create_training_job(**request)
    job = wait_for_job(sagemaker, "copies")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix(f"s3://{there}/").rstrip("/") + "/y"
    assert store.s3.get_object(Bucket=there, Key=key)["Body"].read() == b"from there"


def test_a_wrong_key_is_the_servers_fault(tmp_path: Path, own_server: Server) -> None:
    own_server.start()
    store = Store(own_server.url, "AKIAWRONG", "wrong", tmp_path)
    front = store.server(tmp_path / "front")
    try:
        s3 = root_clients(front)("s3", config=Config(retries={"max_attempts": 0}))
        with pytest.raises(ClientError, match="refuses this server's own key .InvalidAccessKeyId."):
            s3.list_buckets()
    finally:
        front.shutdown()


def test_a_store_that_is_away_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        store = Store(f"http://127.0.0.1:{taken.getsockname()[1]}", "A", "B", tmp_path)
        front = store.server(tmp_path / "front")
        try:
            s3 = root_clients(front)("s3", config=Config(retries={"max_attempts": 0}))
            with pytest.raises(ClientError, match="cannot be reached") as found:
                s3.list_buckets()
            assert found.value.response["ResponseMetadata"]["HTTPStatusCode"] == 503
            assert store.url in str(found.value)
        finally:
            front.shutdown()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--s3-endpoint", "ftp://x"], "is no address of an S3 service"),
        (["--s3-endpoint", "http://x/path"], "may not have a path"),
        (["--s3-credentials", "/x"], "give that too"),
        (["--s3-endpoint", "http://x", "--s3-credentials", "/nowhere"], "cannot be read from /nowhere"),
        (["--s3-endpoint", "http://x", "--s3-credentials", "{file}"], "has no profile [default]"),
    ],
)
def test_options_are_checked(tmp_path: Path, arguments: list[str], message: str) -> None:
    file = tmp_path / "keys"
    file.write_text("[other]\naws_access_key_id=x\n")
    server = Server(tmp_path, *[argument.format(file=file) for argument in arguments])
    with pytest.raises(AssertionError, match="exited") as found:
        server.start()
    server.process = None
    shutil.rmtree(tmp_path / "data", ignore_errors=True)
    assert message in str(found.value)
