"""`clary lint-container` and `clary preflight` with somebody's own images."""

import io
import json
import tarfile

from conftest import image_request

TRAIN = """#!/bin/bash
[ -f /opt/ml/input/data/train/table.csv ] && cp /opt/ml/input/data/train/table.csv /opt/ml/model/
trap 'exit 0' TERM
sleep 1 & wait
"""
SERVE = """#!/usr/bin/python3
import os, signal, sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200); self.send_header("Content-Length", str(len(body))); self.end_headers()
        self.wfile.write(body)

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
"""
BOTH = "COPY train serve /usr/local/bin/"


def lint(server, *words: str) -> tuple[int, dict[str, dict]]:
    result = server.clary("lint-container", *words, "--json", check=False, timeout=400)
    assert result.stdout, result.stderr
    return result.returncode, {step["title"]: step for step in json.loads(result.stdout)["steps"]}


def test_an_own_image_keeps_the_contract(server, shell_image):
    image = shell_image("lint-good:1", BOTH, {"train": TRAIN, "serve": SERVE})
    code, steps = lint(server, image, "--isolated")
    assert code == 0, steps
    assert [step["verdict"] for step in steps.values()] == ["passed"] * 12, steps


def test_a_server_on_another_port_is_told(server, shell_image):
    image = shell_image(
        "lint-port:1", BOTH, {"train": TRAIN, "serve": SERVE.replace('"0.0.0.0", 8080', '"0.0.0.0", 5000')}
    )
    code, steps = lint(server, image, "--start-limit", "60")
    assert code == 1
    step = steps["`serve` listens on port 8080 and answers /ping with 200"]
    assert step["verdict"] == "failed"
    assert "Nothing listened on port 8080" in step["text"]


def test_an_image_without_train_is_told(server, shell_image):
    code, steps = lint(server, shell_image("lint-empty:1", ""))
    assert code == 1
    assert steps["`train` starts"]["verdict"] == "failed"
    assert "an image has an executable `train`" in steps["`train` starts"]["text"]


def test_an_image_that_only_serves_is_tried_alone(server, shell_image, tmp_path):
    image = shell_image("lint-serve:1", "COPY serve /usr/local/bin/", {"serve": SERVE})
    code, steps = lint(server, image, "--serve-only")
    assert code == 0, steps
    verdicts = [step["verdict"] for step in steps.values()]
    assert verdicts == ["passed"] + ["skipped"] * 5 + ["passed"] * 5, steps
    # With a model it is unpacked where the program looks for it.
    given = "import os; assert os.listdir('/opt/ml/model') == ['weights']\n"
    demanding = SERVE.replace("import os", given + "import os", 1)
    image = shell_image("lint-model:1", "COPY serve /usr/local/bin/", {"serve": demanding})
    with tarfile.open(tmp_path / "own.tar.gz", "w:gz") as tar:
        tar.addfile(tarfile.TarInfo("weights"), io.BytesIO())
    code, steps = lint(server, image, "--serve-only", "--model", str(tmp_path / "own.tar.gz"))
    assert code == 0, steps
    result = server.clary("lint-container", image, "--model", str(tmp_path / "none"), check=False)
    assert "--model: there is no file" in result.stderr


def test_preflight_knows_what_the_engine_has(server, bucket, unique, shell_image, tmp_path):
    path = tmp_path / "request.json"
    for image, verdict in {
        shell_image("lint-empty:1", ""): "ok",
        "example.org/nobody/nothing:1": "remark",
    }.items():
        path.write_text(json.dumps(image_request(unique("own"), bucket, image)))
        result = server.clary("preflight", str(path), "--json")
        checks = {check["subject"]: check["verdict"] for check in json.loads(result.stdout)["checks"]}
        assert checks["Image"] == verdict


def test_tensorboard_files_leave_a_container_too(train, s3, bucket, unique, shell_image):
    name = unique("board")
    job = train(
        shell_image("lint-empty:1", ""),
        name,
        algorithm={"ContainerEntrypoint": ["/bin/bash", "-c", "echo x > /events/run"]},
        TensorBoardOutputConfig={"S3OutputPath": f"s3://{bucket}/board", "LocalPath": "/events"},
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    key = f"board/{name}/tensorboard-output/run"
    assert s3.get_object(Bucket=bucket, Key=key)["Body"].read() == b"x\n"
