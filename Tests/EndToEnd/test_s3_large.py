"""Large numbers: keys below a prefix, parts of an upload, bytes of one object.

What would take too long to upload is put where a server of the first release would have left it, and taken over; the long
way round is taken by `make soak` (CLARY_SOAK_ROUNDS).
"""

import asyncio
import os
import re
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable

import pytest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError
from jobs import log_lines, script_request, wait_for_job
from server import Server
from test_external_s3 import root_clients
from test_s3_clients import Connection
from test_s3_durability import FIRST_SCHEMA
from test_synthetic_store import memory

MIB = 1 << 20
GIB = 1 << 30
MANY = 100_000

soak = pytest.mark.skipif("CLARY_SOAK_ROUNDS" not in os.environ, reason="long: `make soak` runs it")


def stored(server: Server, objects: Iterable[tuple[str, int, dict[int, bytes]]]) -> None:
    """Leaves objects as the first release did: sparse files of a size, with bytes at some offsets."""
    root = server.data / "objects"
    (root / "incoming").mkdir(parents=True)
    server.data.chmod(0o700)
    index = sqlite3.connect(root / "index.sqlite")
    index.executescript(FIRST_SCHEMA)

    def rows():
        for number, (key, size, content) in enumerate(objects, 1):
            file = 1 << 32 | number
            folder = root / "objects" / "1" / str(number >> 10)
            folder.mkdir(parents=True, exist_ok=True)
            with (folder / f"{file:016x}").open("wb", buffering=0) as output:
                output.truncate(size)
                for offset, data in content.items():
                    output.seek(offset)
                    output.write(data)
            # The tag of an upload in parts says nothing about the bytes.
            yield (
                1,
                key.encode(),
                file,
                size,
                f"{number:032x}-2",
                1_700_000_000_000,
                '{"metadata":{},"tags":{}}',
            )

    index.executemany("INSERT INTO object VALUES (?, ?, ?, ?, ?, ?, NULL, NULL, ?, NULL)", rows())
    index.commit()
    index.close()


def written(server: Server) -> int:
    """Bytes that the data directory has on disk; a file with two names counts once."""
    # What goes meanwhile makes `du` complain.
    found = subprocess.run(["du", "-s", "-B1", server.data], capture_output=True, text=True)
    return int(found.stdout.split()[0])


