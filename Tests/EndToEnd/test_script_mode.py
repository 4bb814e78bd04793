"""Script mode call by call: what the framework containers do with a user's archive, on one and on several instances."""

import io
import json
import shutil
import tarfile
import textwrap

import pytest
from jobs import channel, log_lines, training_request, wait_for_job

ACCOUNT = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
PYTORCH = f"{ACCOUNT}/pytorch-training:2.3.0-cpu-py311"
TENSORFLOW = f"{ACCOUNT}/tensorflow-training:2.16.2-cpu-py310"


def archive(**files: str) -> bytes:
    """A sourcedir.tar.gz; underscores at the end of a name's stem stand for nothing, `__` for a dot."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            data = textwrap.dedent(text).encode()
            entry = tarfile.TarInfo(name.replace("__", "."))
            entry.size = len(data)
            entry.mode = 0o755
            tar.addfile(entry, io.BytesIO(data))
    return buffer.getvalue()


@pytest.fixture
def script_job(sagemaker, s3, logs, bucket, unique):
    """Runs an archive's program as a job and returns its last description and its log."""

    def run(
        program: str,
        files: dict[str, str],
        *,
        image: str = SKLEARN,
        count: int = 1,
        hyperparameters: dict | None = None,
        limit: float = 240,
        **changes,
    ) -> tuple[dict, list[str]]:
        name = unique("script")
        s3.put_object(Bucket=bucket, Key=f"{name}/sourcedir.tar.gz", Body=archive(**files))
        submitted = {
            "sagemaker_program": program,
            "sagemaker_submit_directory": f"s3://{bucket}/{name}/sourcedir.tar.gz",
            "sagemaker_container_log_level": 20,
            "sagemaker_job_name": name,
            "sagemaker_region": "us-east-1",
        } | (hyperparameters or {})
        request = training_request(
            name,
            bucket,
            **{
                "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"},
                "HyperParameters": {key: json.dumps(value) for key, value in submitted.items()},
                "ResourceConfig": {
                    "InstanceType": "ml.m5.large",
                    "InstanceCount": count,
                    "VolumeSizeInGB": 5,
                },
            }
            | changes,
        )
        sagemaker.create_training_job(**request)
        return wait_for_job(sagemaker, name, limit), log_lines(logs, name)

    return run


def completed(job: dict) -> None:
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")


def test_hyperparameters_channels_and_variables(script_job):
    job, log = script_job(
        "main.py",
        {
            "main__py": """
            import json, os, sys
            print("ARGS", json.dumps(sys.argv[1:]))
            for name in ("SM_HP_TEXT", "SM_CHANNELS", "SM_CHANNEL_TRAIN", "SM_HOSTS", "SM_MODEL_DIR", "SM_NUM_CPUS"):
                print("VAR", name, os.environ[name])
            print("FILES", sorted(os.listdir(os.environ["SM_CHANNEL_TRAIN"])))
            print("SECRET", os.environ.get("CLARY_FLEET_SECRET"))
            open(os.environ["SM_MODEL_DIR"] + "/model.txt", "w").write("a model")
            """
        },
        hyperparameters={"text": "two words", "number": 3, "flag": True, "a": [1, 2]},
    )
    completed(job)
    args = next(line for line in log if line.startswith("ARGS "))
    assert json.loads(args.removeprefix("ARGS ")) == [
        *("-a", "[1, 2]", "--flag", "True", "--number", "3", "--text", "two words")
    ]
    assert "VAR SM_HP_TEXT two words" in log
    assert 'VAR SM_CHANNELS ["train"]' in log
    assert "FILES ['data.csv']" in log
    assert "SECRET None" in log
    assert any("environment scikit-learn-1.2.1-py311" in line for line in log)


def test_a_shell_script_and_a_module(script_job):
    job, log = script_job(
        "run.sh", {"run__sh": 'echo "SHELL $1 $2 $(python -c "import sklearn; print(sklearn.__version__)")"'}
    )
    completed(job)
    assert "SHELL   1.2.1" in log
    job, log = script_job(
        "trainer",
        {
            "setup__py": "from setuptools import setup; setup(name='trainer', py_modules=['trainer'])",
            "trainer__py": "import sys; print('MODULE', sys.argv[1:])",
        },
        hyperparameters={"x": 1},
    )
    completed(job)
    assert "MODULE ['-x', '1']" in log


def test_requirements_are_installed_once_for_all_jobs(script_job):
    files = {
        "requirements__txt": "# a small package\ntext-unidecode==1.3\n",
        "main__py": """
        import text_unidecode, sklearn
        print("HAS", text_unidecode.unidecode("å"), sklearn.__version__)
        """,
    }
    job, log = script_job("main.py", files)
    completed(job)
    assert "HAS a 1.2.1" in log
    assert any("Installing requirements" in line for line in log)
    job, log = script_job("main.py", files)
    completed(job)
    assert "HAS a 1.2.1" in log
    assert not any("Installing requirements" in line for line in log)


