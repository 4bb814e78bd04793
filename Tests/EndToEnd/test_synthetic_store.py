"""Jobs on more data than the disk has: an external store that computes its objects, up to a terabyte of them.

The job reads a part of the terabyte; `make soak` (CLARY_SOAK_ROUNDS) reads all of it.
"""

import hashlib
import os
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from jobs import log_lines, script_request, wait_for_job
from server import Server
from synthetic_store import Content, SyntheticStore, digest_of
from test_external_s3 import Store, root_clients

MIB = 1 << 20
GIB = 1 << 30
TERABYTE = "terabyte/"
COUNT, SIZE = 4096, 256 * MIB  # 1 TiB, in more objects than a page of a listing has.
# The platform may take this much more than when it is idle, and write this much, whatever the size of the data.
MOST_MEMORY = 150_000_000
MOST_DISK = 40_000_000

soak = pytest.mark.skipif("CLARY_SOAK_ROUNDS" not in os.environ, reason="long: `make soak` runs it")


@pytest.fixture(scope="module")
def synthetic() -> Iterator[SyntheticStore]:
    store = SyntheticStore()
    yield store
    store.close()


@pytest.fixture(scope="module")
def terabyte(synthetic: SyntheticStore) -> list[Content]:
    return synthetic.fill(TERABYTE, COUNT, SIZE)


@pytest.fixture(scope="module")
def front(synthetic: SyntheticStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("synthetic")
    server = Store(synthetic.url, "AKIASYNTHETIC", "secret", folder).server(folder / "front")
    yield server
    server.shutdown()


@pytest.fixture(scope="module")
def client(front: Server) -> Callable:
    return root_clients(front)


@pytest.fixture
def run(client: Callable, front: Server, unique: Callable) -> Callable:
    """Runs a script on one channel; returns the job and what the script wrote."""

    def run(
        script: str, prefix: str, mode: str, limit: float = 120, name: str | None = None
    ) -> tuple[dict, list[str]]:
        name = name or unique("synthetic")
        data = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{SyntheticStore.BUCKET}/{prefix}"}
        channel = {"ChannelName": "c", "InputMode": mode, "DataSource": {"S3DataSource": data}}
        request = script_request(
            name,
            SyntheticStore.BUCKET,
            script,
            s3=client("s3"),
            InputDataConfig=[channel],
            StoppingCondition={"MaxRuntimeInSeconds": max(600, int(limit))},
        )
        client("sagemaker").create_training_job(**request)
        job = wait_for_job(client("sagemaker"), name, limit)
        return job, log_lines(client("logs"), name)

    return run


def memory(pid: int) -> int:
    """Bytes that a process has for itself alone."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return int(line.split()[1]) * 1024
    raise ProcessLookupError(pid)


class Watch:
    """The most memory of server and agents above the server's when idle, and the most that was written on disk."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.idle, self.disk = memory(server.worker), self.written()
        self.most_memory = self.most_disk = 0
        self.agents = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.look)

    def __enter__(self) -> "Watch":
        self.thread.start()
        return self

    def __exit__(self, *_) -> None:
        self.over.set()
        self.thread.join()

    def written(self) -> int:
        # What ends meanwhile makes `du` complain, and the rest is counted.
        found = subprocess.run(["du", "-s", "-x", "-B1", self.server.data], capture_output=True, text=True)
        return int(found.stdout.split()[0])

    def look(self) -> None:
        needle = str(self.server.data / "instances").encode()
        number = 0
        while not self.over.wait(0.05):
            agents = 0
            for entry in Path("/proc").iterdir():
                try:
                    if entry.name.isdigit() and b"\0agent\0" in (line := (entry / "cmdline").read_bytes()):
                        agents += memory(int(entry.name)) if needle in line else 0
                except (OSError, ProcessLookupError):
                    continue
            self.agents = max(self.agents, agents)
            self.most_memory = max(self.most_memory, memory(self.server.worker) - self.idle + agents)
            if number % 10 == 0:
                self.most_disk = max(self.most_disk, self.written() - self.disk)
            number += 1

    def check(self) -> None:
        print(f"memory {self.most_memory / 1e6:.1f} MB, disk {self.most_disk / 1e6:.1f} MB above idle")
        assert self.agents > 0, "no agent was seen"
        assert self.most_memory < MOST_MEMORY
        assert self.most_disk < MOST_DISK


