"""Several hosts on one machine: each instance in a network of its own, with names that resolve to the others'."""

import contextlib
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from training_instance import Ended, Instance

SCRIPT = """
set -e
mount --bind {names} /etc/hosts
ip link set lo up
ip link add name bridge type bridge
ip link set bridge up
{starts}
wait
"""
START = """
unshare -num sh -c {inner} &
pid=$!
until [ -e {folder}/network ]; do sleep 0.02; done
ip link add name v{number} type veth peer name eth0 netns $pid
ip link set v{number} master bridge
ip link set v{number} up
"""
INNER = """
touch {folder}/network
until ip link show eth0 >/dev/null 2>&1; do sleep 0.02; done
hostname {host}
ip link set lo up
ip addr add 10.77.0.{number}/24 dev eth0
ip link set eth0 up
mount --bind {ml} {shared}
cd /
{command} >{folder}/output 2>{folder}/errors
echo $? >{folder}/status
"""


def train_together(instances: list[Instance], timeout: float = 180) -> list[Ended]:
    process = start_together(instances)
    return ended_together(process, instances, timeout)


def start_together(instances: list[Instance]) -> subprocess.Popen:
    """Runs configured instances at the same time, each as the host that its files name."""
    if (
        not shutil.which("ip")
        or subprocess.run(["unshare", "-rnmu", "true"], stderr=subprocess.DEVNULL).returncode
    ):
        pytest.skip("several hosts need namespaces of the network and iproute2")
    folder = instances[0].folder
    hosts = [instance.resources["current_host"] for instance in instances]
    names = folder / "names"
    lines = [f"10.77.0.{number} {host}\n" for number, host in enumerate(hosts, 1)]
    names.write_text("127.0.0.1 localhost\n" + "".join(lines))
    starts = "".join(_start(number, instance) for number, instance in enumerate(instances, 1))
    script = SCRIPT.format(names=names, starts=starts)
    # A namespace of processes as well, so that whatever a test leaves behind ends with it.
    return subprocess.Popen(["unshare", "-rnmupf", "--kill-child", "--mount-proc", "bash", "-c", script])


def _start(number: int, instance: Instance) -> str:
    variables = [f"{name}={value}" for name, value in instance.environ().items()]
    command = shlex.join(["env", "-i", *variables, *instance.command()])
    host = instance.resources["current_host"]
    inner = INNER.format(
        host=host,
        number=number,
        command=command,
        folder=instance.folder,
        ml=instance.ml,
        shared=instance.variables["CLARY_ML_ROOT"],
    )
    return START.format(inner=shlex.quote(inner), number=number, folder=instance.folder)


def ended_together(process: subprocess.Popen, instances: list[Instance], timeout: float = 180) -> list[Ended]:
    try:
        process.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        shown = [_read(instance.folder) for instance in instances]
        pytest.fail(f"the hosts did not end: {shown}")
    return [
        Ended(int((one.folder / "status").read_text()), *_read(one.folder), one.failure())
        for one in instances
    ]


def _read(folder: Path) -> tuple[str, str]:
    return tuple(
        (folder / name).read_text() if (folder / name).exists() else "" for name in ("output", "errors")
    )


def hosts(
    folder: Path, count: int, framework: str, python: Path | None = None, **variables: str
) -> list[Instance]:
    names = tuple(sorted(f"algo-{number}" for number in range(1, count + 1)))
    # Every host sees its own tree at the same place, as `/opt/ml` is.
    (folder / "opt-ml").mkdir()
    instances = []
    for name in names:
        (folder / name).mkdir()
        instance = Instance(folder / name, python, host=name, hosts=names)
        instance.variables |= {
            "CLARY_FRAMEWORK": framework,
            "CLARY_ML_ROOT": str(folder / "opt-ml"),
            "CLARY_FLEET_SECRET": "shared by the hosts",
            "TRAINING_JOB_ARN": "arn:aws:sagemaker:eu-west-1:000000000000:training-job/job-1",
            **variables,
        }
        instances.append(instance)
    return instances


def send(instances: list[Instance], number: int) -> None:
    """Signals the runtime of every host, as the platform stops a job."""
    root = f"CLARY_ML_ROOT={instances[0].variables['CLARY_ML_ROOT']}".encode()
    command = "\0".join(instances[0].command()).encode() + b"\0"
    found = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cmdline").read_bytes() == command and root in (process / "environ").read_bytes():
                os.kill(int(process.name), number)
                found += 1
    assert found == len(instances)
