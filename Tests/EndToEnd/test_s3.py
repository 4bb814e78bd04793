"""S3 as unmodified clients use it: boto3, its transfer manager, presigned URLs, the `aws` CLI."""

import base64
import hashlib
import http.client
import json
import os
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError
from server import CLARY, Server

MIB = 1 << 20


@pytest.fixture
def place(s3, unique: Callable[[str], str]) -> str:
    """A bucket of the test's own."""
    name = unique("s3-test")
    s3.create_bucket(Bucket=name)
    return name


def code_of(call: Callable, *arguments, **keywords) -> tuple[str, int]:
    """Code and status of the error that a call must end in."""
    with pytest.raises(ClientError) as caught:
        call(*arguments, **keywords)
    response = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def keys(page: dict) -> list[str]:
    return [item["Key"] for item in page.get("Contents", [])]


def test_an_object_comes_back_with_its_headers(s3, place):
    body = b"a,b\n1,2\n"
    put = s3.put_object(
        Bucket=place,
        Key="a b/ü+%.csv",
        Body=body,
        ContentType="text/csv",
        CacheControl="no-cache",
        ContentEncoding="identity",
        Metadata={"colour": "blue"},
        Tagging="team=red",
        ServerSideEncryption="AES256",
    )
    assert put["ETag"] == f'"{hashlib.md5(body).hexdigest()}"'
    assert put["ChecksumCRC32"] == base64.b64encode(zlib.crc32(body).to_bytes(4, "big")).decode()
    got = s3.get_object(Bucket=place, Key="a b/ü+%.csv")
    assert got["Body"].read() == body
    assert (got["ContentType"], got["CacheControl"], got["Metadata"]) == (
        "text/csv",
        "no-cache",
        {"colour": "blue"},
    )
    assert got["ChecksumCRC32"] == put["ChecksumCRC32"] and got["ServerSideEncryption"] == "AES256"
    head = s3.head_object(Bucket=place, Key="a b/ü+%.csv")
    assert head["ContentLength"] == len(body) and head["ETag"] == put["ETag"]
    assert s3.get_object_tagging(Bucket=place, Key="a b/ü+%.csv")["TagSet"] == [
        {"Key": "team", "Value": "red"}
    ]
    assert keys(s3.list_objects_v2(Bucket=place)) == ["a b/ü+%.csv"]
    s3.delete_object(Bucket=place, Key="a b/ü+%.csv")
    assert code_of(s3.get_object, Bucket=place, Key="a b/ü+%.csv") == ("NoSuchKey", 404)


@pytest.mark.parametrize("algorithm", ["CRC32", "SHA1", "SHA256"])
def test_a_checksum_that_the_caller_chooses_is_kept(s3, place, algorithm):
    put = s3.put_object(Bucket=place, Key="k", Body=b"hello", ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=place, Key="k", ChecksumMode="ENABLED")
    assert got["Body"].read() == b"hello"
    assert got[f"Checksum{algorithm}"] == put[f"Checksum{algorithm}"]


def test_wrong_digests_are_refused_and_leave_nothing(s3, place):
    wrong = {"ChecksumCRC32": "AAAAAA=="}, {"ContentMD5": base64.b64encode(bytes(16)).decode()}
    for digest in wrong:
        assert code_of(s3.put_object, Bucket=place, Key="k", Body=b"hello", **digest) == ("BadDigest", 400)
    assert "Contents" not in s3.list_objects_v2(Bucket=place)


def test_the_errors_of_missing_things_are_those_that_the_sdks_compare(s3, unique):
    missing = unique("missing")
    assert code_of(s3.head_bucket, Bucket=missing) == ("404", 404)
    assert code_of(s3.list_objects_v2, Bucket=missing) == ("NoSuchBucket", 404)
    assert code_of(s3.get_object, Bucket=missing, Key="k") == ("NoSuchBucket", 404)
    with pytest.raises(s3.exceptions.NoSuchBucket) as caught:
        s3.list_objects(Bucket=missing)
    assert caught.value.response["Error"]["BucketName"] == missing


