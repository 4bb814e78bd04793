"""Training jobs through boto3: XGBoost on small data, their life cycle, and what is refused or fails."""

import io
import tarfile
import time
from datetime import timedelta

import pytest
import xgboost
from botocore.exceptions import ClientError
from jobs import LIBSVM, ROLE, channel, log_lines, script_request, training_request, wait_for_job, wait_until


def error(callable_, **request) -> tuple[str, str]:
    """Code and message of the error that a call ends with."""
    with pytest.raises(ClientError) as caught:
        callable_(**request)
    return caught.value.response["Error"]["Code"], caught.value.response["Error"]["Message"]


def failure(sagemaker, name: str) -> str:
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Failed", job
    return job["FailureReason"]


def artifact(s3, uri: str) -> tarfile.TarFile:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return tarfile.open(fileobj=io.BytesIO(body), mode="r:gz")  # noqa: SIM115


def test_a_csv_job_trains_a_model_that_xgboost_opens(sagemaker, s3, bucket, unique, tmp_path):
    name = unique("csv")
    created = sagemaker.create_training_job(**training_request(name, bucket))
    assert created["TrainingJobArn"] == f"arn:aws:sagemaker:us-east-1:000000000000:training-job/{name}"
    sagemaker.get_waiter("training_job_completed_or_stopped").wait(
        TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    job = sagemaker.describe_training_job(TrainingJobName=name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Completed"
    uri = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://{bucket}/out/{name}/output/model.tar.gz"
    artifact(s3, uri).extractall(tmp_path, filter="data")
    booster = xgboost.Booster()
    booster.load_model(tmp_path / "xgboost-model")
    assert booster.num_boosted_rounds() == 5


def test_a_libsvm_job_completes(sagemaker, bucket, unique):
    name = unique("libsvm")
    inputs = [channel("train", f"s3://{bucket}/train-libsvm/", "text/libsvm")]
    sagemaker.create_training_job(**training_request(name, bucket, InputDataConfig=inputs))
    assert wait_for_job(sagemaker, name)["TrainingJobStatus"] == "Completed"


def test_the_transitions_tell_the_story_with_times(sagemaker, bucket, unique):
    name = unique("story")
    sagemaker.create_training_job(**training_request(name, bucket))
    job = wait_for_job(sagemaker, name)
    steps = job["SecondaryStatusTransitions"]
    assert [step["Status"] for step in steps] == [
        "Starting",
        "Downloading",
        "Training",
        "Uploading",
        "Completed",
    ]
    assert all(step["StatusMessage"] for step in steps)
    times = [time for step in steps for time in (step["StartTime"], step.get("EndTime", step["StartTime"]))]
    assert times == sorted(times)
    assert (
        job["CreationTime"] <= job["TrainingStartTime"] <= job["TrainingEndTime"] <= job["LastModifiedTime"]
    )
    assert job["TrainingTimeInSeconds"] >= 0 and job["BillableTimeInSeconds"] >= 0
    assert job["OutputDataConfig"]["KmsKeyId"] == ""


def test_the_first_description_of_a_short_job_shows_its_end(sagemaker, bucket, unique):
    name = unique("short")
    sagemaker.create_training_job(**training_request(name, bucket))
    begun = time.monotonic()
    job = sagemaker.describe_training_job(TrainingJobName=name)
    assert time.monotonic() - begun < 3
    assert job["TrainingJobStatus"] == "Completed"


def test_metrics_are_read_from_the_log(sagemaker, logs, bucket, unique):
    name = unique("metrics")
    inputs = [channel("train", f"s3://{bucket}/train/"), channel("validation", f"s3://{bucket}/train/")]
    sagemaker.create_training_job(**training_request(name, bucket, InputDataConfig=inputs))
    job = wait_for_job(sagemaker, name)
    metrics = {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}
    assert metrics.keys() >= {"train:logloss", "validation:logloss"}
    assert 0 < metrics["validation:logloss"] < 0.69
    lines = log_lines(logs, name)
    assert any("[4]" in line and "#011validation-logloss:" in line for line in lines), lines


def test_metric_definitions_of_the_request_are_used(sagemaker, bucket, unique):
    name = unique("own-metrics")
    request = script_request(name, bucket, "echo 'score=1.5;'; echo 'score=2.5e-1;'; echo 'other=3'")
    request["AlgorithmSpecification"]["MetricDefinitions"] = [
        {"Name": "my:score", "Regex": r"score=([0-9.e+-]+);"}
    ]
    sagemaker.create_training_job(**request)
    (metric,) = wait_for_job(sagemaker, name)["FinalMetricDataList"]
    assert (metric["MetricName"], metric["Value"]) == ("my:score", 0.25)


def test_a_description_is_a_valid_request(sagemaker, bucket, unique):
    name = unique("again")
    sagemaker.create_training_job(**training_request(name, bucket, EnableManagedSpotTraining=False))
    job = wait_for_job(sagemaker, name)
    members = sagemaker.meta.service_model.operation_model("CreateTrainingJob").input_shape.members
    request = {member: value for member, value in job.items() if member in members}
    copy = unique("again")
    sagemaker.create_training_job(**(request | {"TrainingJobName": copy}))
    assert wait_for_job(sagemaker, copy)["TrainingJobStatus"] == "Completed"


def test_lists_filter_sort_and_page(sagemaker, bucket, unique):
    prefix = unique("listed")
    names = [f"{prefix}-{letter}" for letter in "cab"]
    for name in names:
        sagemaker.create_training_job(**training_request(name, bucket))
        wait_for_job(sagemaker, name)

    def listed(**options) -> list[str]:
        pages = sagemaker.get_paginator("list_training_jobs").paginate(NameContains=prefix, **options)
        return [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]

    assert listed() == names[::-1]  # Newest first.
    assert listed(SortOrder="Ascending") == names
    assert listed(SortBy="Name", SortOrder="Ascending") == sorted(names)
    assert (
        listed(SortBy="Name", SortOrder="Descending", PaginationConfig={"PageSize": 1}) == sorted(names)[::-1]
    )
    assert listed(StatusEquals="Failed") == []
    assert sorted(listed(StatusEquals="Completed")) == sorted(names)
    # boto3 sends whole seconds, so times within the second of the jobs would tell nothing.
    created = sagemaker.describe_training_job(TrainingJobName=names[1])["CreationTime"]
    minute = timedelta(minutes=1)
    assert listed(CreationTimeAfter=created - minute, CreationTimeBefore=created + minute) == names[::-1]
    assert listed(CreationTimeAfter=created + minute) == listed(CreationTimeBefore=created - minute) == []
    assert listed(LastModifiedTimeAfter=created + minute) == []
    assert error(sagemaker.list_training_jobs, NextToken="nonsense")[0] == "ValidationException"
    token = sagemaker.list_training_jobs(MaxResults=1)["NextToken"]
    assert error(sagemaker.list_models, NextToken=token)[0] == "ValidationException"


def test_a_new_job_of_a_deleted_name_has_no_old_metrics(sagemaker, bucket, unique):
    name = unique("again")
    sagemaker.create_training_job(**training_request(name, bucket))
    assert wait_for_job(sagemaker, name)["FinalMetricDataList"]
    sagemaker.delete_training_job(TrainingJobName=name)
    sagemaker.create_training_job(**script_request(name, bucket, "true"))
    assert "FinalMetricDataList" not in wait_for_job(sagemaker, name)


def test_a_running_job_can_be_stopped_and_keeps_its_artifacts(sagemaker, s3, logs, bucket, unique):
    name = unique("stopped")
    script = "trap 'echo late > /opt/ml/model/late; exit 0' TERM; echo up; while :; do sleep 0.1; done"
    sagemaker.create_training_job(**script_request(name, bucket, script))
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName=name)["SecondaryStatus"],
        lambda status: status == "Training",
    )
    time.sleep(0.5)  # The script needs a moment to set its trap.
    sagemaker.stop_training_job(TrainingJobName=name)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Stopped"
    assert "late" in artifact(s3, job["ModelArtifacts"]["S3ModelArtifacts"]).getnames()
    assert log_lines(logs, name)[-1] == "[clary] The job was stopped by request."
    code, message = error(sagemaker.stop_training_job, TrainingJobName=name)
    assert code == "ValidationException" and "is in status Stopped" in message


