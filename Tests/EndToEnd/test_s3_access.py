"""Who may do what with S3: bucket policies, access control lists, public access, other accounts, nobody."""

import json
from collections.abc import Callable

import boto3
import pytest
import requests
from botocore import UNSIGNED
from botocore.config import Config
from test_s3 import code_of, keys

DENIED = ("AccessDenied", 403)
EVERYBODY = "http://acs.amazonaws.com/groups/global/AllUsers"


@pytest.fixture(scope="module")
def stranger(server):
    """A user with an account of their own and every right in it."""
    user = json.loads(
        server.clary(
            "users add", "stranger", "--account", "222233334444", "--policy", "AmazonS3FullAccess", "--json"
        ).stdout
    )
    yield boto3.session.Session(
        aws_access_key_id=user["accessKeyIds"][0],
        aws_secret_access_key=user["secretAccessKey"],
        region_name="us-east-1",
    ).client("s3", endpoint_url=server.url)
    server.clary("users rm", "stranger")


@pytest.fixture(scope="module")
def nobody(server):
    """A client without a key."""
    return boto3.session.Session(region_name="us-east-1").client(
        "s3", endpoint_url=server.url, config=Config(signature_version=UNSIGNED)
    )


@pytest.fixture
def place(s3, unique: Callable[[str], str]) -> str:
    name = unique("access")
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="k", Body=b"kept", Tagging="level=open")
    s3.put_object(Bucket=name, Key="other", Body=b"other")
    return name


def policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action: str, *resources: str, principal="*", **more) -> dict:
    names = [f"arn:aws:s3:::{resource}" for resource in resources]
    return {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": names, **more}


def read(client, bucket: str, key: str = "k") -> bytes:
    return client.get_object(Bucket=bucket, Key=key)["Body"].read()


def test_a_bucket_is_closed_to_others(place, stranger, nobody):
    for client in (stranger, nobody):
        assert code_of(client.get_object, Bucket=place, Key="k") == DENIED
        assert code_of(client.get_object, Bucket=place, Key="missing") == DENIED
        assert code_of(client.list_objects_v2, Bucket=place) == DENIED
        assert code_of(client.put_object, Bucket=place, Key="k", Body=b"x") == DENIED
        assert code_of(client.delete_object, Bucket=place, Key="k") == DENIED
        assert code_of(client.get_bucket_policy, Bucket=place) == DENIED
        assert code_of(client.list_objects_v2, Bucket=place + "-not") == ("NoSuchBucket", 404)
    assert code_of(nobody.list_buckets) == DENIED
    assert place not in [bucket["Name"] for bucket in stranger.list_buckets()["Buckets"]]


def test_buckets_of_another_account_are_theirs(s3, stranger, unique):
    name = unique("theirs")
    stranger.create_bucket(Bucket=name)
    stranger.put_object(Bucket=name, Key="k", Body=b"x")
    assert read(stranger, name) == b"x"
    assert code_of(s3.get_object, Bucket=name, Key="k") == DENIED
    assert code_of(s3.create_bucket, Bucket=name) == ("BucketAlreadyExists", 409)
    stranger.delete_object(Bucket=name, Key="k")
    stranger.delete_bucket(Bucket=name)


def test_a_policy_opens_what_it_names_and_no_more(s3, place, stranger, nobody):
    s3.put_bucket_policy(Bucket=place, Policy=policy(allow("s3:GetObject", f"{place}/k")))
    assert s3.get_bucket_policy_status(Bucket=place)["PolicyStatus"]["IsPublic"] is True
    for client in (stranger, nobody):
        assert read(client, place) == b"kept"
        assert code_of(client.get_object, Bucket=place, Key="other") == DENIED
        assert code_of(client.put_object, Bucket=place, Key="k", Body=b"x") == DENIED
    account = {"AWS": "arn:aws:iam::222233334444:root"}
    s3.put_bucket_policy(Bucket=place, Policy=policy(allow("s3:*", place, f"{place}/*", principal=account)))
    assert s3.get_bucket_policy_status(Bucket=place)["PolicyStatus"]["IsPublic"] is False
    assert keys(stranger.list_objects_v2(Bucket=place)) == ["k", "other"]
    stranger.put_object(Bucket=place, Key="new", Body=b"new")
    assert code_of(nobody.get_object, Bucket=place, Key="k") == DENIED
    s3.delete_bucket_policy(Bucket=place)
    assert code_of(stranger.get_object, Bucket=place, Key="k") == DENIED
    assert code_of(s3.get_bucket_policy, Bucket=place) == ("NoSuchBucketPolicy", 404)


def test_a_policy_denies_its_own_account_too(s3, place):
    deny = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{place}/*",
    }
    s3.put_bucket_policy(Bucket=place, Policy=policy(deny))
    assert code_of(s3.put_object, Bucket=place, Key="k", Body=b"x") == DENIED
    deny["Condition"] = {"StringNotEquals": {"s3:x-amz-server-side-encryption": "AES256"}}
    s3.put_bucket_policy(Bucket=place, Policy=policy(deny))
    assert code_of(s3.put_object, Bucket=place, Key="k", Body=b"x") == DENIED
    s3.put_object(Bucket=place, Key="k", Body=b"x", ServerSideEncryption="AES256")
    everything = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": f"arn:aws:s3:::{place}"}
    s3.put_bucket_policy(Bucket=place, Policy=policy(everything))
    assert code_of(s3.list_objects_v2, Bucket=place) == DENIED
    s3.delete_bucket_policy(Bucket=place)  # Nobody is locked out for good.


def test_conditions_ask_for_tags_prefixes_and_referers(s3, place, stranger, nobody):
    tagged = {"StringEquals": {"s3:ExistingObjectTag/level": "open"}}
    s3.put_bucket_policy(Bucket=place, Policy=policy(allow("s3:GetObject", f"{place}/*", Condition=tagged)))
    assert read(stranger, place) == b"kept"
    assert code_of(stranger.get_object, Bucket=place, Key="other") == DENIED
    prefixed = {"StringEquals": {"s3:prefix": "o"}}
    s3.put_bucket_policy(Bucket=place, Policy=policy(allow("s3:ListBucket", place, Condition=prefixed)))
    assert keys(stranger.list_objects_v2(Bucket=place, Prefix="o")) == ["other"]
    assert code_of(stranger.list_objects_v2, Bucket=place) == DENIED
    referred = {"StringLike": {"aws:Referer": "http://example.com/*"}}
    s3.put_bucket_policy(Bucket=place, Policy=policy(allow("s3:GetObject", f"{place}/*", Condition=referred)))
    url = f"{s3.meta.endpoint_url}/{place}/k"
    assert requests.get(url, timeout=5).status_code == 403
    assert requests.get(url, headers={"Referer": "http://example.com/a"}, timeout=5).status_code == 200


@pytest.mark.parametrize(
    "text",
    [
        "no JSON",
        "{}",
        policy({"Effect": "Allow", "Action": "s3:*", "Resource": "*"}),
        policy(
            {
                "Effect": "Allow",
                "Principal": "*",
                "Action": "s3:GetObject",
                "Resource": "arn:aws:s3:::not-this/*",
            }
        ),
    ],
)
def test_a_bad_policy_is_refused(s3, place, text):
    assert code_of(s3.put_bucket_policy, Bucket=place, Policy=text) == ("MalformedPolicy", 400)


def test_lists_open_buckets_and_objects(s3, place, stranger, nobody):
    s3.put_object_acl(Bucket=place, Key="k", ACL="public-read")
    assert read(nobody, place) == b"kept"
    assert code_of(nobody.get_object, Bucket=place, Key="other") == DENIED
    assert code_of(nobody.list_objects_v2, Bucket=place) == DENIED
    s3.put_object_acl(Bucket=place, Key="k", ACL="authenticated-read")
    assert code_of(nobody.get_object, Bucket=place, Key="k") == DENIED
    assert read(stranger, place) == b"kept"
    s3.put_bucket_acl(Bucket=place, ACL="public-read")
    assert keys(nobody.list_objects_v2(Bucket=place)) == ["k", "other"]
    assert code_of(nobody.get_object, Bucket=place, Key="missing") == ("NoSuchKey", 404)
    assert code_of(nobody.put_object, Bucket=place, Key="new", Body=b"x") == DENIED
    s3.put_bucket_acl(Bucket=place, ACL="public-read-write")
    stranger.put_object(Bucket=place, Key="theirs", Body=b"x")
    assert read(stranger, place, "theirs") == b"x"
    theirs = stranger.get_object_acl(Bucket=place, Key="theirs")
    assert theirs["Owner"]["ID"] == stranger.list_buckets()["Owner"]["ID"]
    nobody.delete_object(Bucket=place, Key="theirs")
    s3.put_bucket_acl(Bucket=place, ACL="private")
    assert code_of(nobody.list_objects_v2, Bucket=place) == DENIED


def test_grants_name_accounts_and_groups(s3, place, stranger):
    own, other = (client.list_buckets()["Owner"]["ID"] for client in (s3, stranger))
    s3.put_object_acl(Bucket=place, Key="k", GrantRead=f'id="{other}"', GrantFullControl=f"id={own}")
    assert read(stranger, place) == b"kept"
    assert code_of(stranger.get_object_acl, Bucket=place, Key="k") == DENIED
    grants = s3.get_object_acl(Bucket=place, Key="k")["Grants"]
    assert {(grant["Grantee"]["ID"], grant["Permission"]) for grant in grants} == {
        (own, "FULL_CONTROL"),
        (other, "READ"),
    }
    full = {"Grantee": {"Type": "CanonicalUser", "ID": other}, "Permission": "FULL_CONTROL"}
    everybody = {"Grantee": {"Type": "Group", "URI": EVERYBODY}, "Permission": "READ"}
    s3.put_object_acl(
        Bucket=place, Key="k", AccessControlPolicy={"Owner": {"ID": own}, "Grants": [full, everybody]}
    )
    assert len(stranger.get_object_acl(Bucket=place, Key="k")["Grants"]) == 2
    stranger.put_object_acl(Bucket=place, Key="k", ACL="private")
    assert code_of(stranger.get_object, Bucket=place, Key="k") == DENIED
    assert code_of(s3.put_bucket_acl, Bucket=place, GrantRead="id=0123") == ("InvalidArgument", 400)
    assert code_of(s3.put_bucket_acl, Bucket=place, ACL="no-such") == ("InvalidArgument", 400)


def test_public_access_can_be_blocked(s3, place, nobody):
    s3.put_object_acl(Bucket=place, Key="k", ACL="public-read")
    block = {"BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True}
    block["RestrictPublicBuckets"] = True
    s3.put_public_access_block(Bucket=place, PublicAccessBlockConfiguration=block)
    assert s3.get_public_access_block(Bucket=place)["PublicAccessBlockConfiguration"] == block
    assert code_of(nobody.get_object, Bucket=place, Key="k") == DENIED
    assert code_of(s3.put_bucket_acl, Bucket=place, ACL="public-read") == DENIED
    assert code_of(s3.put_object, Bucket=place, Key="n", Body=b"", ACL="public-read") == DENIED
    opening = policy(allow("s3:GetObject", f"{place}/*"))
    assert code_of(s3.put_bucket_policy, Bucket=place, Policy=opening) == DENIED
    s3.delete_public_access_block(Bucket=place)
    assert read(nobody, place) == b"kept"


def test_an_owner_who_enforces_takes_no_lists(s3, place, nobody):
    controls = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    s3.put_object_acl(Bucket=place, Key="k", ACL="public-read")
    s3.put_bucket_ownership_controls(Bucket=place, OwnershipControls=controls)
    assert s3.get_bucket_ownership_controls(Bucket=place)["OwnershipControls"] == controls
    assert code_of(nobody.get_object, Bucket=place, Key="k") == DENIED
    unsupported = ("AccessControlListNotSupported", 400)
    assert code_of(s3.put_object_acl, Bucket=place, Key="k", ACL="public-read") == unsupported
    s3.put_object(Bucket=place, Key="n", Body=b"", ACL="bucket-owner-full-control")
    assert code_of(s3.put_object, Bucket=place, Key="n", Body=b"", ACL="private") == unsupported
    assert code_of(s3.put_bucket_acl, Bucket=place, ACL="private") == unsupported
    s3.delete_bucket_ownership_controls(Bucket=place)


def test_the_list_of_what_others_wrote_is_theirs(s3, place, stranger):
    s3.put_bucket_policy(Bucket=place, Policy=policy(allow("s3:PutObject", f"{place}/*")))
    stranger.put_object(Bucket=place, Key="theirs", Body=b"x")
    assert code_of(s3.get_object_acl, Bucket=place, Key="theirs") == DENIED
    stranger.put_object(Bucket=place, Key="theirs", Body=b"x", ACL="bucket-owner-full-control")
    assert len(s3.get_object_acl(Bucket=place, Key="theirs")["Grants"]) == 2


def test_a_user_of_the_account_needs_one_of_both_policies(server, s3, place):
    user = json.loads(server.clary("users add", "reader", "--json").stdout)
    try:
        reader = boto3.session.Session(
            aws_access_key_id=user["accessKeyIds"][0],
            aws_secret_access_key=user["secretAccessKey"],
            region_name="us-east-1",
        ).client("s3", endpoint_url=server.url)
        assert code_of(reader.get_object, Bucket=place, Key="k") == DENIED
        named = {"AWS": "arn:aws:iam::000000000000:user/reader"}
        s3.put_bucket_policy(
            Bucket=place, Policy=policy(allow("s3:GetObject", f"{place}/*", principal=named))
        )
        assert read(reader, place) == b"kept"
        assert code_of(reader.put_object, Bucket=place, Key="k", Body=b"x") == DENIED
    finally:
        server.clary("users rm", "reader")
