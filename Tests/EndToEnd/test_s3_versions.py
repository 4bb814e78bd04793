"""Versions, delete markers, conditions and locks of S3, with boto3."""

import datetime
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError
from test_s3 import MIB, code_of, keys


@pytest.fixture
def place(s3, unique: Callable[[str], str]) -> str:
    """A bucket that keeps versions."""
    name = unique("versions")
    s3.create_bucket(Bucket=name)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def body(s3, bucket: str, key: str, version: str | None = None) -> bytes:
    named = {"VersionId": version} if version else {}
    return s3.get_object(Bucket=bucket, Key=key, **named)["Body"].read()


def history(s3, bucket: str, **options) -> list[tuple[str, str, bool]]:
    """Every version and marker as the listing has them: key, version, whether it is the latest."""
    found = []
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket, **options):
        found += [
            (item["Key"], item["VersionId"], item["IsLatest"])
            for item in page.get("Versions", []) + page.get("DeleteMarkers", [])
        ]
    return found


def test_versions_are_kept_listed_read_and_deleted_each(s3, place):
    ids = [s3.put_object(Bucket=place, Key="k", Body=str(n).encode())["VersionId"] for n in range(5)]
    assert len(set(ids)) == 5
    assert body(s3, place, "k") == b"4"
    for number, version in enumerate(ids):
        assert body(s3, place, "k", version) == str(number).encode()
        head = s3.head_object(Bucket=place, Key="k", VersionId=version)
        assert head["VersionId"] == version and head["ContentLength"] == 1
    assert history(s3, place) == [("k", version, version == ids[4]) for version in reversed(ids)]
    assert keys(s3.list_objects_v2(Bucket=place)) == ["k"]
    assert s3.list_objects_v2(Bucket=place)["Contents"][0]["Size"] == 1

    s3.delete_object(Bucket=place, Key="k", VersionId=ids[2])
    assert code_of(s3.get_object, Bucket=place, Key="k", VersionId=ids[2]) == ("NoSuchVersion", 404)
    assert s3.delete_object(Bucket=place, Key="k", VersionId=ids[4])["VersionId"] == ids[4]
    assert body(s3, place, "k") == b"3", "the one before is the latest again"
    assert code_of(s3.delete_bucket, Bucket=place) == ("BucketNotEmpty", 409)
    for version in (ids[0], ids[1], ids[3]):
        s3.delete_object(Bucket=place, Key="k", VersionId=version)
    s3.delete_bucket(Bucket=place)


def test_a_delete_marker_hides_and_its_deletion_restores(s3, place):
    first = s3.put_object(Bucket=place, Key="k", Body=b"1")["VersionId"]
    marker = s3.delete_object(Bucket=place, Key="k")
    assert marker["DeleteMarker"] is True
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket=place, Key="k")
    headers = caught.value.response["ResponseMetadata"]["HTTPHeaders"]
    assert caught.value.response["Error"]["Code"] == "NoSuchKey"
    assert headers["x-amz-delete-marker"] == "true"
    assert headers["x-amz-version-id"] == marker["VersionId"]
    named = {"Bucket": place, "Key": "k", "VersionId": marker["VersionId"]}
    assert code_of(s3.get_object, **named) == ("MethodNotAllowed", 405)
    assert code_of(s3.head_object, **named) == ("405", 405)
    assert "Contents" not in s3.list_objects_v2(Bucket=place)
    page = s3.list_object_versions(Bucket=place)
    assert [(m["VersionId"], m["IsLatest"]) for m in page["DeleteMarkers"]] == [(marker["VersionId"], True)]
    assert [(v["VersionId"], v["IsLatest"]) for v in page["Versions"]] == [(first, False)]
    second = s3.delete_object(Bucket=place, Key="k")
    assert second["VersionId"] != marker["VersionId"]
    for version in (second["VersionId"], marker["VersionId"]):
        gone = s3.delete_object(Bucket=place, Key="k", VersionId=version)
        assert gone["DeleteMarker"] is True and gone["VersionId"] == version
    assert body(s3, place, "k") == b"1"