def test_head_of_a_missing_object_says_not_found(s3, place):
    with pytest.raises(ClientError) as caught:
        s3.head_object(Bucket=place, Key="none")
    error = caught.value.response["Error"]
    assert (error["Code"], error["Message"]) == ("404", "Not Found")


def test_buckets_are_listed_located_and_deleted(s3, place):
    assert place in [bucket["Name"] for bucket in s3.list_buckets()["Buckets"]]
    assert s3.get_bucket_location(Bucket=place)["LocationConstraint"] is None
    assert s3.get_bucket_versioning(Bucket=place).get("Status") is None
    assert code_of(s3.get_bucket_policy, Bucket=place) == ("NoSuchBucketPolicy", 404)
    website = {"IndexDocument": {"Suffix": "index.html"}}
    refused = code_of(s3.put_bucket_website, Bucket=place, WebsiteConfiguration=website)
    assert refused == ("NotImplemented", 501)
    s3.put_object(Bucket=place, Key="k", Body=b"x")
    assert code_of(s3.delete_bucket, Bucket=place) == ("BucketNotEmpty", 409)
    s3.delete_objects(Bucket=place, Delete={"Objects": [{"Key": "k"}]})
    s3.delete_bucket(Bucket=place)
    assert code_of(s3.head_bucket, Bucket=place) == ("404", 404)


def test_a_bucket_lies_in_the_region_of_its_client(aws, unique):
    west = aws("s3", region_name="us-west-2")
    name = unique("west")
    west.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    assert west.get_bucket_location(Bucket=name)["LocationConstraint"] == "us-west-2"
    again = code_of(
        west.create_bucket, Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"}
    )
    assert again == ("BucketAlreadyOwnedByYou", 409)


def test_a_bucket_is_not_made_again_with_another_list(s3, unique):
    name = unique("listed")
    s3.create_bucket(Bucket=name, ACL="public-read")
    s3.create_bucket(Bucket=name, ACL="public-read")
    for other in ({}, {"ACL": "private"}, {"ACL": "public-read-write"}):
        assert code_of(s3.create_bucket, Bucket=name, **other) == ("BucketAlreadyExists", 409)
    s3.put_bucket_acl(Bucket=name, ACL="private")
    s3.create_bucket(Bucket=name)
    assert code_of(s3.create_bucket, Bucket=name, ACL="public-read") == ("BucketAlreadyExists", 409)


def test_the_expected_owner_must_be_the_owner(s3, place):
    s3.put_object(Bucket=place, Key="k", Body=b"x", ExpectedBucketOwner="000000000000")
    assert code_of(s3.get_object, Bucket=place, Key="k", ExpectedBucketOwner="111111111111") == (
        "AccessDenied",
        403,
    )
    assert code_of(s3.head_bucket, Bucket=place, ExpectedBucketOwner="111111111111") == ("403", 403)


def test_listings_fold_and_page_in_both_versions(s3, place):
    names = ["a/1", "a/2", "b", "c/d/1", "ä", "ö/1", "🦜"]
    for name in names:
        s3.put_object(Bucket=place, Key=name, Body=b"")
    ordered = sorted(names, key=str.encode)
    assert keys(s3.list_objects_v2(Bucket=place)) == ordered
    for operation in "list_objects", "list_objects_v2":
        pages = s3.get_paginator(operation).paginate(Bucket=place, PaginationConfig={"PageSize": 2})
        assert [key for page in pages for key in keys(page)] == ordered
        pages = list(
            s3.get_paginator(operation).paginate(
                Bucket=place, Delimiter="/", PaginationConfig={"PageSize": 2}
            )
        )
        folded = [item["Prefix"] for page in pages for item in page.get("CommonPrefixes", [])]
        assert folded == ["a/", "c/", "ö/"]
        assert [key for page in pages for key in keys(page)] == ["b", "ä", "🦜"]
    assert keys(s3.list_objects_v2(Bucket=place, StartAfter="b")) == ordered[3:]


