"""STS and IAM as the SDKs use them; signatures."""

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from jobs import ACCOUNT


def client(environment, service: str, **keys):
    defaults = {
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
    }
    return boto3.client(service, config=Config(retries={"total_max_attempts": 1}), **(defaults | keys))


def test_the_caller_is_an_assumed_role(aws):
    identity = aws("sts").get_caller_identity()
    assert identity["Account"] == ACCOUNT
    assert identity["Arn"].startswith(f"arn:aws:sts::{ACCOUNT}:assumed-role/")
    assert ":" in identity["UserId"]


def test_assumed_roles_come_with_credentials_that_work_and_carry_their_role(aws, environment):
    iam = aws("iam")
    role = iam.list_roles()["Roles"][0]
    answer = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="me", DurationSeconds=900)
    keys = answer["Credentials"]
    assumed = client(
        environment,
        "sts",
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )
    expected = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role['RoleName']}/me"
    assert assumed.get_caller_identity()["Arn"] == expected == answer["AssumedRoleUser"]["Arn"]


def test_a_session_token_is_needed_and_must_be_the_right_one(aws, environment):
    role = aws("iam").list_roles()["Roles"][0]
    keys = aws("sts").assume_role(RoleArn=role["Arn"], RoleSessionName="me")["Credentials"]
    for token in (None, "wrong"):
        assumed = client(
            environment,
            "sts",
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=token,
        )
        with pytest.raises(ClientError) as caught:
            assumed.get_caller_identity()
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


@pytest.mark.parametrize("service", ["sts", "s3", "sagemaker", "logs", "iam", "sagemaker-runtime"])
@pytest.mark.parametrize("wrong", ["key", "secret"])
def test_wrong_keys_are_refused_by_every_service(aws, environment, service, wrong):
    keys = (
        {"aws_access_key_id": "AKIAWRONG0000000000"} if wrong == "key" else {"aws_secret_access_key": "wrong"}
    )
    stranger = client(environment, service, **keys)
    call = {
        "sts": lambda: stranger.get_caller_identity(),
        "s3": lambda: stranger.list_buckets(),
        "sagemaker": lambda: stranger.list_training_jobs(),
        "logs": lambda: stranger.describe_log_groups(),
        "iam": lambda: stranger.list_roles(),
        "sagemaker-runtime": lambda: stranger.invoke_endpoint(EndpointName="e", Body=b""),
    }[service]
    with pytest.raises(ClientError) as caught:
        call()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] in (400, 403)
    assert caught.value.response["Error"]["Code"] in (
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
    )


def test_roles_are_made_found_listed_and_deleted(aws, unique):
    iam, name = aws("iam"), unique("Role")
    trust = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}'
    made = iam.create_role(RoleName=name, Path="/service-role/", AssumeRolePolicyDocument=trust)["Role"]
    assert made["Arn"] == f"arn:aws:iam::{ACCOUNT}:role/service-role/{name}"
    found = iam.get_role(RoleName=name)["Role"]
    assert found["AssumeRolePolicyDocument"]["Statement"][0]["Action"] == "sts:AssumeRole"
    names = [
        role["RoleName"] for page in iam.get_paginator("list_roles").paginate() for role in page["Roles"]
    ]
    assert name in names
    with pytest.raises(iam.exceptions.EntityAlreadyExistsException):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust)
    iam.attach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    simulated = iam.simulate_principal_policy(
        PolicySourceArn=made["Arn"], ActionNames=["s3:GetObject", "iam:CreateUser"]
    )
    decisions = [each["EvalDecision"] for each in simulated["EvaluationResults"]]
    assert decisions == ["allowed", "implicitDeny"]
    iam.detach_role_policy(RoleName=name, PolicyArn="arn:aws:iam::aws:policy/AmazonS3FullAccess")
    iam.delete_role(RoleName=name)
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.get_role(RoleName=name)


def test_regions_are_kept_apart(aws, environment, bucket, unique):
    from jobs import script_request, wait_for_job

    name = unique("here")
    sagemaker = aws("sagemaker")
    sagemaker.create_training_job(**script_request(name, bucket, "true"))
    wait_for_job(sagemaker, name)
    elsewhere = client(environment, "sagemaker", region_name="eu-central-1")
    with pytest.raises(ClientError, match="Requested resource not found"):
        elsewhere.describe_training_job(TrainingJobName=name)


def test_an_operation_that_clary_knows_but_has_not_is_named(aws):
    with pytest.raises(ClientError) as caught:
        aws("sagemaker").list_notebook_instances()
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert "ListNotebookInstances" in caught.value.response["Error"]["Message"]
