"""DescribeTrainingJob, signed, on one keep-alive connection, against moto's server.

moto's server closes a connection whenever its web server wants to; wrk opens the next one, as a client would.
"""

import hashlib
import statistics
import sys
from pathlib import Path

import aws
import load
import setting
from harness import Clary, Row, Unmeasured, free_port, running

ROUNDS = 3
SECONDS = 4


def measure() -> list[Row]:
    moto = Path(sys.executable).with_name("moto_server")
    if not moto.exists():
        raise Unmeasured(f"{moto} is missing: run Benchmarks/run.sh, which makes its environment")
    port = free_port()
    with Clary() as clary, running([moto, "-H", "127.0.0.1", "-p", port], "moto_server", port):
        client = clary.client()
        setting.put_training_data(client)
        setting.create_training_job(client, "bench")
        setting.wait_for_job(client, "bench")
        reference = aws.Client("127.0.0.1", port, clary.credentials)
        setting.create_training_job(reference, "bench")
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(rate(clary.host, clary.port, clary.credentials, tolerate_reconnects=False))
            theirs.append(rate("127.0.0.1", port, clary.credentials, tolerate_reconnects=True))
    mine, other = statistics.median(ours), statistics.median(theirs)
    return [
        Row(
            "DescribeTrainingJob, signed, one connection, against moto_server",
            f"{mine:,.0f} /s",
            f"{other:,.0f} /s",
            f"{mine / other:.1f} ×",
            "≥ 10 ×",
            mine >= 10 * other,
        )
    ]


def rate(host: str, port: int, credentials: aws.Credentials, tolerate_reconnects: bool) -> float:
    body = b'{"TrainingJobName":"bench"}'
    headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "SageMaker.DescribeTrainingJob"}
    signed = aws.sign(
        credentials, "sagemaker", "POST", f"{host}:{port}", "/", headers, hashlib.sha256(body).hexdigest()
    )
    return load.run(host, port, "POST", "/", signed, body, 1, SECONDS, tolerate_reconnects).rate