def test_ranges_and_conditions(s3, place):
    eTag = s3.put_object(Bucket=place, Key="k", Body=b"0123456789")["ETag"]

    def read(**keywords) -> bytes:
        return s3.get_object(Bucket=place, Key="k", **keywords)["Body"].read()

    assert read(Range="bytes=2-4") == b"234"
    assert read(Range="bytes=-3") == b"789"
    assert read(Range="bytes=0-1,3-4") == b"0123456789"
    assert s3.get_object(Bucket=place, Key="k", Range="bytes=2-4")["ContentRange"] == "bytes 2-4/10"
    assert code_of(read, Range="bytes=10-") == ("InvalidRange", 416)
    assert read(IfMatch=eTag) == b"0123456789"
    assert code_of(read, IfMatch='"other"') == ("PreconditionFailed", 412)
    assert code_of(read, IfNoneMatch=eTag) == ("304", 304)
    modified = s3.head_object(Bucket=place, Key="k")["LastModified"]
    assert code_of(read, IfModifiedSince=modified) == ("304", 304)
    assert code_of(s3.put_object, Bucket=place, Key="k", Body=b"", IfNoneMatch="*") == (
        "PreconditionFailed",
        412,
    )
    s3.put_object(Bucket=place, Key="k", Body=b"new", IfMatch=eTag)
    assert read() == b"new"


def test_copies_keep_or_replace_metadata(s3, place):
    s3.put_object(Bucket=place, Key="ü 1", Body=b"x", Metadata={"a": "1"}, ContentType="text/plain")
    s3.copy_object(Bucket=place, Key="copy", CopySource={"Bucket": place, "Key": "ü 1"})
    assert s3.head_object(Bucket=place, Key="copy")["Metadata"] == {"a": "1"}
    s3.copy_object(
        Bucket=place,
        Key="copy",
        CopySource={"Bucket": place, "Key": "copy"},
        MetadataDirective="REPLACE",
        Metadata={"b": "2"},
    )
    head = s3.head_object(Bucket=place, Key="copy")
    assert head["Metadata"] == {"b": "2"}
    s3.delete_object(Bucket=place, Key="ü 1")
    assert s3.get_object(Bucket=place, Key="copy")["Body"].read() == b"x"
    missing = code_of(s3.copy_object, Bucket=place, Key="k", CopySource={"Bucket": place, "Key": "none"})
    assert missing == ("NoSuchKey", 404)


