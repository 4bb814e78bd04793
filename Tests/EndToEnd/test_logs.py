"""CloudWatch Logs as `fit(logs=True)` and `aws logs tail` use it."""

import time

import pytest
from jobs import LOG_GROUP, script_request, wait_for_job, wait_until

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


def retention(logs, group: str) -> int | None:
    (found,) = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    return found.get("retentionInDays")


def test_logs_of_jobs_are_kept_for_thirty_days(logs, job):
    assert retention(logs, LOG_GROUP) == 30


def test_old_events_go_when_a_group_keeps_them_no_longer(logs, unique):
    group = unique("/kept")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    assert retention(logs, group) is None
    now = int(time.time() * 1000)
    for days in (9, 4, 2, 0):  # One batch spans 24 hours at most.
        event = {"timestamp": now - days * 86_400_000, "message": f"{days} days ago"}
        logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=[event])
    logs.put_retention_policy(logGroupName=group, retentionInDays=3)
    assert retention(logs, group) == 3

    def messages() -> list[str]:
        answer = logs.get_log_events(logGroupName=group, logStreamName="s", startFromHead=True)
        return [event["message"] for event in answer["events"]]

    wait_until(messages, lambda found: found == ["2 days ago", "0 days ago"])
    logs.delete_retention_policy(logGroupName=group)
    assert retention(logs, group) is None


def test_a_retention_that_the_service_does_not_know_is_refused(logs, unique):
    group = unique("/kept")
    logs.create_log_group(logGroupName=group)
    with pytest.raises(logs.exceptions.InvalidParameterException, match="retentionInDays 31"):
        logs.put_retention_policy(logGroupName=group, retentionInDays=31)
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.put_retention_policy(logGroupName="/missing", retentionInDays=30)