def test_suspended_versioning_has_one_null_version(s3, unique):
    place = unique("suspended")
    s3.create_bucket(Bucket=place)
    s3.put_object(Bucket=place, Key="k", Body=b"before")
    s3.put_bucket_versioning(Bucket=place, VersioningConfiguration={"Status": "Enabled"})
    kept = s3.put_object(Bucket=place, Key="k", Body=b"kept")["VersionId"]
    assert body(s3, place, "k", "null") == b"before"
    s3.put_bucket_versioning(Bucket=place, VersioningConfiguration={"Status": "Suspended"})
    assert s3.get_bucket_versioning(Bucket=place)["Status"] == "Suspended"
    s3.put_object(Bucket=place, Key="k", Body=b"null 1")
    s3.put_object(Bucket=place, Key="k", Body=b"null 2")
    assert history(s3, place) == [("k", "null", True), ("k", kept, False)]
    assert (body(s3, place, "k"), body(s3, place, "k", kept)) == (b"null 2", b"kept")
    marker = s3.delete_object(Bucket=place, Key="k")
    assert (marker["VersionId"], marker["DeleteMarker"]) == ("null", True)
    assert sorted(history(s3, place)) == sorted([("k", "null", True), ("k", kept, False)])
    s3.delete_object(Bucket=place, Key="k", VersionId="null")
    assert body(s3, place, "k") == b"kept"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
def test_version_listings_page_without_loss_or_repetition(s3, place, size):
    made = []
    for number in range(4):
        for key in ("a", "b/1", "b/2", "c", "ü/%"):
            made.append((key, s3.put_object(Bucket=place, Key=key, Body=b"x" * number)["VersionId"]))
    made += [("c", s3.delete_object(Bucket=place, Key="c")["VersionId"])]
    found, marker = [], {}
    while True:
        page = s3.list_object_versions(Bucket=place, MaxKeys=size, **marker)
        found += [
            (item["Key"], item["VersionId"])
            for item in page.get("Versions", []) + page.get("DeleteMarkers", [])
        ]
        if not page["IsTruncated"]:
            break
        marker = {"KeyMarker": page["NextKeyMarker"], "VersionIdMarker": page.get("NextVersionIdMarker", "")}
        marker = {name: value for name, value in marker.items() if value}
    assert sorted(found) == sorted(made) and len(found) == len(made)
    page = s3.list_object_versions(Bucket=place, Delimiter="/", Prefix="")
    assert [item["Prefix"] for item in page["CommonPrefixes"]] == ["b/", "ü/"]
    assert {item["Key"] for item in page["Versions"]} == {"a", "c"}
    latest = [item["VersionId"] for item in page["Versions"] if item["IsLatest"]]
    assert latest == [version for key, version in made if key == "a"][-1:]


def test_batches_delete_versions_and_make_markers(s3, place):
    one = s3.put_object(Bucket=place, Key="one", Body=b"1")["VersionId"]
    s3.put_object(Bucket=place, Key="two", Body=b"2")
    answer = s3.delete_objects(
        Bucket=place, Delete={"Objects": [{"Key": "one", "VersionId": one}, {"Key": "two"}, {"Key": "never"}]}
    )
    assert "Errors" not in answer
    by_key = {item["Key"]: item for item in answer["Deleted"]}
    assert by_key["one"] == {"Key": "one", "VersionId": one}
    assert by_key["two"]["DeleteMarker"] is True and by_key["two"]["DeleteMarkerVersionId"]
    assert {key for key, _, _ in history(s3, place)} == {"two", "never"}


def test_an_older_version_is_restored_by_a_copy(s3, place):
    first = s3.put_object(Bucket=place, Key="k", Body=b"1", Metadata={"a": "1"})["VersionId"]
    s3.put_object(Bucket=place, Key="k", Body=b"2")
    source = {"Bucket": place, "Key": "k", "VersionId": first}
    copy = s3.copy_object(Bucket=place, Key="k", CopySource=source)
    assert copy["CopySourceVersionId"] == first and copy["VersionId"] not in (first, None)
    got = s3.get_object(Bucket=place, Key="k")
    assert (got["Body"].read(), got["Metadata"]) == (b"1", {"a": "1"})
    upload = s3.create_multipart_upload(Bucket=place, Key="parts")["UploadId"]
    part = s3.upload_part_copy(Bucket=place, Key="parts", UploadId=upload, PartNumber=1, CopySource=source)
    done = s3.complete_multipart_upload(
        Bucket=place,
        Key="parts",
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]},
    )
    assert body(s3, place, "parts", done["VersionId"]) == b"1"