def test_an_ended_job_can_be_deleted_and_a_running_one_cannot(sagemaker, bucket, unique):
    name = unique("deleted")
    sagemaker.create_training_job(**script_request(name, bucket, "sleep 60"))
    code, _ = error(sagemaker.delete_training_job, TrainingJobName=name)
    assert code in ("ResourceInUse", "ValidationException")
    sagemaker.stop_training_job(TrainingJobName=name)
    wait_for_job(sagemaker, name)
    sagemaker.delete_training_job(TrainingJobName=name)
    code, message = error(sagemaker.describe_training_job, TrainingJobName=name)
    assert (code, message) == ("ValidationException", "Requested resource not found.")


def test_tags_are_kept_changed_and_listed(sagemaker, bucket, unique):
    name = unique("tagged")
    arn = sagemaker.create_training_job(
        **training_request(name, bucket, Tags=[{"Key": "team", "Value": "a"}, {"Key": "old", "Value": "1"}])
    )["TrainingJobArn"]
    sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "team", "Value": "b"}])
    sagemaker.delete_tags(ResourceArn=arn, TagKeys=["old"])
    assert sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "team", "Value": "b"}]
    wait_for_job(sagemaker, name)


def test_fields_without_an_effect_are_returned_and_named_in_the_log(sagemaker, logs, bucket, unique):
    name = unique("no-effect")
    vpc = {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    debugger = {"S3OutputPath": f"s3://{bucket}/debug", "CollectionConfigurations": []}
    sagemaker.create_training_job(**training_request(name, bucket, VpcConfig=vpc, DebugHookConfig=debugger))
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert job["VpcConfig"] == vpc and job["DebugHookConfig"] == debugger
    text = "\n".join(log_lines(logs, name))
    assert "VpcConfig" in text and "DebugHookConfig" in text


def test_managed_spot_training_reports_its_fields(sagemaker, bucket, unique):
    name = unique("spot")
    sagemaker.create_training_job(
        **training_request(
            name,
            bucket,
            EnableManagedSpotTraining=True,
            StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 120},
        )
    )
    job = wait_for_job(sagemaker, name)
    assert job["EnableManagedSpotTraining"] is True
    assert job["StoppingCondition"]["MaxWaitTimeInSeconds"] == 120


