"""What the code asks for is installed above the environment, once."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from training_instance import Instance, environment

SHOW = """
import importlib.metadata, json, os, shutil, subprocess, sys
def version(name):
    try: return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError: return None
names = ("six", "packaging", "idna", "attrs", "my-package")
print("versions=" + json.dumps({name: version(name) for name in names}))
print("executable=" + json.dumps(sys.executable))
print("python=" + json.dumps(shutil.which("python")))
import six
print("six=" + json.dumps([six.__version__, six.__file__]))
program = "import importlib.metadata as m, json; print(json.dumps([m.version('six'), m.version('packaging')]))"
print("child=" + subprocess.check_output(["python", "-c", program], text=True))
"""
SETUP = """
from setuptools import setup
setup(name="my-package", version="1.2", py_modules=["my_module"], install_requires=%s)
"""
PROJECT = """
[build-system]
requires = ["flit_core>=3.4"]
build-backend = "flit_core.buildapi"
[project]
name = "my-package"
version = "1.2"
description = "one"
[tool.flit.module]
name = "my_module"
[project.scripts]
my-command = "my_module:main"
"""


@pytest.fixture
def instance(tmp_path: Path) -> Instance:
    return Instance(tmp_path)


def overlays(instance: Instance) -> list[Path]:
    return sorted(path for path in (instance.cache / "overlays").iterdir() if path.is_dir())


def test_only_what_the_environment_lacks_is_installed(instance: Instance) -> None:
    instance.submit({"train.py": SHOW, "requirements.txt": "packaging>=20\nsix\nidna  # a comment\n"})
    ended = instance.train()
    assert ended.exit_code == 0, ended
    versions = ended.value("versions")
    assert versions["idna"] and versions["six"] == "1.15.0" and versions["packaging"]
    (overlay,) = overlays(instance)
    installed = {
        path.name.partition("-")[0] for path in overlay.glob("lib/python*/site-packages/*.dist-info")
    }
    assert installed == {"idna"}
    assert ended.value("executable") == ended.value("python") == str(overlay / "bin" / "python")


def test_a_pinned_version_comes_before_the_environments(instance: Instance) -> None:
    ended = instance.submit({"train.py": SHOW, "requirements.txt": "six==1.16.0\n"}).train()
    assert ended.exit_code == 0, ended
    (overlay,) = overlays(instance)
    version, file = ended.value("six")
    assert version == "1.16.0" and file.startswith(str(overlay))
    assert ended.value("child")[0] == "1.16.0"
    below = subprocess.check_output([instance.python, "-c", "import six; print(six.__version__)"], text=True)
    assert below.strip() == "1.15.0"


def test_the_second_job_finds_it_installed(instance: Instance) -> None:
    instance.submit({"train.py": SHOW, "requirements.txt": "idna\n"})
    assert "Installing requirements" in instance.train().output
    (overlay,) = overlays(instance)
    os.utime(overlay, (1, 1))
    instance.variables["CLARY_UV"] = "/nonexistent"
    instance.variables["PATH"] = "/usr/bin:/bin"
    began = time.monotonic()
    ended = instance.train()
    assert ended.exit_code == 0 and "Installing requirements" not in ended.output
    assert time.monotonic() - began < 1.5
    assert overlay.stat().st_mtime > time.time() - 60


def test_the_key_is_what_decides_the_result(instance: Instance) -> None:
    files = {
        "train.py": "",
        "requirements.txt": "-r more.txt\n-c pins.txt\n",
        "more.txt": "idna",
        "pins.txt": "",
    }
    assert instance.submit(files).train().exit_code == 0
    assert instance.submit({**files, "train.py": "print(1)"}).train().exit_code == 0
    assert len(overlays(instance)) == 1
    assert instance.submit({**files, "pins.txt": "idna==3.7"}).train().exit_code == 0
    assert len(overlays(instance)) == 2
    instance.variables["CLARY_ENVIRONMENT"] = "tests-2"
    assert instance.train().exit_code == 0
    assert len(overlays(instance)) == 3
    instance.variables["UV_EXCLUDE_NEWER"] = "2025-01-01T00:00:00Z"
    assert instance.train().exit_code == 0
    assert len(overlays(instance)) == 4


def test_jobs_that_start_together_share_one_installation(instance: Instance, tmp_path: Path) -> None:
    instances = [instance]
    for number in range(3):
        (tmp_path / f"job-{number}").mkdir()
        other = Instance(tmp_path / f"job-{number}")
        other.variables["CLARY_PACKAGE_CACHE"] = str(instance.cache)
        instances.append(other)
    for one in instances:
        one.submit({"train.py": SHOW, "requirements.txt": "six==1.16.0\nattrs\n"}).configure()
    processes = [one.start() for one in instances]
    ended = [one.ended(process) for one, process in zip(instances, processes, strict=True)]
    assert [one.exit_code for one in ended] == [0] * 4, ended
    assert all(one.value("six")[0] == "1.16.0" for one in ended)
    assert sum("Installing requirements" in one.output for one in ended) == 1
    assert len(overlays(instance)) == 1


def test_a_damaged_entry_is_made_again(instance: Instance) -> None:
    instance.submit({"train.py": SHOW, "requirements.txt": "six==1.16.0\n"})
    assert instance.train().exit_code == 0
    (overlay,) = overlays(instance)
    (overlay / "complete").unlink()
    for path in overlay.glob("lib/python*/site-packages/six.py"):
        path.unlink()
    ended = instance.train()
    assert ended.exit_code == 0 and ended.value("six")[1].startswith(str(overlay)), ended
    assert overlays(instance) == [overlay]


def test_what_the_server_moves_away_meanwhile_is_installed_anew(instance: Instance) -> None:
    instance.submit({"train.py": SHOW, "requirements.txt": "six==1.16.0\n"})
    assert instance.train().exit_code == 0
    (overlay,) = overlays(instance)
    with (overlay / "complete").open() as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        instance.configure()
        process = instance.start()
        await_opening(process, overlay / "complete")
        overlay.rename(instance.folder / "trash")
    ended = instance.ended(process)
    assert ended.exit_code == 0 and "Installing requirements" in ended.output, ended
    assert ended.value("six")[1].startswith(str(overlay))
    assert overlays(instance) == [overlay]


def await_opening(process: subprocess.Popen, path: Path) -> None:
    """Returns when the process, or one that it has started, has the file open."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
            try:
                if descriptor.parts[2] != str(os.getpid()) and descriptor.readlink() == path:
                    return
            except OSError:
                continue  # Another user's, or gone by now.
        assert process.poll() is None, "it ended before it looked"
        time.sleep(0.01)
    raise AssertionError(f"nobody opens {path}")