def test_tags_and_lists_belong_to_a_version(s3, place):
    first = s3.put_object(Bucket=place, Key="k", Body=b"1", Tagging="a=1")["VersionId"]
    second = s3.put_object(Bucket=place, Key="k", Body=b"2")["VersionId"]
    tags = {"TagSet": [{"Key": "b", "Value": "2"}]}
    assert s3.put_object_tagging(Bucket=place, Key="k", VersionId=first, Tagging=tags)["VersionId"] == first
    assert s3.get_object_tagging(Bucket=place, Key="k", VersionId=first)["TagSet"] == tags["TagSet"]
    assert s3.get_object_tagging(Bucket=place, Key="k")["TagSet"] == []
    s3.put_object_acl(Bucket=place, Key="k", VersionId=first, ACL="public-read")
    assert len(s3.get_object_acl(Bucket=place, Key="k", VersionId=first)["Grants"]) == 2
    assert len(s3.get_object_acl(Bucket=place, Key="k", VersionId=second)["Grants"]) == 1


def test_writes_and_deletions_are_conditional(s3, place):
    eTag = s3.put_object(Bucket=place, Key="k", Body=b"1", IfNoneMatch="*")["ETag"]
    failed = ("PreconditionFailed", 412)
    assert code_of(s3.put_object, Bucket=place, Key="k", Body=b"2", IfNoneMatch="*") == failed
    assert code_of(s3.put_object, Bucket=place, Key="k", Body=b"2", IfMatch='"none"') == failed
    assert code_of(s3.put_object, Bucket=place, Key="new", Body=b"2", IfMatch=eTag) == ("NoSuchKey", 404)
    newer = s3.put_object(Bucket=place, Key="k", Body=b"2", IfMatch=eTag)["ETag"]
    upload = s3.create_multipart_upload(Bucket=place, Key="k")["UploadId"]
    part = s3.upload_part(Bucket=place, Key="k", UploadId=upload, PartNumber=1, Body=b"3")["ETag"]
    ending = {
        "Bucket": place,
        "Key": "k",
        "UploadId": upload,
        "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part}]},
    }
    assert code_of(s3.complete_multipart_upload, **ending, IfNoneMatch="*") == failed
    s3.complete_multipart_upload(**ending, IfMatch=newer)
    assert code_of(s3.delete_object, Bucket=place, Key="k", IfMatch=newer) == failed
    present = s3.head_object(Bucket=place, Key="k")["ETag"]
    assert s3.delete_object(Bucket=place, Key="k", IfMatch=present)["DeleteMarker"] is True
    # After a delete marker there is no object: a first write may come.
    s3.put_object(Bucket=place, Key="k", Body=b"4", IfNoneMatch="*")
    assert code_of(s3.put_object, Bucket=place, Key="new", Body=b"2", IfMatch="*") == ("NoSuchKey", 404)


def test_a_deletion_under_a_condition_of_what_is_not_there_succeeds(s3, place):
    s3.delete_object(Bucket=place, Key="none", IfMatch="*")
    assert "DeleteMarkers" not in s3.list_object_versions(Bucket=place)
    version = s3.put_object(Bucket=place, Key="k", Body=b"1")["VersionId"]
    s3.delete_object(Bucket=place, Key="k")
    failed = ("PreconditionFailed", 412)
    # The marker is there, and is not what the condition says.
    assert code_of(s3.delete_object, Bucket=place, Key="k", IfMatch="other") == failed
    assert code_of(s3.delete_object, Bucket=place, Key="k", IfMatchSize=1) == failed
    named = {"Bucket": place, "Key": "k", "VersionId": version}
    assert code_of(s3.delete_object, **named, IfMatchSize=9) == failed
    s3.delete_object(**named, IfMatchSize=1)
    s3.delete_object(**named, IfMatchSize=9)
    [error] = s3.delete_objects(Bucket=place, Delete={"Objects": [{"Key": "k", "ETag": "other"}]})["Errors"]
    assert error["Code"] == "PreconditionFailed"


