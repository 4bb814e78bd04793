"""A scikit-learn endpoint through Clary, signed, against the same model in Flask under gunicorn, without anything before it.

The reference is how such models are served in containers of one's own: a Flask application with the default decoding
and encoding written out, under gunicorn's sync workers, which close a connection after each answer. Both have as many
workers as there are CPUs, the same model (iris, logistic regression) and one row of JSON per request, and are measured
in turns.
"""

import hashlib
import io
import json
import os
import statistics
import subprocess
import tarfile
import tempfile
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import aws
import load
import setting
from harness import Clary, Row, Unmeasured, environment_python, free_port, running, tool

ROUNDS = 3
SECONDS = 5
ROWS = [[5.1, 3.5, 1.4, 0.2]]
HEADERS = {"content-type": "application/json", "accept": "application/json"}
PATH = "/endpoints/script/invocations"
WORKERS = str(len(os.sched_getaffinity(0)))

TRAIN = """
import joblib, sys
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
joblib.dump(LogisticRegression(max_iter=500).fit(*load_iris(return_X_y=True)), sys.argv[1])
"""
SCRIPT = """
import os, joblib

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
"""
APPLICATION = """
import json, os, joblib, numpy
from flask import Flask, Response, request

application = Flask(__name__)
model = joblib.load(os.environ["MODEL"])

@application.route("/ping")
def ping():
    return Response("{}")

@application.route("/invocations", methods=["POST"])
def invocations():
    rows = numpy.array(json.loads(request.get_data(as_text=True)))
    return Response(json.dumps(model.predict(rows).tolist()), mimetype="application/json")
"""


def measure() -> list[Row]:
    tool("wrk", "wrk")
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as name, Clary() as clary:
        folder = Path(name)
        python = environment_python(clary, setting.SKLEARN)
        subprocess.run([python, "-c", TRAIN, folder / "model.joblib"], check=True)
        deploy(clary.client(), folder / "model.joblib")
        with reference(python, folder) as port:
            ours = clary.client().call(
                "sagemaker", "POST", PATH, HEADERS, json.dumps(ROWS).encode(), "InvokeEndpoint"
            )
            if json.loads(ours) != json.loads(answer(port)):
                raise Unmeasured("the two servers answer differently")
            return [row for connections in (1, 32) for row in compare(clary, port, connections)]


def deploy(client: aws.Client, model: Path) -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.add(model, "model.joblib")
        entry = tarfile.TarInfo("code/inference.py")
        entry.size = len(SCRIPT)
        tar.addfile(entry, io.BytesIO(SCRIPT.encode()))
    client.s3("PUT", f"/{setting.BUCKET}")
    client.s3("PUT", f"/{setting.BUCKET}/script/model.tar.gz", buffer.getvalue())
    client.json(
        "CreateModel",
        ModelName="bench-model",
        ExecutionRoleArn=setting.ROLE,
        PrimaryContainer={
            "Image": setting.SKLEARN,
            "ModelDataUrl": f"s3://{setting.BUCKET}/script/model.tar.gz",
            "Environment": {
                "SAGEMAKER_PROGRAM": "inference.py",
                "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
            },
        },
    )
    setting.create_endpoint_config(client, "script")
    client.json("CreateEndpoint", EndpointName="script", EndpointConfigName="script")
    setting.wait_for_endpoint(client, "script")


@contextmanager
def reference(python: Path, folder: Path):
    """Flask and gunicorn with the environment's own scikit-learn; gives the port."""
    (folder / "application.py").write_text(APPLICATION)
    packages = folder / "packages"
    uv = Path(tool("uv", "uv, or make setup"))
    install = [uv, "pip", "install", "-q", "--python", python, "--target", packages, "flask", "gunicorn"]
    subprocess.run(install, check=True)
    port = free_port()
    environment = os.environ | {
        "MODEL": str(folder / "model.joblib"),
        "PYTHONPATH": str(packages),
        "OMP_NUM_THREADS": "1",
    }
    command = [python, "-m", "gunicorn", "--workers", WORKERS, "--bind", f"127.0.0.1:{port}"]
    with running([*command, "application:application"], "gunicorn", port, env=environment, cwd=folder):
        answer(port)
        yield port


def answer(port: int) -> bytes:
    body = json.dumps(ROWS).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}/invocations", body, HEADERS)
    return urllib.request.urlopen(request, timeout=60).read()


def compare(clary: Clary, port: int, connections: int) -> list[Row]:
    ours, theirs = [], []
    body = json.dumps(ROWS).encode()
    digest = hashlib.sha256(body).hexdigest()
    authority = f"{clary.host}:{clary.port}"
    for _ in range(ROUNDS):
        signed = aws.sign(clary.credentials, "sagemaker", "POST", authority, PATH, HEADERS, digest)
        ours.append(load.run(clary.host, clary.port, "POST", PATH, signed, body, connections, SECONDS))
        theirs.append(
            load.run(
                *("127.0.0.1", port, "POST", "/invocations", HEADERS, body, connections, SECONDS),
                tolerate_reconnects=True,
            )
        )
    p50, p50_reference = (statistics.median(seen.p50 for seen in side) for side in (ours, theirs))
    rate, rate_reference = (statistics.median(seen.rate for seen in side) for side in (ours, theirs))
    plural = "s" if connections > 1 else ""
    figure = f"scikit-learn endpoint, {connections} connection{plural}, against Flask + gunicorn"
    latency, throughput = p50 / p50_reference, rate / rate_reference
    return [
        Row(
            f"{figure}: p50",
            f"{p50:.0f} µs",
            f"{p50_reference:.0f} µs",
            f"{latency:.2f} ×",
            "≤ 0.7 ×",
            latency <= 0.7,
        ),
        Row(
            f"{figure}: throughput",
            f"{rate:,.0f} /s",
            f"{rate_reference:,.0f} /s",
            f"{throughput:.2f} ×",
            "≥ 1.5 ×",
            throughput >= 1.5,
        ),
    ]
