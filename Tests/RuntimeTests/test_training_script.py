"""How the user's script is called, what it sees, and what of its end is told."""

import json
import os
import re
import signal
from pathlib import Path

import pytest
from training_instance import Instance

SHOW = """
import json, os, sys
print("arguments=" + json.dumps(sys.argv[1:]))
print("variables=" + json.dumps(dict(os.environ)))
print("directory=" + json.dumps(os.getcwd()))
print("path=" + json.dumps(sys.path))
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


def test_hyperparameters_become_arguments_sorted_by_name(instance: Instance) -> None:
    ended = instance.submit({"train.py": SHOW}).train(
        {
            "momentum": "0.9",
            "b": "64",
            "name": '"two words"',
            "raw": "just text",
            "flag": "true",
            "nothing": "null",
            "layers": "[1, 2]",
            "map": '{"y": 2, "x": 1}',
            "_tuning_objective_metric": "loss",
        },
        job_name="job-1",
        region="eu-west-1",
        made_up=1,
    )
    assert ended.exit_code == 0, ended
    assert ended.value("arguments") == [
        *("-b", "64", "--flag", "True", "--layers", "[1, 2]", "--map", "x=1,y=2", "--momentum", "0.9"),
        *("--name", "two words", "--nothing", "", "--raw", "just text"),
    ]
    assert ended.failure is None


def test_variables_say_what_the_files_say(instance: Instance) -> None:
    instance.channels = {"train-data": {"TrainingInputMode": "File"}, "test": {"TrainingInputMode": "Pipe"}}
    instance.resources.update(
        current_instance_type="ml.m5.large",
        current_group_name="homogeneousCluster",
        instance_groups=[
            {
                "instance_group_name": "homogeneousCluster",
                "instance_type": "ml.m5.large",
                "hosts": ["algo-1"],
            }
        ],
    )
    ended = instance.submit({"train.py": SHOW}).train(
        {"learning-rate": "0.5", "text": '"abc"', "on": "true"},
        container_log_level=20,
        job_name="job-1",
        made_up=[1, 2],
    )
    assert ended.exit_code == 0, ended
    variables = ended.value("variables")
    ml = instance.ml
    expected = {
        "SM_HOSTS": '["algo-1"]',
        "SM_CURRENT_HOST": "algo-1",
        "CURRENT_HOST": "algo-1",
        "SM_NETWORK_INTERFACE_NAME": "eth0",
        "SM_CHANNELS": '["test","train-data"]',
        "SM_CHANNEL_TEST": f"{ml}/input/data/test",
        "SM_CHANNEL_TRAIN_DATA": f"{ml}/input/data/train-data",
        "SM_HPS": '{"learning-rate":0.5,"on":true,"text":"abc"}',
        "SM_HP_LEARNING_RATE": "0.5",
        "SM_HP_LEARNING-RATE": "0.5",
        "SM_HP_TEXT": "abc",
        "SM_HP_ON": "true",
        "SM_USER_ARGS": '["--learning-rate","0.5","--on","True","--text","abc"]',
        "SM_FRAMEWORK_PARAMS": '{"sagemaker_made_up":[1,2]}',
        "SM_INPUT_DATA_CONFIG": '{"test":{"TrainingInputMode":"Pipe"},"train-data":{"TrainingInputMode":"File"}}',
        "SM_MODEL_DIR": f"{ml}/model",
        "SM_INPUT_DIR": f"{ml}/input",
        "SM_INPUT_CONFIG_DIR": f"{ml}/input/config",
        "SM_OUTPUT_DIR": f"{ml}/output",
        "SM_OUTPUT_DATA_DIR": f"{ml}/output/data",
        "SM_OUTPUT_INTERMEDIATE_DIR": f"{ml}/output/intermediate",
        "SM_MODULE_NAME": "train",
        "SM_MODULE_DIR": instance.submitted,
        "SM_USER_ENTRY_POINT": "train.py",
        "SM_LOG_LEVEL": "20",
        "SM_NUM_CPUS": str(len(os.sched_getaffinity(0))),
        "SM_CURRENT_INSTANCE_TYPE": "ml.m5.large",
        "SM_CURRENT_INSTANCE_GROUP": "homogeneousCluster",
        "SM_CURRENT_INSTANCE_GROUP_HOSTS": '["algo-1"]',
        "SM_INSTANCE_GROUPS": '["homogeneousCluster"]',
        "SM_DISTRIBUTION_INSTANCE_GROUPS": "[]",
        "SM_IS_HETERO": "false",
        "SM_FRAMEWORK_MODULE": "",
        "SAGEMAKER_JOB_NAME": "job-1",
    }
    assert {name: variables.get(name) for name in expected} == expected
    assert json.loads(variables["SM_RESOURCE_CONFIG"]) == instance.resources
    described = json.loads(variables["SM_TRAINING_ENV"])
    assert described["channel_input_dirs"]["test"] == f"{ml}/input/data/test"
    assert described["additional_framework_parameters"] == {"sagemaker_made_up": [1, 2]}
    assert described["hyperparameters"] == {"learning-rate": 0.5, "on": True, "text": "abc"}
    assert (described["job_name"], described["is_master"], described["master_hostname"]) == (
        "job-1",
        True,
        "algo-1",
    )
    assert set(described) >= {
        *("current_host", "framework_module", "hosts", "input_config_dir", "input_data_config", "input_dir"),
        *(
            "log_level",
            "model_dir",
            "module_dir",
            "module_name",
            "network_interface_name",
            "num_cpus",
            "num_gpus",
        ),
        *("output_data_dir", "output_dir", "output_intermediate_dir", "resource_config", "user_entry_point"),
    }
    assert ended.value("directory") == str(ml / "code")
    assert variables["PYTHONPATH"].split(":")[0] == str(ml / "code")
    # Of the runtime a script sees no more than stand-ins for toolkits, each in a folder of its own.
    runtime = Path(__file__).parents[2] / "Python"
    seen = [Path(path) for path in ended.value("path") if path.startswith(str(runtime))]
    assert {path.parent for path in seen} == {runtime / "clary_runtime/toolkits"}


def test_the_log_has_the_toolkits_lines(instance: Instance) -> None:
    ended = instance.submit({"train.py": "print('hello')"}).train({"x": "1"})
    stamp = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} sagemaker-training-toolkit INFO     "

    assert re.search(
        stamp
        + r"Invoking user script\n\nTraining Env:\n\n\{\n    .*\n\}\n\nEnvironment variables:\n\nSM_HOSTS=.*"
        r"\n\nInvoking script with the following command:\n\n\S+/bin/python train.py -x 1\n\n\nhello\n",
        ended.output,
        re.DOTALL,
    ), ended
    assert re.search(stamp + "Reporting training SUCCESS\n$", ended.output)


def test_the_log_level_is_the_jobs(instance: Instance) -> None:
    ended = instance.submit({"train.py": "print('hello')"}).train(container_log_level=40)
    assert ended.output == "hello\n"


def test_a_shell_script_gets_the_same_arguments(instance: Instance) -> None:
    ended = instance.submit({"run.sh": '#!/bin/bash\nprintf "<%s>" "$@"; echo; pwd\n'}).train(
        {"name": '"two words; $HOME"', "b": "1"}, program="run.sh"
    )
    assert ended.exit_code == 0, ended
    assert "<-b><1><--name><two words; $HOME>" in ended.output
    assert "/bin/bash -c ./run.sh -b 1 --name 'two words; $HOME'\n" in ended.output


def test_a_module_is_run_as_one(instance: Instance) -> None:
    files = {"pkg/__init__.py": "", "pkg/__main__.py": SHOW, "pkg/other.py": "print('other', __name__)"}
    assert instance.submit(files).train({"a": "1"}, program="pkg").value("arguments") == ["-a", "1"]
    assert "other __main__" in instance.train(program="pkg.other").script_output


def test_a_script_in_a_folder_is_found(instance: Instance) -> None:
    ended = instance.submit({"src/train.py": SHOW}).train(program="src/train.py")
    assert ended.value("path")[0] == str(instance.ml / "code" / "src")


def test_output_passes_through_unchanged(instance: Instance) -> None:
    script = """