def test_a_package_that_does_not_exist_is_named(script_job):
    job, _ = script_job(
        "main.py", {"requirements__txt": "no-such-package-of-clary==9\n", "main__py": "print('ran')"}
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "no-such-package-of-clary" in job["FailureReason"]
    assert "InstallRequirementsError" in job["FailureReason"]


def test_a_failure_has_the_last_frame_of_the_script(script_job):
    job, log = script_job(
        "main.py",
        {"main__py": "def divide(x):\n    return 1 / x\n\n\ndivide(0)\n"},
    )
    assert job["TrainingJobStatus"] == "Failed"
    reason = job["FailureReason"]
    assert reason.startswith("AlgorithmError: ExecuteUserScriptError:")
    assert "ZeroDivisionError: division by zero" in reason
    assert "exit code: 1" in reason
    assert any("ZeroDivisionError" in line for line in log)


def test_a_missing_module_has_a_hint(script_job):
    job, _ = script_job("main.py", {"main__py": "import lightgbm_of_nobody"})
    assert "'lightgbm_of_nobody' is not installed there: add it to requirements.txt" in job["FailureReason"]


def test_frequent_mistakes_have_hints(script_job):
    for program, hint in {
        'open("/opt/ml/input/data/validation/x.csv")': "The channel 'validation' has no 'x.csv'",
        'b"\\xff".decode()': "is not in the encoding that it was read with",
        'open("/usr/x", "w")': "Only /opt/ml, /tmp and /root can be written",
        'open("x", "wb").write(b"\\x7fELF" + bytes(60)); import os; os.chmod("x", 0o755)\n'
        'import subprocess; subprocess.run(["./x"])': "built for another processor",
    }.items():
        job, _ = script_job("main.py", {"main__py": program})
        assert hint in job["FailureReason"]


def test_lines_that_are_not_utf_8_are_repaired_and_end_nothing(script_job):
    job, log = script_job(
        "main.py",
        {
            "main__py": r"""
            import sys
            sys.stdout.buffer.write(b"caf\xe9 \xff\n")
            sys.stdout.buffer.flush()
            print("GOES ON")
            """
        },
    )
    completed(job)
    assert "caf\ufffd \ufffd" in log and "GOES ON" in log


def test_an_entry_point_that_is_not_in_the_archive_is_named(script_job):
    job, _ = script_job("absent.py", {"main__py": "print(1)"})
    assert job["TrainingJobStatus"] == "Failed"
    assert "absent.py" in job["FailureReason"] and "main.py" in job["FailureReason"]


def test_an_isolated_job_takes_its_code_from_a_channel(script_job, s3, bucket):
    s3.put_object(
        Bucket=bucket,
        Key="isolated/code/sourcedir.tar.gz",
        Body=archive(main__py="import sklearn; print('ISOLATED', sklearn.__version__)"),
    )
    job, log = script_job(
        "main.py",
        {},
        hyperparameters={"sagemaker_submit_directory": "/opt/ml/input/data/code/sourcedir.tar.gz"},
        EnableNetworkIsolation=True,
        InputDataConfig=[channel("code", f"s3://{bucket}/isolated/code/", None)],
    )
    completed(job)
    assert "ISOLATED 1.2.1" in log


def test_what_an_isolated_job_cannot_install_is_blamed_on_the_isolation(script_job, s3, bucket):
    files = {"main__py": "print('ran')", "requirements__txt": "idna==3.6\n"}
    s3.put_object(Bucket=bucket, Key="cut-off/code/sourcedir.tar.gz", Body=archive(**files))
    job, _ = script_job(
        "main.py",
        {},
        hyperparameters={"sagemaker_submit_directory": "/opt/ml/input/data/code/sourcedir.tar.gz"},
        EnableNetworkIsolation=True,
        InputDataConfig=[channel("code", f"s3://{bucket}/cut-off/code/", None)],
        Environment={"UV_HTTP_RETRIES": "0", "UV_HTTP_CONNECT_TIMEOUT": "2"},
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "idna" in job["FailureReason"]
    assert (
        "The job has no network, because it was created with EnableNetworkIsolation" in job["FailureReason"]
    )


@pytest.mark.parametrize(("name", "shown"), [("a=b", "'a=b'"), ("a\0b", r"'a\x00b'")])
def test_a_hyperparameter_that_cannot_be_passed_on_is_named(script_job, name, shown):
    job, _ = script_job("main.py", {"main__py": "print('ran')"}, hyperparameters={name: 1})
    assert job["TrainingJobStatus"] == "Failed"
    assert f"The hyperparameter {shown} cannot be passed to the script" in job["FailureReason"]


def test_a_stop_reaches_the_script(script_job, sagemaker, logs, s3, bucket, unique):
    job, log = script_job(
        "main.py",
        {
            "main__py": """
            import signal, sys, time
            def stop(number, frame):
                print("TERMINATED", flush=True)
                sys.exit(0)
            signal.signal(signal.SIGTERM, stop)
            print("WAITING", flush=True)
            time.sleep(100)
            """
        },
        StoppingCondition={"MaxRuntimeInSeconds": 4},
    )
    assert job["TrainingJobStatus"] == "Stopped"
    assert job["SecondaryStatus"] == "MaxRuntimeExceeded"
    assert "TERMINATED" in log


def test_an_image_without_a_script_is_refused(sagemaker, bucket, unique):
    algorithm = {"TrainingImage": SKLEARN, "TrainingInputMode": "File"}
    with pytest.raises(sagemaker.exceptions.ClientError) as caught:
        sagemaker.create_training_job(
            **training_request(unique("no-script"), bucket, AlgorithmSpecification=algorithm)
        )
    assert "sagemaker_program" in str(caught.value)


def test_another_major_version_is_refused_with_the_alternatives(sagemaker, bucket, unique):
    algorithm = {"TrainingImage": SKLEARN.replace("1.2-1", "0.20.0"), "TrainingInputMode": "File"}
    with pytest.raises(sagemaker.exceptions.ClientError) as caught:
        sagemaker.create_training_job(
            **training_request(
                unique("old"),
                bucket,
                AlgorithmSpecification=algorithm,
                HyperParameters={"sagemaker_program": '"x.py"'},
            )
        )
    assert "scikit-learn 0.20.0 cannot be had" in str(caught.value)
    assert "Ask for 1." in str(caught.value)


ALLREDUCE = """
import os, torch
import torch.distributed as dist
dist.init_process_group("gloo")
value = torch.tensor([float(dist.get_rank() + 1)])
dist.all_reduce(value)
# In one piece: the ranks of a host share their output.
os.write(1, f"SUM {dist.get_rank()} {dist.get_world_size()} {value.item()}\\n".encode())
dist.destroy_process_group()
"""


def test_torchrun_on_two_instances(script_job):
    job, log = script_job(
        "main.py",
        {"main__py": ALLREDUCE},
        image=PYTORCH,
        count=2,
        hyperparameters={
            "sagemaker_torch_distributed_enabled": True,
            "sagemaker_instance_type": "ml.m5.large",
        },
    )
    completed(job)
    assert {"SUM 0 2 3.0", "SUM 1 2 3.0"} <= set(log)


@pytest.mark.skipif(shutil.which("mpirun") is None, reason="OpenMPI is not installed (openmpi-bin)")
def test_mpi_on_two_instances(script_job):
    job, log = script_job(
        "main.py",
        {
            "main__py": """
            import os, socket
            print("RANK", os.environ["OMPI_COMM_WORLD_RANK"], os.environ["OMPI_COMM_WORLD_SIZE"], socket.gethostname())
            """
        },
        count=2,
        hyperparameters={"sagemaker_mpi_enabled": True, "sagemaker_mpi_num_of_processes_per_host": 2},
    )
    completed(job)
    # mpirun puts the rank before each line of its processes.
    ranks = {line.partition("RANK ")[2] for line in log if "RANK " in line}
    assert {"0 4 algo-1", "1 4 algo-1", "2 4 algo-2", "3 4 algo-2"} <= ranks


def test_tensorflow_on_two_instances(script_job):
    job, log = script_job(
        "main.py",
        {
            "main__py": """
            import json, os
            print("TF_CONFIG", os.environ["TF_CONFIG"], flush=True)
            import tensorflow as tf
            strategy = tf.distribute.MultiWorkerMirroredStrategy()
            print("REPLICAS", strategy.num_replicas_in_sync, flush=True)
            total = strategy.reduce("SUM", strategy.run(lambda: tf.constant(1.0)), axis=None)
            print("TOTAL", float(total), flush=True)
            """
        },
        image=TENSORFLOW,
        count=2,
        hyperparameters={"sagemaker_multi_worker_mirrored_strategy_enabled": True},
    )
    completed(job)
    assert log.count("REPLICAS 2") == 2
    assert log.count("TOTAL 2.0") == 2


def test_a_host_that_fails_ends_the_others(script_job):
    job, _ = script_job(
        "main.py",
        {
            "main__py": """
            import os, sys, time
            if os.environ["SM_CURRENT_HOST"] == "algo-2":
                sys.exit("the second host gave up")
            time.sleep(100)
            """
        },
        count=2,
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "algo-2" in job["FailureReason"] and "the second host gave up" in job["FailureReason"]
