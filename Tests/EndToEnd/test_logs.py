"""CloudWatch Logs as `fit(logs=True)` and `aws logs tail` use it."""

import pytest
from jobs import LOG_GROUP, script_request, wait_for_job

LINES = 250


@pytest.fixture(scope="module")
def job(sagemaker, bucket) -> str:
    name = "log-reader"
    sagemaker.create_training_job(
        **script_request(name, bucket, f"for i in $(seq {LINES}); do echo line $i; done")
    )
    assert wait_for_job(sagemaker, name)["TrainingJobStatus"] == "Completed"
    return name


def stream_of(logs, job: str) -> str:
    answer = logs.describe_log_streams(
        logGroupName=LOG_GROUP, logStreamNamePrefix=f"{job}/", orderBy="LogStreamName", limit=1
    )
    assert "nextToken" not in answer  # SDK 2.x would ask again for ever.
    (stream,) = answer["logStreams"]
    assert stream["logStreamName"].startswith(f"{job}/algo-1-")
    return stream["logStreamName"]


def test_events_are_read_in_order_page_by_page(logs, job):
    stream = stream_of(logs, job)
    lines, token = [], {}
    while True:
        page = logs.get_log_events(
            logGroupName=LOG_GROUP, logStreamName=stream, startFromHead=True, limit=100, **token
        )
        if not page["events"]:
            assert page["nextForwardToken"] == token["nextToken"]
            break
        lines += [event["message"] for event in page["events"]]
        token = {"nextToken": page["nextForwardToken"]}
    said = [line for line in lines if line.startswith("line ")]
    assert said == [f"line {number}" for number in range(1, LINES + 1)]


def test_reading_resumes_by_time(logs, job):
    stream = stream_of(logs, job)
    events = logs.get_log_events(logGroupName=LOG_GROUP, logStreamName=stream, startFromHead=True)["events"]
    middle = events[len(events) // 2]["timestamp"]
    later = logs.get_log_events(
        logGroupName=LOG_GROUP, logStreamName=stream, startFromHead=True, startTime=middle
    )["events"]
    assert later == [event for event in events if event["timestamp"] >= middle]


def test_filters_find_words_over_all_streams(logs, job):
    found = []
    for page in logs.get_paginator("filter_log_events").paginate(
        logGroupName=LOG_GROUP, logStreamNamePrefix=f"{job}/", filterPattern='"line 17"'
    ):
        found += [event["message"] for event in page["events"]]
    assert found == ["line 17", *[f"line 17{digit}" for digit in range(10)]]


def test_groups_are_listed(logs, job):
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker/")["logGroups"]
    assert LOG_GROUP in [group["logGroupName"] for group in groups]


def test_a_missing_group_is_an_error_that_clients_know(logs):
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.get_log_events(logGroupName="/missing", logStreamName="x")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.describe_log_streams(logGroupName="/missing")
