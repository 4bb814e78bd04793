"""Access logs of buckets: who may have one where, and what stands in it."""

import json
import shlex
import time
from collections.abc import Callable

import boto3
import pytest
import requests
from server import Server
from test_s3 import code_of, keys


def takes_logs(place: str, source: str, **more) -> str:
    """The policy of a bucket that takes the log of another one."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{place}/log/*",
        "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:s3:::{source}"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | more]})


def switch_on(s3, source: str, place: str, **more) -> None:
    target = {"TargetBucket": place, "TargetPrefix": "log/"} | more
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus={"LoggingEnabled": target})


@pytest.fixture
def pair(s3, unique: Callable[[str], str]) -> tuple[str, str]:
    """A bucket and one that takes its log."""
    source, place = unique("source"), unique("logs")
    for name in (source, place):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket=place, Policy=takes_logs(place, source))
    return source, place


def test_a_log_is_a_setting_of_its_bucket(s3, pair):
    source, place = pair
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=source)
    switch_on(s3, source, place)
    set_to = s3.get_bucket_logging(Bucket=source)["LoggingEnabled"]
    assert (set_to["TargetBucket"], set_to["TargetPrefix"]) == (place, "log/")
    assert code_of(switch_on, s3, place, source) == ("InvalidArgument", 400)
    s3.put_bucket_logging(Bucket=source, BucketLoggingStatus={})
    assert "LoggingEnabled" not in s3.get_bucket_logging(Bucket=source)
    assert code_of(switch_on, s3, source, source) == ("InvalidArgument", 400)
    wrong = {"PartitionedPrefix": {"PartitionDateSource": "Never"}}
    assert code_of(switch_on, s3, source, place, TargetObjectKeyFormat=wrong) == ("MalformedXML", 400)
    s3.put_bucket_policy(Bucket=place, Policy=takes_logs(place, "another"))
    assert code_of(switch_on, s3, source, place) == ("AccessDenied", 403)
    everybody = takes_logs(place, source, Principal={"AWS": "*"})
    s3.put_bucket_policy(Bucket=place, Policy=everybody)
    assert code_of(switch_on, s3, source, place) == ("AccessDenied", 403)


def test_a_log_tells_what_was_done(s3, pair):
    source, place = pair
    switch_on(s3, source, place)
    s3.put_object(Bucket=source, Key="a b", Body=b"four", ACL="public-read")
    s3.get_object(Bucket=source, Key="a b")
    requests.get(f"{s3.meta.endpoint_url}/{source}/a%20b", timeout=5)
    requests.get(s3.generate_presigned_url("get_object", Params={"Bucket": source, "Key": "a b"}), timeout=5)
    assert code_of(s3.head_object, Bucket=source, Key="none")[1] == 404
    s3.delete_objects(Bucket=source, Delete={"Objects": [{"Key": "a b"}, {"Key": "c"}]})
    assert keys(s3.list_objects_v2(Bucket=place)) == []
    time.sleep(5.5)
    s3.put_object(Bucket=source, Key="later", Body=b"")
    [key] = keys(s3.list_objects_v2(Bucket=place))
    assert key.startswith("log/20")
    lines = s3.get_object(Bucket=place, Key=key)["Body"].read().decode().splitlines()
    records = [shlex.split(line.replace("[", '"').replace("]", '"')) for line in lines]
    assert {len(record) for record in records} == {26}
    assert {record[1] for record in records} == {source}
    # Operation, key, status, error, kind of the signature, whether a list let the caller in.
    told = [(r[6], r[7], r[9], r[10], r[21], r[25]) for r in records]
    assert told == [
        ("REST.PUT.OBJECT", "a%20b", "200", "-", "AuthHeader", "-"),
        ("REST.GET.OBJECT", "a%20b", "200", "-", "AuthHeader", "-"),
        ("REST.GET.OBJECT", "a%20b", "200", "-", "-", "Yes"),
        ("REST.GET.OBJECT", "a%20b", "200", "-", "QueryString", "-"),
        ("REST.HEAD.OBJECT", "none", "404", "NoSuchKey", "AuthHeader", "-"),
        ("REST.POST.MULTI_OBJECT_DELETE", "-", "200", "-", "AuthHeader", "-"),
        ("REST.POST.DELETE_MULTI_OBJECT", "a%20b", "204", "-", "AuthHeader", "-"),
        ("REST.POST.DELETE_MULTI_OBJECT", "c", "204", "-", "AuthHeader", "-"),
    ]
    assert not any("Signature" in line for line in lines)


def test_a_log_is_written_when_the_server_stops(own_server: Server):
    own_server.start()

    def client():
        environment = own_server.client_environment()
        return boto3.session.Session(
            aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
            region_name="us-east-1",
        ).client("s3", endpoint_url=own_server.url)

    s3 = client()
    for name in ("source", "logs"):
        s3.create_bucket(Bucket=name)
    s3.put_bucket_policy(Bucket="logs", Policy=takes_logs("logs", "source"))
    format = {"PartitionedPrefix": {"PartitionDateSource": "EventTime"}}
    switch_on(s3, "source", "logs", TargetObjectKeyFormat=format)
    s3.put_object(Bucket="source", Key="k", Body=b"")
    assert own_server.stop() == 0
    own_server.start()
    [key] = keys(client().list_objects_v2(Bucket="logs"))
    assert key.startswith("log/000000000000/us-east-1/source/20")
