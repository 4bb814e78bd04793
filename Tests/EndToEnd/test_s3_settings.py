"""Settings of buckets: CORS, lifecycle, tags, encryption, and those that are refused by name."""

import json
import time
from collections.abc import Callable

import boto3
import pytest
import requests
from server import Server
from test_s3 import code_of, keys


@pytest.fixture
def place(s3, unique: Callable[[str], str]) -> str:
    name = unique("settings")
    s3.create_bucket(Bucket=name)
    return name


def test_bucket_tags(s3, place):
    assert code_of(s3.get_bucket_tagging, Bucket=place) == ("NoSuchTagSet", 404)
    tags = [{"Key": "team", "Value": "red"}, {"Key": "ü", "Value": ""}]
    s3.put_bucket_tagging(Bucket=place, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=place)["TagSet"] == tags
    s3.delete_bucket_tagging(Bucket=place)
    assert code_of(s3.get_bucket_tagging, Bucket=place) == ("NoSuchTagSet", 404)


def test_default_encryption_is_said_of_new_objects(s3, place):
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "key-1"}}
    s3.put_bucket_encryption(Bucket=place, ServerSideEncryptionConfiguration={"Rules": [rule]})
    got = s3.get_bucket_encryption(Bucket=place)["ServerSideEncryptionConfiguration"]["Rules"]
    assert got[0]["ApplyServerSideEncryptionByDefault"] == rule["ApplyServerSideEncryptionByDefault"]
    s3.put_object(Bucket=place, Key="k", Body=b"x")
    head = s3.head_object(Bucket=place, Key="k")
    assert (head["ServerSideEncryption"], head["SSEKMSKeyId"]) == ("aws:kms", "key-1")
    s3.delete_bucket_encryption(Bucket=place)
    assert "ServerSideEncryption" not in s3.put_object(Bucket=place, Key="k", Body=b"x")


def test_browsers_are_told_what_pages_may_do(s3, place):
    rule = {
        "AllowedOrigins": ["https://*.example.com"],
        "AllowedMethods": ["GET", "PUT"],
        "AllowedHeaders": ["x-amz-*"],
        "ExposeHeaders": ["ETag"],
        "MaxAgeSeconds": 60,
    }
    assert code_of(s3.get_bucket_cors, Bucket=place) == ("NoSuchCORSConfiguration", 404)
    s3.put_bucket_cors(Bucket=place, CORSConfiguration={"CORSRules": [rule]})
    assert s3.get_bucket_cors(Bucket=place)["CORSRules"] == [rule]
    s3.put_object(Bucket=place, Key="k", Body=b"x", ACL="public-read")
    url = f"{s3.meta.endpoint_url}/{place}/k"
    asking = {"Origin": "https://a.example.com", "Access-Control-Request-Method": "PUT"}
    answer = requests.options(
        url, headers=asking | {"Access-Control-Request-Headers": "x-amz-meta-a"}, timeout=5
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "https://a.example.com"
    assert answer.headers["Access-Control-Allow-Headers"] == "x-amz-meta-a"
    assert answer.headers["Access-Control-Max-Age"] == "60"
    for refused in (
        {"Origin": "https://example.org", "Access-Control-Request-Method": "PUT"},
        asking | {"Access-Control-Request-Method": "DELETE"},
        asking | {"Access-Control-Request-Headers": "authorization"},
    ):
        assert requests.options(url, headers=refused, timeout=5).status_code == 403
    assert requests.options(url, timeout=5).status_code == 400
    got = requests.get(url, headers={"Origin": "https://a.example.com"}, timeout=5)
    assert got.status_code == 200 and got.headers["Access-Control-Expose-Headers"] == "ETag"
    assert "Access-Control-Allow-Origin" not in requests.get(url, timeout=5).headers
    denied = requests.put(url, data=b"y", headers={"Origin": "https://a.example.com"}, timeout=5)
    assert denied.status_code == 403 and "Access-Control-Allow-Origin" in denied.headers
    s3.delete_bucket_cors(Bucket=place)


def test_lifecycles_are_checked_and_given_back(s3, place):
    rules = [
        {"ID": "a", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 3}},
        {
            "ID": "b",
            "Status": "Disabled",
            "Filter": {"And": {"Prefix": "x", "Tags": [{"Key": "k", "Value": "v"}]}},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 2},
        },
    ]
    s3.put_bucket_lifecycle_configuration(Bucket=place, LifecycleConfiguration={"Rules": rules})
    assert s3.get_bucket_lifecycle_configuration(Bucket=place)["Rules"] == rules
    s3.put_object(Bucket=place, Key="logs/1", Body=b"")
    assert 'rule-id="a"' in s3.head_object(Bucket=place, Key="logs/1")["Expiration"]
    assert "Expiration" not in s3.put_object(Bucket=place, Key="other", Body=b"")
    for bad, code in (
        ({"ID": "a", "Status": "enabled"}, "MalformedXML"),
        ({"ID": "x" * 256}, "InvalidArgument"),
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
    ):
        rule = rules[0] | bad
        configuration = {"Rules": [rule]}
        refusal = code_of(
            s3.put_bucket_lifecycle_configuration, Bucket=place, LifecycleConfiguration=configuration
        )
        assert refusal == (code, 400)
    twice = {"Rules": [rules[0], rules[0]]}
    refusal = code_of(s3.put_bucket_lifecycle_configuration, Bucket=place, LifecycleConfiguration=twice)
    assert refusal == ("InvalidArgument", 400)
    s3.delete_bucket_lifecycle(Bucket=place)
    assert code_of(s3.get_bucket_lifecycle_configuration, Bucket=place) == (
        "NoSuchLifecycleConfiguration",
        404,
    )


