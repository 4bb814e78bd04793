"""Fixtures: one server for the whole run, clients in the environment that `clary env` exports."""

import contextlib
import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import boto3
import pytest
from jobs import CSV, LIBSVM, training_request, wait_for_job, wait_until
from server import CLARY, ROOT, Server

# The Python of requirements-v3.lock.
SDK_V3 = ROOT / ".clary/venv/v3/bin/python"


def pytest_configure(config: pytest.Config) -> None:
    if not CLARY.exists():
        pytest.exit(f"{CLARY} is missing: run `make build` first", returncode=2)


@pytest.fixture(scope="session", autouse=True)
def no_server_is_left() -> Iterator[None]:
    """Ends, when all is over, what tests that failed in the middle have left running."""
    yield
    for server in Server.made:
        if server.process is not None and server.process.poll() is None:
            with contextlib.suppress(AssertionError, subprocess.TimeoutExpired):
                server.shutdown()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The server that most tests share: names keep them apart."""
    server = Server(tmp_path_factory.mktemp("clary")).start()
    yield server
    server.shutdown()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may stop, kill and start again; not started yet."""
    server = Server(tmp_path)
    yield server
    if server.process is None and server.data.exists():
        server.start()  # Only a running server can end the jobs that outlived it.
    server.shutdown()


@pytest.fixture(scope="session")
def environment(server: Server) -> dict[str, str]:
    """The environment of a shell that evaluated `clary env`."""
    return server.client_environment()


@pytest.fixture(scope="session")
def aws(environment: dict[str, str]) -> Iterator[Callable]:
    """Makes boto3 clients: `aws("sagemaker")`. The exports are this process's own for the run."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name not in environment]:
            patch.delenv(name)
        for name, value in environment.items():
            patch.setenv(name, value)
        yield lambda service, **options: boto3.session.Session().client(service, **options)


@pytest.fixture
def unique() -> Callable[[str], str]:
    """Names that no other test uses: `unique("job")`."""
    return lambda prefix: f"{prefix}-{uuid.uuid4().hex[:8]}"


def runner(interpreter: Path, environment: dict[str, str], folder: Path, limit: float = 240) -> Callable:
    """What runs programs as a user would: a fresh interpreter with nothing but the evaluated environment."""

    def run(source: str, *, env: dict[str, str] | None = None, prefix: tuple[str, ...] = ()) -> str:
        script = folder / f"program-{uuid.uuid4().hex[:6]}.py"
        script.write_text(source)
        result = subprocess.run(
            [*prefix, interpreter, script],
            env=environment if env is None else env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=limit,
            cwd=folder,
        )
        assert result.returncode == 0, f"{result.stdout[-4000:]}\n{result.stderr[-6000:]}"
        return result.stdout

    return run


@pytest.fixture
def run_python(environment: dict[str, str], tmp_path: Path) -> Callable:
    """Runs a program with the clients of this environment, among them the SageMaker SDK 2.x."""
    return runner(Path(sys.executable), environment, tmp_path)


@pytest.fixture
def run_python_v3(environment: dict[str, str], tmp_path: Path) -> Callable:
    """Runs a program with the SageMaker SDK 3.x."""
    if not SDK_V3.exists():
        pytest.skip(f"{SDK_V3} is missing: run Tools/setup.sh tests")
    return runner(SDK_V3, environment, tmp_path)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Puts the end of the server's log beside a failure."""
    report = yield
    if report.failed:
        for server in (
            value for value in getattr(item, "funcargs", {}).values() if isinstance(value, Server)
        ):
            report.sections.append((f"log of {server.data}", server.log()[-6000:]))
    return report


@pytest.fixture(scope="session")
def sagemaker(aws: Callable):
    return aws("sagemaker")


@pytest.fixture(scope="session")
def runtime(aws: Callable):
    return aws("sagemaker-runtime")


@pytest.fixture(scope="session")
def s3(aws: Callable):
    return aws("s3")


@pytest.fixture(scope="session")
def logs(aws: Callable):
    return aws("logs")


@pytest.fixture(scope="session")
def bucket(s3) -> str:
    """A bucket with the small data sets of `jobs.py`."""
    name = "end-to-end"
    s3.create_bucket(Bucket=name)
    s3.put_object(Bucket=name, Key="train/data.csv", Body=CSV)
    s3.put_object(Bucket=name, Key="train-libsvm/data.libsvm", Body=LIBSVM)
    return name


@pytest.fixture(scope="session")
def trained_model(sagemaker, bucket: str) -> str:
    """S3 URI of a model.tar.gz that a job on the small data set left."""
    name = f"shared-model-{uuid.uuid4().hex[:8]}"
    sagemaker.create_training_job(**training_request(name, bucket))
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    return job["ModelArtifacts"]["S3ModelArtifacts"]


@pytest.fixture
def deploy(sagemaker, unique):
    """Creates endpoints, waits until they are in service, and deletes them afterwards."""
    made = []

    def make(*variants: dict, wait: bool = True) -> str:
        name = unique("endpoint")
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=list(variants))
        sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
        made.append(name)
        if wait:
            sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1})
        return name

    yield make
    for name in made:
        wait_until(
            lambda name=name: sagemaker.describe_endpoint(EndpointName=name)["EndpointStatus"],
            lambda status: status not in ("Creating", "Updating"),
        )
        sagemaker.delete_endpoint(EndpointName=name)
        sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1})
        sagemaker.delete_endpoint_config(EndpointConfigName=name)
