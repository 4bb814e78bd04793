"""Somebody's own container images serve unchanged."""

import io
import os
import re
import signal
import tarfile
import time

import podman
import pytest
from jobs import ROLE, log_lines, variant, wait_until
from server import Server

SERVE = """#!/usr/bin/python3
import os, signal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

model = open("/opt/ml/model/model.txt").read() if os.path.exists("/opt/ml/model/model.txt") else "none"

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body, kind="text/plain"):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(200 if self.path == "/ping" else 404, b"")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if body == b"crash":
            os._exit(9)
        tag = os.environ.get("TAG", "")
        self.answer(200, tag.encode() + model.encode() + b":" + body, "text/own")

    def log_message(self, *arguments):
        pass

print("serving", flush=True)
print("port", os.environ["SAGEMAKER_BIND_TO_PORT"], "of", os.environ.get("SAGEMAKER_SAFE_PORT_RANGE"), flush=True)
try:
    open("/opt/ml/model/x", "w")
    print("model is writable", flush=True)
except OSError:
    pass
signal.signal(signal.SIGTERM, lambda *_: (print("asked to end", flush=True), os._exit(0)))
ThreadingHTTPServer(("0.0.0.0", 8080), Handler).serve_forever()
"""


@pytest.fixture(scope="module")
def server_image(shell_image) -> str:
    return shell_image("own-server:1", "COPY serve /usr/local/bin/serve", {"serve": SERVE})


@pytest.fixture(scope="module")
def model_data(s3, bucket) -> str:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        content = b"weights"
        member = tarfile.TarInfo("model.txt")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    s3.put_object(Bucket=bucket, Key="models/own.tar.gz", Body=packed.getvalue())
    return f"s3://{bucket}/models/own.tar.gz"


@pytest.fixture
def model(sagemaker, unique):
    def make(**changes) -> str:
        name = unique("model")
        sagemaker.create_model(ModelName=name, ExecutionRoleArn=ROLE, **changes)
        return name

    return make


def test_an_own_image_serves_and_comes_back(deploy, model, runtime, server_image, model_data, logs, engine):
    name = model(PrimaryContainer={"Image": server_image, "ModelDataUrl": model_data})
    endpoint = deploy(variant(name))

    def invoke(body: bytes):
        return runtime.invoke_endpoint(EndpointName=endpoint, Body=body, ContentType="text/plain")

    answer = invoke(b"hello")
    assert answer["Body"].read() == b"weights:hello" and answer["ContentType"] == "text/own"
    with pytest.raises(runtime.exceptions.ClientError):
        invoke(b"crash")

    def answers() -> bool:
        try:
            return invoke(b"again")["Body"].read() == b"weights:again"
        except runtime.exceptions.ClientError:
            return False

    wait_until(answers, lambda value: value, 30)
    group = f"/aws/sagemaker/Endpoints/{endpoint}"
    lines = log_lines(logs, "AllTraffic", group)
    assert lines.count("serving") >= 2
    assert "port 8080 of None" in lines
    assert "model is writable" not in lines
    wait_until(lambda: len(engine.containers()), lambda count: count == 1)


def test_an_image_that_ends_at_once_fails_the_endpoint(sagemaker, deploy, model, shell_image):
    ends = shell_image("ends:1", "COPY serve /bin/serve", {"serve": "#!/bin/sh\necho too bad; exit 4\n"})
    endpoint = deploy(variant(model(PrimaryContainer={"Image": ends})), wait=False)
    status = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName=endpoint),
        lambda found: found["EndpointStatus"] == "Failed",
    )
    assert "too bad" in status["FailureReason"]


@pytest.fixture(scope="module")
def tagging(shell_image) -> str:
    """Puts its tag before what it was asked."""
    serve = SERVE.replace('tag.encode() + model.encode() + b":" + body', "tag.encode() + body")
    return shell_image("tagging:1", "COPY serve /usr/local/bin/serve", {"serve": serve})


