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
    code, steps = lint(SKLEARN, script="print('before it fails')\nimport lightgbm_of_nobody")
    assert code == 1
    step = steps["`train` ends with exit code 0"]
    assert step["verdict"] == "failed"
    assert "'lightgbm_of_nobody' is not installed there: add it to requirements.txt" in step["text"]
    assert "Its log says besides:" in step["text"] and "before it fails" in step["text"]
    # Once, be it as the reason or as the end of the log.
    assert step["text"].count("No module named 'lightgbm_of_nobody'") == 1
    assert steps["`serve` answers /invocations"]["verdict"] == "skipped"


def test_a_model_that_cannot_be_served_is_explained(lint):
    # What only serving imports.
    code, steps = lint(
        SKLEARN,
        script=GOOD.replace("def model_fn(model_dir):", "def model_fn(model_dir):\n    import absent_one"),
    )
    assert code == 1
    text = steps["`serve` listens on port 8080 and answers /ping with 200"]["text"]
    assert "'absent_one' is not installed there: add it to the requirements.txt beside the script" in text
    # Once, be it in the reason or at the end of the log.
    assert text.count("ModuleNotFoundError: No module named 'absent_one'") == 1


def test_a_script_for_training_alone_is_told_so_where_it_serves(lint):
    early = GOOD.replace("def model_fn", 'CHANNEL = os.environ["SM_CHANNEL_TRAIN"]\n\n\ndef model_fn')
    code, steps = lint(SKLEARN, script=early)
    assert code == 1
    text = steps["`serve` listens on port 8080 and answers /ping with 200"]["text"]
    assert "where the variable SM_CHANNEL_TRAIN does not exist" in text
    assert "InputDataConfig" not in text
    assert text.count("KeyError: 'SM_CHANNEL_TRAIN'") == 1


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


def test_what_is_missing_here_is_said_before_anything_starts(server, tmp_path):
    def run(*words: str) -> tuple[int, str]:
        # Without a server: nothing is asked.
        result = subprocess.run(
            [CLARY, "lint-container", SKLEARN, "--data-dir", tmp_path / "none", *words],
            capture_output=True,
            text=True,
            env=server.environment,
        )
        return result.returncode, result.stderr

    (tmp_path / "file").write_text("")
    code, error = run(
        *("--script", tmp_path, "--entry-point", "train.py", "--serving-entry-point", "serve.py"),
        *("--channel", f"train={tmp_path}/data", "--channel", f"a b={tmp_path}"),
    )
    assert code == 1
    assert f"--channel train: there is no file or directory {tmp_path}/data." in error
    assert "--channel a b=…: a channel's name has" in error
    assert f"--entry-point: {tmp_path} has no file 'train.py'" in error
    assert f"--serving-entry-point: {tmp_path} has no file 'serve.py'" in error
    assert "is a file" in run("--script", f"{tmp_path}/file", "--entry-point", "x.py")[1]
    words = ("--script", tmp_path, "--entry-point", "file", "--channel", f"code={tmp_path}")
    assert "by a channel of this name" in run(*words, "--isolated")[1]
    assert "by a channel of this name" not in run(*words)[1]
    assert "--payload" in run("--payload", f"{tmp_path}/absent")[1]
    code, error = run("--instance-type", "ml.m5.lage")
    assert code == 64
    assert "Near it are ml.m5.large, " in error and len(error) < 600
    assert "--start-limit is 60 to 3600" in run("--start-limit", "-1")[1]


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
