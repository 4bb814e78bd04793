"""The fixtures of the tests with a container engine: they stand in the place of those of `conftest.py`."""

import os
from collections.abc import Callable, Iterator

import boto3
import docker
import podman
import pytest
from jobs import training_request, wait_for_job
from server import Server

# Podman, which needs no daemon of root, unless it is said otherwise.
ENGINE = docker if os.environ.get("CLARY_TEST_ENGINE") == "docker" else podman


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where no engine is, each test that needs one is reported by its name."""
    mark = pytest.mark.skipif(ENGINE.MISSING is not None, reason=f"no container engine: {ENGINE.MISSING}")
    for item in items:
        if "engine" in item.fixturenames:
            item.add_marker(mark)


@pytest.fixture(scope="session")
def engine(tmp_path_factory) -> Iterator[podman.Engine]:
    engine = ENGINE.Engine(tmp_path_factory.mktemp("engine"))
    try:
        yield engine.start()
    finally:
        engine.stop()


@pytest.fixture(scope="session")
def server(tmp_path_factory, engine) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("clary"), "--container-engine", str(engine.socket)).start()
    yield server
    server.shutdown()
    assert engine.containers() == []


@pytest.fixture(scope="session")
def environment(server: Server) -> dict[str, str]:
    return server.client_environment()


@pytest.fixture(scope="session")
def aws(environment):
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name not in environment]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield lambda service, **options: boto3.session.Session().client(service, **options)


@pytest.fixture(scope="session")
def sagemaker(aws):
    return aws("sagemaker")


@pytest.fixture(scope="session")
def runtime(aws):
    return aws("sagemaker-runtime")


@pytest.fixture(scope="session")
def s3(aws):
    return aws("s3")


@pytest.fixture(scope="session")
def logs(aws):
    return aws("logs")


@pytest.fixture(scope="session")
def bucket(s3) -> str:
    s3.create_bucket(Bucket="own-containers")
    s3.put_object(Bucket="own-containers", Key="train/data.csv", Body="1,2\n3,4\n")
    return "own-containers"


@pytest.fixture(scope="session")
def shell_image(engine) -> Callable[..., str]:
    """Builds an image on the base: a Dockerfile's further lines and the files that they copy."""

    def build(name: str, lines: str, files: dict[str, str] | None = None) -> str:
        return engine.build(name, f"FROM {podman.BASE}\n{lines}\n", files)

    return build


@pytest.fixture
def train(sagemaker, bucket, unique) -> Callable[..., dict]:
    """Runs a training job with an image to its end: `train(image, algorithm={…}, …)`."""

    def run(image: str, name: str | None = None, **changes) -> dict:
        name = name or unique("own")
        sagemaker.create_training_job(**image_request(name, bucket, image, **changes))
        return wait_for_job(sagemaker, name)

    return run


def image_request(name: str, bucket: str, image: str, **changes) -> dict:
    algorithm = {"TrainingImage": image, "TrainingInputMode": "File"} | changes.pop("algorithm", {})
    defaults = {"AlgorithmSpecification": algorithm, "HyperParameters": {}}
    return training_request(name, bucket, **(defaults | changes))


@pytest.fixture
def start(sagemaker, bucket, unique) -> Callable[..., str]:
    """Starts a training job with an image; returns its name."""

    def begin(image: str, **changes) -> str:
        name = unique("own")
        sagemaker.create_training_job(**image_request(name, bucket, image, **changes))
        return name

    return begin
