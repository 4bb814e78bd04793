"""Jobs whose instances are of several types (`ResourceConfig.InstanceGroups`), and channels for some of the groups."""

import json
import sqlite3

import pytest
from botocore.exceptions import ClientError
from jobs import channel, log_lines, script_request, wait_for_job

REPORT = """
cd /opt/ml/input
cat config/resourceconfig.json; echo
echo inputs $CURRENT_HOST $(cat config/inputdataconfig.json)
for name in all left parts; do
    echo data $CURRENT_HOST $name $(cat data/$name/* 2> /dev/null)
done
"""


def group(name: str, type: str, count: int) -> dict:
    return {"InstanceGroupName": name, "InstanceType": type, "InstanceCount": count}


GROUPS = [group("left", "ml.m5.large", 1), group("right", "ml.c5.xlarge", 2)]


def channel_for(name: str, uri: str, *groups: str, distribution: str = "FullyReplicated") -> dict:
    result = channel(name, uri, None)
    source = result["DataSource"]["S3DataSource"]
    source["S3DataDistributionType"] = distribution
    if groups:
        source["InstanceGroupNames"] = list(groups)
    return result


def request(name: str, bucket: str, s3, inputs: list[dict], **resources) -> dict:
    for number in range(4):
        s3.put_object(Bucket=bucket, Key=f"grouped/{number}", Body=f"{number} ")
    resources = {"InstanceGroups": GROUPS, "VolumeSizeInGB": 1} | resources
    return script_request(name, bucket, REPORT, s3, InputDataConfig=inputs, ResourceConfig=resources)


def test_two_groups_start_together_and_get_what_is_theirs(sagemaker, s3, logs, bucket, unique, server):
    name, uri = unique("grouped"), f"s3://{bucket}/grouped/"
    inputs = [
        channel_for("all", uri),
        channel_for("left", uri, "left"),
        channel_for("parts", uri, "right", distribution="ShardedByS3Key"),
    ]
    sagemaker.create_training_job(**request(name, bucket, s3, inputs))
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job
    assert job["ResourceConfig"] == {"InstanceGroups": GROUPS, "VolumeSizeInGB": 1}

    lines = log_lines(logs, name)
    configs = {}
    for line in lines:
        if line.startswith('{"current_host"'):
            config = json.loads(line)
            configs[config["current_host"]] = config
    assert {
        host: (seen["current_group_name"], seen["current_instance_type"]) for host, seen in configs.items()
    } == {
        "algo-1": ("left", "ml.m5.large"),
        "algo-2": ("right", "ml.c5.xlarge"),
        "algo-3": ("right", "ml.c5.xlarge"),
    }
    for config in configs.values():
        assert config["hosts"] == ["algo-1", "algo-2", "algo-3"]
        assert config["instance_groups"] == [
            {"instance_group_name": "left", "instance_type": "ml.m5.large", "hosts": ["algo-1"]},
            {"instance_group_name": "right", "instance_type": "ml.c5.xlarge", "hosts": ["algo-2", "algo-3"]},
        ]
    inputs_seen = {}
    for line in lines:
        if line.startswith("inputs "):
            _, host, document = line.split(maxsplit=2)
            inputs_seen[host] = list(json.loads(document))
    assert inputs_seen["algo-1"] == ["all", "left", "script"]
    assert inputs_seen["algo-2"] == inputs_seen["algo-3"] == ["all", "parts", "script"]
    data = {tuple(line.split()[1:3]): line.split()[3:] for line in lines if line.startswith("data ")}
    everything = ["0", "1", "2", "3"]
    assert all(data[f"algo-{number}", "all"] == everything for number in (1, 2, 3))
    assert data["algo-1", "left"] == everything and data["algo-2", "left"] == data["algo-3", "left"] == []
    assert data["algo-1", "parts"] == [] and len(data["algo-2", "parts"]) == len(data["algo-3", "parts"]) == 2
    assert sorted(data["algo-2", "parts"] + data["algo-3", "parts"]) == everything

    with sqlite3.connect(server.data / "state.sqlite") as state:
        used = state.execute(
            "SELECT instance_type, instance_count, bytes_in FROM usage WHERE arn = ? ORDER BY id",
            (job["TrainingJobArn"],),
        ).fetchall()
    assert [row[:2] for row in used] == [("ml.m5.large", 1), ("ml.c5.xlarge", 2)]
    assert used[0][2] > 0 and used[1][2] == 0

    assert "1 × ml.m5.large + 2 × ml.c5.xlarge" in server.clary("jobs").stdout
    listed = next(one for one in json.loads(server.clary("jobs", "--json").stdout) if one["name"] == name)
    assert listed["instanceCount"] == 3
    assert [one["name"] for one in listed["instanceGroups"]] == ["left", "right"]


@pytest.mark.parametrize(
    ("resources", "groups", "words"),
    [
        ({"InstanceType": "ml.m5.large", "InstanceCount": 1}, (), "beside InstanceType or InstanceCount"),
        ({"InstanceGroups": [GROUPS[0], GROUPS[0]]}, (), "'left' is there twice"),
        ({"InstanceGroups": [group("left", "ml.m5.huge", 1)]}, (), "ml.m5.huge"),
        ({"InstanceGroups": [group("left", "ml.m5.large", 0)]}, (), "greater than or equal to"),
        (
            {"InstanceGroups": [group(f"g{number}", "ml.m5.large", 1) for number in range(6)]},
            (),
            "less than or equal to 5",
        ),
        ({}, ("left", "middle"), "has 'middle', and ResourceConfig has the InstanceGroups left, right"),
        ({}, ("left", "left"), "'left' twice"),
        (
            {"InstanceGroups": [], "InstanceType": "ml.m5.large", "InstanceCount": 1},
            ("left",),
            "ResourceConfig has no InstanceGroups",
        ),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(
    sagemaker, s3, bucket, unique, resources, groups, words
):
    inputs = [channel_for("all", f"s3://{bucket}/grouped/", *groups)]
    with pytest.raises(ClientError) as refusal:
        sagemaker.create_training_job(**request(unique("refused"), bucket, s3, inputs, **resources))
    assert refusal.value.response["Error"]["Code"] == "ValidationException"
    assert words in refusal.value.response["Error"]["Message"]


def test_groups_that_do_not_fit_together_never_start(sagemaker, s3, bucket, unique):
    name = unique("crowd")
    groups = [group("left", "ml.m5.large", 400), group("right", "ml.c5.xlarge", 400)]
    sagemaker.create_training_job(
        **request(name, bucket, s3, [channel_for("all", f"s3://{bucket}/grouped/")], InstanceGroups=groups)
    )
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert (
        "400 × ml.m5.large and 400 × ml.c5.xlarge do not fit on this machine together" in job["FailureReason"]
    )