def test_containers_in_a_row_pass_on_their_answers(
    deploy, model, runtime, tagging, server_image, model_data, logs
):
    name = model(
        Containers=[
            {"Image": tagging, "Environment": {"TAG": "first-"}},
            {"Image": server_image, "ModelDataUrl": model_data, "ContainerHostname": "middle"},
            {"Image": tagging, "Environment": {"TAG": "last-"}},
        ]
    )
    endpoint = deploy(variant(name))
    answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", ContentType="text/plain")
    assert answer["Body"].read() == b"last-weights:first-x"
    lines = log_lines(logs, "AllTraffic", f"/aws/sagemaker/Endpoints/{endpoint}")
    assert {"serving", "[middle] serving", "[container-3] serving"} <= set(lines)
    assert {"port 8080 of 9000-9999", "[middle] port 8080 of 9000-9999"} <= set(lines)


def test_containers_are_called_one_by_one(deploy, model, runtime, tagging):
    name = model(
        Containers=[
            {"Image": tagging, "Environment": {"TAG": f"{tag}-"}, "ContainerHostname": tag} for tag in "ab"
        ],
        InferenceExecutionConfig={"Mode": "Direct"},
    )
    endpoint = deploy(variant(name))
    for tag in "ab":
        answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x", TargetContainerHostname=tag)
        assert answer["Body"].read() == f"{tag}-x".encode()
    with pytest.raises(runtime.exceptions.ClientError, match="one of a, b"):
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"x")


def test_the_digest_of_what_was_deployed_is_shown(sagemaker, deploy, model, server_image):
    endpoint = deploy(variant(model(PrimaryContainer={"Image": server_image})))
    [found] = sagemaker.describe_endpoint(EndpointName=endpoint)["ProductionVariants"]
    [image] = found["DeployedImages"]
    assert image["SpecifiedImage"] == server_image
    # Docker gives an image that was never pushed no digest but its own id.
    assert re.fullmatch("(localhost/own-server@)?sha256:[0-9a-f]{64}", image["ResolvedImage"])


def test_an_outage_of_the_engine_costs_no_endpoint_and_leaves_nothing(tmp_path, engine, server_image):
    if not engine.containers_outlive_it:
        pytest.skip("Docker ends its containers with itself")
    server = Server(tmp_path / "own", "--container-engine", str(engine.socket)).start()
    try:
        before = set(engine.containers()), set(engine.networks())

        def added() -> list[str]:
            return sorted(set(engine.containers()) - before[0])

        sagemaker = podman.client(server, "sagemaker")
        sagemaker.create_model(
            ModelName="model", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": server_image}
        )
        sagemaker.create_endpoint_config(EndpointConfigName="config", ProductionVariants=[variant("model")])
        sagemaker.create_endpoint(EndpointName="live", EndpointConfigName="config")
        wait_until(
            lambda: sagemaker.describe_endpoint(EndpointName="live")["EndpointStatus"],
            lambda status: status == "InService",
        )
        [first] = added()
        process = int(engine.podman("inspect", "--format", "{{.State.Pid}}", first))
        engine.halt()
        try:
            os.kill(process, signal.SIGKILL)
            # It is seen to have ended, and nothing of it can be removed.
            time.sleep(3)
        finally:
            engine.serve()
        # Another instance takes its place, and what the first had goes.
        wait_until(added, lambda names: len(names) == 1 and names != [first])
        runtime = podman.client(server, "sagemaker-runtime")
        wait_until(lambda: answers(runtime), bool)
        server.stop()
        server.start()
        podman.client(server, "sagemaker").delete_endpoint(EndpointName="live")
        wait_until(lambda: (set(engine.containers()), set(engine.networks())), lambda now: now == before)
        wait_until(lambda: list((server.data / "instances").iterdir()), lambda left: not left)
    finally:
        server.shutdown()


def answers(runtime) -> bool:
    try:
        return bool(runtime.invoke_endpoint(EndpointName="live", Body=b"x", ContentType="text/plain"))
    except runtime.exceptions.ClientError:
        return False
