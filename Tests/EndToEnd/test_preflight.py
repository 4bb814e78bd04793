"""`clary preflight`: everything that is wrong with a request at once, and nothing made."""

import json
import subprocess

import pytest
from jobs import ROLE, channel, training_request, variant, wait_for_job
from server import CLARY
from test_script_mode import SKLEARN, archive

TRUST = {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}


@pytest.fixture
def preflight(server, tmp_path):
    """Checks a request; returns the exit code and the findings as (subject, verdict, text)."""

    def run(request: dict) -> tuple[int, list[tuple[str, str, str]]]:
        path = tmp_path / "request.json"
        path.write_text(json.dumps(request))
        result = server.clary("preflight", str(path), "--json", check=False)
        assert result.stdout, result.stderr
        checks = json.loads(result.stdout)["checks"]
        return result.returncode, [(check["subject"], check["verdict"], check["text"]) for check in checks]

    return run


def problems(findings: list[tuple[str, str, str]]) -> dict[str, str]:
    return {subject: text for subject, verdict, text in findings if verdict == "problem"}


def script_job(name: str, bucket: str, program: str, place: str, **changes) -> dict:
    return training_request(
        name,
        bucket,
        AlgorithmSpecification={"TrainingImage": SKLEARN, "TrainingInputMode": "File"},
        HyperParameters={
            "sagemaker_program": json.dumps(program),
            "sagemaker_submit_directory": json.dumps(place),
        },
        **changes,
    )


def test_a_good_request_is_accepted_and_nothing_is_made(
    preflight, server, sagemaker, bucket, unique, tmp_path
):
    request = training_request(unique("good"), bucket)
    code, findings = preflight(request)
    assert (code, problems(findings)) == (0, {})
    said = {subject: text for subject, _, text in findings}
    assert "1 object, " in said["Channel 'train'"]
    assert "built-in XGBoost, behaving as container 1.7-1" in said["Image"]
    assert said["HyperParameters"] == "The algorithm accepts them."
    assert "ClaryExecutionRole" in said["RoleArn"]
    assert "There is room" in said["Capacity"]
    with pytest.raises(sagemaker.exceptions.ClientError):
        sagemaker.describe_training_job(TrainingJobName=request["TrainingJobName"])
    path = tmp_path / "good.json"
    path.write_text(json.dumps(request))
    text = server.clary("preflight", str(path)).stdout
    assert f"CreateTrainingJob would accept {request['TrainingJobName']}." in text


def test_all_problems_come_at_once(preflight, sagemaker, s3, bucket, unique):
    name = unique("taken")
    sagemaker.create_training_job(**training_request(name, bucket))
    code, findings = preflight(
        training_request(
            name,
            bucket,
            HyperParameters={"num_round": "many", "objective": "binary:logistic"},
            InputDataConfig=[
                channel("train", f"s3://{bucket}/nothing/"),
                channel("validation", "s3://no-such-bucket-of-mine/x"),
                channel("validation", f"s3://{bucket}/train/"),
            ],
            OutputDataConfig={"S3OutputPath": "s3://no-such-output/x"},
            CheckpointConfig={"S3Uri": "s3://no-such-checkpoints/x"},
            TensorBoardOutputConfig={"S3OutputPath": "s3://no-such-board/x"},
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 900, "VolumeSizeInGB": 1},
            ServerlessJobConfig={},
            Hyperparameter={},
            Tags=[{"Key": "a", "Valve": "b"}],
        )
    )
    assert code == 1
    found = problems(findings)
    assert "already exists" in found["TrainingJobName"]
    assert "num_round" in found["HyperParameters"]
    assert f"s3://{bucket}/nothing/" in found["Channel 'train'"]
    assert "Channel names must be unique" in found["Channel 'validation'"]
    for field, missing in {
        "OutputDataConfig.S3OutputPath": "no-such-output",
        "CheckpointConfig.S3Uri": "no-such-checkpoints",
        "TensorBoardOutputConfig.S3OutputPath": "no-such-board",
    }.items():
        assert f"the bucket '{missing}' does not exist" in found[field]
    assert "do not fit on this machine" in found["Capacity"]
    requests = " ".join(text for subject, _, text in findings if subject == "Request")
    assert "tags.1.member.value" in requests
    assert "'Hyperparameter'" in requests and "'Tags[0].Valve'" in requests
    wait_for_job(sagemaker, name)