def test_lifecycles_end_objects_versions_markers_and_uploads(tmp_path):
    server = Server(tmp_path)
    server.environment["CLARY_LIFECYCLE_DAY_SECONDS"] = "1"
    server.start()
    environment = server.client_environment("--no-proxy")
    s3 = boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    ).client("s3", endpoint_url=server.url)
    s3.create_bucket(Bucket="plain")
    s3.create_bucket(Bucket="versions")
    s3.put_bucket_versioning(Bucket="versions", VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket="plain", Key="old/1", Body=b"")
    s3.put_object(Bucket="plain", Key="old/tagged", Body=b"", Tagging="keep=no")
    s3.put_object(Bucket="plain", Key="kept", Body=b"")
    s3.create_multipart_upload(Bucket="plain", Key="old/parts")
    kept = s3.create_multipart_upload(Bucket="plain", Key="kept/parts")["UploadId"]
    rules = [
        {
            "ID": "end",
            "Status": "Enabled",
            "Filter": {"Prefix": "old/"},
            "Expiration": {"Days": 1},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1},
        }
    ]
    s3.put_bucket_lifecycle_configuration(Bucket="plain", LifecycleConfiguration={"Rules": rules})
    for number in range(4):
        s3.put_object(Bucket="versions", Key="k", Body=str(number).encode())
    s3.put_object(Bucket="versions", Key="lone", Body=b"")
    s3.delete_object(Bucket="versions", Key="lone")
    rule = {
        "ID": "noncurrent",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Expiration": {"ExpiredObjectDeleteMarker": True},
        "NoncurrentVersionExpiration": {"NoncurrentDays": 1, "NewerNoncurrentVersions": 1},
    }
    s3.put_bucket_lifecycle_configuration(Bucket="versions", LifecycleConfiguration={"Rules": [rule]})
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        plain = keys(s3.list_objects_v2(Bucket="plain"))
        uploads = [upload["UploadId"] for upload in s3.list_multipart_uploads(Bucket="plain")["Uploads"]]
        page = s3.list_object_versions(Bucket="versions", Prefix="k")
        if plain == ["kept"] and uploads == [kept] and len(page["Versions"]) == 2:
            break
        time.sleep(0.2)
    assert (plain, uploads, len(page["Versions"])) == (["kept"], [kept], 2)
    assert s3.get_object(Bucket="versions", Key="k")["Body"].read() == b"3"
    # The one version that was kept of the other key keeps its marker too.
    lone = s3.list_object_versions(Bucket="versions", Prefix="lone")
    assert len(lone.get("Versions", [])) == 1 and len(lone["DeleteMarkers"]) == 1
    s3.delete_object(Bucket="versions", Key="lone", VersionId=lone["Versions"][0]["VersionId"])
    while "DeleteMarkers" in s3.list_object_versions(Bucket="versions", Prefix="lone"):
        assert time.monotonic() < deadline + 10
        time.sleep(0.2)
    server.shutdown()