def completed(job: dict) -> None:
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")


# MARK: A terabyte


@pytest.mark.parametrize(
    "length",
    [
        5 * SIZE + 7 * MIB + 3,
        pytest.param(COUNT * SIZE, marks=[soak, pytest.mark.timeout(6 * 3600)]),
    ],
    ids=["a part", "all"],
)
def test_a_pipe_streams_a_terabyte_in_little_memory_and_no_disk(run, front, synthetic, terabyte, length):
    synthetic.sent = 0
    begun = time.monotonic()
    with Watch(front) as watch:
        script = f"head -c {length} /opt/ml/input/data/c_0 | md5sum"
        job, lines = run(script, TERABYTE, "Pipe", limit=5 * 3600)
    took = time.monotonic() - begun
    print(f"{length / took / 1e6:.0f} MB/s")
    completed(job)
    assert lines_of(lines) == [f"{digest_of(terabyte, length)}  -"]
    assert synthetic.sent < length + GIB, "a reader that stops early stops the stream"
    assert synthetic.pages > COUNT / 1000
    watch.check()


def lines_of(lines: list[str]) -> list[str]:
    """What the script wrote."""
    return [line for line in lines if not line.startswith("[clary]")]


def test_files_of_a_terabyte_are_there_at_once_and_read_in_little_memory_and_no_disk(
    run, front, synthetic, terabyte
):
    synthetic.sent = 0
    script = """
        cd /opt/ml/input/data/c
        ls -l | awk '{ s += $5; n += NR > 1 } END { printf "%d %.0f\\n", n, s }'
        md5sum < 000000.bin
        md5sum < 002047.bin
        tail -c 1000003 004095.bin | md5sum
        for n in 1000 2000 3000; do dd if=00$n.bin bs=65536 skip=777 count=20 status=none; done | md5sum
        """
    with Watch(front) as watch:
        job, lines = run(script, TERABYTE, "FastFile")
    completed(job)
    end = b"".join(terabyte[4095].pieces(SIZE - 1_000_003, SIZE))
    jumps = [piece for n in (1000, 2000, 3000) for piece in terabyte[n].pieces(777 * 65536, 797 * 65536)]
    assert lines_of(lines) == [
        f"{COUNT} {COUNT * SIZE}",
        f"{digest_of([terabyte[0]])}  -",
        f"{digest_of([terabyte[2047]])}  -",
        f"{md5(end)}  -",
        f"{md5(b''.join(jumps))}  -",
    ]
    assert synthetic.sent < 2 * SIZE + 200 * MIB, "what is not read is not fetched"
    watch.check()


@soak
@pytest.mark.timeout(6 * 3600)
def test_every_file_of_a_terabyte_is_read_in_little_memory_and_no_disk(run, front, terabyte):
    with Watch(front) as watch:
        job, lines = run("cat /opt/ml/input/data/c/* | md5sum", TERABYTE, "FastFile", limit=5 * 3600)
    completed(job)
    assert lines_of(lines) == [f"{digest_of(terabyte)}  -"]
    watch.check()


