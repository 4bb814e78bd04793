"""Models, endpoint configurations, endpoints and invocations through boto3."""

import pytest
from botocore.exceptions import ClientError
from jobs import ROLE, XGBOOST, variant, wait_until

ARN = "arn:aws:sagemaker:us-east-1:000000000000"


def error(callable_, **request) -> tuple[str, str]:
    """Code and message of the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        callable_(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


@pytest.fixture
def make_model(sagemaker, trained_model, unique):
    """Makes models of the shared artifact and deletes them afterwards."""
    made = []

    def make(**environment: str) -> str:
        name = unique("model")
        container = {"Image": XGBOOST, "ModelDataUrl": trained_model, "Environment": environment}
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, PrimaryContainer=container)
        made.append(name)
        return name

    yield make
    for name in made:
        sagemaker.delete_model(ModelName=name)


def test_an_endpoint_answers_csv_and_libsvm(runtime, make_model, deploy):
    endpoint = deploy(variant(make_model()))
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="9,3\n1,2\n")
    assert answer["ContentType"].startswith("text/csv")
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    high, low = (
        float(value) for value in answer["Body"].read().decode().replace("\n", ",").strip(",").split(",")
    )
    assert low < 0.5 < high
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/libsvm", Body="0:9 1:3\n")
    assert abs(float(answer["Body"].read()) - high) < 1e-6


def test_json_answers_and_custom_attributes(runtime, make_model, deploy):
    endpoint = deploy(variant(make_model()))
    answer = runtime.invoke_endpoint(
        EndpointName=endpoint,
        ContentType="text/csv",
        Accept="application/json",
        Body="9,3",
        InferenceId="id-1",
    )
    assert answer["ContentType"] == "application/json"
    assert b'"predictions"' in answer["Body"].read()


def test_what_the_container_refuses_is_a_model_error(runtime, make_model, deploy):
    endpoint = deploy(variant(make_model()))
    with pytest.raises(runtime.exceptions.ModelError) as caught:
        runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="1,2,3,4,5,6,7")
    response = caught.value.response
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert response["OriginalStatusCode"] == 400
    assert "Feature size" in response["OriginalMessage"]
    with pytest.raises(runtime.exceptions.ModelError) as caught:
        runtime.invoke_endpoint(EndpointName=endpoint, ContentType="image/png", Body=b"\x89PNG")
    assert caught.value.response["OriginalStatusCode"] == 415


def test_an_unknown_endpoint_is_said_in_the_services_words(runtime, sagemaker):
    code, message = error(runtime.invoke_endpoint, EndpointName="missing", Body=b"")
    assert (code, message) == ("ValidationError", "Endpoint missing of account 000000000000 not found.")
    code, message = error(sagemaker.describe_endpoint, EndpointName="missing")
    assert (code, message) == ("ValidationException", f'Could not find endpoint "{ARN}:endpoint/missing".')


@pytest.mark.parametrize("part", ["TargetModel", "TargetContainerHostname", "InferenceComponentName"])
def test_parts_that_an_endpoint_does_not_have_are_refused(runtime, make_model, deploy, part):
    endpoint = deploy(variant(make_model()))
    request = {"EndpointName": endpoint, "ContentType": "text/csv", "Body": "9,3", part: "other"}
    code, message = error(runtime.invoke_endpoint, **request)
    assert code == "ValidationError" and "does not have" in message


def test_room_comes_back_as_soon_as_an_endpoint_has_failed(sagemaker, s3, bucket, deploy, unique):
    s3.put_object(Bucket=bucket, Key="broken/model.tar.gz", Body=b"this is no archive")
    model = unique("broken")
    container = {"Image": XGBOOST, "ModelDataUrl": f"s3://{bucket}/broken/model.tar.gz"}
    sagemaker.create_model(ModelName=model, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    for _ in range(8):  # Twice what fits at the same time.
        endpoint = deploy(variant(model), wait=False)
        wait_until(
            lambda endpoint=endpoint: sagemaker.describe_endpoint(EndpointName=endpoint)["EndpointStatus"],
            lambda status: status == "Failed",
            limit=25,  # An agent whose end goes unnoticed holds its room for 35 s.
        )
    sagemaker.delete_model(ModelName=model)


def test_variants_share_requests_by_weight_and_can_be_chosen(runtime, make_model, deploy):
    endpoint = deploy(variant(make_model(), "first", 1), variant(make_model(), "second", 0))

    def answered_by(**options) -> str:
        answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="9,3", **options)
        answer["Body"].read()
        return answer["InvokedProductionVariant"]

    assert {answered_by() for _ in range(20)} == {"first"}
    assert answered_by(TargetVariant="second") == "second"
    code, _ = error(runtime.invoke_endpoint, EndpointName=endpoint, Body=b"9,3", TargetVariant="third")
    assert code == "ValidationError"


def test_an_update_switches_without_an_error_in_between(sagemaker, runtime, make_model, deploy, unique):
    endpoint = deploy(variant(make_model(), "old"))
    config = unique("config")
    sagemaker.create_endpoint_config(
        EndpointConfigName=config, ProductionVariants=[variant(make_model(), "new")]
    )
    sagemaker.update_endpoint(EndpointName=endpoint, EndpointConfigName=config)

    def answered_by() -> str:
        answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="9,3")
        answer["Body"].read()
        return answer["InvokedProductionVariant"]

    wait_until(answered_by, lambda name: name == "new")
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=endpoint, WaiterConfig={"Delay": 1})
    description = sagemaker.describe_endpoint(EndpointName=endpoint)
    assert description["EndpointConfigName"] == config
    sagemaker.delete_endpoint_config(EndpointConfigName=config)
    assert answered_by() == "new"


def test_descriptions_are_valid_requests(sagemaker, make_model, deploy, unique):
    model = make_model()
    endpoint = deploy(variant(model, count=2))
    config = sagemaker.describe_endpoint_config(EndpointConfigName=endpoint)
    copy = unique("copy")
    sagemaker.create_endpoint_config(EndpointConfigName=copy, ProductionVariants=config["ProductionVariants"])
    sagemaker.delete_endpoint_config(EndpointConfigName=copy)
    description = sagemaker.describe_endpoint(EndpointName=endpoint)
    (summary,) = description["ProductionVariants"]
    assert summary["CurrentInstanceCount"] == summary["DesiredInstanceCount"] == 2
    assert summary["CurrentWeight"] == 1.0
    found = sagemaker.describe_model(ModelName=model)
    assert found["PrimaryContainer"]["Image"] == XGBOOST


def test_lists_show_what_there_is(sagemaker, make_model, deploy):
    model = make_model()
    endpoint = deploy(variant(model))
    assert [
        item["EndpointName"] for item in sagemaker.list_endpoints(NameContains=endpoint)["Endpoints"]
    ] == [endpoint]
    assert sagemaker.list_endpoints(NameContains=endpoint, StatusEquals="Failed")["Endpoints"] == []
    configs = sagemaker.list_endpoint_configs(NameContains=endpoint)["EndpointConfigs"]
    assert [item["EndpointConfigName"] for item in configs] == [endpoint]
    assert [item["ModelName"] for item in sagemaker.list_models(NameContains=model)["Models"]] == [model]


def test_duplicates_and_missing_parts_are_refused(sagemaker, make_model, deploy, trained_model):
    model = make_model()
    container = {"Image": XGBOOST, "ModelDataUrl": trained_model}
    code, message = error(
        sagemaker.create_model, ModelName=model, ExecutionRoleArn=ROLE, PrimaryContainer=container
    )
    assert code == "ValidationException" and message.startswith("Cannot create already existing model")
    code, message = error(
        sagemaker.create_endpoint_config,
        EndpointConfigName="c",
        ProductionVariants=[variant("no-such-model")],
    )
    assert (code, message) == ("ValidationException", f'Could not find model "{ARN}:model/no-such-model".')
    code, message = error(sagemaker.create_endpoint, EndpointName="e", EndpointConfigName="no-such-config")
    assert message == f'Could not find endpoint configuration "{ARN}:endpoint-config/no-such-config".'
    endpoint = deploy(variant(model))
    code, message = error(sagemaker.create_endpoint, EndpointName=endpoint, EndpointConfigName=endpoint)
    assert code == "ValidationException" and message.startswith("Cannot create already existing endpoint")


def test_model_data_that_is_not_there_is_refused(sagemaker, bucket, unique):
    container = {"Image": XGBOOST, "ModelDataUrl": f"s3://{bucket}/no-such-model.tar.gz"}
    code, message = error(
        sagemaker.create_model, ModelName=unique("m"), ExecutionRoleArn=ROLE, PrimaryContainer=container
    )
    assert code == "ValidationException"
    assert f"Could not find model data at s3://{bucket}/no-such-model.tar.gz" in message


def test_a_model_that_does_not_load_fails_the_endpoint_with_a_reason(sagemaker, s3, bucket, deploy, unique):
    s3.put_object(Bucket=bucket, Key="broken/model.tar.gz", Body=b"this is no archive")
    model = unique("broken")
    container = {"Image": XGBOOST, "ModelDataUrl": f"s3://{bucket}/broken/model.tar.gz"}
    sagemaker.create_model(ModelName=model, ExecutionRoleArn=ROLE, PrimaryContainer=container)
    endpoint = deploy(variant(model), wait=False)
    description = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName=endpoint),
        lambda description: description["EndpointStatus"] != "Creating",
        limit=90,
    )
    assert description["EndpointStatus"] == "Failed"
    assert description["FailureReason"]
    sagemaker.delete_model(ModelName=model)
