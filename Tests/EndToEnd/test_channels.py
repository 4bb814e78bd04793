"""Input channels in every mode: pipes, shards, manifests, file systems, and what is refused or fails."""

import gzip
import hashlib
import json
import random
import struct

import pytest
from botocore.exceptions import ClientError
from jobs import log_lines, script_request, wait_for_job, wait_until

PIPE_LOOP = 'cd /opt/ml/input/data; for n in 0 1 2; do while [ ! -p $C"_"$n ]; do sleep 0.01; done; '


def source(uri: str, data_type: str = "S3Prefix", **more) -> dict:
    return {"S3DataSource": {"S3DataType": data_type, "S3Uri": uri} | more}


def pipe(name: str, data_source: dict, **more) -> dict:
    return {"ChannelName": name, "InputMode": "Pipe", "DataSource": data_source} | more


def file(name: str, data_source: dict, **more) -> dict:
    return {"ChannelName": name, "DataSource": data_source} | more


def fill(s3, bucket: str, prefix: str, objects: dict[str, bytes | str]) -> str:
    for key, body in objects.items():
        s3.put_object(Bucket=bucket, Key=f"{prefix}/{key}", Body=body)
    return f"s3://{bucket}/{prefix}/"


@pytest.fixture
def run(sagemaker, s3, logs, bucket, unique):
    """Runs a script with channels; returns the job and the lines of its log that the script wrote."""

    def run(script: str, *channels: dict, count: int = 1) -> tuple[dict, list[str]]:
        name = unique("channel")
        resources = {"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 1}
        request = script_request(
            name, bucket, script, s3, InputDataConfig=list(channels), ResourceConfig=resources
        )
        sagemaker.create_training_job(**request)
        job = wait_for_job(sagemaker, name)
        return job, [line for line in log_lines(logs, name) if not line.startswith("[clary]")]

    return run


def test_a_pipe_has_all_objects_in_the_order_of_their_keys_in_every_epoch(run, s3, bucket, unique):
    uri = fill(s3, bucket, unique("pipe"), {"b": "2\n", "a": "1\n", "c/d": "3\n", "empty/": ""})
    script = "C=train; " + PIPE_LOOP + "cat train_$n; echo end; done"
    job, lines = run(script, pipe("train", source(uri)))
    assert job["TrainingJobStatus"] == "Completed", job
    assert lines == ["1", "2", "3", "end"] * 3


def test_a_reader_may_stop_early_and_a_pipe_may_stay_unread(run, s3, bucket, unique):
    uri = fill(s3, bucket, unique("pipe"), {"a": b"x" * 5_000_000})
    script = "C=train; " + PIPE_LOOP + "head -c 10 train_$n; echo; done; cat train_3 | wc -c"
    job, lines = run(script, pipe("train", source(uri)), pipe("unread", source(uri)))
    assert job["TrainingJobStatus"] == "Completed", job
    assert lines == ["x" * 10] * 3 + ["5000000"]


def test_gzip_members_are_decompressed_and_framed(run, s3, bucket, unique):
    big = random.Random(1).randbytes(30_000_000)
    objects = {
        "a.gz": gzip.compress(b"one,") + gzip.compress(b"two"),
        "b.gz": gzip.compress(b""),
        "c.gz": gzip.compress(big, 1),
    }
    uri = fill(s3, bucket, unique("gzip"), objects)
    script = "cd /opt/ml/input/data; cat plain_0 | md5sum; cat framed_0 > /opt/ml/model/f; wc -c < /opt/ml/model/f;"
    script += " head -c 28 /opt/ml/model/f | od -An -v -tx1 -w28"
    job, lines = run(
        script,
        pipe("plain", source(uri), CompressionType="Gzip"),
        pipe("framed", source(uri), CompressionType="Gzip", RecordWrapperType="RecordIO"),
    )
    assert job["TrainingJobStatus"] == "Completed", job
    assert lines[0].split()[0] == hashlib.md5(b"one,two" + big).hexdigest()
    assert int(lines[1]) == (8 + 8) + 8 + 8 + len(big)
    magic = struct.pack("<I", 0xCED7230A)
    head = magic + struct.pack("<I", 7) + b"one,two\0" + magic + struct.pack("<I", 0) + magic
    assert bytes.fromhex(lines[2]) == head[:28]


def test_what_is_no_gzip_file_is_named(run, s3, bucket, unique):
    uri = fill(s3, bucket, unique("gzip"), {"plain.txt": "text"})
    job, _ = run(
        "cat /opt/ml/input/data/train_0; sleep 60", pipe("train", source(uri), CompressionType="Gzip")
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert (
        job["FailureReason"].startswith("ClientError: ")
        and "plain.txt is not a whole gzip" in job["FailureReason"]
    )


def test_a_seed_shuffles_every_epoch_anew_and_the_same_again(run, s3, bucket, unique):
    uri = fill(s3, bucket, unique("seed"), {f"{i:02}": f"{i} " for i in range(20)})
    script = "C=train; " + PIPE_LOOP + "cat train_$n; echo; done"
    _, first = run(script, pipe("train", source(uri), ShuffleConfig={"Seed": 5}))
    _, again = run(script, pipe("train", source(uri), ShuffleConfig={"Seed": 5}))
    _, other = run(script, pipe("train", source(uri), ShuffleConfig={"Seed": 6}))
    assert first == again != other and len(set(first)) == 3
    for epoch in first + other:
        assert sorted(epoch.split(), key=int) == [str(i) for i in range(20)]


@pytest.mark.parametrize("objects", [7, 2])
def test_shards_are_even_and_cover_everything(run, s3, bucket, unique, objects):
    uri = fill(s3, bucket, unique("shard"), {f"{i}": f"{i}\n" for i in range(objects)})
    sharded = source(uri, S3DataDistributionType="ShardedByS3Key")
    script = """
cd /opt/ml/input/data
echo file $CURRENT_HOST $(cat files/* 2>/dev/null)
echo pipe $CURRENT_HOST $(cat stream_0)
for n in 0 1; do while [ ! -p mixed_$n ]; do sleep 0.01; done; echo mixed$n $(cat mixed_$n); done
wc -l < files-manifest
"""
    job, lines = run(
        script,
        file("files", sharded),
        pipe("stream", sharded),
        pipe("mixed", sharded, ShuffleConfig={"Seed": 3}),
        count=3,
    )
    assert job["TrainingJobStatus"] == "Completed", job
    everything = [str(i) for i in range(objects)]
    parts = {}
    for line in lines:
        kind, *rest = line.split()
        parts.setdefault(kind, []).append([word for word in rest if not word.startswith("algo")])
    for kind in ("file", "pipe", "mixed0", "mixed1"):
        assert sorted(sum(parts[kind], [])) == everything, kind
        sizes = [len(part) for part in parts[kind]]
        assert max(sizes) - min(sizes) <= 1, (kind, sizes)
    # The manifest names the objects of the whole channel.
    assert [line for line in lines if line.strip() == str(objects + 1)] == [str(objects + 1)] * 3
    config = json.dumps(job["InputDataConfig"])
    assert config.count("ShardedByS3Key") == 3


def test_a_manifest_selects_objects_in_its_order(run, s3, bucket, unique):
    prefix = unique("manifest")
    base = fill(s3, bucket, prefix, {"x/1": "one ", "x/2": "two ", "x/3": "three ", "y/4": "four "})
    manifest = json.dumps([{"prefix": base}, "y/4", "x/2", "x/1"])
    s3.put_object(Bucket=bucket, Key=f"{prefix}-manifest", Body=manifest)
    selected = source(f"s3://{bucket}/{prefix}-manifest", "ManifestFile")
    script = (
        "cd /opt/ml/input/data; cat stream_0; echo; cd files; find . -type f | sort | xargs echo; cat y/4"
    )
    job, lines = run(script, pipe("stream", selected), file("files", selected))
    assert job["TrainingJobStatus"] == "Completed", job
    assert [line.strip() for line in lines] == ["four two one", "./x/1 ./x/2 ./y/4", "four"]


def test_a_manifest_with_a_missing_entry_fails_and_names_it(run, s3, bucket, unique):
    prefix = unique("manifest")
    base = fill(s3, bucket, prefix, {"1": "one"})
    s3.put_object(Bucket=bucket, Key=f"{prefix}.json", Body=json.dumps([{"prefix": base}, "1", "absent"]))
    job, _ = run("true", file("train", source(f"s3://{bucket}/{prefix}.json", "ManifestFile")))
    assert job["TrainingJobStatus"] == "Failed"
    assert job["FailureReason"] == (
        f"ClientError: Data download failed: entry 2 of the manifest s3://{bucket}/{prefix}.json "
        f"names {base}absent, which does not exist."
    )


def test_an_augmented_manifest_streams_attributes_as_records(run, s3, bucket, unique):
    prefix = unique("augmented")
    base = fill(s3, bucket, prefix, {"a.jpg": b"IMAGE-A", "b.jpg": b"IMG-B"})
    lines = [
        {"source-ref": f"{base}a.jpg", "class": 3, "name": 'say "a"', "box": {"w": [1, 2]}},
        {"class": 0, "box": [1.50, 2], "source-ref": f"{base}b.jpg", "name": "b"},
    ]
    body = "\n".join(json.dumps(line) for line in lines) + "\n"
    s3.put_object(Bucket=bucket, Key=f"{prefix}.manifest", Body=body)
    names = ["source-ref", "class", "name", "box"]
    described = source(f"s3://{bucket}/{prefix}.manifest", "AugmentedManifestFile", AttributeNames=names)
    job, log = run(
        "cd /opt/ml/input/data; cat train_0 | od -An -v -tx1 -w4096",
        pipe("train", described, RecordWrapperType="RecordIO"),
    )
    assert job["TrainingJobStatus"] == "Completed", job
    data, records = bytes.fromhex("".join(log)), []
    while data:
        magic, length = struct.unpack("<II", data[:8])
        assert magic == 0xCED7230A
        records.append(data[8 : 8 + length])
        data = data[8 + (length + 3) // 4 * 4 :]
    assert records == [
        b"IMAGE-A", b"3", b'say "a"', b'{"w": [1, 2]}', b"IMG-B", b"0", b"b", b"[1.5, 2]",
    ]  # fmt: skip


def test_an_augmented_manifest_with_a_missing_reference_names_its_line(run, s3, bucket, unique):
    prefix = unique("augmented")
    body = json.dumps({"source-ref": f"s3://{bucket}/{prefix}/none", "class": 1})
    s3.put_object(Bucket=bucket, Key=f"{prefix}.manifest", Body=body)
    uri = f"s3://{bucket}/{prefix}.manifest"
    job, _ = run("true", pipe("train", source(uri, "AugmentedManifestFile", AttributeNames=["source-ref"])))
    assert f"line 1 of the augmented manifest {uri}: 'source-ref' names" in job["FailureReason"]


def test_an_object_that_is_overwritten_or_deleted_stays_as_it_was_for_the_job(
    sagemaker, s3, logs, bucket, unique
):
    uri = fill(s3, bucket, prefix := unique("changing"), {"a": "old\n", "b": "kept\n"})
    name = unique("changing")
    script = "cd /opt/ml/input/data; cat train_0; while [ ! -p train_1 ]; do sleep 0.01; done; echo ready; "
    script += "sleep 2; cat train_1 files/*"
    channels = [pipe("train", source(uri)), file("files", source(uri))]
    sagemaker.create_training_job(**script_request(name, bucket, script, s3, InputDataConfig=channels))
    wait_until(lambda: log_lines(logs, name), lambda lines: "ready" in lines)
    s3.put_object(Bucket=bucket, Key=f"{prefix}/a", Body="new\n")
    s3.delete_object(Bucket=bucket, Key=f"{prefix}/b")
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job
    said = [line for line in log_lines(logs, name) if not line.startswith("[clary]")]
    assert said == ["old", "kept", "ready", "old", "kept", "old", "kept"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"CompressionType": "Gzip"}, "CompressionType Gzip is for Pipe mode only"),
        ({"RecordWrapperType": "RecordIO"}, "RecordWrapperType RecordIO is for Pipe mode only"),
        ({"type": "AugmentedManifestFile", "AttributeNames": ["a"]}, "is supported in Pipe mode only"),
        ({"type": "AugmentedManifestFile", "InputMode": "Pipe"}, "needs AttributeNames"),
        ({"AttributeNames": ["a"], "InputMode": "Pipe"}, "AttributeNames are for S3DataType Augmented"),
        (
            {"type": "ManifestFile", "InputMode": "FastFile"},
            "FastFile mode is supported with S3DataType S3Prefix",
        ),
        ({"InstanceGroupNames": ["g"]}, "InstanceGroupNames has 'g'"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(sagemaker, s3, bucket, unique, change, words):
    uri = fill(s3, bucket, unique("refused"), {"a": "1"})
    data = source(uri, change.pop("type", "S3Prefix"))
    for name in ("AttributeNames", "InstanceGroupNames"):
        if name in change:
            data["S3DataSource"][name] = change.pop(name)
    request = script_request(
        unique("refused"), bucket, "true", s3, InputDataConfig=[file("train", data, **change)]
    )
    with pytest.raises(ClientError, match=words) as caught:
        sagemaker.create_training_job(**request)
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_a_key_that_is_a_file_and_a_folder_is_a_client_error(run, s3, bucket, unique):
    uri = fill(s3, bucket, unique("twice"), {"a": "1", "a/b": "2"})
    job, _ = run("true", file("train", source(uri)))
    assert (
        job["FailureReason"].startswith("ClientError: ")
        and "'a/b' cannot become a file" in job["FailureReason"]
    )


def test_channels_of_the_sagemaker_sdk(run, s3, bucket, unique):
    inputs = pytest.importorskip("sagemaker.inputs")
    uri = fill(s3, bucket, unique("sdk"), {f"{i}.gz": gzip.compress(f"{i}".encode()) for i in range(4)})
    described = inputs.TrainingInput(
        uri,
        distribution="ShardedByS3Key",
        compression="Gzip",
        record_wrapping="RecordIO",
        input_mode="Pipe",
        shuffle_config=inputs.ShuffleConfig(4),
    ).config
    script = "echo $(od -An -v -tx1 -w12 /opt/ml/input/data/train_0)"
    job, lines = run(script, {"ChannelName": "train"} | described, count=2)
    assert job["TrainingJobStatus"] == "Completed", job
    records = bytes.fromhex("".join(lines))
    assert sorted(records[8::12]) == [ord("0"), ord("1"), ord("2"), ord("3")]
    assert len(lines) == 2 and len(lines[0]) == len(lines[1])