@pytest.fixture(scope="session")
def large_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 MiB and a bit: five full parts of the transfer manager and a short one."""
    path = tmp_path_factory.mktemp("large") / "large.bin"
    path.write_bytes(os.urandom(40 * MIB + 12345))
    return path


def test_the_transfer_manager_uploads_copies_and_downloads_in_parts(s3, place, large_file, tmp_path):
    s3.upload_file(str(large_file), place, "large", ExtraArgs={"Metadata": {"a": "1"}})
    head = s3.head_object(Bucket=place, Key="large")
    assert head["ContentLength"] == large_file.stat().st_size and head["ETag"].endswith('-6"')
    assert head["Metadata"] == {"a": "1"}
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=place)
    s3.copy({"Bucket": place, "Key": "large"}, place, "copy")
    for key in "large", "copy":
        s3.download_file(place, key, str(tmp_path / key))
        assert (tmp_path / key).read_bytes() == large_file.read_bytes()
    part = s3.get_object(Bucket=place, Key="large", PartNumber=6)
    assert part["PartsCount"] == 6 and part["ContentLength"] == 12345


def test_parts_may_differ_in_size_and_come_in_any_order(s3, place):
    upload = s3.create_multipart_upload(Bucket=place, Key="k")["UploadId"]
    bodies = {3: os.urandom(7), 1: os.urandom(5 * MIB + 1), 2: os.urandom(6 * MIB)}
    tags = {}
    for number, body in bodies.items():
        part = s3.upload_part(Bucket=place, Key="k", UploadId=upload, PartNumber=number, Body=body)
        tags[number] = part["ETag"]
    listed = s3.list_parts(Bucket=place, Key="k", UploadId=upload)["Parts"]
    assert [(part["PartNumber"], part["Size"]) for part in listed] == [
        (number, len(bodies[number])) for number in (1, 2, 3)
    ]

    def complete(*numbers: int):
        parts = [{"PartNumber": number, "ETag": tags[number]} for number in numbers]
        return s3.complete_multipart_upload(
            Bucket=place, Key="k", UploadId=upload, MultipartUpload={"Parts": parts}
        )

    assert code_of(complete, 2, 1) == ("InvalidPartOrder", 400)
    assert code_of(complete, 1, 3, 2) == ("InvalidPartOrder", 400)
    complete(1, 2, 3)
    assert s3.get_object(Bucket=place, Key="k")["Body"].read() == bodies[1] + bodies[2] + bodies[3]
    assert code_of(complete, 1, 2, 3) == ("NoSuchUpload", 404)


def test_an_aborted_upload_is_gone(s3, place):
    upload = s3.create_multipart_upload(Bucket=place, Key="k")["UploadId"]
    s3.upload_part(Bucket=place, Key="k", UploadId=upload, PartNumber=1, Body=b"x")
    s3.abort_multipart_upload(Bucket=place, Key="k", UploadId=upload)
    assert code_of(s3.list_parts, Bucket=place, Key="k", UploadId=upload) == ("NoSuchUpload", 404)


def fetch(url: str, method: str = "GET", body: bytes | None = None) -> tuple[int, bytes, str | None]:
    """Status, body and content type, by a plain HTTP client that adds no headers of its own."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request(method, f"{parts.path}?{parts.query}", body)
        reply = connection.getresponse()
        return reply.status, reply.read(), reply.headers["Content-Type"]
    finally:
        connection.close()


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned_urls_of_both_versions_read_and_write(aws, place, version):
    client = aws("s3", config=Config(signature_version=version))

    def presigned(operation: str, key: str, **options) -> str:
        return client.generate_presigned_url(operation, Params={"Bucket": place, "Key": key, **options})

    url = presigned("put_object", "a b+ü")
    assert ("X-Amz-Signature" in url) == (version == "s3v4")
    assert fetch(url, "PUT", b"by URL")[:2] == (200, b"")
    assert fetch(presigned("get_object", "a b+ü"))[:2] == (200, b"by URL")
    assert fetch(presigned("get_object", "a b+ü", ResponseContentType="text/x"))[2] == "text/x"
    other = presigned("get_object", "none")
    assert fetch(other)[0] == 404
    status, body, _ = fetch(presigned("get_object", "a b+ü").replace(quote("a b+ü"), "other"))
    assert status == 403 and b"<Code>SignatureDoesNotMatch</Code>" in body


def test_an_unsigned_call_is_denied(server, place):
    status, body, _ = fetch(f"{server.url}/{place}/k")
    assert status == 403 and b"<Code>AccessDenied</Code>" in body


def test_a_body_that_ends_early_leaves_nothing(s3, aws, place):
    s3.put_object(Bucket=place, Key="k", Body=b"old")
    url = urlsplit(aws("s3").generate_presigned_url("put_object", Params={"Bucket": place, "Key": "k"}))
    head = (
        f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 1000000\r\n\r\n"
    ).encode()
    with socket.create_connection((url.hostname, url.port)) as connection:
        connection.sendall(head + b"x" * 1000)
        connection.shutdown(socket.SHUT_WR)
        assert b"200 OK" not in connection.recv(65536)
    assert s3.get_object(Bucket=place, Key="k")["Body"].read() == b"old"
    assert keys(s3.list_objects_v2(Bucket=place)) == ["k"]


