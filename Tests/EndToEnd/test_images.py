"""`clary images`: what framework images stand for, and the environments that are built of them."""

import json
import shutil
import subprocess

import pytest
from jobs import ACCOUNT, ROLE, training_request
from server import CLARY, Server

SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"


def clary(server: Server, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [CLARY, *words, "--data-dir", server.data], capture_output=True, text=True, env=server.environment
    )


def test_an_image_is_explained(server):
    text = clary(server, "images", "why", SKLEARN).stdout
    assert "A script runs in scikit-learn-1.2.1-py311-" in text
    assert "scikit-learn==1.2.1" in text
    explanation = json.loads(clary(server, "images", "why", "--json", SKLEARN).stdout)
    assert explanation["recipes"][0]["interpreter"] == "/usr/bin/python3.11"
    text = clary(server, "images", "why", "sagemaker-xgboost:1.7-1").stdout
    assert "Without a script: the built-in XGBoost, behaving as container 1.7-1." in text


def test_what_cannot_run_says_why(server):
    result = clary(server, "images", "why", "sagemaker-scikit-learn:0.20.0-cpu-py3")
    assert result.returncode != 0
    assert "scikit-learn 0.20.0 cannot be had for the Python of this machine" in result.stderr
    assert "'kmeans' is not offered yet" in clary(server, "images", "why", "kmeans:1").stderr


def test_a_login_by_lambda_is_refused_and_another_way_shown(sagemaker, bucket, unique):
    lambda_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:login"
    algorithm = {
        "TrainingImage": "registry.example.com/own:1",
        "TrainingInputMode": "File",
        "TrainingImageConfig": {
            "TrainingRepositoryAccessMode": "Vpc",
            "TrainingRepositoryAuthConfig": {"TrainingRepositoryCredentialsProviderArn": lambda_arn},
        },
    }
    container = {
        "Image": "registry.example.com/own:1",
        "ImageConfig": {
            "RepositoryAccessMode": "Vpc",
            "RepositoryAuthConfig": {"RepositoryCredentialsProviderArn": lambda_arn},
        },
    }
    with pytest.raises(sagemaker.exceptions.ClientError, match="no Lambda functions run here.*podman login"):
        sagemaker.create_training_job(
            **training_request(unique("login"), bucket, AlgorithmSpecification=algorithm)
        )
    with pytest.raises(sagemaker.exceptions.ClientError, match="no Lambda functions run here.*podman login"):
        sagemaker.create_model(ModelName=unique("login"), ExecutionRoleArn=ROLE, PrimaryContainer=container)


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("", "'' is no image URI: it is empty."),
        ("https://example.com/own:1", "leave out 'https://', and give REGISTRY/REPOSITORY:TAG."),
        ("example.com/Own:1", "the repository 'Own' has capital letters, which no registry allows."),
    ],
)
def test_what_is_no_name_of_an_image_is_refused(server, uri, words):
    for command in ("why", "build"):
        result = clary(server, "images", command, uri)
        assert result.returncode != 0 and words in result.stderr


def test_what_needs_no_environment_says_what_it_needs(server):
    text = clary(server, "images", "why", "foo").stdout
    result = clary(server, "images", "build", "foo")
    assert result.returncode != 0
    if "It needs a container engine" in text:
        assert "and needs a container engine (Podman or Docker), of which none was found" in result.stderr
    else:
        assert "The container engine at" in text and "runs it as it is" in result.stderr
    assert "has the built-in algorithm itself" in clary(server, "images", "build", "xgboost:1").stderr


def test_the_versions_of_a_framework_are_its_own(server):
    families = json.loads(clary(server, "images", "list", "--json").stdout)["families"]
    versions = {family["title"]: family["versions"] for family in families}
    assert versions["Hugging Face Transformers"] != versions["PyTorch"]
    assert any(text.startswith("4.") for text in versions["Hugging Face Transformers"])


@pytest.fixture
def lonely_server(tmp_path):
    """A server whose environments are its own."""
    server = Server(tmp_path, "--environment-directory", str(tmp_path / "environments"))
    yield server.start()
    server.shutdown()
    shutil.rmtree(tmp_path / "environments", ignore_errors=True)


def test_an_environment_is_built_listed_and_removed(lonely_server):
    assert "No environment is built yet" in clary(lonely_server, "images").stdout
    built = clary(lonely_server, "images", "build", SKLEARN)
    assert built.returncode == 0, built.stderr
    name = built.stdout.split()[0]
    assert name.startswith("scikit-learn-1.2.1-py311-")
    listed = json.loads(clary(lonely_server, "images", "list", "--json").stdout)
    assert [environment["listing"]["id"] for environment in listed["environments"]] == [name]
    python = lonely_server.folder / "environments" / name / "bin/python"
    version = subprocess.run(
        [python, "-c", "import sklearn; print(sklearn.__version__)"], capture_output=True, text=True
    )
    assert version.stdout.strip() == "1.2.1"
    # Whatever Python compiles meanwhile.
    place = lonely_server.folder / "environments" / name
    files = {
        facts.st_ino: facts.st_size
        for path in place.rglob("*")
        if path.is_file() and not path.is_symlink() and "__pycache__" not in path.parts
        for facts in [path.stat()]
    }
    assert abs(listed["environments"][0]["bytes"] - sum(files.values())) < 4096
    assert "SIZE is the length of the packages' files" in clary(lonely_server, "images").stdout
    assert clary(lonely_server, "images", "rm", name).stdout == f"{name} is removed.\n"
    assert "There is no environment" in clary(lonely_server, "images", "rm", name).stderr


def test_packages_may_come_from_a_folder_only(tmp_path, aws, bucket):
    """A machine without an index: what is missing is named."""
    server = Server(tmp_path, "--environment-directory", str(tmp_path / "environments"))
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    server.environment |= {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels)}
    server.start()
    try:
        refused = clary(server, "images", "build", SKLEARN)
        assert refused.returncode != 0
        assert "scikit-learn" in refused.stderr and "could not be had" in refused.stderr
    finally:
        server.shutdown()
