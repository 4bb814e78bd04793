"""The built-in XGBoost beside Python's: images, objectives, models of older containers, forms of answers."""

import io
import json
import pickle
import tarfile

import numpy
import pytest
import xgboost
from jobs import ROLE, XGBOOST, channel, training_request, variant, wait_for_job
from sagemaker import image_uris

REGISTRY = XGBOOST.rpartition("/")[0]


def rows(classes: int) -> tuple[numpy.ndarray, numpy.ndarray]:
    """60 rows of three features and their labels, the same in every run."""
    generator = numpy.random.default_rng(7)
    features = generator.normal(size=(60, 3)).round(3)
    score = features[:, 0] + 0.5 * features[:, 1]
    return features, numpy.digitize(score, numpy.quantile(score, numpy.arange(1, classes) / classes))


def csv(*columns: numpy.ndarray) -> str:
    return "".join(",".join(f"{value:g}" for value in row) + "\n" for row in numpy.column_stack(columns))


@pytest.fixture
def make_endpoint(sagemaker, s3, bucket, deploy, unique):
    """Deploys the files of a model folder on an image."""
    models = []

    def make(files: dict[str, bytes], image: str = XGBOOST, **environment: str) -> str:
        name = unique("xgboost")
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for path, data in files.items():
                member = tarfile.TarInfo(path)
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        s3.put_object(Bucket=bucket, Key=f"{name}/model.tar.gz", Body=packed.getvalue())
        container = {
            "Image": image,
            "ModelDataUrl": f"s3://{bucket}/{name}/model.tar.gz",
            "Environment": environment,
        }
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
        models.append(name)
        return deploy(variant(name))

    yield make
    for name in models:
        sagemaker.delete_model(ModelName=name)


@pytest.fixture
def predict(runtime):
    """Predictions of an endpoint as JSON documents."""

    def predict(endpoint: str, body: str) -> list[dict]:
        answer = runtime.invoke_endpoint(
            EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body=body
        )
        return json.load(answer["Body"])["predictions"]

    return predict


def trained(parameters: dict, classes: int = 2, rounds: int = 5) -> xgboost.Booster:
    features, labels = rows(classes)
    return xgboost.train(parameters, xgboost.DMatrix(features, labels), num_boost_round=rounds)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-3"])
@pytest.mark.parametrize(
    "version", ["1", "latest", "0.90-1", "0.90-2", "1.0-1", "1.2-1", "1.2-2", "1.3-1", "1.5-1", "1.7-1"]
)
def test_the_images_that_the_sdk_names_are_known(aws, unique, region, version):
    uri = image_uris.retrieve("xgboost", region, version)
    client, name = aws("sagemaker", region_name=region), unique("image")
    client.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer={"Image": uri})
    assert client.describe_model(ModelName=name)["PrimaryContainer"]["Image"] == uri
    client.delete_model(ModelName=name)


@pytest.mark.parametrize(
    ("objective", "classes", "more"),
    [
        ("reg:squarederror", 4, {}),
        ("binary:logistic", 2, {"booster": "dart", "rate_drop": "0.1"}),
        ("multi:softmax", 3, {"num_class": "3"}),
        ("multi:softprob", 3, {"num_class": "3"}),
        ("count:poisson", 4, {}),
        ("reg:squarederror", 4, {"booster": "gblinear"}),
    ],
    ids=["regression", "dart", "softmax", "softprob", "poisson", "linear"],
)
def test_answers_are_those_of_the_library(
    sagemaker, s3, bucket, make_endpoint, predict, unique, objective, classes, more
):
    features, labels = rows(classes)
    name = unique("objective")
    s3.put_object(Bucket=bucket, Key=f"{name}/train.csv", Body=csv(labels, features))
    request = training_request(
        name,
        bucket,
        HyperParameters={"num_round": "8", "objective": objective, **more},
        InputDataConfig=[channel("train", f"s3://{bucket}/{name}/")],
    )
    sagemaker.create_training_job(**request)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")

    packed = s3.get_object(Bucket=bucket, Key=f"out/{name}/output/model.tar.gz")["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        model = archive.extractfile("xgboost-model").read()
    booster = xgboost.Booster()
    booster.load_model(bytearray(model))
    expected = booster.predict(xgboost.DMatrix(features))
    answers = predict(make_endpoint({"xgboost-model": model}), csv(features))
    numpy.testing.assert_allclose([answer["score"] for answer in answers], expected, atol=1e-5)


def test_a_pickled_model_of_an_older_container_deploys(make_endpoint, predict):
    booster = trained({"objective": "binary:logistic"})
    features, _ = rows(2)
    endpoint = make_endpoint({"xgboost-model": pickle.dumps(booster)}, f"{REGISTRY}/sagemaker-xgboost:0.90-2")
    scores = [answer["score"] for answer in predict(endpoint, csv(features))]
    numpy.testing.assert_allclose(scores, booster.predict(xgboost.DMatrix(features)), atol=1e-5)


def test_a_pickle_that_would_run_something_runs_nothing(sagemaker, s3, bucket, unique, server):
    class Trap:
        def __reduce__(self):
            return (open, (f"/tmp/{marker}", "w"))

    marker, name = unique("trap"), unique("trap")
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        data = pickle.dumps(Trap())
        member = tarfile.TarInfo("xgboost-model")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    s3.put_object(Bucket=bucket, Key=f"{name}/model.tar.gz", Body=packed.getvalue())
    container = {"Image": XGBOOST, "ModelDataUrl": f"s3://{bucket}/{name}/model.tar.gz"}
    sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant(name)])
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    with pytest.raises(Exception, match="Failed"):
        sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1})
    reason = sagemaker.describe_endpoint(EndpointName=name)["FailureReason"]
    assert "ping health check" in reason
    sagemaker.delete_endpoint(EndpointName=name)


def test_several_models_in_one_folder_are_an_ensemble(make_endpoint, predict):
    boosters = [trained({"objective": "binary:logistic", "max_depth": depth}) for depth in (1, 4)]
    features, _ = rows(2)
    files = {f"model-{index}": bytes(booster.save_raw("ubj")) for index, booster in enumerate(boosters)}
    mean = numpy.mean([booster.predict(xgboost.DMatrix(features)) for booster in boosters], axis=0)
    scores = [answer["score"] for answer in predict(make_endpoint(files), csv(features))]
    numpy.testing.assert_allclose(scores, mean, atol=1e-5)


def test_the_parts_of_an_answer_can_be_chosen(make_endpoint, predict):
    booster = trained({"objective": "binary:logistic"})
    features, _ = rows(2)
    endpoint = make_endpoint(
        {"xgboost-model": bytes(booster.save_raw("ubj"))},
        SAGEMAKER_INFERENCE_OUTPUT="predicted_label,labels,probabilities,raw_score",
    )
    (answer,) = predict(endpoint, csv(features[:1]))
    probability = float(booster.predict(xgboost.DMatrix(features[:1]))[0])
    assert answer["labels"] == [0, 1]
    assert answer["predicted_label"] == int(probability > 0.5)
    assert answer["probabilities"] == pytest.approx([1 - probability, probability], abs=1e-5)
    assert answer["raw_score"] == pytest.approx(max(probability, 1 - probability), abs=1e-5)