def test_a_stop_while_installing_leaves_nothing(instance: Instance) -> None:
    instance.submit({"train.py": "", "requirements.txt": "idna\n"}).configure()
    slow = instance.folder / "uv"
    slow.write_text(f"#!/bin/sh\ntouch {instance.folder}/installing\nexec sleep 60\n")
    slow.chmod(0o755)
    instance.variables["CLARY_UV"] = str(slow)
    process = instance.start()
    instance.await_file(instance.folder / "installing")
    process.send_signal(signal.SIGTERM)
    ended = instance.ended(process)
    assert (ended.exit_code, ended.failure) == (143, None)
    assert overlays(instance) == []


def test_console_scripts_see_both_layers(instance: Instance) -> None:
    instance.python = environment("six==1.15.0", "packaging", "wheel==0.45.0")
    script = """
import subprocess
print("below=" + subprocess.check_output(["head", "-1", __import__("shutil").which("wheel")], text=True).strip())
print(subprocess.check_output(["normalizer", "--version"], text=True))
print(subprocess.check_output(["wheel", "version"], text=True))
"""
    ended = instance.submit({"train.py": script, "requirements.txt": "charset-normalizer\n"}).train()
    assert ended.exit_code == 0, ended
    (overlay,) = overlays(instance)
    assert "Charset-Normalizer" in ended.script_output and "wheel 0.45.0" in ended.script_output
    assert str(overlay / "bin") in ended.script_output.partition("below=")[2]