def test_a_script_is_looked_for_in_its_archive(preflight, s3, bucket, unique):
    prefix = unique("source")
    s3.put_object(Bucket=bucket, Key=f"{prefix}/a.tar.gz", Body=archive(main__py="print(1)"))
    s3.put_object(Bucket=bucket, Key=f"{prefix}/b.tar.gz", Body=b"no archive")
    place = f"s3://{bucket}/{prefix}"
    code, findings = preflight(script_job("s", bucket, "main.py", f"{place}/a.tar.gz"))
    assert (code, problems(findings)) == (0, {})
    assert any("environment scikit-learn-1.2.1-py311" in text for _, _, text in findings)
    for program, archive_place, words in [
        ("train.py", f"{place}/a.tar.gz", "'train.py' is not in"),
        ("main.py", f"{place}/b.tar.gz", "is no archive that can be unpacked"),
        ("main.py", f"{place}/c.tar.gz", "which does not exist"),
        ("main.py", "/opt/ml/input/data/code/a.tar.gz", "there is no channel 'code'"),
    ]:
        code, findings = preflight(script_job("s", bucket, program, archive_place))
        assert code == 1
        assert words in problems(findings)["Script"]
    code, findings = preflight(
        script_job("s", bucket, "main.py", f"{place}/a.tar.gz", EnableNetworkIsolation=True)
    )
    assert "EnableNetworkIsolation closes the network" in problems(findings)["Script"]


def test_a_roles_rights_are_told(preflight, aws, bucket, unique):
    iam, name = aws("iam"), unique("Reader")
    arn = iam.create_role(
        RoleName=name,
        AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [TRUST]}),
    )["Role"]["Arn"]
    iam.put_role_policy(
        RoleName=name,
        PolicyName="reads",
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetObject"], "Resource": "*"},
                    {"Effect": "Deny", "Action": "s3:*", "Resource": f"arn:aws:s3:::{bucket}/train-libsvm/*"},
                ],
            }
        ),
    )
    request = training_request(
        unique("role"),
        bucket,
        RoleArn=arn,
        InputDataConfig=[
            channel("train", f"s3://{bucket}/train/"),
            channel("validation", f"s3://{bucket}/train-libsvm/"),
        ],
        CheckpointConfig={"S3Uri": f"s3://{bucket}/state"},
    )
    code, findings = preflight(request)
    found = problems(findings)
    assert code == 1
    assert found.keys() == {
        "Channel 'validation'",
        "OutputDataConfig.S3OutputPath",
        "CheckpointConfig.S3Uri",
    }
    assert "s3:PutObject" in found["CheckpointConfig.S3Uri"]
    iam.update_assume_role_policy(
        RoleName=name,
        PolicyDocument=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [TRUST | {"Principal": {"Service": "ec2.amazonaws.com"}}],
            }
        ),
    )
    code, findings = preflight(request)
    assert "Could not assume role" in problems(findings)["RoleArn"]


def test_models_and_endpoint_configurations_are_understood(preflight, bucket, trained_model, unique):
    container = {"Image": training_request("x", bucket)["AlgorithmSpecification"]["TrainingImage"]}
    model = {"ModelName": unique("m"), "ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    container["ModelDataUrl"] = trained_model
    code, findings = preflight(model)
    assert (code, problems(findings)) == (0, {})
    container["ModelDataUrl"] = f"s3://{bucket}/absent.tar.gz"
    code, findings = preflight(model)
    assert code == 1 and "Could not find model data" in problems(findings)["Container"]
    code, findings = preflight(
        {"EndpointConfigName": unique("e"), "ProductionVariants": [variant("absent-model", count=500)]}
    )
    assert code == 1
    assert problems(findings).keys() == {"ProductionVariants", "Capacity of variant 'AllTraffic'"}


def test_standard_input_and_documents_of_another_kind(server):
    result = subprocess.run(
        [CLARY, "preflight", "-", "--data-dir", server.data],
        input='{"Buckets": []}',
        capture_output=True,
        text=True,
        env=server.environment,
    )
    assert result.returncode == 1
    assert "is no request of CreateTrainingJob" in result.stderr
