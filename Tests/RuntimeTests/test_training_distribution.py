"""Hosts that train together."""

import json
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from training_hosts import ended_together, hosts, send, start_together, train_together
from training_instance import PYTHON, Instance, environment, with_torch

needs_mpi = pytest.mark.skipif(
    not shutil.which("mpirun"), reason="mpirun (Debian: openmpi-bin) is not installed"
)

SHOW = """
import json, os, sys
print("arguments=" + json.dumps(sys.argv[1:]))
print("variables=" + json.dumps(dict(os.environ)))
"""
# Stands for torch: what matters here is how its launcher is called.
TORCH = {"torch/__init__.py": "", "torch/distributed/__init__.py": "", "torch/distributed/run.py": SHOW}
TENSORFLOW = """
import json, os, pathlib, sys, time
class train:
    class ClusterSpec:
        def __init__(self, cluster): self.cluster = cluster
class distribute:
    class Server:
        def __init__(self, cluster, job_name, task_index):
            task = {"cluster": cluster.cluster, "job": job_name, "index": task_index, "gpus": os.environ["CUDA_VISIBLE_DEVICES"]}
            pathlib.Path("server.new").write_text(json.dumps(task))
            pathlib.Path("server.new").rename("server")
        def join(self): time.sleep(600)
"""
MXNET = """
import os, pathlib, time
role = os.environ["DMLC_ROLE"]
pathlib.Path(role).write_text(os.environ["DMLC_PS_ROOT_URI"])
if role != "worker":
    while not pathlib.Path("trained").exists(): time.sleep(0.02)
    pathlib.Path(role + "-ended").touch()
"""


@pytest.mark.parametrize(
    ("hyperparameters", "parameters", "word"),
    [
        ({}, {"distributed_dataparallel_enabled": True}, "smdistributed.dataparallel"),
        ({"mp_parameters": '{"partitions": 2}'}, {"mpi_enabled": True}, "smdistributed.modelparallel"),
        ({}, {"pytorch_xla_multi_worker_enabled": True}, "pytorchxla"),
    ],
)
def test_closed_libraries_are_refused_with_what_to_use(
    tmp_path: Path, hyperparameters, parameters, word
) -> None:
    instance = Instance(tmp_path).submit({"train.py": ""})
    instance.variables["CLARY_FRAMEWORK"] = "pytorch"
    ended = instance.train(hyperparameters, **parameters)
    assert ended.exit_code == 1 and word in ended.failure and "torch_distributed" in ended.failure


@pytest.mark.parametrize("parameter", ["torch_distributed_enabled", "pytorch_ddp_enabled"])
def test_torchrun_on_one_host(tmp_path: Path, parameter: str) -> None:
    instance = Instance(tmp_path).submit({"train.py": "", **TORCH})
    instance.variables["CLARY_FRAMEWORK"] = "pytorch"
    ended = instance.train({"lr": "0.1"}, **{parameter: True, "instance_type": "ml.g5.xlarge"})
    assert ended.exit_code == 0, ended
    arguments = ended.value("arguments")
    port = arguments[9]
    assert arguments == [
        *("--nnodes", "1", "--nproc_per_node", "1", "--node_rank", "0"),
        *("--master_addr", "127.0.0.1", "--master_port", port, "train.py", "--lr", "0.1"),
    ]


