"""A container of one's own as in SageMaker's best-known example: scikit-learn, Flask, gunicorn and nginx."""

import shutil
import subprocess
from collections.abc import Iterator

import podman
import pytest
from jobs import ROLE, channel, variant
from server import ROOT

TRAIN = """#!/usr/bin/python3
import csv, json, os, pickle, sys, traceback
from sklearn import tree

prefix = "/opt/ml/"
try:
    with open(prefix + "input/config/hyperparameters.json") as file:
        hyperparameters = json.load(file)
    leaves = hyperparameters.get("max_leaf_nodes")
    folder = prefix + "input/data/training"
    rows = [row for name in os.listdir(folder) for row in csv.reader(open(os.path.join(folder, name)))]
    labels, features = [row[0] for row in rows], [[float(x) for x in row[1:]] for row in rows]
    model = tree.DecisionTreeClassifier(max_leaf_nodes=int(leaves) if leaves else None)
    model.fit(features, labels)
    with open(prefix + "model/decision-tree-model.pkl", "wb") as out:
        pickle.dump(model, out)
    print("Training complete.")
except Exception as error:
    with open(prefix + "output/failure", "w") as file:
        file.write("Exception during training: " + str(error))
    traceback.print_exc()
    sys.exit(255)
"""

SERVE = """#!/usr/bin/python3
import os, signal, subprocess, sys

workers = int(os.environ.get("MODEL_SERVER_WORKERS", os.cpu_count()))
subprocess.check_call(["ln", "-sf", "/dev/stdout", "/var/log/nginx/access.log"])
subprocess.check_call(["ln", "-sf", "/dev/stderr", "/var/log/nginx/error.log"])
nginx = subprocess.Popen(["nginx", "-c", "/opt/program/nginx.conf"])
gunicorn = subprocess.Popen(
    [sys.executable, "-m", "gunicorn", "--timeout", "60", "-k", "sync", "-b", "unix:/tmp/gunicorn.sock",
     "-w", str(workers), "predictor:app"]
)

def stop(*_):
    os.kill(nginx.pid, signal.SIGQUIT)
    os.kill(gunicorn.pid, signal.SIGTERM)
    sys.exit(0)

signal.signal(signal.SIGTERM, stop)
while True:
    pid, _ = os.wait()
    if pid in (nginx.pid, gunicorn.pid):
        break
stop()
"""

PREDICTOR = """
import csv, io, os, pickle
import flask

app = flask.Flask(__name__)
model = None

def load():
    global model
    if model is None:
        with open("/opt/ml/model/decision-tree-model.pkl", "rb") as file:
            model = pickle.load(file)
    return model

@app.route("/ping")
def ping():
    return flask.Response(response="\\n", status=200 if load() else 404, mimetype="application/json")

@app.route("/invocations", methods=["POST"])
def invocations():
    if flask.request.content_type != "text/csv":
        return flask.Response(response="This predictor only supports CSV data", status=415)
    rows = csv.reader(io.StringIO(flask.request.data.decode()))
    found = load().predict([[float(x) for x in row] for row in rows if row])
    return flask.Response(response="".join(f"{label}\\n" for label in found), status=200, mimetype="text/csv")
"""

NGINX = """
worker_processes 1;
daemon off;
pid /tmp/nginx.pid;
error_log /var/log/nginx/error.log;
events { worker_connections 2048; }
http {
  access_log /var/log/nginx/access.log combined;
  upstream gunicorn { server unix:/tmp/gunicorn.sock; }
  server {
    listen 8080 deferred;
    client_max_body_size 5m;
    keepalive_timeout 5;
    proxy_read_timeout 1200s;
    location ~ ^/(ping|invocations) {
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header Host $http_host;
      proxy_redirect off;
      proxy_pass http://gunicorn;
    }
    location / { return 404 "{}"; }
  }
}
"""

DOCKERFILE = f"""
FROM {podman.BASE}
COPY site /opt/site
ENV PYTHONUNBUFFERED=TRUE PYTHONDONTWRITEBYTECODE=TRUE PYTHONPATH=/opt/site
ENV PATH="/opt/program:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
COPY decision_trees /opt/program
WORKDIR /opt/program
"""

REQUIREMENTS = ("scikit-learn==1.7.2", "flask==3.1.2", "gunicorn==23.0.0")


@pytest.fixture(scope="module")
def image(engine) -> Iterator[str]:
    site = podman.CACHE / "site"
    if not site.exists():
        part = podman.CACHE / "site.part"
        shutil.rmtree(part, ignore_errors=True)
        subprocess.run(
            [
                *(ROOT / ".clary/tools/bin/uv", "pip", "install", "--quiet", "--target", part),
                *("--python-version", "3.11", "--only-binary", ":all:", *REQUIREMENTS),
            ],
            check=True,
            timeout=300,
        )
        part.rename(site)
    name = "decision-trees:latest"
    files = {"train": TRAIN, "serve": SERVE, "predictor.py": PREDICTOR, "nginx.conf": NGINX}
    yield engine.build(
        name, DOCKERFILE, {f"decision_trees/{path}": text for path, text in files.items()}, {"site": site}
    )


def test_the_scikit_learn_example_trains_and_serves(
    train, sagemaker, deploy, runtime, s3, bucket, unique, image
):
    rows = "".join(f"{'high' if x > 5 else 'low'},{x},{x * 7 % 5}\n" for x in range(12))
    s3.put_object(Bucket=bucket, Key="iris/rows.csv", Body=rows)
    uri = "000000000000.dkr.ecr.us-east-1.amazonaws.com/decision-trees:latest"
    job = train(
        uri,
        HyperParameters={"max_leaf_nodes": "5"},
        InputDataConfig=[channel("training", f"s3://{bucket}/iris/")],
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    name = unique("trees")
    sagemaker.create_model(
        ModelName=name,
        ExecutionRoleArn=ROLE,
        PrimaryContainer={"Image": uri, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]},
    )
    endpoint = deploy(variant(name))
    answer = runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/csv", Body="1,7\n11,2\n")
    assert answer["Body"].read() == b"low\nhigh\n"
    with pytest.raises(runtime.exceptions.ModelError) as refusal:
        runtime.invoke_endpoint(EndpointName=endpoint, ContentType="text/plain", Body="x")
    assert refusal.value.response["OriginalStatusCode"] == 415
