"""Scripts that serve: a model archive with code beside it, as the framework containers take it."""

import io
import json
import tarfile

import botocore.exceptions
import pytest
from jobs import ROLE, variant, wait_until

SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ADDING = """
import numpy, text_unidecode

def model_fn(model_dir):
    return float(open(model_dir + "/addend.txt").read())

def predict_fn(data, model):
    return numpy.asarray(data) + model
"""


@pytest.fixture
def make_model(sagemaker, s3, bucket, unique):
    """Creates a model of an archive with these files; it is deleted afterwards."""
    made = []

    def make(files: dict[str, str], **environment: str) -> str:
        name = unique("model")
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            for path, text in files.items():
                entry = tarfile.TarInfo(path)
                entry.size = len(text.encode())
                tar.addfile(entry, io.BytesIO(text.encode()))
        s3.put_object(Bucket=bucket, Key=f"{name}/model.tar.gz", Body=buffer.getvalue())
        sagemaker.create_model(
            ModelName=name,
            ExecutionRoleArn=ROLE,
            PrimaryContainer={
                "Image": SKLEARN,
                "ModelDataUrl": f"s3://{bucket}/{name}/model.tar.gz",
                "Environment": {
                    "SAGEMAKER_PROGRAM": "inference.py",
                    "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
                }
                | environment,
            },
        )
        made.append(name)
        return name

    yield make
    for name in made:
        sagemaker.delete_model(ModelName=name)


def test_own_functions_requirements_and_content_types(make_model, deploy, runtime):
    files = {
        "addend.txt": "1.5",
        "code/inference.py": ADDING,
        "code/requirements.txt": "text-unidecode==1.3\n",
    }
    name = deploy(variant(make_model(files)))

    def invoke(body: str, content_type: str, accept: str) -> tuple[str, str]:
        reply = runtime.invoke_endpoint(EndpointName=name, Body=body, ContentType=content_type, Accept=accept)
        return reply["Body"].read().decode(), reply["ContentType"]

    assert invoke("1,2\n3,4\n", "text/csv", "text/csv") == ("2.5,3.5\n4.5,5.5\n", "text/csv")
    text, content_type = invoke("[[1, 2]]", "application/json", "application/json")
    assert (json.loads(text), content_type) == ([[2.5, 3.5]], "application/json")
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        invoke("a tune", "audio/midi", "application/json")
    assert caught.value.response["Error"]["Code"] == "ModelError"
    assert caught.value.response["OriginalStatusCode"] == 415
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        invoke("{", "application/json", "application/json")
    assert caught.value.response["OriginalStatusCode"] == 400


def test_a_model_that_cannot_be_loaded_says_why(make_model, deploy, sagemaker):
    script = "def model_fn(model_dir):\n    return open(model_dir + '/weights.bin').read()\n"
    name = deploy(variant(make_model({"code/inference.py": script})), wait=False)
    endpoint = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName=name),
        lambda endpoint: endpoint["EndpointStatus"] != "Creating",
        120,
    )
    assert endpoint["EndpointStatus"] == "Failed"
    assert "No such file or directory: '/opt/ml/model/weights.bin'" in endpoint["FailureReason"]


def test_a_script_that_fails_answers_with_its_error(make_model, deploy, runtime):
    script = "def model_fn(model_dir):\n    return 1\n\n\ndef predict_fn(data, model):\n    raise KeyError('absent')\n"
    name = deploy(variant(make_model({"code/inference.py": script})))
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        runtime.invoke_endpoint(EndpointName=name, Body="[1]", ContentType="application/json")
    assert caught.value.response["OriginalStatusCode"] == 500
    assert "absent" in caught.value.response["OriginalMessage"]
