"""Script mode with the SDK's framework estimators, unchanged: fit on real data, deploy, predict, delete."""

import shutil
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"

SETUP = """
import boto3, json, numpy, sagemaker, time
from sklearn.datasets import load_iris

session = sagemaker.Session()
role = sagemaker.get_execution_role(session)
features, labels = load_iris(return_X_y=True)
numpy.savetxt("iris.csv", numpy.column_stack([labels, features]), delimiter=",")
data = session.upload_data("iris.csv", key_prefix="frameworks/iris")
common = dict(role=role, instance_count=1, sagemaker_session=session,
              metric_definitions=[{"Name": "accuracy", "Regex": "accuracy=(.*?);"}])

def accuracy(estimator):
    job = session.describe_training_job(estimator.latest_training_job.name)
    print("accuracy", job["FinalMetricDataList"][0]["Value"])

def deploy(model, **options):
    predictor = model.deploy(1, "ml.m5.large", wait=False, **options)
    client, name = boto3.client("sagemaker"), predictor.endpoint_name
    while (endpoint := client.describe_endpoint(EndpointName=name))["EndpointStatus"] == "Creating":
        time.sleep(0.5)
    assert endpoint["EndpointStatus"] == "InService", endpoint["FailureReason"]
    return predictor

def agreement(predicted):
    print("agreement", numpy.mean(numpy.asarray(predicted).astype(int).ravel() == labels))

def delete(predictor):
    predictor.delete_model()
    predictor.delete_endpoint()
    client = boto3.client("sagemaker")
    client.get_waiter("endpoint_deleted").wait(EndpointName=predictor.endpoint_name, WaiterConfig={"Delay": 1})
"""


@pytest.fixture
def run(run_python, tmp_path):
    """Runs a program in a folder with the scripts, after the setup."""

    def run(program: str) -> str:
        shutil.copytree(SCRIPTS, tmp_path, dirs_exist_ok=True)
        return run_python(SETUP + program)

    return run


def figure(name: str, output: str) -> float:
    return float(output.partition(f"{name} ")[2].split()[0])


def test_scikit_learn(run):
    output = run("""
from sagemaker.sklearn import SKLearn
estimator = SKLearn("sklearn_train.py", framework_version="1.2-1", instance_type="ml.m5.large",
                    hyperparameters={"n-estimators": 20}, **common)
estimator.fit({"train": data})
accuracy(estimator)
predictor = deploy(estimator)
agreement(predictor.predict(features))
delete(predictor)
""")
    assert "Invoking script with the following command:" in output
    assert "train.py --n-estimators 20" in output
    assert figure("accuracy", output) > 0.95
    assert figure("agreement", output) > 0.95


def test_xgboost(run):
    output = run("""
from sagemaker.deserializers import CSVDeserializer
from sagemaker.serializers import CSVSerializer
from sagemaker.xgboost import XGBoost
estimator = XGBoost("xgboost_train.py", framework_version="1.7-1", instance_type="ml.m5.large",
                    hyperparameters={"rounds": 10}, **common)
estimator.fit({"train": data}, logs=False)
accuracy(estimator)
predictor = deploy(estimator, serializer=CSVSerializer(), deserializer=CSVDeserializer())
agreement([float(value) for row in predictor.predict(features) for value in row])
delete(predictor)
""")
    assert figure("accuracy", output) > 0.95
    assert figure("agreement", output) > 0.95


def test_pytorch(run):
    output = run("""
from sagemaker.pytorch import PyTorch
estimator = PyTorch("pytorch_train.py", framework_version="2.3.0", py_version="py311", instance_type="ml.m5.large",
                    hyperparameters={"epochs": 150}, **common)
estimator.fit(data, logs=False)
accuracy(estimator)
predictor = deploy(estimator)
agreement(predictor.predict(features.astype("float32")))
delete(predictor)
""")
    assert figure("accuracy", output) > 0.95
    assert figure("agreement", output) > 0.95


def test_tensorflow(run):
    output = run("""
from sagemaker.tensorflow import TensorFlow
estimator = TensorFlow(entry_point="tensorflow_train.py", framework_version="2.16.2", py_version="py310",
                       instance_type="ml.m5.large", **common)
estimator.fit(data, logs=False)
accuracy(estimator)
predictor = deploy(estimator)
answer = predictor.predict({"instances": features.tolist()})
agreement(numpy.argmax(answer["predictions"], axis=1))
named = predictor.predict({"signature_name": "serving_default", "inputs": features[:2].tolist()})
print("outputs", numpy.asarray(named["outputs"]).shape)
delete(predictor)
""")
    assert figure("accuracy", output) > 0.9
    assert figure("agreement", output) > 0.9
    assert "outputs (2, 3)" in output


def test_mxnet(run):
    output = run("""
from sagemaker.mxnet import MXNet
estimator = MXNet("mxnet_train.py", framework_version="1.9.0", py_version="py38", instance_type="ml.m5.large",
                  **common)
estimator.fit(data, logs=False)
accuracy(estimator)
predictor = deploy(estimator)
agreement(numpy.argmax(predictor.predict(features.tolist()), axis=1))
delete(predictor)
""")
    assert figure("accuracy", output) > 0.95
    assert figure("agreement", output) > 0.95


def test_hugging_face(run):
    output = run("""
from sagemaker.huggingface import HuggingFace, HuggingFaceModel
common.pop("metric_definitions")
image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/huggingface-pytorch-{}:2.1.0-transformers4.36.0-cpu-py310-ubuntu22.04"
estimator = HuggingFace(entry_point="huggingface_train.py", image_uri=image.format("training"), py_version="py310",
                        instance_type="ml.m5.large", hyperparameters={"epochs": 25}, **common)
estimator.fit(logs=False)
model = HuggingFaceModel(model_data=estimator.model_data, role=role, image_uri=image.format("inference"),
                         py_version="py310", sagemaker_session=session)
predictor = deploy(model)
print([answer["label"] for answer in predictor.predict({"inputs": ["good film", "bad book"]})])
delete(predictor)
""")
    assert "['POSITIVE', 'NEGATIVE']" in output