def test_what_is_not_offered_is_refused_by_name(s3, place):
    refused = ("NotImplemented", 501)
    transition = {
        "ID": "a",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "Transitions": [{"Days": 1, "StorageClass": "GLACIER"}],
    }
    configuration = {"Rules": [transition]}
    assert (
        code_of(s3.put_bucket_lifecycle_configuration, Bucket=place, LifecycleConfiguration=configuration)
        == refused
    )
    accelerate = {"Status": "Enabled"}
    assert (
        code_of(s3.put_bucket_accelerate_configuration, Bucket=place, AccelerateConfiguration=accelerate)
        == refused
    )
    s3.put_bucket_notification_configuration(Bucket=place, NotificationConfiguration={})
    s3.put_object(Bucket=place, Key="k", Body=b"x")
    assert code_of(s3.restore_object, Bucket=place, Key="k", RestoreRequest={"Days": 1}) == refused


def test_settings_outlive_a_restart_and_go_with_their_bucket(own_server):
    own_server.start()
    environment = own_server.client_environment("--no-proxy")

    def client():
        return boto3.session.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name="us-east-1",
        ).client("s3", endpoint_url=own_server.url)

    s3 = client()
    s3.create_bucket(Bucket="place")
    s3.put_bucket_versioning(Bucket="place", VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket="place", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
    own_server.stop()
    own_server.start()
    s3 = client()
    assert s3.get_bucket_versioning(Bucket="place")["Status"] == "Enabled"
    assert s3.get_bucket_tagging(Bucket="place")["TagSet"] == [{"Key": "a", "Value": "b"}]
    s3.delete_bucket(Bucket="place")
    s3.create_bucket(Bucket="place")
    assert "Status" not in s3.get_bucket_versioning(Bucket="place")
    assert code_of(s3.get_bucket_tagging, Bucket="place") == ("NoSuchTagSet", 404)
    assert json.loads(own_server.clary("status", "--json").stdout)["server"]["url"] == own_server.url


def test_odd_parameters_of_listings(s3, place):
    for key in ("bar", "foo"):
        s3.put_object(Bucket=place, Key=key, Body=b"x")
    page = s3.list_objects_v2(Bucket=place, ContinuationToken="")
    assert (page["ContinuationToken"], keys(page)) == ("", ["bar", "foo"])
    # boto3 does not decode the prefix of the first kind of listing.
    assert s3.list_objects(Bucket=place, Prefix="a b\n")["Prefix"] == "a b\n"
    assert s3.list_objects(Bucket=place, Prefix="a%20+")["Prefix"] == "a%2520%2B"


def test_a_framing_is_no_encoding_of_the_object(s3, place):
    for sent, kept in (("gzip, aws-chunked", "gzip"), ("aws-chunked", None)):
        s3.put_object(Bucket=place, Key="k", ContentEncoding=sent)
        assert s3.head_object(Bucket=place, Key="k").get("ContentEncoding") == kept


def test_a_copied_part_ends_within_its_source(s3, place):
    s3.put_object(Bucket=place, Key="k", Body=b"12345")
    call = {"Bucket": place, "Key": "copy", "PartNumber": 1, "CopySource": f"{place}/k"}
    call["UploadId"] = s3.create_multipart_upload(Bucket=place, Key="copy")["UploadId"]
    assert code_of(s3.upload_part_copy, CopySourceRange="bytes=0-5", **call) == ("InvalidRange", 400)
    s3.upload_part_copy(CopySourceRange="bytes=0-4", **call)