def test_locked_versions_are_not_deleted(s3, unique):
    place = unique("lock")
    s3.create_bucket(Bucket=place, ObjectLockEnabledForBucket=True)
    assert s3.get_bucket_versioning(Bucket=place)["Status"] == "Enabled"
    until = datetime.datetime.now(datetime.UTC).replace(microsecond=0) + datetime.timedelta(hours=1)
    suspend = {"Status": "Suspended"}
    assert code_of(s3.put_bucket_versioning, Bucket=place, VersioningConfiguration=suspend) == (
        "InvalidBucketState",
        409,
    )
    denied = ("AccessDenied", 403)

    held = s3.put_object(Bucket=place, Key="held", Body=b"1", ObjectLockLegalHoldStatus="ON")["VersionId"]
    named = {"Bucket": place, "Key": "held", "VersionId": held}
    assert code_of(s3.delete_object, **named) == denied
    assert s3.delete_object(Bucket=place, Key="held")["DeleteMarker"] is True, "a marker takes nothing away"
    s3.put_object_legal_hold(**named, LegalHold={"Status": "OFF"})
    assert s3.get_object_legal_hold(**named)["LegalHold"] == {"Status": "OFF"}
    s3.delete_object(**named)

    governed = s3.put_object(
        Bucket=place, Key="gov", Body=b"1", ObjectLockMode="GOVERNANCE", ObjectLockRetainUntilDate=until
    )["VersionId"]
    named = {"Bucket": place, "Key": "gov", "VersionId": governed}
    assert s3.get_object_retention(**named)["Retention"] == {"Mode": "GOVERNANCE", "RetainUntilDate": until}
    assert s3.head_object(**named)["ObjectLockMode"] == "GOVERNANCE"
    assert code_of(s3.delete_object, **named) == denied
    batch = s3.delete_objects(Bucket=place, Delete={"Objects": [{"Key": "gov", "VersionId": governed}]})
    assert [error["Code"] for error in batch["Errors"]] == ["AccessDenied"]
    s3.delete_object(**named, BypassGovernanceRetention=True)

    strict = s3.put_object(
        Bucket=place, Key="strict", Body=b"1", ObjectLockMode="COMPLIANCE", ObjectLockRetainUntilDate=until
    )["VersionId"]
    named = {"Bucket": place, "Key": "strict", "VersionId": strict}
    assert code_of(s3.delete_object, **named, BypassGovernanceRetention=True) == denied
    shorter = {"Mode": "COMPLIANCE", "RetainUntilDate": until - datetime.timedelta(minutes=5)}
    assert code_of(s3.put_object_retention, **named, Retention=shorter) == denied
    longer = {"Mode": "COMPLIANCE", "RetainUntilDate": until + datetime.timedelta(minutes=5)}
    s3.put_object_retention(**named, Retention=longer)

    rule = {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 1}}
    configuration = {"ObjectLockEnabled": "Enabled", "Rule": rule}
    s3.put_object_lock_configuration(Bucket=place, ObjectLockConfiguration=configuration)
    assert s3.get_object_lock_configuration(Bucket=place)["ObjectLockConfiguration"] == configuration
    s3.put_object(Bucket=place, Key="default", Body=b"1")
    assert s3.head_object(Bucket=place, Key="default")["ObjectLockMode"] == "GOVERNANCE"


@pytest.mark.parametrize("algorithm", ["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"])
def test_attributes_tell_parts_and_checksums(s3, place, algorithm):
    pytest.importorskip("awscrt") if algorithm in ("CRC32C", "CRC64NVME") else None
    upload = s3.create_multipart_upload(Bucket=place, Key="k", ChecksumAlgorithm=algorithm)["UploadId"]
    done = []
    for number, part in enumerate([bytes(5 * MIB), b"end"], 1):
        sent = s3.upload_part(
            Bucket=place, Key="k", UploadId=upload, PartNumber=number, Body=part, ChecksumAlgorithm=algorithm
        )
        name = f"Checksum{algorithm}"
        done.append({"PartNumber": number, "ETag": sent["ETag"], name: sent[name]})
    ended = s3.complete_multipart_upload(
        Bucket=place, Key="k", UploadId=upload, MultipartUpload={"Parts": done}
    )
    attributes = s3.get_object_attributes(
        Bucket=place, Key="k", ObjectAttributes=["ETag", "Checksum", "ObjectParts", "ObjectSize"]
    )
    assert attributes["ObjectSize"] == 5 * MIB + 3
    assert attributes["Checksum"][name] == ended[name]
    assert attributes["ObjectParts"]["TotalPartsCount"] == 2
    assert [(p["PartNumber"], p["Size"], p[name]) for p in attributes["ObjectParts"]["Parts"]] == [
        (1, 5 * MIB, done[0][name]),
        (2, 3, done[1][name]),
    ]
    second = s3.get_object_attributes(
        Bucket=place, Key="k", ObjectAttributes=["ObjectParts"], MaxParts=1, PartNumberMarker=1
    )["ObjectParts"]
    assert [part["PartNumber"] for part in second["Parts"]] == [2] and second["IsTruncated"] is False
    part = s3.get_object(Bucket=place, Key="k", PartNumber=2)
    assert part["Body"].read() == b"end" and part["PartsCount"] == 2
