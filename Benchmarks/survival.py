"""Calls through crashes of the worker: how long they wait, and whether any fails with boto3's own retries."""

import os
import signal
import threading
import time

import boto3
from harness import Clary, Row

CRASHES = 10
THREADS = 4
CALLS_PER_SECOND = 100
CONFIG = "survives"


class Caller(threading.Thread):
    """Describes something all the time, at its share of the rate."""

    def __init__(self, clary: Clary) -> None:
        super().__init__()
        self.client = client(clary)
        self.over = threading.Event()
        self.calls = 0
        self.failures: list[Exception] = []

    def run(self) -> None:
        due = time.monotonic()
        while not self.over.is_set():
            try:
                self.client.describe_endpoint_config(EndpointConfigName=CONFIG)
            except Exception as error:
                self.failures.append(error)
            self.calls += 1
            due = max(due + THREADS / CALLS_PER_SECOND, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))


def client(clary: Clary):
    session = boto3.session.Session(clary.credentials.key, clary.credentials.secret, region_name="us-east-1")
    return session.client("sagemaker", endpoint_url=f"http://{clary.host}:{clary.port}")


def prepare(clary: Clary) -> None:
    sagemaker = client(clary)
    image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
    sagemaker.create_model(
        ModelName=CONFIG,
        PrimaryContainer={"Image": image},
        ExecutionRoleArn="arn:aws:iam::000000000000:role/TestRole",
    )
    variant = {
        "VariantName": "A",
        "ModelName": CONFIG,
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    sagemaker.create_endpoint_config(EndpointConfigName=CONFIG, ProductionVariants=[variant])


def measure() -> list[Row]:
    with Clary() as clary:
        prepare(clary)
        callers = [Caller(clary) for _ in range(THREADS)]
        for caller in callers:
            caller.start()
        waits, begun = [], time.monotonic()
        for _ in range(CRASHES):
            time.sleep(0.5)
            # A client of its own, not connected yet: its first call meets whoever answers next.
            fresh = client(clary)
            worker = clary.worker
            os.kill(worker, signal.SIGKILL)
            killed = time.monotonic()
            fresh.describe_endpoint_config(EndpointConfigName=CONFIG)
            waits.append(time.monotonic() - killed)
            while clary.worker == worker:
                time.sleep(0.01)
        for caller in callers:
            caller.over.set()
        for caller in callers:
            caller.join()
        elapsed = time.monotonic() - begun
    calls, failures = sum(c.calls for c in callers), sum(len(c.failures) for c in callers)
    longest = max(waits)
    return [
        Row(
            f"worker killed {CRASHES} times: until the next call is answered, at most",
            f"{longest:.2f} s",
            must="≤ 1 s",
            met=longest <= 1,
        ),
        Row(
            f"failures among {calls} describes meanwhile ({calls / elapsed:.0f}/s, boto3's retries)",
            f"{failures}",
            must="0",
            met=failures == 0,
        ),
    ]
