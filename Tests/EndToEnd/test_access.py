"""Users, roles, policies and the audit log, as boto3 and the commands see them."""

import json

import pytest
from botocore.exceptions import ClientError
from jobs import ACCOUNT, script_request, wait_for_job
from test_identity import client

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "sagemaker.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def policy(*statements: dict) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(*actions: str, on: str = "*") -> dict:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on}


@pytest.fixture
def user(server, environment, unique):
    """Adds users by the command and makes clients of theirs."""
    names = []

    def add(*policies: str):
        name = unique("user")
        arguments = [argument for each in policies for argument in ("--policy", each)]
        added = json.loads(server.clary("users add", name, "--json", *arguments).stdout)
        names.append(name)
        keys = {
            "aws_access_key_id": added["accessKeyIds"][0],
            "aws_secret_access_key": added["secretAccessKey"],
        }
        return name, lambda service: client(environment, service, **keys)

    yield add
    for name in names:
        server.clary("users rm", name)


def refused(call) -> dict:
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    return caught.value.response["Error"]


def test_a_user_carries_their_name_and_may_do_nothing_at_first(user, bucket):
    name, aws = user()
    arn = f"arn:aws:iam::{ACCOUNT}:user/{name}"
    assert aws("sts").get_caller_identity()["Arn"] == arn
    error = refused(lambda: aws("sagemaker").describe_training_job(TrainingJobName="some-job"))
    assert error["Code"] == "AccessDeniedException"
    assert error["Message"] == (
        f"User: {arn} is not authorized to perform: sagemaker:DescribeTrainingJob on resource: "
        f"arn:aws:sagemaker:us-east-1:{ACCOUNT}:training-job/some-job because no identity-based policy allows "
        "the sagemaker:DescribeTrainingJob action"
    )
    assert refused(lambda: aws("s3").put_object(Bucket=bucket, Key="k", Body=b""))["Code"] == "AccessDenied"
    assert refused(lambda: aws("iam").list_users())["Code"] == "AccessDenied"
    assert refused(lambda: aws("logs").describe_log_groups())["Code"] == "AccessDeniedException"
    invoke = refused(lambda: aws("sagemaker-runtime").invoke_endpoint(EndpointName="e", Body=b""))
    assert invoke["Code"] == "AccessDeniedException"


def test_policies_open_what_they_name_and_nothing_else(user, aws, bucket):
    name, mine = user()
    aws("iam").put_user_policy(
        UserName=name,
        PolicyName="home",
        PolicyDocument=policy(
            allow("s3:*Object", on=f"arn:aws:s3:::{bucket}/${{aws:username}}/*"),
            allow("s3:ListBucket") | {"Condition": {"StringLike": {"s3:prefix": f"{name}/*"}}},
        ),
    )
    s3 = mine("s3")
    s3.put_object(Bucket=bucket, Key=f"{name}/a", Body=b"a")
    assert s3.get_object(Bucket=bucket, Key=f"{name}/a")["Body"].read() == b"a"
    assert s3.list_objects_v2(Bucket=bucket, Prefix=f"{name}/")["KeyCount"] == 1
    refused(lambda: s3.put_object(Bucket=bucket, Key="other/a", Body=b""))
    refused(lambda: s3.list_objects_v2(Bucket=bucket, Prefix=""))
    refused(lambda: s3.copy_object(Bucket=bucket, Key=f"{name}/b", CopySource=f"{bucket}/secret"))
    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": f"{name}/a"}, {"Key": "other/a"}]})
    assert [each["Key"] for each in answer["Deleted"]] == [f"{name}/a"]
    assert [each["Code"] for each in answer["Errors"]] == ["AccessDenied"]
    aws("iam").delete_user_policy(UserName=name, PolicyName="home")
    refused(lambda: s3.put_object(Bucket=bucket, Key=f"{name}/a", Body=b"a"))


def test_a_malformed_policy_is_refused(aws, user):
    name, _ = user()
    iam = aws("iam")
    with pytest.raises(iam.exceptions.MalformedPolicyDocumentException, match="field Statement"):
        iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument='{"Version":"2012-10-17"}')


