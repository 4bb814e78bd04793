"""What the decision about a call adds to it: the same signed call by the owner, who may do everything, and by a user.

The user's policy has many statements with wildcards and conditions, none of which but the last allows the call.
"""

import hashlib
import json
import statistics
import subprocess

import aws
import boto3
import load
import setting
from harness import CLARY, Clary, Row

ROUNDS = 7
SECONDS = 2
STATEMENTS = 20


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        setting.put_training_data(client)
        setting.create_training_job(client, "bench")
        setting.wait_for_job(client, "bench")
        user = add_user(clary)
        differences = []
        for _ in range(ROUNDS):
            owner, other = microseconds(clary, clary.credentials), microseconds(clary, user)
            differences.append(other - owner)
    added = statistics.median(differences)
    return [
        Row(
            f"evaluation of a policy of {STATEMENTS} statements, added to a signed call of {owner:.0f} µs",
            f"{added:.1f} µs",
            must="≤ 20 µs",
            met=added <= 20,
        )
    ]


def microseconds(clary: Clary, credentials: aws.Credentials) -> float:
    """Mean time of one DescribeTrainingJob on one connection."""
    body = b'{"TrainingJobName":"bench"}'
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "SageMaker.DescribeTrainingJob"}
    digest = hashlib.sha256(body).hexdigest()
    signed = aws.sign(credentials, "sagemaker", "POST", f"{clary.host}:{clary.port}", "/", headers, digest)
    return 1e6 / load.run(clary.host, clary.port, "POST", "/", signed, body, 1, SECONDS).rate


def add_user(clary: Clary) -> aws.Credentials:
    key = json.loads(
        subprocess.run(
            [CLARY, "users", "add", "bench", "--json", "--data-dir", clary.data],
            check=True,
            capture_output=True,
            env=clary.environment,
        ).stdout
    )
    iam = boto3.session.Session(
        clary.credentials.key, clary.credentials.secret, region_name="us-east-1"
    ).client("iam", endpoint_url=f"http://{clary.host}:{clary.port}")
    statements = [
        {
            "Effect": "Allow" if number % 2 else "Deny",
            "Action": ["sagemaker:Create*", f"s3:Get{number}*"],
            "Resource": f"arn:aws:*:*:*:training-job/other-{number}-*",
            "Condition": {"StringLike": {"aws:username": f"nobody-{number}-*"}},
        }
        for number in range(STATEMENTS - 1)
    ]
    statements.append({"Effect": "Allow", "Action": "sagemaker:Describe*", "Resource": "*"})
    iam.put_user_policy(
        UserName="bench",
        PolicyName="bench",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": statements}),
    )
    return aws.Credentials(key["accessKeyIds"][0], key["secretAccessKey"])
