"""The customary `build_and_push.sh`: Amazon's image registry as tools call it, before a local one."""

import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import podman
import pytest
from jobs import log_lines, wait_for_job
from server import Server

REGISTRY = shutil.which("docker-registry")

SCRIPT = """#!/bin/bash
set -e
algorithm_name=$1
account=$(aws sts get-caller-identity --query Account --output text)
region=$(aws configure get region || true)
region=${region:-us-east-1}
fullname="${account}.dkr.ecr.${region}.amazonaws.com/${algorithm_name}:latest"

# If the repository doesn't exist in ECR, create it.
if ! aws ecr describe-repositories --repository-names "${algorithm_name}" > /dev/null 2>&1; then
    aws ecr create-repository --repository-name "${algorithm_name}" > /dev/null
fi

aws ecr get-login-password --region "${region}" |
    docker login --username AWS --password-stdin "${account}.dkr.ecr.${region}.amazonaws.com"
docker build -t "${algorithm_name}" .
docker tag "${algorithm_name}" "${fullname}"
docker push "${fullname}"
"""

CONFIGURATION = """
version: 0.1
log: {{level: warn}}
storage: {{filesystem: {{rootdirectory: {folder}/images}}, delete: {{enabled: true}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


# `ada`, with the password `secret`.
PASSWORDS = "ada:$2b$04$BvNPI7oI3ZllGGclpGYfjupDAy/cvf60buP/KfCZ/o/r7KQtRWcpm\n"


@contextmanager
def serving(folder: Path, port: int, more: str = "") -> Iterator[None]:
    if REGISTRY is None:
        pytest.skip("no docker-registry (apt-get install docker-registry)")
    file = folder / "registry.yml"
    file.write_text(CONFIGURATION.format(folder=folder, port=port) + more)
    with (folder / "registry.log").open("wb") as log:
        process = subprocess.Popen([REGISTRY, "serve", file], stdout=log, stderr=log)
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            break
        except OSError:
            assert time.monotonic() < deadline, (folder / "registry.log").read_text()
            time.sleep(0.05)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture
def registry(tmp_path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with serving(tmp_path, port):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def private(tmp_path, engine) -> Iterator[str]:
    """A registry that lets in only who has a password."""
    (tmp_path / "passwords").write_text(PASSWORDS)
    auth = f"auth: {{htpasswd: {{realm: own, path: {tmp_path}/passwords}}}}\n"
    with serving(tmp_path, int(engine.registry.rpartition(":")[2]), auth):
        yield engine.registry


def test_a_private_registry_opens_with_the_login_of_who_runs_the_server(tmp_path, engine, private):
    image = f"{private}/team/private:1"
    engine.build(image, f"FROM {podman.BASE}\nRUN echo private > /what\n")
    engine.push(image, "ada", "secret")
    engine.podman("rmi", "-f", image)
    server = Server(tmp_path / "own", "--container-engine", str(engine.socket))
    server.environment.pop("REGISTRY_AUTH_FILE", None)
    server.start()
    try:
        sagemaker = podman.client(server, "sagemaker")
        podman.client(server, "s3").create_bucket(Bucket="private")
        algorithm = {"ContainerEntrypoint": ["/bin/cat"], "ContainerArguments": ["/what"]}

        def train(name: str) -> dict:
            sagemaker.create_training_job(**podman.plain_request(name, "private", image, algorithm))
            return wait_for_job(sagemaker, name)

        refused = train("without-a-login")
        assert refused["TrainingJobStatus"] == "Failed"
        assert "ClientError" in refused["FailureReason"]
        assert f"`podman login {private}`" in refused["FailureReason"]

        file = engine.login(tmp_path / "own" / "home", private, "ada", "secret")
        job = train("with-a-login")
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        lines = log_lines(podman.client(server, "logs"), "with-a-login")
        assert "private" in lines
        assert any(f"The registry is asked as 'ada', by {file}." in line for line in lines)
        assert not any("secret" in line for line in lines)

        engine.podman("rmi", "-f", image)
        file.write_text(file.read_text().replace(b64encode(b"ada:secret").decode(), "YWRhOm5vbmU="))
        wrong = train("with-a-wrong-login")
        assert "ClientError" in wrong["FailureReason"]
        assert "does not open it" in wrong["FailureReason"]

        absent = f"{private}/team/absent:1"
        file.write_text(file.read_text().replace("YWRhOm5vbmU=", b64encode(b"ada:secret").decode()))
        sagemaker.create_training_job(**podman.plain_request("absent", "private", absent, algorithm))
        reason = wait_for_job(sagemaker, "absent")["FailureReason"]
        assert "ClientError" in reason and "check its name" in reason
    finally:
        server.shutdown()


def test_build_and_push_reaches_a_local_registry(tmp_path, engine, registry):
    if not engine.pushes_as_its_caller:
        pytest.skip("Docker's daemon pushes by itself: it would need the proxy in an environment of its own")
    server = Server(
        tmp_path / "own", "--container-engine", str(engine.socket), "--container-registry", registry
    )
    server.start()
    try:
        folder = tmp_path / "image"
        folder.mkdir()
        (folder / "Dockerfile").write_text(f"FROM {podman.BASE}\nCOPY train /usr/bin/train\n")
        (folder / "train").write_text("#!/bin/sh\necho pushed and pulled\n")
        (folder / "train").chmod(0o755)
        (folder / "build_and_push.sh").write_text(SCRIPT)
        tools = tmp_path / "tools"
        tools.mkdir()
        (tools / "docker").write_text(f'#!/bin/sh\nexec {podman.PODMAN} "$@"\n')
        (tools / "docker").chmod(0o755)
        exports = server.client_environment()
        environment = engine.environment | exports
        environment |= {
            "PATH": f"{tools}:{Path(sys.executable).parent}:{exports['PATH']}",
            "REGISTRY_AUTH_FILE": str(tmp_path / "auth.json"),
            # Podman reads the certificates of proxies from here, like all programs in Go.
            "SSL_CERT_FILE": exports["AWS_CA_BUNDLE"],
        }

        def build_and_push() -> None:
            result = subprocess.run(
                ["bash", "build_and_push.sh", "pushed"],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=120,
            )
            assert result.returncode == 0, result.stdout + result.stderr

        build_and_push()
        ecr = podman.client(server, "ecr")
        [repository] = ecr.describe_repositories(repositoryNames=["pushed"])["repositories"]
        uri = repository["repositoryUri"]
        assert uri == "000000000000.dkr.ecr.us-east-1.amazonaws.com/pushed"
        [image] = ecr.describe_images(repositoryName="pushed")["imageDetails"]
        assert image["imageTags"] == ["latest"] and image["imageSizeInBytes"] > 1000
        [found] = ecr.batch_get_image(repositoryName="pushed", imageIds=[{"imageTag": "latest"}])["images"]
        assert found["imageId"]["imageDigest"] == image["imageDigest"]
        missing = ecr.batch_get_image(repositoryName="pushed", imageIds=[{"imageTag": "other"}])
        assert missing["failures"][0]["failureCode"] == "ImageNotFound"
        with pytest.raises(ecr.exceptions.RepositoryAlreadyExistsException):
            ecr.create_repository(repositoryName="pushed")
        # Not here any more: a job pulls what was pushed.
        engine.podman("rmi", "-f", "pushed", f"{uri}:latest")
        sagemaker = podman.client(server, "sagemaker")
        podman.client(server, "s3").create_bucket(Bucket="pushed")
        sagemaker.create_training_job(**podman.plain_request("pulled", "pushed", f"{uri}:latest", {}))
        job = wait_for_job(sagemaker, "pulled")
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        lines = log_lines(podman.client(server, "logs"), "pulled")
        assert "pushed and pulled" in lines
        assert any("Pulling the image" in line for line in lines)
        # Pushed again under the same tag: the next job runs what the tag means now, not the copy that is here.
        (folder / "train").write_text("#!/bin/sh\necho pushed again\n")
        build_and_push()
        engine.podman("rmi", "-f", "pushed", f"{uri}:latest")
        sagemaker.create_training_job(**podman.plain_request("again", "pushed", f"{uri}:latest", {}))
        job = wait_for_job(sagemaker, "again")
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        assert "pushed again" in log_lines(podman.client(server, "logs"), "again")
    finally:
        server.shutdown()