import os, sys
os.write(1, b"raw \\xff bytes\\r50%\\r100%\\n"); os.write(2, b"err \\xfe\\n")
sys.stdout.write("no newline at the end")
"""
    instance.submit({"train.py": script}).configure(container_log_level=40)
    import subprocess

    process = subprocess.run(instance.command(), env=instance.environ(), capture_output=True)
    assert process.stdout == b"raw \xff bytes\r50%\r100%\nno newline at the end"
    assert process.stderr == b"err \xfe\n"


def test_the_scripts_exit_code_is_the_instances(instance: Instance) -> None:
    ended = instance.submit({"train.py": "import sys; print('why', file=sys.stderr); sys.exit(7)"}).train(
        {"x": "1"}
    )
    assert ended.exit_code == 7
    command = f"{instance.python} train.py -x 1"
    assert ended.failure == f'ExecuteUserScriptError:\nExitCode 7\nErrorMessage "why"\nCommand "{command}"'


def test_a_traceback_reaches_the_failure_reason(instance: Instance) -> None:
    script = "def fit():\n    raise ValueError('bad data')\nfit()\n"
    ended = instance.submit({"train.py": script}).train()
    assert ended.exit_code == 1
    shown = ended.failure[:1024]
    assert shown.startswith(
        'ExecuteUserScriptError:\nExitCode 1\nErrorMessage "Traceback (most recent call last):'
    )
    assert re.search(r'File ".*train.py", line 2, in fit', shown)
    assert "ValueError: bad data" in shown and "Traceback" in ended.errors


def test_a_killed_script_is_told_by_its_signal(instance: Instance) -> None:
    ended = instance.submit({"train.py": "import os; os.kill(os.getpid(), 9)"}).train()
    assert ended.exit_code == 137
    assert "ended by signal 9 (SIGKILL). Running out of memory" in ended.failure


def test_a_stop_reaches_the_script(instance: Instance) -> None:
    script = """