def test_torchrun_on_several_hosts(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch")
    for instance in instances:
        instance.submit({"train.py": "", **TORCH}).configure(torch_distributed_enabled=True)
    for rank, ended in enumerate(train_together(instances)):
        assert ended.exit_code == 0, ended
        assert ended.value("arguments") == [
            *("--nnodes", "2", "--nproc_per_node", "1", "--node_rank", str(rank)),
            *("--master_addr", "algo-1", "--master_port", "7777", "train.py"),
        ]
        assert ended.value("variables")["NCCL_SOCKET_IFNAME"] == "eth0"


REDUCE = """
import os, torch
torch.distributed.init_process_group("gloo")
total = torch.tensor([1.0 + torch.distributed.get_rank()])
torch.distributed.all_reduce(total)
print(f"total={total.item()}")
if total.item() == 3 and "FAIL" in os.environ and torch.distributed.get_rank() == 1:
    raise ValueError("the second process")
torch.distributed.barrier()
torch.distributed.destroy_process_group()
"""


def test_torch_reduces_over_hosts(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch", with_torch())
    for instance in instances:
        instance.submit({"train.py": REDUCE}).configure(torch_distributed_enabled=True)
    for ended in train_together(instances):
        assert ended.exit_code == 0 and ended.value("total") == 3, ended


def test_a_failure_under_torchrun_shows_the_script(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch", with_torch(), FAIL="1")
    for instance in instances:
        instance.submit({"train.py": REDUCE}).configure(torch_distributed_enabled=True)
    # The platform would stop the first host; the script itself ends when its peer is gone.
    _, second = train_together(instances)
    assert second.exit_code == 1
    shown = second.failure[:1024]
    assert "ValueError: the second process" in shown and re.search(r'File ".*train.py", line 8', shown)


def test_torchrun_refuses_a_shell_script(tmp_path: Path) -> None:
    instance = Instance(tmp_path).submit({"train.sh": ""})
    instance.variables["CLARY_FRAMEWORK"] = "pytorch"
    ended = instance.train(program="train.sh", torch_distributed_enabled=True)
    assert ended.exit_code == 1 and "starts Python scripts" in ended.failure


def test_mirrored_workers_get_a_tf_config(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "tensorflow", AWS_ENDPOINT_URL="http://10.0.0.1:8080")
    for instance in instances:
        instance.submit({"train.py": SHOW}).configure(multi_worker_mirrored_strategy_enabled=True)
    for index, ended in enumerate(train_together(instances)):
        assert ended.exit_code == 0, ended
        assert "Running distributed training job with multi_worker_mirrored_strategy setup" in ended.output
        variables = ended.value("variables")
        assert json.loads(variables["TF_CONFIG"]) == {
            "cluster": {"worker": ["algo-1:8890", "algo-2:8890"]},
            "environment": "cloud",
            "task": {"index": index, "type": "worker"},
        }
        assert (variables["S3_ENDPOINT"], variables["S3_USE_HTTPS"]) == ("10.0.0.1:8080", "0")
        assert "CLARY_FLEET_SECRET" not in variables


@pytest.mark.parametrize("master", ["", "import sys, time; time.sleep(1); sys.exit(5)"])
def test_parameter_servers_live_until_the_master_ends(tmp_path: Path, master: str) -> None:
    instances = hosts(tmp_path, 2, "tensorflow")
    script = f"""
import json, os, pathlib, time
while not pathlib.Path("server").exists(): time.sleep(0.02)
print("config=" + os.environ["TF_CONFIG"])
print("server=" + pathlib.Path("server").read_text())
if os.environ["SM_CURRENT_HOST"] == "algo-1":
    {master or "time.sleep(1)"}
"""
    for instance in instances:
        instance.submit({"train.py": script, "tensorflow.py": TENSORFLOW}).configure(
            parameter_server_enabled=True
        )
    first, second = train_together(instances)
    cluster = {
        "master": ["algo-1:2222"],
        "ps": ["algo-1:2223", "algo-2:2223"],
        "worker": ["algo-2:2222"],
    }
    assert [one.value("config") for one in (first, second)] == [
        {"cluster": cluster, "environment": "cloud", "task": {"index": 0, "type": kind}}
        for kind in ("master", "worker")
    ]
    assert [one.value("server") for one in (first, second)] == [
        {"cluster": cluster, "job": "ps", "index": index, "gpus": "-1"} for index in (0, 1)
    ]
    code = 5 if master else 0
    assert [first.exit_code, second.exit_code] == [code, code], (first, second)
    assert first.failure == second.failure and (first.failure is not None) == bool(master)


def test_mxnet_has_a_scheduler_and_servers(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "mxnet")
    script = SHOW + "\nimport mxnet, pathlib; pathlib.Path('trained').touch()\n"
    for instance in instances:
        instance.submit({"train.py": script, "mxnet.py": MXNET}).configure(parameter_server_enabled=True)
    ended = train_together(instances)
    assert [one.exit_code for one in ended] == [0, 0], ended
    code = [instance.ml / "code" for instance in instances]
    assert [(folder / "scheduler-ended").exists() for folder in code] == [True, False]
    assert [(folder / "server-ended").exists() for folder in code] == [True, True]
    assert (code[1] / "server").read_text() == "10.77.0.1"
    variables = ended[1].value("variables")
    expected = {
        "DMLC_ROLE": "worker",
        "DMLC_NUM_WORKER": "2",
        "DMLC_NUM_SERVER": "2",
        "DMLC_PS_ROOT_PORT": "8000",
        "DMLC_PS_ROOT_URI": "10.77.0.1",
    }
    assert {name: variables[name] for name in expected} == expected


def test_a_group_without_the_distribution_trains_alone(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch")
    groups = [
        {"instance_group_name": name, "instance_type": "ml.m5.large", "hosts": [host]}
        for name, host in (("data", "algo-1"), ("train", "algo-2"))
    ]
    for instance, group in zip(instances, groups, strict=True):
        instance.resources |= {"instance_groups": groups, "current_group_name": group["instance_group_name"]}
        instance.submit({"train.py": SHOW, **TORCH}).configure(
            torch_distributed_enabled=True, distribution_instance_groups=["train"]
        )
    first, second = train_together(instances)
    assert first.value("arguments") == []
    assert second.value("arguments")[:2] == ["--nnodes", "1"]
    described = json.loads(second.value("variables")["SM_TRAINING_ENV"])
    assert (described["master_hostname"], described["is_master"], described["is_hetero"]) == (
        "algo-2",
        True,
        True,
    )


RANK = """
import json, os, pathlib, sys
keys = ("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "SM_CURRENT_HOST", "WORD")
print(json.dumps({"rank": {key: os.environ.get(key) for key in keys}, "argv": sys.argv[1:], "cwd": os.getcwd()}))
"""


def ranks(output: str) -> list[dict]:
    found = [json.loads(line.partition(">:")[2]) for line in output.splitlines() if '{"rank":' in line]
    return sorted(found, key=lambda one: int(one["rank"]["OMPI_COMM_WORLD_RANK"]))


@needs_mpi
def test_mpi_on_one_host(tmp_path: Path) -> None:
    instance = Instance(tmp_path).submit({"train.py": RANK})
    ended = instance.train(
        {"x": "1"},
        mpi_enabled=True,
        mpi_num_of_processes_per_host=2,
        mpi_custom_mpi_options="--NCCL_DEBUG INFO -x WORD=mine --oversubscribe",
    )
    assert ended.exit_code == 0, ended
    assert [one["rank"]["OMPI_COMM_WORLD_RANK"] for one in ranks(ended.output)] == ["0", "1"]
    assert all(one["rank"]["WORD"] == "mine" and one["argv"] == ["-x", "1"] for one in ranks(ended.output))
    assert "-x NCCL_DEBUG=INFO" in ended.output


@needs_mpi
def test_mpi_on_several_hosts(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 3, "pytorch")
    for instance in instances:
        instance.submit({"train.py": RANK, "requirements.txt": "packaging\n"}).configure(
            mpi_enabled=True, mpi_num_of_processes_per_host=2
        )
        instance.variables["CLARY_PACKAGE_CACHE"] = str(tmp_path / "cache")
    ended = train_together(instances)
    assert [one.exit_code for one in ended] == [0, 0, 0], ended
    found = ranks(ended[0].output)
    assert [one["rank"]["OMPI_COMM_WORLD_RANK"] for one in found] == [*"012345"]
    expected = ["algo-1", "algo-1", "algo-2", "algo-2", "algo-3", "algo-3"]
    assert [one["rank"]["SM_CURRENT_HOST"] for one in found] == expected


@needs_mpi
def test_mpi_reduces_over_hosts(tmp_path: Path) -> None:
    version = subprocess.check_output(
        [PYTHON, "-c", "import sys; print(sys.version_info >= (3, 10))"], text=True
    )
    if version.strip() != "True":
        pytest.skip("mpi4py has no wheels for this Python")
    instances = hosts(tmp_path, 2, "pytorch", environment("mpi4py"))
    script = """
from mpi4py import MPI
print(f"total={MPI.COMM_WORLD.allreduce(MPI.COMM_WORLD.rank + 1)}")
"""
    for instance in instances:
        instance.submit({"train.py": script}).configure(mpi_enabled=True, mpi_num_of_processes_per_host=2)
    ended = train_together(instances)
    assert [one.exit_code for one in ended] == [0, 0], ended
    assert ended[0].script_output.count("total=10\n") == 4
    assert "python -m mpi4py train.py" in ended[0].output


@needs_mpi
def test_a_failing_rank_fails_all_hosts_with_one_text(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch")
    script = RANK + "\nif os.environ['SM_CURRENT_HOST'] == 'algo-2':\n    raise ValueError('on the second')\n"
    for instance in instances:
        instance.submit({"train.py": script}).configure(mpi_enabled=True)
    first, second = train_together(instances)
    assert (first.exit_code, second.exit_code) == (1, 1), (first, second)
    assert first.failure == second.failure and "ValueError: on the second" in first.failure[:1024]
    assert "train.py" in first.failure.partition("Traceback")[2][:300]


@needs_mpi
def test_a_stop_reaches_the_ranks_of_every_host(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch")
    script = """
import os, pathlib, signal, sys, time
host = os.environ["SM_CURRENT_HOST"]
def stop(number, frame):
    time.sleep(2); pathlib.Path("saved-" + host).touch(); sys.exit(0)
signal.signal(signal.SIGTERM, stop); pathlib.Path("ready-" + host).touch(); time.sleep(60)
"""
    for instance in instances:
        instance.submit({"train.py": script}).configure(mpi_enabled=True)
    process = start_together(instances)
    for instance in instances:
        instance.await_file(instance.ml / "code" / f"ready-{instance.resources['current_host']}", 60)
    send(instances, signal.SIGTERM)
    ended = ended_together(process, instances)
    assert [one.exit_code for one in ended] == [0, 0], ended
    assert len(list(tmp_path.glob("algo-*/ml/code/saved-*"))) == 2


def test_hosts_without_a_secret_do_not_start(tmp_path: Path) -> None:
    instances = hosts(tmp_path, 2, "pytorch")
    for instance in instances:
        del instance.variables["CLARY_FLEET_SECRET"]
        instance.submit({"train.py": ""}).configure(mpi_enabled=True)
    for ended in train_together(instances):
        assert ended.exit_code == 1 and "CLARY_FLEET_SECRET" in ended.failure


def test_mpi_that_is_missing_is_named(tmp_path: Path) -> None:
    instance = Instance(tmp_path).submit({"train.py": ""})
    (tmp_path / "bin").mkdir()
    instance.variables["PATH"] = str(tmp_path / "bin")
    ended = instance.train(mpi_enabled=True)
    assert ended.exit_code == 1 and "apt install openmpi-bin" in ended.failure


def test_strangers_are_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Python" / "clary_runtime"))
    from clary_runtime.training.distribution import fleet

    monkeypatch.setenv("CLARY_FLEET_SECRET", "right")
    monkeypatch.setenv("TRAINING_JOB_ARN", "arn")
    monkeypatch.setattr(fleet, "PORT", 0)
    said: list[str] = []
    member = fleet.Member(lambda line, command: said.append(command))
    monkeypatch.setattr(fleet, "PORT", member._socket.getsockname()[1])
    key = fleet.secret()
    monkeypatch.setenv("TRAINING_JOB_ARN", "another arn")
    with pytest.raises((OSError, fleet.Refused)):
        line = fleet.Line.calling("127.0.0.1", fleet.secret())
        line.send(fleet.RUN, b"true")
    assert said == []
    line = fleet.Line.calling("127.0.0.1", key)
    line.send(fleet.PING)
    assert line.receive() == (fleet.PING, b"")
    line.close()