# What is refused at once.


def test_a_duplicate_name_is_refused(sagemaker, bucket, unique):
    name = unique("twice")
    sagemaker.create_training_job(**training_request(name, bucket))
    code, message = error(sagemaker.create_training_job, **training_request(name, bucket))
    assert code == "ResourceInUse"
    assert "Training job names must be unique within an AWS account and region" in message
    wait_for_job(sagemaker, name)


def test_a_missing_job_is_said_in_the_services_words(sagemaker):
    for call in (sagemaker.describe_training_job, sagemaker.stop_training_job):
        assert error(call, TrainingJobName="missing") == (
            "ValidationException",
            "Requested resource not found.",
        )


def test_constraint_violations_have_the_services_form(sagemaker, bucket):
    code, message = error(sagemaker.create_training_job, **training_request("bad_name", bucket))
    assert code == "ValidationException"
    assert message == (
        "1 validation error detected: Value 'bad_name' at 'trainingJobName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}"
    )
    resources = {"InstanceType": "ml.huge", "InstanceCount": 1, "VolumeSizeInGB": 1}
    code, message = error(
        sagemaker.create_training_job, **training_request("bad_name", bucket, ResourceConfig=resources)
    )
    assert message.startswith("2 validation errors detected: ")
    assert "Value 'ml.huge' at 'resourceConfig.instanceType'" in message
    assert "Member must satisfy enum value set: [" in message


@pytest.mark.parametrize(("count", "code"), [(0, "ValidationException"), (5000, "ResourceLimitExceeded")])
def test_a_count_of_instances_that_cannot_be_is_refused(sagemaker, bucket, unique, count, code):
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 1}
    request = training_request(unique("count"), bucket, ResourceConfig=resources)
    found, message = error(sagemaker.create_training_job, **request)
    assert found == code and str(count) in message
    assert error(sagemaker.describe_training_job, TrainingJobName=request["TrainingJobName"])


