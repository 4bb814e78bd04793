"""`clary lint-container`: the contract tried against good and broken images, and nothing left behind."""

import json
import signal
import subprocess
import textwrap
import time

import pytest
from server import CLARY
from test_script_mode import SKLEARN

GOOD = """
import os

import joblib
import numpy
from sklearn.linear_model import LinearRegression


def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))


if __name__ == "__main__":
    folder = os.environ["SM_CHANNEL_TRAIN"]
    table = numpy.loadtxt(os.path.join(folder, os.listdir(folder)[0]), delimiter=",")
    model = LinearRegression().fit(table[:, 1:], table[:, 0])
    joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
"""


@pytest.fixture
def lint(server, tmp_path, sagemaker, s3):
    """Lints an image, with a script if one is given; returns the exit code and the steps by their titles."""

    def run(image: str, *words: str, script: str = "") -> tuple[int, dict[str, dict]]:
        if script:
            folder = tmp_path / "src"
            folder.mkdir(exist_ok=True)
            (folder / "train.py").write_text(textwrap.dedent(script))
            words += ("--script", str(folder), "--entry-point", "train.py")
        result = server.clary("lint-container", image, *words, "--json", check=False, timeout=400)
        assert result.stdout, result.stderr
        nothing_is_left(sagemaker, s3)
        return result.returncode, {step["title"]: step for step in json.loads(result.stdout)["steps"]}

    return run


def nothing_is_left(sagemaker, s3) -> None:
    mark = "clary-lint"
    assert not [b for b in s3.list_buckets()["Buckets"] if b["Name"].startswith(mark)]
    assert not sagemaker.list_training_jobs(NameContains=mark)["TrainingJobSummaries"]
    assert not sagemaker.list_endpoints(NameContains=mark)["Endpoints"]
    assert not sagemaker.list_endpoint_configs(NameContains=mark)["EndpointConfigs"]
    assert not sagemaker.list_models(NameContains=mark)["Models"]


def verdicts(steps: dict[str, dict]) -> list[str]:
    return [step["verdict"] for step in steps.values()]


def test_the_builtin_algorithm_passes_every_step(lint, logs):
    code, steps = lint("sagemaker-xgboost:1.7-1")
    assert verdicts(steps) == ["passed"] * 11, steps
    assert code == 0
    groups = logs.describe_log_groups(logGroupNamePrefix="/aws/sagemaker/Endpoints/clary-lint")
    assert groups["logGroups"] == []


def test_a_script_passes_every_step(lint):
    code, steps = lint(SKLEARN, "--isolated", script=GOOD)
    stop = steps.pop("`train` ends when it is told to (SIGTERM)")
    assert stop["verdict"] in ("passed", "skipped")  # It is over within a second.
    assert verdicts(steps) == ["passed"] * 11, steps
    assert code == 0


def test_a_script_that_fails_is_explained(lint):
    code, steps = lint(SKLEARN, script="import lightgbm_of_nobody")
    assert code == 1
    step = steps["`train` ends with exit code 0"]
    assert step["verdict"] == "failed"
    assert "'lightgbm_of_nobody' is not installed there: add it to requirements.txt" in step["text"]
    assert "The end of its log:" in step["text"]
    assert steps["`serve` answers /invocations"]["verdict"] == "skipped"


def test_a_model_that_cannot_be_served_is_explained(lint):
    # What only serving imports.
    code, steps = lint(
        SKLEARN,
        script=GOOD.replace("def model_fn(model_dir):", "def model_fn(model_dir):\n    import absent_one"),
    )
    assert code == 1
    assert (
        "'absent_one' is not installed there"
        in steps["`serve` listens on port 8080 and answers /ping with 200"]["text"]
    )


def test_a_model_that_is_written_when_it_is_served_is_explained(lint):
    broken = GOOD.replace(
        'return joblib.load(os.path.join(model_dir, "model.joblib"))', 'open(model_dir + "/x", "w")'
    )
    code, steps = lint(SKLEARN, script=broken)
    assert code == 1
    failed = [title for title, step in steps.items() if step["verdict"] == "failed"]
    assert failed
    assert "Read-only file system" in " ".join(step["text"] for step in steps.values())
    assert steps["`train` ends with exit code 0"]["verdict"] == "passed"


def test_a_script_that_leaves_no_model_is_told(lint):
    code, steps = lint(SKLEARN, script="print('done')")
    assert code == 1
    assert "write what is to be served to /opt/ml/model" in steps["A model is left in /opt/ml/model"]["text"]


def test_an_image_that_cannot_run_and_one_without_its_script(lint):
    for image, words in {
        "kmeans:1": "'kmeans' is not offered yet",
        SKLEARN: "--script DIR --entry-point FILE",
    }.items():
        code, steps = lint(image)
        assert code == 1
        assert words in steps["The image can run here"]["text"]
        assert set(verdicts(steps)) == {"failed", "skipped"}


def test_an_interruption_cleans_up(server, sagemaker, s3, tmp_path):
    (tmp_path / "train.py").write_text("import time; print('working', flush=True); time.sleep(300)")
    command = [CLARY, "lint-container", SKLEARN, "--data-dir", server.data]
    command += ["--script", tmp_path, "--entry-point", "train.py"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=server.environment
    ) as process:
        while "The request is accepted" not in process.stdout.readline():
            assert process.poll() is None
        deadline = time.monotonic() + 60
        while not any(
            job["TrainingJobStatus"] == "InProgress"
            for job in sagemaker.list_training_jobs(NameContains="clary-lint")["TrainingJobSummaries"]
        ):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
    nothing_is_left(sagemaker, s3)