def test_a_user_trains_with_a_role_that_they_may_pass(user, aws, bucket, unique):
    role = unique("Role")
    arn = aws("iam").create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    aws("iam").put_role_policy(
        RoleName=role, PolicyName="data", PolicyDocument=policy(allow("s3:*", on=f"arn:aws:s3:::{bucket}*"))
    )
    name, mine = user("AmazonSageMakerReadOnly")
    aws("iam").put_user_policy(
        UserName=name, PolicyName="train", PolicyDocument=policy(allow("sagemaker:CreateTrainingJob"))
    )
    request = script_request(unique("job"), bucket, "true") | {"RoleArn": arn}
    error = refused(lambda: mine("sagemaker").create_training_job(**request))
    assert "iam:PassRole on resource: " + arn in error["Message"]
    aws("iam").put_user_policy(
        UserName=name, PolicyName="pass", PolicyDocument=policy(allow("iam:PassRole", on=arn))
    )
    mine("sagemaker").create_training_job(**request)
    job = wait_for_job(mine("sagemaker"), request["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")


def test_a_job_reads_and_writes_as_its_role(aws, bucket, unique):
    role = unique("Closed")
    arn = aws("iam").create_role(RoleName=role, AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    aws("s3").put_object(Bucket=bucket, Key="closed/data.csv", Body=b"1,2\n")
    request = script_request(unique("closed"), bucket, "true") | {
        "RoleArn": arn,
        "InputDataConfig": [
            {
                "ChannelName": "train",
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/closed"}},
            }
        ],
    }
    aws("sagemaker").create_training_job(**request)
    job = wait_for_job(aws("sagemaker"), request["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Failed"
    reason = job["FailureReason"]
    assert reason.startswith("ClientError: ")
    assert role in reason and "s3:ListBucket" in reason and f"arn:aws:s3:::{bucket}" in reason


def test_roles_of_a_cloud_account_are_imported(server, aws, user, bucket, unique):
    arn = f"arn:aws:iam::123456789012:role/service-role/{unique('Cloud')}"
    name, mine = user("AmazonSageMakerFullAccess")
    request = script_request(unique("cloud"), bucket, "true") | {"RoleArn": arn}
    with pytest.raises(ClientError, match="Could not assume role"):
        mine("sagemaker").create_training_job(**request)
    server.clary("roles import", arn)
    mine("sagemaker").create_training_job(**request)
    job = wait_for_job(mine("sagemaker"), request["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert aws("iam").get_role(RoleName=arn.rpartition("/")[2])["Role"]["Arn"] == arn


def test_the_audit_log_tells_who_did_what(server, user, bucket):
    name, aws = user("AmazonS3FullAccess")
    aws("s3").put_object(Bucket=bucket, Key="audited", Body=b"x")
    aws("s3").get_object(Bucket=bucket, Key="audited")
    refused(lambda: aws("iam").create_user(UserName="mallory"))
    entries = json.loads(server.clary("audit", "--json", "--user", name).stdout)
    assert [(entry["action"], entry["outcome"]) for entry in entries] == [
        ("s3:PutObject", "Success"),
        ("iam:CreateUser", "AccessDenied"),
    ]
    assert entries[0]["resource"] == f"arn:aws:s3:::{bucket}/audited"
    assert entries[0]["source"] == "127.0.0.1"
    added = json.loads(server.clary("audit", "--json", "--action", "clary:CreateUser").stdout)
    assert name in added[-1]["parameters"]


def test_clary_s_own_calls_are_for_the_owner_and_administrators(server, user, environment):
    import urllib.request

    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest

    def ask(aws) -> int:
        credentials = aws("sts")._request_signer._credentials.get_frozen_credentials()
        request = AWSRequest("GET", server.url + "/_clary/v1/overview")
        SigV4Auth(credentials, "clary", "us-east-1").add_auth(request)
        call = urllib.request.Request(request.url, headers=dict(request.headers))
        try:
            return urllib.request.urlopen(call).status
        except urllib.error.HTTPError as error:
            return error.code

    assert ask(user("AdministratorAccess")[1]) == 200
    assert ask(user("AmazonSageMakerFullAccess")[1]) == 403


def test_managed_policies_and_keys_have_their_operations(aws, unique):
    iam, name = aws("iam"), unique("someone")
    iam.create_user(UserName=name)
    made = iam.create_policy(PolicyName=unique("P"), PolicyDocument=policy(allow("s3:Get*")))["Policy"]
    iam.attach_user_policy(UserName=name, PolicyArn=made["Arn"])
    attached = iam.list_attached_user_policies(UserName=name)["AttachedPolicies"]
    assert [each["PolicyArn"] for each in attached] == [made["Arn"]]
    version = iam.get_policy_version(PolicyArn=made["Arn"], VersionId=made["DefaultVersionId"])
    assert version["PolicyVersion"]["Document"]["Statement"][0]["Action"] == ["s3:Get*"]
    assert made["Arn"] in [each["Arn"] for each in iam.list_policies(Scope="Local")["Policies"]]
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_policy(PolicyArn=made["Arn"])
    key = iam.create_access_key(UserName=name)["AccessKey"]
    assert key["AccessKeyId"].startswith("AKIA") and len(key["SecretAccessKey"]) == 40
    with pytest.raises(iam.exceptions.DeleteConflictException):
        iam.delete_user(UserName=name)
    iam.delete_access_key(UserName=name, AccessKeyId=key["AccessKeyId"])
    iam.detach_user_policy(UserName=name, PolicyArn=made["Arn"])
    iam.delete_policy(PolicyArn=made["Arn"])
    iam.delete_user(UserName=name)


def test_what_is_missing_is_hidden_from_those_who_may_not_list(user, aws, bucket):
    name, make = user()
    aws("iam").put_user_policy(
        UserName=name,
        PolicyName="read",
        PolicyDocument=policy(allow("s3:GetObject", on=f"arn:aws:s3:::{bucket}/*")),
    )
    s3 = make("s3")
    error = refused(lambda: s3.get_object(Bucket=bucket, Key="not there"))
    assert error["Code"] == "AccessDenied" and "s3:ListBucket" in error["Message"]
    refused(lambda: s3.head_object(Bucket=bucket, Key="not there"))
    aws("iam").put_user_policy(
        UserName=name,
        PolicyName="list",
        PolicyDocument=policy(allow("s3:ListBucket", on=f"arn:aws:s3:::{bucket}")),
    )
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=bucket, Key="not there")


def test_sessions_of_a_removed_user_are_over_for_the_next_of_that_name(server, environment, unique):
    name = unique("user")

    def add() -> dict:
        arguments = ("--json", "--policy", "AmazonSageMakerFullAccess")
        return json.loads(server.clary("users add", name, *arguments).stdout)

    first = add()
    keys = {
        "aws_access_key_id": first["accessKeyIds"][0],
        "aws_secret_access_key": first["secretAccessKey"],
    }
    session = client(environment, "sts", **keys).get_session_token()["Credentials"]
    sagemaker = client(
        environment,
        "sagemaker",
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
    )
    sagemaker.list_training_jobs()
    server.clary("users rm", name)
    add()
    with pytest.raises(ClientError) as caught:
        sagemaker.list_training_jobs()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"
    server.clary("users rm", name)
