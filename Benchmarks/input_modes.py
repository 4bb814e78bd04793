"""How channels come in: files of a large data set and of many objects, and what a pipe gives to a reader that discards.

The large data set is zeros, uploaded in parts by boto3's transfer manager. Beside times, what is written on disk
meanwhile is measured: no object may be copied.
"""

import io
import re
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import aws
import boto3
import setting
from boto3.s3.transfer import TransferConfig
from harness import Clary, Row, Unmeasured, memory

DATA_SET, DATA_OBJECTS, PART = 10 << 30, 1000, 5 << 20
SMALL = 100_000
PIPE = 2 << 30
RUNS = 3
SAY = "echo now $EPOCHREALTIME $(cd /opt/ml/input/data/train; COUNT) > /opt/ml/output/failure; exit 1"
# Two epochs: the first one waits for the container to start.
READ = (
    "cd /opt/ml/input/data; cat train_0 > /dev/null; while [ ! -p train_1 ]; do :; done; "
    "b=$EPOCHREALTIME; cat train_1 > /dev/null; echo took $b $EPOCHREALTIME > /opt/ml/output/failure; exit 1"
)


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        client.s3("PUT", f"/{setting.BUCKET}")
        return [*large(clary, client), *pipe(clary, client), *many(clary, client)]