def md5(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()


# MARK: What goes wrong on the way

READ = {
    "File": "cat /opt/ml/input/data/c/* | md5sum",
    "FastFile": "cat /opt/ml/input/data/c/* | md5sum",
    "Pipe": "md5sum < /opt/ml/input/data/c_0",
}


@pytest.mark.parametrize("mode", READ)
def test_a_connection_that_breaks_in_the_middle_of_an_object_is_taken_up_again(run, synthetic, mode):
    prefix = f"cut-{mode}/"
    contents = synthetic.fill(prefix, 3, 40 * MIB + 11)
    broken = f"{prefix}000001.bin"
    synthetic.cuts[broken] = 21 * MIB + 5
    synthetic.sent = 0
    job, lines = run(READ[mode], prefix, mode)
    completed(job)
    assert synthetic.met[broken] == 1
    assert lines_of(lines) == [f"{digest_of(contents)}  -"]
    # At most the range in which it broke came twice.
    assert synthetic.sent < 3 * (40 * MIB + 11) + 24 * MIB


def test_a_stream_may_last_longer_than_an_agent_waits_for_the_server(synthetic, tmp_path, unique):
    """Patience is for a silence: a connection that breaks after a longer time of streaming is taken up again too."""
    contents = synthetic.fill("long/", 1, 24 * MIB)
    synthetic.cuts["long/000000.bin"] = 20 * MIB
    store = Store(synthetic.url, "AKIASYNTHETIC", "secret", tmp_path)
    own = Server(
        tmp_path / "front",
        *("--s3-endpoint", store.url, "--s3-credentials", str(store.file), "--s3-profile", "there"),
        *("--orphan-timeout", "3"),
    ).start()
    synthetic.rate = 4e6
    try:
        name = unique("long")
        data = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{SyntheticStore.BUCKET}/long/"}
        channel = {"ChannelName": "c", "InputMode": "Pipe", "DataSource": {"S3DataSource": data}}
        clients = root_clients(own)
        request = script_request(
            name, SyntheticStore.BUCKET, READ["Pipe"], s3=clients("s3"), InputDataConfig=[channel]
        )
        clients("sagemaker").create_training_job(**request)
        completed(wait_for_job(clients("sagemaker"), name))
        assert synthetic.met["long/000000.bin"] == 1
        assert lines_of(log_lines(clients("logs"), name)) == [f"{digest_of(contents)}  -"]
    finally:
        synthetic.rate = None
        own.shutdown()


@pytest.mark.parametrize("mode", READ)
def test_an_object_that_changes_while_it_is_read_is_a_client_error(run, synthetic, mode):
    prefix = f"changed-{mode}/"
    synthetic.fill(prefix, 3, 40 * MIB + 11)
    changed = f"{prefix}000001.bin"
    synthetic.changed.add(changed)
    synthetic.cuts[changed] = 21 * MIB + 5
    job, _ = run(READ[mode], prefix, mode)
    assert synthetic.met[changed] == 1
    assert job["TrainingJobStatus"] == "Failed"
    reason = job["FailureReason"]
    assert reason.startswith("ClientError: "), reason
    assert f"s3://{SyntheticStore.BUCKET}/{changed}" in reason
    assert "overwritten after the job was created" in reason


# MARK: Progress

PROGRESS = re.compile(
    r"Downloading input data: (\d+) of (\d+) objects, ([\d.]+) of ([\d.]+) MB, ([\d.]+) MB/s$"
)


@pytest.mark.parametrize(
    ("count", "size"), [(48, 4 * MIB), (1, 160 * MIB)], ids=["many objects", "one object"]
)
def test_a_download_tells_its_progress(run, client, synthetic, unique, count, size):
    """In the messages of the job's history, while it lasts, and in its log."""
    prefix = f"slow-{count}/"
    synthetic.fill(prefix, count, size)
    synthetic.rate = 4e6 if count > 1 else 7e6
    seen: list[str] = []
    name, over = unique("slow"), threading.Event()

    def look() -> None:
        sagemaker = client("sagemaker")
        while not over.wait(0.2):
            try:
                job = sagemaker.describe_training_job(TrainingJobName=name)
            except ClientError:
                continue  # Not made yet.
            changes = job["SecondaryStatusTransitions"]
            seen.extend(change["StatusMessage"] for change in changes if change["Status"] == "Downloading")

    thread = threading.Thread(target=look)
    thread.start()
    try:
        job, lines = run("ls /opt/ml/input/data/c | wc -l", prefix, "File", name=name)
    finally:
        synthetic.rate = None
        over.set()
        thread.join()
    completed(job)
    told = [PROGRESS.fullmatch(text) for text in dict.fromkeys(seen)]
    told = [tuple(float(value) for value in match.groups()) for match in told if match]
    assert len(told) >= 2, seen
    total = round(count * size / 1e6, 1)
    assert all((of, most) == (count, total) for _, of, _, most, _ in told)
    arrived = [megabytes for _, _, megabytes, _, _ in told]
    assert arrived == sorted(arrived) and 0 < arrived[0] < arrived[-1] <= total
    # What eight or four connections are given, roughly.
    assert all(0 < rate < 40 for *_, rate in told), told
    logged = [line for line in lines if "Downloading input data: " in line]
    assert len(logged) >= 2 and f"{count} of {count} objects, {total} of {total} MB" in logged[-1], logged