def test_a_reader_keeps_the_version_that_it_opened(s3, place):
    old = os.urandom(8 * MIB)
    s3.put_object(Bucket=place, Key="k", Body=old)
    body = s3.get_object(Bucket=place, Key="k")["Body"]
    first = body.read(1000)
    s3.put_object(Bucket=place, Key="k", Body=b"new")
    assert first + body.read() == old
    s3.delete_object(Bucket=place, Key="k")


def test_virtual_host_addressing(aws, server, place, monkeypatch):
    resolve = socket.getaddrinfo
    hosts = []

    def resolve_locally(host, *arguments, **keywords):
        """Not every machine resolves the names below `localhost`."""
        hosts.append(host)
        return resolve("127.0.0.1" if host == f"{place}.localhost" else host, *arguments, **keywords)

    monkeypatch.setattr(socket, "getaddrinfo", resolve_locally)
    url = f"http://localhost:{urlsplit(server.url).port}"
    client = aws("s3", endpoint_url=url, config=Config(s3={"addressing_style": "virtual"}))
    client.put_object(Bucket=place, Key="dir/k", Body=b"x")
    assert client.get_object(Bucket=place, Key="dir/k")["Body"].read() == b"x"
    assert f"{place}.localhost" in hosts


@pytest.fixture
def cli(environment: dict[str, str], tmp_path: Path) -> Callable[..., str]:
    """The `aws` command of this environment."""
    command = Path(sys.executable).with_name("aws")

    def run(*arguments: str, check: bool = True) -> str:
        result = subprocess.run(
            [sys.executable, command, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            cwd=tmp_path,
        )
        if check:
            assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout if check else result.stderr

    return run


def test_the_cli_copies_lists_synchronises_and_removes(cli, place, tmp_path):
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "sub" / "b.bin").write_bytes(os.urandom(9 * MIB))
    cli("s3", "cp", str(folder / "a.txt"), f"s3://{place}/one.txt")
    cli("s3", "sync", str(folder), f"s3://{place}/tree/")
    listing = cli("s3", "ls", f"s3://{place}", "--recursive")
    assert [line.split()[-1] for line in listing.splitlines()] == ["one.txt", "tree/a.txt", "tree/sub/b.bin"]
    assert "PRE tree/" in cli("s3", "ls", f"s3://{place}")
    assert cli("s3", "sync", str(folder), f"s3://{place}/tree/") == ""
    cli("s3", "sync", f"s3://{place}/tree/", str(tmp_path / "back"))
    assert (tmp_path / "back/sub/b.bin").read_bytes() == (folder / "sub/b.bin").read_bytes()
    cli("s3", "mv", f"s3://{place}/one.txt", f"s3://{place}/two.txt")
    cli("s3", "rm", f"s3://{place}/tree", "--recursive")
    assert cli("s3", "ls", f"s3://{place}", "--recursive").split()[-1] == "two.txt"
    assert (
        json.loads(cli("s3api", "head-object", "--bucket", place, "--key", "two.txt"))["ContentLength"] == 1
    )
    assert "Not Found" in cli("s3api", "head-object", "--bucket", place, "--key", "none", check=False)
    cli("s3", "rb", f"s3://{place}", "--force")
    assert place not in cli("s3", "ls")


def test_keys_are_names_and_not_paths(s3, place):
    names = ["..", "../../etc/passwd", "/", "//", "a//b", "./x", "%2e%2e", "k" * 1024]
    for number, name in enumerate(names):
        s3.put_object(Bucket=place, Key=name, Body=str(number).encode())
    for number, name in enumerate(names):
        assert s3.get_object(Bucket=place, Key=name)["Body"].read() == str(number).encode(), quote(name)
    assert sorted(keys(s3.list_objects_v2(Bucket=place))) == sorted(names)
    assert code_of(s3.put_object, Bucket=place, Key="k" * 1025, Body=b"") == ("KeyTooLongError", 400)