def large(clary: Clary, client: aws.Client) -> list[Row]:
    upload(clary, [f"large/part-{number:04}" for number in range(DATA_OBJECTS)], DATA_SET // DATA_OBJECTS)
    before = disk(clary)
    waits, peak = [], 0
    for run in range(RUNS):
        wait, said, most = seen(
            clary, client, f"large-{run}", "large/", "cat * | head -c 1 | wc -c; ls | wc -l"
        )
        assert said.split()[-1] == str(DATA_OBJECTS), said
        waits.append(wait)
        peak = max(peak, most)
    copied = disk(clary) - before
    middle = statistics.median(waits)
    what = f"File mode, {DATA_SET >> 30} GiB in {DATA_OBJECTS} objects uploaded in parts"
    for number in range(DATA_OBJECTS):
        client.s3("DELETE", f"/{setting.BUCKET}/large/part-{number:04}")
    return [
        Row(
            f"{what}: create → container sees the files, p50",
            f"{middle:.2f} s",
            must="≤ 0.5 s",
            met=middle <= 0.5,
        ),
        Row(
            f"{what}: written on disk meanwhile", f"{copied / 1e6:.0f} MB", must="≤ 50 MB", met=copied <= 50e6
        ),
        Row(
            f"{what}: server and agent above idle", f"{peak / 1e6:.0f} MB", must="≤ 150 MB", met=peak <= 150e6
        ),
    ]


def many(clary: Clary, client: aws.Client) -> list[Row]:
    clients = [clary.client() for _ in range(4)]

    def put(mine: int) -> None:
        for number in range(mine, SMALL, len(clients)):
            clients[mine].s3("PUT", f"/{setting.BUCKET}/many/{number % 100:02}/{number:06}", b"x")

    threads = [threading.Thread(target=put, args=(mine,)) for mine in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waits, peak = [], 0
    for run in range(RUNS):
        wait, said, most = seen(clary, client, f"many-{run}", "many/", "ls */* | wc -l")
        assert said.split()[-1] == str(SMALL), said
        waits.append(wait)
        peak = max(peak, most)
    middle = statistics.median(waits)
    what = f"File mode, {SMALL:,} objects"
    return [
        Row(
            f"{what}: create → container sees the files, p50",
            f"{middle:.2f} s",
            must="≤ 4 s",
            met=middle <= 4,
        ),
        Row(
            f"{what}: server and agent above idle", f"{peak / 1e6:.0f} MB", must="≤ 150 MB", met=peak <= 150e6
        ),
    ]


def pipe(clary: Clary, client: aws.Client) -> list[Row]:
    upload(clary, ["pipe/data"], PIPE)
    rates, references, peak = [], [], 0
    for run in range(RUNS):
        watch = Peak(clary)
        reason = ended(client, f"pipe-{run}", "pipe/", READ, mode="Pipe")
        peak = max(peak, watch.end())
        took = re.search(r"took (\d+\.\d+) (\d+\.\d+)", reason)
        if not took:
            raise Unmeasured(reason)
        rates.append(PIPE / (float(took[2]) - float(took[1])))
        references.append(cat_rate(clary))
    ours, reference = statistics.median(rates), statistics.median(references)
    what = f"Pipe mode, {PIPE >> 30} GiB to a reader that discards"
    return [
        Row(
            f"{what}, against `cat FILE > FIFO`",
            f"{ours / 1e9:.2f} GB/s",
            f"{reference / 1e9:.2f} GB/s",
            f"{ours / reference:.2f}",
            "≥ 0.7",
            ours / reference >= 0.7,
        ),
        Row(
            f"{what}: server and agent above idle", f"{peak / 1e6:.0f} MB", must="≤ 150 MB", met=peak <= 150e6
        ),
    ]


def cat_rate(clary: Clary) -> float:
    """Bytes a second of `cat FILE > FIFO` with the object's own file and the same reader."""
    files = [
        path for path in (clary.data / "objects").rglob("*") if path.is_file() and path.stat().st_size == PIPE
    ]
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        fifo = Path(folder) / "fifo"
        subprocess.run(["mkfifo", fifo], check=True)
        with subprocess.Popen(["bash", "-c", f"cat '{files[0]}' > '{fifo}'"]):
            began = time.perf_counter()
            subprocess.run(["bash", "-c", f"cat '{fifo}' > /dev/null"], check=True)
            return PIPE / (time.perf_counter() - began)


def seen(clary: Clary, client: aws.Client, name: str, prefix: str, count: str) -> tuple[float, str, int]:
    """Seconds until the container has seen its files, what it said of them, and the memory above idle."""
    watch = Peak(clary)
    began = time.time()
    reason = ended(client, name, prefix, SAY.replace("COUNT", count))
    said = re.search(r"now (\d+\.\d+)((?: \d+)+)", reason)
    most = watch.end()
    if not said:
        raise Unmeasured(reason)
    return float(said[1]) - began, said[2], most


def ended(client: aws.Client, name: str, prefix: str, script: str, mode: str = "File") -> str:
    """Runs a script on a channel; returns the failure that it ends with."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{setting.BUCKET}/{prefix}"}
    client.json(
        "CreateTrainingJob",
        TrainingJobName=name,
        AlgorithmSpecification={
            "TrainingImage": setting.IMAGE,
            "TrainingInputMode": mode,
            "ContainerEntrypoint": ["/bin/bash", "-c", script],
        },
        RoleArn=setting.ROLE,
        InputDataConfig=[{"ChannelName": "train", "DataSource": {"S3DataSource": source}}],
        OutputDataConfig={"S3OutputPath": f"s3://{setting.BUCKET}/out"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        StoppingCondition={"MaxRuntimeInSeconds": 600},
    )
    return setting.wait_for_job(client, name, "Failed")["FailureReason"]


class Zeros(io.RawIOBase):
    """A file of zeros that is nowhere."""

    def __init__(self, size: int) -> None:
        self.left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        count = self.left if size < 0 else min(size, self.left)
        self.left -= count
        return bytes(count)


def upload(clary: Clary, keys: list[str], size: int) -> None:
    """Makes objects of zeros, in parts."""
    credentials = clary.credentials
    client = boto3.client(
        "s3",
        endpoint_url=f"http://{clary.host}:{clary.port}",
        aws_access_key_id=credentials.key,
        aws_secret_access_key=credentials.secret,
        aws_session_token=credentials.token or None,
        region_name=credentials.region,
    )
    config = TransferConfig(multipart_threshold=PART, multipart_chunksize=PART)
    for key in keys:
        client.upload_fileobj(Zeros(size), setting.BUCKET, key, Config=config)


def disk(clary: Clary) -> int:
    """Bytes that the data directory has on disk; a file with two names counts once."""
    return int(
        subprocess.run(
            ["du", "-s", "-B1", clary.data], capture_output=True, text=True, check=True
        ).stdout.split()[0]
    )


class Peak:
    """The most memory of the worker and of agents above what the worker has at the beginning."""

    def __init__(self, clary: Clary) -> None:
        self.clary = clary
        self.idle = memory(clary.worker)
        self.most = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch)
        self.thread.start()

    def watch(self) -> None:
        needle = str(self.clary.data / "instances").encode()
        while not self.over.wait(0.02):
            agents = 0
            for entry in Path("/proc").iterdir():
                try:
                    if entry.name.isdigit() and b"\0agent\0" in (line := (entry / "cmdline").read_bytes()):
                        agents += memory(int(entry.name)) if needle in line else 0
                except (OSError, ProcessLookupError):
                    continue
            self.most = max(self.most, memory(self.clary.worker) - self.idle + agents)

    def end(self) -> int:
        self.over.set()
        self.thread.join()
        return self.most
