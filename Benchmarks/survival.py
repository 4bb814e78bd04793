"""Calls through crashes of the worker: how long they wait, and whether any fails with boto3's own retries."""

import os
import signal
import sys
import threading
import time

import boto3
import setting
from harness import Clary, Row

CRASHES = 10
THREADS = 4
CALLS_PER_SECOND = 100
NAME = "survives"


class Caller(threading.Thread):
    """Makes one call all the time, at its share of the rate."""

    def __init__(self, call) -> None:
        super().__init__()
        self.call = call
        self.over = threading.Event()
        self.calls = 0
        self.failures: list[Exception] = []

    def run(self) -> None:
        due = time.monotonic()
        while not self.over.is_set():
            try:
                self.call()
            except Exception as error:
                self.failures.append(error)
            self.calls += 1
            due = max(due + THREADS / CALLS_PER_SECOND, time.monotonic() - 1)
            time.sleep(max(0, due - time.monotonic()))


def client(clary: Clary, service: str = "sagemaker"):
    session = boto3.session.Session(clary.credentials.key, clary.credentials.secret, region_name="us-east-1")
    return session.client(service, endpoint_url=f"http://{clary.host}:{clary.port}")


def prepare(clary: Clary) -> None:
    quick = clary.client()
    setting.train_model(quick)
    setting.create_endpoint_config(quick, NAME)
    quick.json("CreateEndpoint", EndpointName=NAME, EndpointConfigName=NAME)
    setting.wait_for_endpoint(quick, NAME)


def describe(clary: Clary):
    sagemaker = client(clary)
    return lambda: sagemaker.describe_endpoint(EndpointName=NAME)


def invoke(clary: Clary):
    runtime = client(clary, "sagemaker-runtime")
    body = setting.ROW.encode()

    def call() -> None:
        reply = runtime.invoke_endpoint(EndpointName=NAME, ContentType="text/csv", Body=body)
        float(reply["Body"].read())

    return call


def measure() -> list[Row]:
    with Clary() as clary:
        prepare(clary)
        callers = [Caller((describe, invoke)[number % 2](clary)) for number in range(THREADS)]
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
            fresh.describe_endpoint(EndpointName=NAME)
            waits.append(time.monotonic() - killed)
            while clary.worker == worker:
                time.sleep(0.01)
        for caller in callers:
            caller.over.set()
        for caller in callers:
            caller.join()
        elapsed = time.monotonic() - begun
    calls, failures = sum(c.calls for c in callers), [error for c in callers for error in c.failures]
    for error in failures[:3]:
        print(f"failed: {error}", file=sys.stderr)
    longest = max(waits)
    return [
        Row(
            f"worker killed {CRASHES} times: until the next call is answered, at most",
            f"{longest:.2f} s",
            must="≤ 1 s",
            met=longest <= 1,
        ),
        Row(
            f"failures among {calls} describes and invokes meanwhile ({calls / elapsed:.0f}/s, boto3's retries)",
            f"{len(failures)}",
            must="0",
            met=not failures,
        ),
    ]