def test_an_upload_by_a_form_is_an_upload(s3, place):
    conditions = [["content-length-range", 1, 100], ["starts-with", "$Content-Type", "text/"]]
    form = s3.generate_presigned_post(place, "form/${filename}", Conditions=conditions)
    fields = form["fields"] | {"Content-Type": "text/plain"}

    def post(fields: dict, body: bytes):
        file = ("a.txt", body, "text/plain")
        return urllib3.request("POST", form["url"], fields=fields | {"file": file}, retries=False)

    assert post(fields, b"bytes").status == 204
    got = s3.get_object(Bucket=place, Key="form/a.txt")
    assert got["Body"].read() == b"bytes" and got["ContentType"] == "text/plain"
    refusals = [
        (fields, b"x" * 101, b"EntityTooLarge"),
        (fields, b"", b"EntityTooSmall"),
        (fields | {"Content-Type": "image/png"}, b"x", b"AccessDenied"),
        (fields | {"x-amz-meta-extra": "1"}, b"x", b"AccessDenied"),
        (fields | {"key": "elsewhere"}, b"x", b"AccessDenied"),
    ]
    signature = next(name for name in fields if name.lower() in ("signature", "x-amz-signature"))
    refusals.append((fields | {signature: "A" * len(fields[signature])}, b"x", b"SignatureDoesNotMatch"))
    for form_fields, body, code in refusals:
        answer = post(form_fields, body)
        assert answer.status in (400, 403) and b"<Code>" + code in answer.data, answer.data
    assert keys(s3.list_objects_v2(Bucket=place)) == ["form/a.txt"]


@pytest.fixture
def small_disk(own_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A client of a server whose object store lies on a file system of 48 MiB."""
    objects = own_server.data / "objects"
    objects.mkdir(parents=True)
    probe = subprocess.run(["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", objects], capture_output=True)
    if probe.returncode != 0:
        pytest.skip(f"this machine lets no user mount a tmpfs: {probe.stderr.decode().strip()}")
    wrapper = tmp_path / "clary-on-a-small-disk"
    mount = 'mount -t tmpfs -o size=48m tmpfs "$0" && exec "$@"'
    wrapper.write_text(f"#!/bin/sh\nexec unshare -rm sh -c '{mount}' '{objects}' '{CLARY}' \"$@\"\n")
    wrapper.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setattr("server.CLARY", wrapper)
        own_server.start()
    environment = own_server.client_environment("--no-proxy")
    return boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    ).client("s3", endpoint_url=own_server.url)


def test_a_full_disk_is_said_to_be_full_and_harms_nothing(small_disk):
    s3 = small_disk
    s3.create_bucket(Bucket="small")
    s3.put_object(Bucket="small", Key="kept", Body=b"kept")
    full = ("InsufficientStorage", 507)
    assert code_of(s3.put_object, Bucket="small", Key="kept", Body=bytes(60 * MIB)) == full
    upload = s3.create_multipart_upload(Bucket="small", Key="parts")["UploadId"]

    def fill() -> None:
        for number in range(1, 10):
            s3.upload_part(
                Bucket="small", Key="parts", UploadId=upload, PartNumber=number, Body=bytes(8 * MIB)
            )

    assert code_of(fill) == full
    assert s3.get_object(Bucket="small", Key="kept")["Body"].read() == b"kept"
    s3.abort_multipart_upload(Bucket="small", Key="parts", UploadId=upload)
    s3.put_object(Bucket="small", Key="fits", Body=bytes(40 * MIB))
    assert keys(s3.list_objects_v2(Bucket="small")) == ["fits", "kept"]