import pathlib, signal, sys, time
def stop(number, frame):
    pathlib.Path("saved").write_text("checkpoint"); sys.exit(0)
signal.signal(signal.SIGTERM, stop); pathlib.Path("ready").touch(); time.sleep(60)
"""
    instance.submit({"train.py": script}).configure()
    process = instance.start()
    instance.await_file(instance.ml / "code" / "ready")
    process.send_signal(signal.SIGTERM)
    ended = instance.ended(process)
    assert ended.exit_code == 0 and (instance.ml / "code" / "saved").exists()


def test_a_script_that_does_not_handle_the_stop_leaves_no_failure(instance: Instance) -> None:
    instance.submit(
        {"train.py": "import pathlib, time; pathlib.Path('ready').touch(); time.sleep(60)"}
    ).configure()
    process = instance.start()
    instance.await_file(instance.ml / "code" / "ready")
    process.send_signal(signal.SIGTERM)
    ended = instance.ended(process)
    assert (ended.exit_code, ended.failure) == (143, None)


def test_a_stop_waits_for_what_a_shell_started(instance: Instance) -> None:
    child = """
import pathlib, signal, sys, time
def stop(number, frame):
    time.sleep(0.5); pathlib.Path("saved").write_text("checkpoint"); sys.exit(0)