def test_an_empty_file_asks_for_nothing(instance: Instance) -> None:
    ended = instance.submit({"train.py": SHOW, "requirements.txt": "# nothing\n\n"}).train()
    assert ended.value("executable") == str(instance.python) and not instance.cache.exists()


def test_another_file_may_be_named(instance: Instance) -> None:
    instance.submit({"train.py": SHOW, "needs/gpu.txt": "idna\n"})
    assert instance.train(requirements="needs/gpu.txt").value("versions")["idna"]
    assert (
        "'nothing.txt', which is not in the submitted code"
        in instance.train(requirements="nothing.txt").failure
    )


@pytest.mark.parametrize("line", ["./mypkg", "-e ./mypkg", "my-package @ file://{code}/mypkg", "mypkg/"])
def test_packages_of_the_code_belong_to_the_job(instance: Instance, line: str) -> None:
    line = line.format(code=instance.ml / "code")
    files = {
        "train.py": SHOW
        + "\nimport my_module, shutil; print('has', my_module.WORD, shutil.which('my-command'))",
        "requirements.txt": line + "\nsix==1.16.0\n",
        "mypkg/pyproject.toml": PROJECT,
        "mypkg/my_module.py": "'''one'''\nWORD = 'first'\ndef main(): pass\n",
    }
    ended = instance.submit(files).train()
    assert ended.exit_code == 0, ended
    assert ended.value("versions")["my-package"] == "1.2" and ended.value("six")[0] == "1.16.0"
    assert "has first /" in ended.script_output
    assert not instance.cache.exists() or not (instance.cache / "overlays").exists()


def test_a_package_with_a_setup_is_installed_and_run(instance: Instance) -> None:
    files = {"setup.py": SETUP % ["idna"], "my_module.py": SHOW, "requirements.txt": "attrs\n"}
    ended = instance.submit(files).train({"x": "1"}, program="my_module")
    assert ended.exit_code == 0, ended
    versions = ended.value("versions")
    assert versions["my-package"] == "1.2" and versions["idna"] and versions["attrs"]
    assert "python -m my_module -x 1\n" in ended.output


def test_a_script_beside_a_setup_has_its_dependencies(instance: Instance) -> None:
    files = {"setup.py": SETUP % ["idna"], "my_module.py": "", "train.py": SHOW}
    ended = instance.submit(files).train()
    assert ended.exit_code == 0 and ended.value("versions")["idna"], ended


def test_a_package_that_cannot_be_built_fails_the_job(instance: Instance) -> None:
    ended = instance.submit({"setup.py": "raise ValueError('no')", "train.py": ""}).train()
    assert ended.exit_code == 1 and ended.failure.startswith("InstallModuleError:\nExitCode 1\n")
    shown = ended.failure[:1024]
    assert "build backend returned an error" in shown and "ValueError: no" in shown


def test_a_package_that_does_not_exist_is_named(instance: Instance) -> None:
    ended = instance.submit({"train.py": "", "requirements.txt": "idna==99.9\n"}).train()
    assert ended.exit_code == 1
    assert ended.failure.startswith("InstallRequirementsError:\nExitCode 1\nErrorMessage ")
    assert "idna==99.9" in ended.failure[:1024]
    assert overlays(instance) == []


def test_an_index_that_cannot_be_reached_is_named_with_its_setting(instance: Instance) -> None:
    instance.variables |= {"PIP_INDEX_URL": "http://user:word@127.0.0.1:9/simple", "UV_HTTP_RETRIES": "0"}
    ended = instance.submit({"train.py": "", "requirements.txt": "idna\n"}).train()
    shown = ended.failure[:1024]
    assert (
        "The package index http://127.0.0.1:9/simple cannot be reached" in shown
        and "UV_DEFAULT_INDEX" in shown
    )
    assert "word" not in shown


