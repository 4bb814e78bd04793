"""A scikit-learn model behind the runtime's serving loop, against Flask under gunicorn.

The reference is how the framework images have served such models: a Flask application with the default decoding and
encoding written out, under gunicorn's sync workers, which close a connection after each answer. Both have as many
workers as there are CPUs, the same model (iris, logistic regression) and one row of JSON per request, and are
measured in turns.
"""

import importlib.util
import json
import os
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import load
from harness import ROOT, Row, Unmeasured, free_port, running, tool

ROUNDS = 3
SECONDS = 5
ROWS = [[5.1, 3.5, 1.4, 0.2]]
HEADERS = {"content-type": "application/json", "accept": "application/json"}
WORKERS = str(len(os.sched_getaffinity(0)))

SCRIPT = """
import os, joblib

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
"""
APPLICATION = """
import json, os, joblib, numpy
from flask import Flask, Response, request

application = Flask(__name__)
model = joblib.load(os.path.join(os.environ["MODEL"], "model.joblib"))

@application.route("/ping")
def ping():
    return Response("{}")

@application.route("/invocations", methods=["POST"])
def invocations():
    rows = numpy.array(json.loads(request.get_data(as_text=True))).astype("float32")
    return Response(json.dumps(model.predict(rows).tolist()), mimetype="application/json")
"""


def measure() -> list[Row]:
    tool("wrk", "wrk")
    for package in ("sklearn", "flask", "gunicorn"):
        if importlib.util.find_spec(package) is None:
            raise Unmeasured(f"{package} is not installed in {sys.prefix}")
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder, both(Path(folder)) as (ours, theirs):
        if answer(ours) != answer(theirs):
            raise Unmeasured("the two servers answer differently")
        return [row for connections in (1, 32) for row in compare(ours, theirs, connections)]


@contextmanager
def both(root: Path):
    """Ports of the two servers."""
    import joblib
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    model = root / "model"
    (model / "code").mkdir(parents=True)
    (model / "code/inference.py").write_text(SCRIPT)
    joblib.dump(LogisticRegression(max_iter=500).fit(*load_iris(return_X_y=True)), model / "model.joblib")
    (root / "application.py").write_text(APPLICATION)

    ours, theirs = free_port(), free_port()
    runtime = ROOT / "Python/clary_runtime"
    program = f"import sys; sys.path.insert(0, {str(runtime)!r}); from clary_runtime.serving import main; sys.exit(main())"
    serving = {
        "CLARY_FRAMEWORK": "sklearn",
        "CLARY_ML_ROOT": str(root),
        "CLARY_BIND_ADDRESS": "127.0.0.1",
        "SAGEMAKER_BIND_TO_PORT": str(ours),
    }
    gunicorn = [sys.executable, "-m", "gunicorn", "--workers", WORKERS, "--bind", f"127.0.0.1:{theirs}"]
    threads = {"OMP_NUM_THREADS": "1", "MODEL": str(model)}
    with (
        running([sys.executable, "-c", program], "the serving loop", ours, env=os.environ | serving),
        running(
            [*gunicorn, "application:application"], "gunicorn", theirs, env=os.environ | threads, cwd=root
        ),
    ):
        for port in (ours, theirs):
            wait_for_model(port)
        yield ours, theirs


def wait_for_model(port: int, limit: float = 120) -> None:
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/ping", timeout=5).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise Unmeasured(f"no model was loaded within {limit:.0f} s")


def answer(port: int) -> bytes:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/invocations", json.dumps(ROWS).encode(), HEADERS
    )
    return urllib.request.urlopen(request, timeout=30).read()


def compare(ours: int, theirs: int, connections: int) -> list[Row]:
    seen = {ours: [], theirs: []}
    body = json.dumps(ROWS).encode()
    for _ in range(ROUNDS):
        for port, loads in seen.items():
            loads.append(
                load.run(
                    "127.0.0.1",
                    port,
                    "POST",
                    "/invocations",
                    HEADERS,
                    body,
                    connections,
                    SECONDS,
                    tolerate_reconnects=port == theirs,
                )
            )
    p50, p50_reference = (statistics.median(run.p50 for run in seen[port]) for port in (ours, theirs))
    rate, rate_reference = (statistics.median(run.rate for run in seen[port]) for port in (ours, theirs))
    figure = f"Serving a scikit-learn model, {connections} connection{'s' if connections > 1 else ''}"
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