signal.signal(signal.SIGTERM, stop); pathlib.Path("ready").touch(); time.sleep(60)
"""
    instance.submit({"run.sh": "#!/bin/bash\npython child.py\n", "child.py": child}).configure(
        program="run.sh"
    )
    process = instance.start()
    instance.await_file(instance.ml / "code" / "ready")
    process.send_signal(signal.SIGTERM)
    assert instance.ended(process).exit_code in (0, 143)
    assert (instance.ml / "code" / "saved").exists()


def test_a_script_that_leaves_a_process_behind_still_ends(instance: Instance) -> None:
    script = "import subprocess; subprocess.Popen(['sleep', '20'], stdout=subprocess.DEVNULL); print('done')"
    instance.submit({"train.py": script}).configure()
    process = instance.start()
    assert process.wait(timeout=10) == 0
    process.stdout.close(), process.stderr.close()


def test_a_missing_entry_point_lists_what_is_there(instance: Instance) -> None:
    ended = instance.submit({"main.py": "", "lib/a.py": ""}).train()
    assert ended.exit_code == 1
    assert ended.failure == (
        "ClientError: The entry point 'train.py' is not in the submitted code, which holds: lib/, main.py. "
        "Check entry_point and source_dir."
    )


@pytest.mark.parametrize("program", ["/etc/passwd", "../../etc/hostname", "lib/../../train.py", "-train.py"])
def test_an_entry_point_outside_of_the_code_is_refused(instance: Instance, program: str) -> None:
    ended = instance.submit({"train.py": ""}).train(program=program)
    assert ended.exit_code == 1
    assert f"The entry point '{program}' lies outside of the source directory" in ended.failure


def test_a_job_without_a_program_says_so(instance: Instance) -> None:
    ended = instance.submit({"main.py": ""}).train(program=None)
    assert ended.exit_code == 1 and "'sagemaker_program'" in ended.failure


def test_pytorch_gets_the_masters_address(instance: Instance) -> None:
    instance.variables["CLARY_FRAMEWORK"] = "pytorch"
    variables = instance.submit({"train.py": SHOW}).train().value("variables")
    assert (variables["MASTER_ADDR"], variables["MASTER_PORT"]) == ("algo-1", "7777")


def test_trials_of_a_tensorflow_tuning_job_have_their_own_model_dir(instance: Instance) -> None:
    instance.variables["CLARY_FRAMEWORK"] = "tensorflow"
    ended = instance.submit({"train.py": SHOW}).train(
        {"model_dir": '"s3://bucket/tuning"', "_tuning_objective_metric": '"loss"'}
    )
    assert ended.value("arguments") == ["--model_dir", "s3://bucket/tuning/job-1/model"]


def test_a_broken_configuration_is_told(instance: Instance) -> None:
    instance.submit({"train.py": ""}).configure()
    (instance.ml / "input/config/hyperparameters.json").write_text("{")
    ended = instance.ended(instance.start())
    assert ended.exit_code == 1 and "hyperparameters.json is not JSON" in ended.failure


def test_odd_hyperparameters_come_as_they_are(instance: Instance) -> None:
    ended = instance.submit({"train.py": SHOW}).train(
        {"": "empty", "two\nlines": "a\nb", "a b": '"c d"', "-": "1", "größe": '"ß"', "0": "7"}
    )
    assert ended.exit_code == 0, ended
    assert ended.value("arguments") == [
        *("", "empty", "--", "1", "-0", "7"),
        *("--a b", "c d", "--größe", "ß", "--two\nlines", "a\nb"),
    ]
    variables = ended.value("variables")
    assert variables["SM_HP_"] == "empty"
    assert variables["SM_HP_TWO\nLINES"] == "a\nb"
    assert variables["SM_HP_A B"] == "c d"
    assert variables["SM_HP_GRÖSSE"] == "ß"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        (
            "a=b",
            "1",
            "The hyperparameter 'a=b' cannot be passed to the script: the name of its variable, 'SM_HP_A=B', ",
        ),
        (
            "a\0b",
            "1",
            r"The hyperparameter 'a\x00b' cannot be passed to the script: its name has the character NUL",
        ),
        (
            "a",
            "1\x002",
            "The hyperparameter 'a' cannot be passed to the script: its value has the character NUL",
        ),
        ("a", '{"b": "\\u0000"}', "'a' cannot be passed to the script: its value has the character NUL"),
        (
            "a",
            '"\\ud800"',
            r"'a' cannot be passed to the script: its value has the half of a character ('\ud800')",
        ),
    ],
)
def test_what_no_process_can_be_given_is_named(
    instance: Instance, name: str, value: str, reason: str
) -> None:
    ended = instance.submit({"train.py": SHOW}).train({name: value})
    assert ended.exit_code == 1
    assert ended.failure.startswith("ClientError: ") and reason in ended.failure, ended
    assert "Traceback" not in ended.failure


def test_what_is_too_long_for_a_process_is_named(instance: Instance) -> None:
    ended = instance.submit({"train.py": SHOW}).train({f"p{n}": json.dumps("x" * 2500) for n in range(60)})
    assert ended.exit_code == 1
    assert "longer than this system allows" in ended.failure
    assert "the longest variable is SM_TRAINING_ENV with " in ended.failure


@pytest.mark.parametrize("program", ["", " "])
def test_an_empty_program_is_none(instance: Instance, program: str) -> None:
    ended = instance.submit({"train.py": SHOW}).train(program=program)
    assert ended.exit_code == 1 and ended.failure.startswith("ClientError: No entry point is given")


def test_a_program_with_the_name_of_a_number_is_text(instance: Instance) -> None:
    ended = instance.submit({"42": "#!/bin/sh\necho ran\n"}).train({"sagemaker_program": "42"}, program=None)
    assert ended.exit_code == 0 and "\nran\n" in ended.script_output, ended


def test_a_program_with_nul_is_refused(instance: Instance) -> None:
    ended = instance.submit({"train.py": SHOW}).train(program="train\0.py")
    assert ended.exit_code == 1
    assert ended.failure == (
        r"ClientError: The entry point 'train\x00.py' has the character NUL, which no file's name has."
    )
