"""`clary preflight`: everything that is wrong with a request at once, and nothing made."""

import io
import json
import subprocess
import tarfile

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
    assert code == 1 and "Could not find model data" in problems(findings)["PrimaryContainer.ModelDataUrl"]
    code, findings = preflight(
        {"EndpointConfigName": unique("e"), "ProductionVariants": [variant("absent-model", count=500)]}
    )
    assert code == 1
    assert problems(findings).keys() == {"Variant 'AllTraffic'", "Capacity of variant 'AllTraffic'"}


def test_all_problems_of_models_and_endpoint_configurations_come_at_once(
    preflight, sagemaker, bucket, unique, trained_model
):
    image = training_request("x", bucket)["AlgorithmSpecification"]["TrainingImage"]
    name = unique("taken")
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": image, "ModelDataUrl": trained_model},
    )
    containers = [
        {"Image": "kmeans:1", "ModelDataUrl": "https://nowhere/model.tar.gz", "ContainerHostname": "a"},
        {"Image": image, "Mode": "MultiModel", "ContainerHostname": "a"},
        {"ModelDataUrl": f"s3://{bucket}/absent.tar.gz"},
    ]
    tags = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    code, findings = preflight(
        {"ModelName": name, "ExecutionRoleArn": ROLE, "Containers": containers, "Tags": tags}
    )
    found = problems(findings)
    assert code == 1
    assert found.keys() == {
        "ModelName",
        "Containers[0].Image",
        "Containers[0].ModelDataUrl",
        "Containers[1].Mode",
        "Containers[2].Image",
        "Containers[2].ModelDataUrl",
        "ContainerHostname",
        "Tags",
    }
    assert "Cannot create already existing model" in found["ModelName"]
    variants = [
        variant(name, name="one") | {"InstanceType": "ml.m5.lage"},
        variant("absent", name="two") | {"ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1}},
        variant(name, name="two"),
    ]
    code, findings = preflight(
        {
            "EndpointConfigName": unique("e"),
            "ProductionVariants": variants,
            "AsyncInferenceConfig": {"OutputConfig": {}},
        }
    )
    assert code == 1
    said = [(subject, text) for subject, verdict, text in findings if verdict == "problem"]
    for subject, words in [
        ("AsyncInferenceConfig", "is not offered yet"),
        ("Variant 'one'", "Near it are ml.m5.large, "),
        ("Variant 'two'", "ServerlessConfig of variant 'two' is not offered yet"),
        ("Variant 'two'", "Could not find model"),
        ("Variant 'two'", "'two' is there twice"),
    ]:
        assert any(subject == one and words in text for one, text in said), (subject, words, said)
    assert not any("ml.p4d.24xlarge" in text for _, text in said)


def test_an_image_is_explained_as_the_job_uses_it(preflight, bucket, unique):
    function = "/opt/ml/input/data/sagemaker_remote_function_bootstrap/job_driver.sh"
    algorithm = {"TrainingImage": SKLEARN, "TrainingInputMode": "File"}

    def environment(**changes) -> str:
        request = training_request(unique("f"), bucket, **changes)
        return " ".join(text for subject, _, text in preflight(request)[1] if subject == "Image")

    plain = algorithm | {"ContainerEntrypoint": ["/bin/true"]}
    remote = algorithm | {
        "ContainerEntrypoint": ["/bin/bash", function],
        "ContainerArguments": [
            *("--client_sagemaker_pysdk_version", "2.232.1"),
            *("--client_python_version", "3.11"),
        ],
    }
    own = environment(AlgorithmSpecification=plain)
    refined = environment(AlgorithmSpecification=remote)
    assert "scikit-learn-1.2.1-py311" in own and "SageMaker SDK" not in own
    assert "scikit-learn-1.2.1-py311" in refined and "SageMaker SDK 2.232.1" in refined
    assert own.split(",")[0] != refined.split(",")[0]
    engine = environment(AlgorithmSpecification=plain, Environment={"CLARY_RUNTIME": "oci"})
    assert "environment scikit-learn" not in engine and "container engine" in engine


def test_what_a_script_is_given_is_looked_at(preflight, s3, bucket, unique):
    key = f"{unique('source')}/a.tar.gz"
    files = {
        "requirements.txt": """\
            # what it needs
            numpy=1.2
            pandas>=2.0 ; python_version < "3.12"
            ./wheels/absent-1.0-py3-none-any.whl
            -r more.txt
            -e ./package
            """,
        "more.txt": "-c constraints.txt\n--frobnicate\n",
        "src/train.py": "print(1)",
        "package/module.py": "",
    }
    s3.put_object(Bucket=bucket, Key=key, Body=archive(**files))
    request = script_job("s", bucket, "train.py", f"s3://{bucket}/{key}")
    request["HyperParameters"] |= {"a=b": "1", "epochs": '"1\\u0000"'}
    code, findings = preflight(request)
    assert code == 1
    assert "It has 'src/train.py': name that" in problems(findings)["Script"]
    lines = [
        text for subject, verdict, text in findings if (subject, verdict) == ("requirements.txt", "problem")
    ]
    assert [line.split(":")[0] for line in lines] == [
        *("Line 2", "Line 4", "more.txt, line 1", "more.txt, line 2", "Line 6"),
    ]
    for line, words in zip(
        lines,
        [
            "compared with ==",
            "the archive has no './wheels/absent-1.0",
            "the archive has no 'constraints.txt'",
            "--frobnicate is no option",
            "no pyproject.toml and no setup.py",
        ],
        strict=True,
    ):
        assert words in line
    given = " ".join(text for subject, _, text in findings if subject == "HyperParameters")
    assert "'SM_HP_A=B', would have a '='" in given and "'epochs' cannot be passed" in given
    code, findings = preflight(script_job("s", bucket, "src/train.py", f"s3://{bucket}/{key}"))
    assert problems(findings).keys() == {"requirements.txt"}


def test_programs_and_places_that_cannot_be(preflight, s3, bucket, unique):
    key = f"{unique('source')}/a.tar.gz"
    s3.put_object(Bucket=bucket, Key=key, Body=archive(main__py="print(1)"))
    place = f"s3://{bucket}/{key}"
    for program, where, words in [
        ("", place, "sagemaker_program is empty"),
        ("../main.py", place, "lies outside of the archive"),
        ("main.py", "https://example.org/a.tar.gz", "https:// is not fetched from"),
        ("absent", place, "'absent' is not in"),
    ]:
        code, findings = preflight(script_job("s", bucket, program, where))
        assert code == 1
        assert words in problems(findings)["Script"]
    code, findings = preflight(script_job("s", bucket, "main", place))
    assert (code, problems(findings)) == (0, {})
    # One that would be large is not read to its end.
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        large = tarfile.TarInfo("large")
        large.size = 3 << 30
        tar.addfile(large)
    s3.put_object(Bucket=bucket, Key=key, Body=buffer.getvalue())
    code, findings = preflight(script_job("s", bucket, "main.py", place))
    assert (code, problems(findings)) == (0, {})
    assert any("more than the 2 GiB and 100000 files" in text for _, _, text in findings)


def test_values_of_wrong_types_come_all_at_once(preflight, bucket, unique):
    request = training_request(unique("t"), bucket)
    request["ResourceConfig"]["InstanceCount"] = "two"
    request["HyperParameters"] = {"num_round": 10, "objective": "nothing"}
    request["Tags"] = [{"Key": "a", "Value": "1"}, "b"]
    request["CheckpointConfig"] = {"S3Uri": "s3://no-such-checkpoints/x"}
    code, findings = preflight(request)
    assert code == 1
    said = [text for subject, verdict, text in findings if (subject, verdict) == ("Request", "problem")]
    assert sorted(said) == [
        'HyperParameters.num_round is 10, and text in quotes is wanted: write "10".',
        'ResourceConfig.InstanceCount is "two", and a whole number is wanted.',
        'Tags[1] is "b", and an object, { … }, is wanted.',
    ]
    # The rest is looked at, and nothing is said about what could not be read.
    assert problems(findings).keys() == {"Request", "CheckpointConfig.S3Uri"}
    container = {"Image": "kmeans:1", "ModelDataUrl": f"s3://{bucket}/absent", "Environment": {"A": 1}}
    code, findings = preflight(
        {"ModelName": unique("m"), "ExecutionRoleArn": ROLE, "PrimaryContainer": container}
    )
    assert problems(findings).keys() == {
        "Request",
        "PrimaryContainer.Image",
        "PrimaryContainer.ModelDataUrl",
    }


def test_an_instance_type_of_nobody_is_answered_in_a_few_words(preflight, bucket, unique):
    request = training_request(unique("t"), bucket)
    request["ResourceConfig"]["InstanceType"] = "ml.m5.lage"
    code, findings = preflight(request)
    assert code == 1
    assert problems(findings).keys() == {"ResourceConfig"}
    assert "Near it are ml.m5.large, " in problems(findings)["ResourceConfig"]
    assert len(problems(findings)["ResourceConfig"]) < 300


def test_documents_that_are_no_requests(server, tmp_path):
    def run(*words: str) -> tuple[int, str, str]:
        result = server.clary("preflight", *words, check=False)
        return result.returncode, result.stdout, result.stderr

    path = tmp_path / "request.json"
    (tmp_path / "secret.json").symlink_to(tmp_path / "absent")
    for text, words in {
        '{\n  "ModelName": "a",\n  "Tags": [1,, 2]\n}': "line 3, column 14: A value is missing, before `, 2]`",
        "": "The document is empty.",
        "[1]": "The document is a list, and a request is an object",
        '{"Buckets": []}': "is no request of CreateTrainingJob",
    }.items():
        path.write_text(text)
        code, out, error = run(str(path))
        assert (code, out) == (1, "") and words in error
        code, out, error = run(str(path), "--json")
        document = json.loads(out)
        assert (code, error) == (1, "") and (document["operation"], document["name"]) == ("", "")
        (check,) = document["checks"]
        assert (check["subject"], check["verdict"]) == ("Document", "problem") and words in check["text"]
    path.write_bytes(b" " * (2 << 20))
    for place, words in {
        str(tmp_path): "cannot be read: Is a directory.",
        str(tmp_path / "secret.json"): "cannot be read: No such file or directory.",
        str(path): "has more than 1 MiB",
    }.items():
        code, out, error = run(place)
        assert (code, out) == (2, "") and f"The file {place} {words}" in error
        code, out, error = run(place, "--json")
        (check,) = json.loads(out)["checks"]
        assert (code, error, check["subject"]) == (2, "", "File") and words in check["text"]
    path.write_text("{}")
    result = subprocess.run(
        [CLARY, "preflight", path, "--json", "--data-dir", tmp_path / "none"], capture_output=True, text=True
    )
    (check,) = json.loads(result.stdout)["checks"]
    assert (result.returncode, check["subject"]) == (2, "Server") and "No Clary server runs" in check["text"]


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
