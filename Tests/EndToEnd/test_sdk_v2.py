"""The SageMaker Python SDK 2.x, unchanged: programs as a user writes them."""

import pytest

SETUP = """
import json, time
import boto3, numpy, sagemaker
from sagemaker import get_execution_role, image_uris
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.serializers import CSVSerializer
from sagemaker.deserializers import CSVDeserializer

session = sagemaker.Session()
role = get_execution_role(session)
bucket = session.default_bucket()
image = image_uris.retrieve("xgboost", session.boto_region_name, version="1.7-1")

random = numpy.random.default_rng(1)
features = random.normal(size=(300, 4))
labels = (features[:, 0] + features[:, 1] > 0).astype(int)
numpy.savetxt("train.csv", numpy.column_stack([labels, features]), delimiter=",")
uri = session.upload_data("train.csv", bucket, "sdk/train")

def estimator(**options):
    result = Estimator(
        image, role, instance_count=1, instance_type="ml.m5.large",
        output_path=f"s3://{bucket}/sdk/out", sagemaker_session=session, **options)
    result.set_hyperparameters(objective="binary:logistic", num_round=20)
    return result
"""


def test_fit_deploy_predict_delete(run_python):
    output = run_python(
        SETUP
        + """
job = estimator()
job.fit({"train": TrainingInput(uri, content_type="text/csv")})
predictor = job.deploy(1, "ml.m5.large", serializer=CSVSerializer(), deserializer=CSVDeserializer(), wait=False)
boto3.client("sagemaker").get_waiter("endpoint_in_service").wait(
    EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1})
answers = predictor.predict(features[:50])
scores = [float(value) for row in answers for value in row]
print("accuracy", numpy.mean((numpy.array(scores) > 0.5) == labels[:50]))
predictor.delete_model()
predictor.delete_endpoint()
client = boto3.client("sagemaker")
client.get_waiter("endpoint_deleted").wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1})
print("left", client.list_endpoints(NameContains=predictor.endpoint_name)["Endpoints"])
"""
    )
    assert "#011train-logloss:" in output or "train-logloss:" in output  # The live log.
    assert "Training seconds: " in output and "Billable seconds: " in output
    accuracy = float(output.partition("accuracy ")[2].split()[0])
    assert accuracy > 0.95
    assert "left []" in output


def test_attach_finds_a_finished_job(run_python):
    output = run_python(
        SETUP
        + """
job = estimator()
job.fit({"train": TrainingInput(uri, content_type="text/csv")}, logs=False)
found = Estimator.attach(job.latest_training_job.name, session)
print("same", found.model_data == job.model_data, found.hyperparameters()["num_round"])
"""
    )
    assert "same True 20" in output


def test_an_endpoint_from_model_data_and_an_update(run_python):
    output = run_python(
        SETUP
        + """
from sagemaker.model import Model
job = estimator()
job.fit({"train": TrainingInput(uri, content_type="text/csv")}, logs=False)
model = Model(image, job.model_data, role, predictor_cls=sagemaker.predictor.Predictor, sagemaker_session=session)
predictor = model.deploy(1, "ml.m5.large", serializer=CSVSerializer(), wait=False)
client = boto3.client("sagemaker")
waiter = client.get_waiter("endpoint_in_service")
waiter.wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1})
print("before", predictor.predict(features[:1]).decode())
predictor.update_endpoint(initial_instance_count=2, instance_type="ml.m5.xlarge", wait=False)
waiter.wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1})
description = client.describe_endpoint(EndpointName=predictor.endpoint_name)
print("instances", description["ProductionVariants"][0]["CurrentInstanceCount"])
print("after", predictor.predict(features[:1]).decode())
predictor.delete_model()
predictor.delete_endpoint()
"""
    )
    assert "instances 2" in output
    before, after = (float(output.partition(word)[2].split()[0]) for word in ("before ", "after "))
    assert before == pytest.approx(after)


def test_a_failed_job_raises_with_its_reason(run_python):
    output = run_python(
        SETUP
        + """
from sagemaker.exceptions import UnexpectedStatusException
job = estimator()
job.set_hyperparameters(objective="binary:logistic", num_round=5, eta=7)
try:
    job.fit({"train": TrainingInput(uri, content_type="text/csv")})
except UnexpectedStatusException as error:
    print("raised", error)
"""
    )
    assert "Hyperparameter eta: 7" in output.partition("raised ")[2]


def test_files_and_strings_go_through_the_session(run_python):
    output = run_python(
        SETUP
        + """
from sagemaker.s3 import S3Downloader, S3Uploader
where = S3Uploader.upload_string_as_file_body("hello", f"s3://{bucket}/sdk/text/hello.txt", sagemaker_session=session)
print("read", S3Downloader.read_file(where, sagemaker_session=session))
print("listed", S3Downloader.list(f"s3://{bucket}/sdk/text", sagemaker_session=session))
session.download_data("back", bucket, "sdk/text")
print("back", open("back/hello.txt").read())
"""
    )
    assert "read hello" in output and "back hello" in output and "sdk/text/hello.txt']" in output


def test_a_remote_function_returns_and_raises(run_python):
    output = run_python(
        SETUP
        + """
from sagemaker.remote_function import remote
scikit_learn = image_uris.retrieve("sklearn", session.boto_region_name, version="1.2-1")

@remote(image_uri=scikit_learn, instance_type="ml.m5.large", role=role)
def divide(x, y):
    import sklearn
    print("dividing with", sklearn.__version__)
    return {"quotient": x / y}

print("value", divide(6, 4))
try:
    divide(1, 0)
except ZeroDivisionError as error:
    print("raised", error)
"""
    )
    assert "dividing with 1.2.1" in output
    assert "value {'quotient': 1.5}" in output
    assert "raised division by zero" in output