def test_without_a_network_the_isolation_is_named(instance: Instance) -> None:
    if subprocess.run(["unshare", "-rn", "true"], stderr=subprocess.DEVNULL).returncode:
        pytest.skip("namespaces of the network need the right to make them")
    instance.submit({"train.py": "", "requirements.txt": "idna==3.6\n"}).configure()
    instance.variables |= {"UV_HTTP_RETRIES": "0", "UV_CACHE_DIR": str(instance.folder / "empty")}
    command = ["unshare", "-rn", *instance.command()]
    subprocess.run(command, env=instance.environ(), capture_output=True, text=True)
    assert "The instance has no route to the network, so no package index" in instance.failure()[:1024]


def test_isolation_is_named_though_the_hosts_of_the_job_have_a_bridge(instance: Instance) -> None:
    instance.submit({"train.py": "", "requirements.txt": "idna==3.6\n"}).configure()
    instance.variables |= {"UV_HTTP_RETRIES": "0", "UV_CACHE_DIR": str(instance.folder / "empty")}
    instance.variables |= {"UV_DEFAULT_INDEX": "http://127.0.0.1:9/simple", "CLARY_NETWORK": "isolated"}
    ended = instance.ended(instance.start())
    assert "it was created with EnableNetworkIsolation, so no package index" in ended.failure[:1024]


def test_pip_does_it_where_there_is_no_uv(instance: Instance) -> None:
    instance.python = environment("six==1.15.0", "packaging", with_pip=True)
    instance.variables["CLARY_UV"] = "/nonexistent"
    instance.variables["PATH"] = "/usr/bin:/bin"
    script = SHOW + "\nprint(subprocess.check_output(['normalizer', '--version'], text=True))"
    files = {"train.py": script, "requirements.txt": "six==1.16.0\npackaging\ncharset-normalizer\n"}
    ended = instance.submit(files).train()
    assert ended.exit_code == 0, ended
    assert ended.value("six")[0] == "1.16.0" and "Charset-Normalizer" in ended.script_output
    (overlay,) = overlays(instance)
    assert not list(overlay.glob("lib/python*/site-packages/packaging"))


def test_without_an_installer_the_reason_is_told(instance: Instance) -> None:
    instance.variables["CLARY_UV"] = "/nonexistent"
    instance.variables["PATH"] = "/usr/bin:/bin"
    ended = instance.submit({"train.py": "", "requirements.txt": "idna\n"}).train()
    assert ended.exit_code == 1 and "neither uv (CLARY_UV is not set to one) nor pip" in ended.failure


def test_reading_requirements(tmp_path: Path) -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Python" / "clary_runtime"))
    from clary_runtime.requirements_file import RequirementsFile

    def read(text: str) -> tuple[bool, bool]:
        (tmp_path / "requirements.txt").write_text(text)
        found = RequirementsFile(tmp_path / "requirements.txt")
        return found.is_empty, found.is_local

    assert read("") == (True, False)
    assert read("--index-url https://x/simple\n# idna\n") == (True, False)
    for shared in (
        "idna",
        "idna[extra]>=1,<2 ; python_version < '3.12'",
        "pkg @ https://host/a/pkg-1.0.whl",
        "pkg @ git+https://host/a/pkg@v1",
        "git+ssh://git@host/a/pkg",
        "https://host/a/pkg-1.0.tar.gz",
        "idna \\\n  --hash=sha256:00",
    ):
        assert read(shared) == (False, False), shared
    for local in (
        *("./a", "../a", "/abs/a", "a/b", "a/b[extra]", "wheels/a-1.0-py3-none-any.whl", "a-1.0.whl", "-e ."),
        *(
            "-e git+https://host/a#egg=a",
            "file:///a",
            "pkg @ file:///a",
            "pkg@./a",
            "-r https://host/list.txt",
        ),
    ):
        assert read(local) == (False, True), local
    assert read("--find-links ./wheels\nidna") == (False, True)
    assert read("-f https://host/wheels\nidna") == (False, False)


def test_a_file_of_condas_is_told_to_be_unused(instance: Instance) -> None:
    ended = instance.submit({"train.py": "", "environment.yml": "dependencies: [pandas]\n"}).train()
    assert ended.exit_code == 0, ended
    assert "environment.yml is not used: packages come from requirements.txt alone" in ended.output
