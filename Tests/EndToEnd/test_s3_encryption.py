"""Objects that are encrypted with a key of their client's (SSE-C)."""

import base64
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from test_s3 import code_of

MIB = 1 << 20


def with_key(seed: str, prefix: str = "") -> dict[str, str]:
    """The three parameters of a key."""
    key = hashlib.sha256(seed.encode()).digest()
    return {
        f"{prefix}SSECustomerAlgorithm": "AES256",
        f"{prefix}SSECustomerKey": base64.b64encode(key).decode(),
        f"{prefix}SSECustomerKeyMD5": base64.b64encode(hashlib.md5(key).digest()).decode(),
    }


KEY = with_key("one")
OTHER = with_key("other")


@pytest.fixture
def place(s3, unique: Callable[[str], str]) -> str:
    name = unique("sealed")
    s3.create_bucket(Bucket=name)
    return name


def read(s3, place: str, key: str, **options) -> bytes:
    return s3.get_object(Bucket=place, Key=key, **options)["Body"].read()


@pytest.mark.parametrize("size", [0, 1, 13, MIB, 3 * MIB + 7])
def test_an_object_is_read_with_its_key_alone(s3, place, size):
    data = os.urandom(size)
    put = s3.put_object(Bucket=place, Key="k", Body=data, **KEY)
    assert put["SSECustomerKeyMD5"] == KEY["SSECustomerKeyMD5"]
    # The MD5 of the content would let anybody confirm a guess of it.
    assert put["ETag"] != f'"{hashlib.md5(data).hexdigest()}"'
    assert read(s3, place, "k", **KEY) == data
    assert s3.head_object(Bucket=place, Key="k", **KEY)["ContentLength"] == size
    for call in (s3.get_object, s3.head_object):
        assert code_of(call, Bucket=place, Key="k")[1] == 400
        assert code_of(call, Bucket=place, Key="k", **OTHER)[1] == 400
    attributes = {"Bucket": place, "Key": "k", "ObjectAttributes": ["ObjectSize"]}
    assert code_of(s3.get_object_attributes, **attributes) == ("InvalidRequest", 400)
    assert s3.get_object_attributes(**attributes, **KEY)["ObjectSize"] == size


def test_neither_the_bytes_nor_the_key_are_on_the_disk(server, s3, place):
    plain = b"a text that nobody else may read " * 40_000
    s3.put_object(Bucket=place, Key="k", Body=plain, **KEY)
    s3.put_object(Bucket=place, Key="open", Body=b"a text for everybody " * 9000)
    files = [file.read_bytes() for file in Path(server.folder).rglob("*") if file.is_file()]
    assert any(b"a text for everybody" in file for file in files)
    assert not any(b"nobody else may read" in file for file in files)
    secret = KEY["SSECustomerKey"]
    assert not any(secret.encode() in file or base64.b64decode(secret) in file for file in files)


def test_keys_that_are_no_good_are_refused(s3, place):
    def put(**options) -> tuple[str, int]:
        return code_of(s3.put_object, Bucket=place, Key="k", Body=b"x", **options)

    wrong = ("InvalidArgument", 400)
    assert put(**KEY | {"SSECustomerKeyMD5": OTHER["SSECustomerKeyMD5"]}) == wrong
    assert put(SSECustomerAlgorithm="AES256", SSECustomerKey=b"too short") == wrong
    assert put(SSECustomerAlgorithm="AES256") == wrong
    assert put(**KEY, ServerSideEncryption="AES256") == wrong
    assert put(**KEY | {"SSECustomerAlgorithm": "AES192"}) == ("InvalidEncryptionAlgorithmError", 400)
    s3.put_object(Bucket=place, Key="plain", Body=b"x")
    assert code_of(s3.get_object, Bucket=place, Key="plain", **KEY) == ("InvalidRequest", 400)


def test_parts_are_encrypted_each_for_itself(s3, place):
    sizes = [5 * MIB + 1, 5 * MIB, 1000]
    parts = [os.urandom(size) for size in sizes]
    upload = {"Bucket": place, "Key": "k"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, **KEY)["UploadId"]
    assert code_of(s3.upload_part, **upload, PartNumber=1, Body=b"x") == ("InvalidRequest", 400)
    assert code_of(s3.upload_part, **upload, PartNumber=1, Body=b"x", **OTHER) == ("InvalidRequest", 400)
    tags = {}
    for number in (3, 1, 2, 1):
        sent = s3.upload_part(**upload, PartNumber=number, Body=parts[number - 1], **KEY)
        tags[number] = sent["ETag"]
    listed = {"Parts": [{"PartNumber": number, "ETag": tags[number]} for number in (1, 2, 3)]}
    s3.complete_multipart_upload(**upload, MultipartUpload=listed, **KEY)
    data = b"".join(parts)
    assert read(s3, place, "k", **KEY) == data
    for first, last in ((0, 0), (5 * MIB, 5 * MIB + 2), (MIB, 9 * MIB), (len(data) - 5, len(data) - 1)):
        assert read(s3, place, "k", Range=f"bytes={first}-{last}", **KEY) == data[first : last + 1]
    assert read(s3, place, "k", PartNumber=2, **KEY) == parts[1]


def test_copies_change_keys(s3, place):
    data = os.urandom(MIB + 5)
    s3.put_object(Bucket=place, Key="k", Body=data, **KEY)
    copy = {"Bucket": place, "CopySource": {"Bucket": place, "Key": "k"}}
    source = with_key("one", "CopySource")
    assert code_of(s3.copy_object, **copy, Key="c")[1] == 400
    s3.copy_object(**copy, Key="c", **source, **OTHER)
    assert read(s3, place, "c", **OTHER) == data
    s3.copy_object(**copy, Key="plain", **source)
    assert read(s3, place, "plain") == data
    upload = {"Bucket": place, "Key": "m"}
    upload["UploadId"] = s3.create_multipart_upload(**upload, **OTHER)["UploadId"]
    part = s3.upload_part_copy(
        **upload, PartNumber=1, CopySource=copy["CopySource"], CopySourceRange="bytes=3-99", **source, **OTHER
    )
    listed = {"Parts": [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]}
    s3.complete_multipart_upload(**upload, MultipartUpload=listed, **OTHER)
    assert read(s3, place, "m", **OTHER) == data[3:100]


def test_a_bucket_can_refuse_keys_of_clients(s3, place):
    def set_refused(kind: str) -> None:
        rule = {"BlockedEncryptionTypes": {"EncryptionType": [kind]}}
        s3.put_bucket_encryption(Bucket=place, ServerSideEncryptionConfiguration={"Rules": [rule]})

    s3.put_object(Bucket=place, Key="old", Body=b"x", **KEY)
    set_refused("SSE-C")
    assert code_of(s3.put_object, Bucket=place, Key="new", Body=b"x", **KEY) == ("AccessDenied", 403)
    s3.put_object(Bucket=place, Key="new", Body=b"x")
    assert read(s3, place, "old", **KEY) == b"x"
    set_refused("NONE")
    s3.put_object(Bucket=place, Key="new", Body=b"x", **KEY)
