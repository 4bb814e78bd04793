"""Calls through crashes of the worker: how long they wait, and whether any fails with boto3's own retries."""

import json
import os
import signal
import threading
import time

import boto3
from harness import Clary, Row, percentile
from setting import Unmeasured

CRASHES = 10
CALLS_PER_SECOND = 100
THREADS = 4


def _client(clary: Clary):
    session = boto3.session.Session(
        aws_access_key_id=clary.credentials.access_key,
        aws_secret_access_key=clary.credentials.secret_key,
        region_name="us-east-1",
    )
    return session.client("sagemaker", endpoint_url=f"http://{clary.host}:{clary.port}")
