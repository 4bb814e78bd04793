"""An instance as the platform would make it: an environment made by uv, an `/opt/ml` tree and the runtime as a process."""

import atexit
import functools
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "Python" / "clary_runtime"
UV = str(ROOT / ".clary/tools/bin/uv") if (ROOT / ".clary/tools/bin/uv").exists() else shutil.which("uv")
INHERITED = re.compile(r"PATH|HOME|LANG|TMPDIR|SSL_|UV_|PIP_|HTTPS?_PROXY|NO_PROXY|https?_proxy|no_proxy")
FAST = ("--no-progress", "-q")
# The runtime also runs in Pythons that the tests themselves cannot.
PYTHON = os.environ.get("CLARY_RUNTIME_PYTHON", sys.executable)


@functools.cache
def environment(*packages: str, with_pip: bool = False) -> Path:
    """The Python of a virtual environment with these packages; made once per run."""
    assert UV, "uv is missing: run `make setup`"
    folder = Path(tempfile.mkdtemp(prefix="clary-runtime-tests-")) / "python"
    atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
    seed = ["--seed"] if with_pip else []
    subprocess.run([UV, "venv", "-q", "--python", PYTHON, *seed, str(folder)], check=True)
    python = folder / "bin" / "python"
    if packages:
        subprocess.run([UV, "pip", "install", *FAST, "--python", str(python), *packages], check=True)
    return python


def base() -> Path:
    """A small environment: `six` in an old version, so that newer ones can be asked for."""
    return environment("six==1.15.0", "packaging")


def archive(files: dict[str, str]) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(text.encode())
            member.mode = 0o644
            # A wheel cannot be built from files of 1970.
            member.mtime = int(time.time())
            tar.addfile(member, io.BytesIO(text.encode()))
    return data.getvalue()


def with_torch() -> Path:
    """An environment with PyTorch for the processor, where a wheel of it lies at hand: it is too large to be fetched."""
    folders = [folder for folder in os.environ.get("PIP_FIND_LINKS", "").split() if Path(folder).is_dir()]
    tag = subprocess.check_output(
        [PYTHON, "-c", "import sys; print('cp%d%d' % sys.version_info[:2])"], text=True
    )
    wheels = [str(one) for folder in folders for one in Path(folder).glob(f"torch-*+cpu-{tag.strip()}-*.whl")]
    if not wheels:
        pytest.skip("no folder of PIP_FIND_LINKS has a wheel of torch+cpu")
    return environment(wheels[0], "numpy")


class Ended:
    def __init__(self, exit_code: int, output: str, errors: str, failure: str | None):
        self.exit_code = exit_code
        self.output = output
        self.errors = errors
        self.failure = failure

    def __repr__(self) -> str:
        return f"exit {self.exit_code}\n{self.output}\n--- errors\n{self.errors}\n--- failure\n{self.failure}"

    def value(self, name: str):
        """What the script printed as `name=JSON`."""
        found = re.search(rf"^{re.escape(name)}=(.*)$", self.script_output, re.MULTILINE)
        assert found, f"no {name}=… in {self!r}"
        return json.loads(found.group(1))

    @property
    def script_output(self) -> str:
        return self.output.rpartition("Invoking script with the following command:")[2]


class Instance:
    def __init__(
        self, folder: Path, python: Path | None = None, host: str = "algo-1", hosts: tuple = ("algo-1",)
    ):
        self.folder = folder
        self.python = python or base()
        self.ml = folder / "ml"
        self.cache = folder / "cache"
        self.resources = {"current_host": host, "hosts": list(hosts), "network_interface_name": "eth0"}
        self.channels: dict = {}
        self.variables = {
            "CLARY_ML_ROOT": str(self.ml),
            "CLARY_UV": str(UV),
            "CLARY_FRAMEWORK": "sklearn",
            "CLARY_ENVIRONMENT": "tests-1",
            "CLARY_PACKAGE_CACHE": str(self.cache),
            "TRAINING_JOB_NAME": "job-1",
            "AWS_REGION": "eu-west-1",
        }
        # The user's installed packages stay cached over runs of the tests.
        self.variables["UV_CACHE_DIR"] = os.environ.get("UV_CACHE_DIR", str(Path.home() / ".cache" / "uv"))
        (self.ml / "input" / "config").mkdir(parents=True)
        self.submitted: str | None = None

    def submit(self, files: dict[str, str]) -> "Instance":
        path = self.folder / "sourcedir.tar.gz"
        path.write_bytes(archive(files))
        self.submitted = str(path)
        return self

    def configure(
        self, hyperparameters: dict | None = None, program: str | None = "train.py", **parameters
    ) -> None:
        """`hyperparameters` go in as given, `parameters` JSON-encoded with the prefix `sagemaker_`."""
        values = dict(hyperparameters or {})
        if program is not None:
            values["sagemaker_program"] = json.dumps(program)
        if self.submitted is not None:
            values["sagemaker_submit_directory"] = json.dumps(self.submitted)
        values.update({f"sagemaker_{name}": json.dumps(value) for name, value in parameters.items()})
        config = self.ml / "input" / "config"
        for name, content in (
            ("hyperparameters", values),
            ("inputdataconfig", self.channels),
            ("resourceconfig", self.resources),
        ):
            (config / f"{name}.json").write_text(json.dumps(content, separators=(",", ":")))

    def environ(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if INHERITED.match(name)}
        return {**kept, **self.variables}

    def command(self) -> list[str]:
        return [str(self.python), str(RUNTIME), "train"]

    def start(self) -> subprocess.Popen:
        return subprocess.Popen(
            self.command(),
            env=self.environ(),
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def ended(self, process: subprocess.Popen, timeout: float = 120) -> Ended:
        output, errors = process.communicate(timeout=timeout)
        return Ended(process.returncode, output, errors, self.failure())

    def failure(self) -> str | None:
        path = self.ml / "output" / "failure"
        return path.read_text() if path.exists() else None

    def train(
        self, hyperparameters: dict | None = None, program: str | None = "train.py", **parameters
    ) -> Ended:
        self.configure(hyperparameters, program, **parameters)
        return self.ended(self.start())

    def await_file(self, path: Path, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while not path.exists():
            assert time.monotonic() < deadline, f"{path} did not appear"
            time.sleep(0.02)
