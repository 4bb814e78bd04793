"""Pulls that stall, fail and are given up, by an engine that does what the test says."""

import json
import socketserver
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import podman
import pytest
from jobs import ROLE, log_lines, variant, wait_for_job, wait_until
from server import Server

DOWNLOADING = [
    {"status": "Downloading", "id": "a", "progressDetail": {"current": part, "total": 40_000_000}}
    for part in (1_000_000, 12_000_000)
]


class FakeEngine(socketserver.ThreadingUnixStreamServer):
    """The Docker Engine API of an engine that has no image.

    A pull says the lines of `told[image]`. Then it ends if that is an error, or in the middle if the image is one of
    `cut`; otherwise it stands still until nobody listens any more, and is one of `left`.
    """

    daemon_threads = True

    def __init__(self, path: Path) -> None:
        super().__init__(str(path), Handler)
        self.told: dict[str, list[dict]] = {}
        self.cut: set[str] = set()
        self.keeps_containers = False
        self.pulls: list[str] = []
        self.left: list[str] = []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self) -> str:
        return "socket"

    def log_message(self, *arguments) -> None:
        pass

    def answer(self, status: int, document: dict) -> None:
        body = json.dumps(document).encode()
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.answer(200 if self.path == "/_ping" else 404, {"message": "no such thing"})

    def do_DELETE(self) -> None:
        if self.server.keeps_containers:
            return self.answer(500, {"message": "the device is busy"})
        return self.answer(404, {"message": "no such thing"})

    def do_POST(self) -> None:
        if not self.path.startswith("/images/create"):
            return self.answer(201, {})
        image = self.path.partition("fromImage=")[2].replace("%2F", "/").replace("%3A", ":")
        self.server.pulls.append(image)
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        lines = self.server.told[image]
        for line in lines:
            self.say(json.dumps(line) + "\n")
            time.sleep(2.1 if line in DOWNLOADING else 0)  # The agent tells of one every two seconds.
        self.close_connection = True
        if image in self.server.cut:
            return None
        if "error" in lines[-1]:
            return self.say("")
        self.connection.settimeout(60)
        if not self.rfile.read(1):
            self.server.left.append(image)
        return None

    def say(self, text: str) -> None:
        self.wfile.write(f"{len(text):x}\r\n{text}\r\n".encode())
        self.wfile.flush()


@pytest.fixture(scope="module")
def fake(tmp_path_factory) -> Iterator[FakeEngine]:
    with FakeEngine(tmp_path_factory.mktemp("fake") / "engine.sock") as engine:
        thread = threading.Thread(target=engine.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield engine
        engine.shutdown()
        thread.join(10)


@pytest.fixture(scope="module")
def own(tmp_path_factory, fake) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("pulls"), "--container-engine", fake.server_address).start()
    podman.client(server, "s3").create_bucket(Bucket="pulls")
    yield server
    server.shutdown()


def begin(own: Server, name: str, image: str):
    sagemaker = podman.client(own, "sagemaker")
    sagemaker.create_training_job(**podman.plain_request(name, "pulls", image, {}))
    return sagemaker


def test_a_pull_shows_how_far_it_is_and_is_given_up_with_its_job(own, fake):
    image = "example.test/stalls:1"
    fake.told[image] = DOWNLOADING
    sagemaker = begin(own, "stalls", image)
    wait_until(
        lambda: sagemaker.describe_training_job(TrainingJobName="stalls")["SecondaryStatusTransitions"],
        lambda found: "12 of 40 MB" in found[-1].get("StatusMessage", ""),
        20,
    )
    sagemaker.stop_training_job(TrainingJobName="stalls")
    job = wait_for_job(sagemaker, "stalls", 20)
    assert job["TrainingJobStatus"] == "Stopped", job.get("FailureReason")
    assert "FailureReason" not in job
    wait_until(lambda: fake.left, lambda left: image in left, 10)
    lines = log_lines(podman.client(own, "logs"), "stalls")
    assert not any("does not answer" in line for line in lines)


def test_an_endpoint_whose_image_is_refused_says_what_to_do(own, fake):
    image = "example.test/endpoint:1"
    fake.told[image] = [{"error": "unauthorized: authentication required"}]
    sagemaker = podman.client(own, "sagemaker")
    sagemaker.create_model(ModelName="m", ExecutionRoleArn=ROLE, PrimaryContainer={"Image": image})
    sagemaker.create_endpoint_config(EndpointConfigName="c", ProductionVariants=[variant("m")])
    sagemaker.create_endpoint(EndpointName="e", EndpointConfigName="c")
    found = wait_until(
        lambda: sagemaker.describe_endpoint(EndpointName="e"),
        lambda found: found["EndpointStatus"] == "Failed",
        30,
    )
    assert "`docker login example.test`" in found["FailureReason"]


@pytest.mark.parametrize(
    ("name", "last", "words"),
    [
        ("unknown", {"error": "manifest unknown"}, ["ClientError", "manifest unknown", "check its name"]),
        (
            "denied",
            {"error": "access to the resource is denied"},
            ["ClientError", "podman login example.test"],
        ),
        ("away", {"error": "dial tcp: connection refused"}, ["InternalServerError", "example.test, the way"]),
        ("cut", {"status": "Waiting"}, ["InternalServerError", "ended the connection before it could pull"]),
    ],
)
def test_a_pull_that_fails_blames_who_is_to_blame(own, fake, name, last, words):
    image = f"example.test/{name}:1"
    fake.told[image] = [last]
    if name == "cut":
        fake.cut.add(image)
    sagemaker = begin(own, name, image)
    job = wait_for_job(sagemaker, name, 30)
    assert job["TrainingJobStatus"] == "Failed"
    for word in words:
        assert word in job["FailureReason"]


def test_what_an_engine_does_not_remove_is_removed_at_the_next_start(own, fake):
    image = "example.test/left:1"
    fake.told[image] = [{"error": "manifest unknown"}]
    instances = own.data / "instances"
    fake.keeps_containers = True
    try:
        wait_for_job(begin(own, "left", image), "left", 30)
        # The note of it alone is kept.
        files = wait_until(
            lambda: [path.name for path in instances.rglob("*") if path.is_file()],
            lambda names: names == ["engine.json"],
            20,
        )
        assert files == ["engine.json"]
        assert "the device is busy" in own.log()
    finally:
        fake.keeps_containers = False
    own.stop()
    own.start()
    wait_until(lambda: list(instances.iterdir()), lambda found: found == [], 20)