def run_on(clients: Callable, server: Server, prefix: str, script: str) -> tuple[list[str], float, int]:
    """A job on a File channel: what it said, seconds that it took, and bytes that were on disk while it ran."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://old/{prefix}"}
    channels = [{"ChannelName": "c", "InputMode": "File", "DataSource": {"S3DataSource": source}}]
    clients("s3").create_bucket(Bucket="scripts")
    name, sagemaker = f"large-{prefix.strip('/')}", clients("sagemaker")
    # It waits until what it has on disk has been counted.
    script += "\necho counted $(ls /opt/ml/input/data/c | head -c 1 | wc -c); sleep 4"
    request = script_request(name, "scripts", script, s3=clients("s3"), InputDataConfig=channels)
    before, begun = written(server), time.monotonic()
    sagemaker.create_training_job(**request)
    while not any(line.startswith("counted") for line in said(clients, name)):
        job = sagemaker.describe_training_job(TrainingJobName=name)
        assert job["TrainingJobStatus"] == "InProgress", job.get("FailureReason")
        assert time.monotonic() < begun + 60
        time.sleep(0.05)
    took, more = time.monotonic() - begun, written(server) - before
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return [line for line in said(clients, name) if not line.startswith("counted")], took, more


def said(clients: Callable, name: str) -> list[str]:
    try:
        return [line for line in log_lines(clients("logs"), name) if not line.startswith("[clary]")]
    except ClientError:
        return []  # No log yet.


def test_a_hundred_thousand_keys_are_listed_in_every_way_and_are_a_channel(own_server):
    names = [f"many/{number // 1000:02}/{number:06}" for number in range(MANY)]
    stored(own_server, ((key, 1, {0: b"x"}) for key in ["before", *names, "many0"]))
    own_server.start()
    clients = root_clients(own_server)
    s3 = clients("s3")
    idle = memory(own_server.worker)

    pages = s3.get_paginator("list_objects_v2").paginate(Bucket="old", Prefix="many/")
    sizes, found = [], []
    for page in pages:
        sizes.append(page["KeyCount"])
        found += [item["Key"] for item in page["Contents"]]
    assert found == names and sizes == [1000] * 100
    folders = [f"many/{number:02}/" for number in range(100)]
    for most in (1000, 7):
        pages = list(
            s3.get_paginator("list_objects_v2").paginate(
                Bucket="old", Prefix="many/", Delimiter="/", PaginationConfig={"PageSize": most}
            )
        )
        assert [item["Prefix"] for page in pages for item in page["CommonPrefixes"]] == folders
        assert len(pages) == -(-100 // most) and not any("Contents" in page for page in pages)
    begun = time.monotonic()
    top = s3.list_objects_v2(Bucket="old", Delimiter="/")
    assert [item["Key"] for item in top["Contents"]] == ["before", "many0"]
    assert [item["Prefix"] for item in top["CommonPrefixes"]] == ["many/"]
    assert time.monotonic() - begun < 1, "a folded prefix is skipped, not read"
    after = s3.list_objects_v2(Bucket="old", Prefix="many/", StartAfter="many/99/099997")
    assert [item["Key"] for item in after["Contents"]] == names[-2:]

    versions = []
    # The client takes its time to read them.
    most = MANY if "CLARY_SOAK_ROUNDS" in os.environ else 12_000
    for page in s3.get_paginator("list_object_versions").paginate(
        Bucket="old", Prefix="many/", PaginationConfig={"MaxItems": most}
    ):
        versions += [(item["Key"], item["VersionId"], item["IsLatest"]) for item in page["Versions"]]
    assert versions == [(key, "null", True) for key in names[:most]]
    folded = s3.list_object_versions(Bucket="old", Prefix="many/", Delimiter="/")
    assert [item["Prefix"] for item in folded["CommonPrefixes"]] == folders and "Versions" not in folded
    grown = memory(own_server.worker) - idle
    print(f"{grown / 1e6:.1f} MB more after listing")
    assert grown < 60_000_000

    lines, took, more = run_on(
        clients, own_server, "many/", "cd /opt/ml/input/data/c; ls */* | wc -l; cat 99/*99 | wc -c"
    )
    print(f"{took:.1f} s until the job saw {MANY} files, {more / 1e6:.1f} MB more on disk")
    assert lines == [str(MANY), "10"]
    assert took < 20
    assert more < 60_000_000, "second names and their folders, and no copies"


def test_an_object_of_50_gb_is_read_by_range_and_is_a_file_without_a_copy(own_server):
    size = 50 * 10**9 + 5
    places = {0: b"begin", 25 * GIB + 3: b"middle", size - 3: b"end"}
    stored(own_server, [("huge/one", size, places)])
    own_server.start()
    clients = root_clients(own_server)
    s3 = clients("s3")
    idle = memory(own_server.worker)
    assert s3.head_object(Bucket="old", Key="huge/one")["ContentLength"] == size
    for offset, data in places.items():
        last = offset + len(data) - 1
        got = s3.get_object(Bucket="old", Key="huge/one", Range=f"bytes={offset}-{last}")
        assert got["Body"].read() == data
        assert got["ContentRange"] == f"bytes {offset}-{last}/{size}"
    assert s3.get_object(Bucket="old", Key="huge/one", Range="bytes=-3")["Body"].read() == b"end"
    assert s3.get_object(Bucket="old", Key="huge/one", Range=f"bytes={size - 3}-")["Body"].read() == b"end"
    with pytest.raises(ClientError) as refusal:
        s3.get_object(Bucket="old", Key="huge/one", Range=f"bytes={size}-")
    assert refusal.value.response["Error"]["Code"] == "InvalidRange"
    stretch = s3.get_object(Bucket="old", Key="huge/one", Range=f"bytes={30 * GIB}-{30 * GIB + 64 * MIB - 1}")
    assert stretch["Body"].read() == bytes(64 * MIB)

    script = f"""
        cd /opt/ml/input/data/c
        stat -c %s one
        tail -c 3 one; echo
        dd if=one bs=1 skip={25 * GIB + 3} count=6 status=none; echo
        """
    lines, took, more = run_on(clients, own_server, "huge/", script)
    print(f"{took:.1f} s until the job saw it, {more / 1e6:.2f} MB more on disk")
    assert lines == [str(size), "end", "middle"]
    assert took < 20 and more < 20_000_000
    assert memory(own_server.worker) - idle < 100_000_000


# MARK: Ten thousand parts

PARTS = 10_000
# Numbers that are used: all of them, or every eighth and the last ones.
NUMBERS = range(1, PARTS + 1) if "CLARY_SOAK_ROUNDS" in os.environ else [*range(1, 9_998, 8), 9_999, PARTS]


def all_parts(s3, bucket: str, upload: str) -> list[tuple[int, int]]:
    pages = s3.get_paginator("list_parts").paginate(Bucket=bucket, Key="k", UploadId=upload)
    return [(part["PartNumber"], part["Size"]) for page in pages for part in page["Parts"]]


def test_an_upload_may_have_ten_thousand_parts_and_no_more(server, environment, s3, unique):
    bucket = unique("parts")
    s3.create_bucket(Bucket=bucket)
    upload = s3.create_multipart_upload(Bucket=bucket, Key="k")["UploadId"]
    key = Credentials(environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"])

    async def put(first: int, connections: int) -> None:
        connection = Connection(server.url, key)
        await connection.open()
        for number in NUMBERS[first::connections]:
            target = f"/{bucket}/k?partNumber={number}&uploadId={upload}"
            status, content = await connection.call("PUT", target, str(number).encode())
            assert status == 200, content
        connection.writer.close()

    async def put_all() -> None:
        await asyncio.gather(*(put(first, 32) for first in range(32)))

    asyncio.run(put_all())
    assert all_parts(s3, bucket, upload) == [(n, len(str(n))) for n in NUMBERS]
    page = s3.list_parts(Bucket=bucket, Key="k", UploadId=upload, PartNumberMarker=9_998)
    assert [part["PartNumber"] for part in page["Parts"]] == [9_999, 10_000] and page["IsTruncated"] is False
    for number in (0, PARTS + 1):
        with pytest.raises(ClientError) as refusal:
            s3.upload_part(Bucket=bucket, Key="k", UploadId=upload, PartNumber=number, Body=b"x")
        assert refusal.value.response["Error"]["Code"] == "InvalidArgument"
    listed = s3.get_paginator("list_parts").paginate(Bucket=bucket, Key="k", UploadId=upload)
    tags = [
        {"PartNumber": part["PartNumber"], "ETag": part["ETag"]} for page in listed for part in page["Parts"]
    ]
    with pytest.raises(ClientError) as refusal:
        s3.complete_multipart_upload(Bucket=bucket, Key="k", UploadId=upload, MultipartUpload={"Parts": tags})
    assert refusal.value.response["Error"]["Code"] == "EntityTooSmall"
    s3.abort_multipart_upload(Bucket=bucket, Key="k", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket=bucket)


@soak
@pytest.mark.timeout(3600)
def test_an_object_of_ten_thousand_parts_is_made_and_read(own_server):
    """Each part is a copy of one of zeros, of which the disk is given back, so that 52 GB fit anywhere."""
    own_server.start()
    clients = root_clients(own_server)
    s3 = clients("s3")
    size = 5 * MIB
    s3.create_bucket(Bucket="old")
    s3.put_object(Bucket="old", Key="seed", Body=bytes(size))
    upload = s3.create_multipart_upload(Bucket="old", Key="huge/one")["UploadId"]
    parts = []
    for number in range(1, PARTS):
        copied = s3.upload_part_copy(
            Bucket="old",
            Key="huge/one",
            UploadId=upload,
            PartNumber=number,
            CopySource={"Bucket": "old", "Key": "seed"},
        )
        parts.append({"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]})
        if number % 500 == 0:
            for path in (own_server.data / "objects" / "incoming").iterdir():
                subprocess.run(["fallocate", "--dig-holes", path], check=True)
    last = s3.upload_part(Bucket="old", Key="huge/one", UploadId=upload, PartNumber=PARTS, Body=b"the end")
    parts.append({"PartNumber": PARTS, "ETag": last["ETag"]})
    done = s3.complete_multipart_upload(
        Bucket="old", Key="huge/one", UploadId=upload, MultipartUpload={"Parts": parts}
    )
    assert re.fullmatch(r'"[0-9a-f]{32}-10000"', done["ETag"])
    whole = size * (PARTS - 1) + 7
    assert s3.head_object(Bucket="old", Key="huge/one")["ContentLength"] == whole
    end = s3.get_object(Bucket="old", Key="huge/one", PartNumber=PARTS)
    assert end["Body"].read() == b"the end" and end["PartsCount"] == PARTS
    border = s3.get_object(Bucket="old", Key="huge/one", Range=f"bytes={size * (PARTS - 1) - 3}-")
    assert border["Body"].read() == b"\0\0\0the end"
    lines, took, more = run_on(
        clients, own_server, "huge/", "cd /opt/ml/input/data/c; stat -c %s one; tail -c 7 one; echo"
    )
    assert lines == [str(whole), "the end"]
    assert took < 20 and more < 20_000_000