def test_an_s3_path_without_objects_is_refused(sagemaker, bucket, unique):
    inputs = [channel("train", f"s3://{bucket}/nothing-here/")]
    code, message = error(
        sagemaker.create_training_job, **training_request(unique("empty"), bucket, InputDataConfig=inputs)
    )
    assert code == "ValidationException"
    assert f'No S3 objects found under S3 URL "s3://{bucket}/nothing-here/"' in message


def test_an_unknown_image_is_refused_by_name(sagemaker, bucket, unique):
    image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-image:latest"
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"}
    request = training_request(unique("image"), bucket, AlgorithmSpecification=algorithm)
    try:
        sagemaker.create_training_job(**request)
    except ClientError as caught:
        message = caught.response["Error"]["Message"]
    else:
        message = failure(sagemaker, request["TrainingJobName"])
    assert image in message


def test_a_gpu_type_without_a_gpu_says_so(sagemaker, bucket, unique):
    resources = {"InstanceType": "ml.p3.2xlarge", "InstanceCount": 1, "VolumeSizeInGB": 1}
    request = training_request(unique("gpu"), bucket, ResourceConfig=resources)
    try:
        sagemaker.create_training_job(**request)
    except ClientError as caught:
        message = caught.response["Error"]["Message"]
    else:
        message = failure(sagemaker, request["TrainingJobName"])
    assert "GPU" in message


# What fails with a reason.


@pytest.mark.parametrize(
    ("hyperparameters", "reason"),
    [
        ({"objective": "binary:logistic"}, "num_round"),
        ({"num_round": "5", "nonsense": "1"}, "Extraneous hyperparameter found: nonsense"),
        ({"num_round": "5", "eta": "3.0"}, "Hyperparameter eta: 3.0 is not in [0"),
        ({"num_round": "five"}, "Hyperparameter num_round: could not parse value"),
        ({"num_round": "5", "objective": "multi:softmax"}, "num_class"),
    ],
)
def test_a_wrong_hyperparameter_is_named(sagemaker, bucket, unique, hyperparameters, reason):
    name = unique("hyper")
    request = training_request(name, bucket, HyperParameters=hyperparameters)
    sagemaker.create_training_job(**request)
    message = failure(sagemaker, name)
    assert message.startswith("ClientError: ") and reason in message


@pytest.mark.parametrize(
    ("content_type", "body", "reasons"),
    [
        ("text/csv", "1,2,3\n0,abc,4\n", ["data", "2"]),
        ("text/csv", "1,2,3\n0,4\n", ["data", "2"]),
        ("text/csv", "", ["train"]),
        ("text/csv", "7,2,3\n0,4,1\n", ["label"]),
        ("text/csv", '1,2,3\n0,"4\n",1\n', ["line 2", "not closed on its line"]),
        ("text/libsvm", LIBSVM + "1,0 3:1\n", ["line 13", "several labels ('1,0')"]),
        ("text/libsvm", LIBSVM + "1 3:x\n", ["data", "13"]),
        ("text/plain", "1,2\n", ["text/plain"]),
    ],
    ids=["text", "ragged", "empty", "label", "quote", "labels", "libsvm", "content-type"],
)
def test_bad_data_fails_with_file_and_line(sagemaker, s3, bucket, unique, content_type, body, reasons):
    name = unique("data")
    s3.put_object(Bucket=bucket, Key=f"{name}/data.txt", Body=body)
    inputs = [channel("train", f"s3://{bucket}/{name}/", content_type)]
    sagemaker.create_training_job(**training_request(name, bucket, InputDataConfig=inputs))
    message = failure(sagemaker, name)
    assert all(reason in message for reason in reasons), message


def test_the_server_is_still_up(sagemaker):
    assert sagemaker.list_training_jobs(MaxResults=1)["TrainingJobSummaries"]


def test_the_role_is_kept(sagemaker, bucket, unique):
    name = unique("role")
    sagemaker.create_training_job(**training_request(name, bucket))
    assert wait_for_job(sagemaker, name)["RoleArn"] == ROLE
