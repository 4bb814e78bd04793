"""A container engine of the tests' own: Podman's service on a socket in a temporary directory, with its own storage.

The base image is made once by debootstrap and kept below `.clary/`.
"""

import os
import resource
import shutil
import signal
import socket
import subprocess
import tarfile
import time
from pathlib import Path

import boto3
from jobs import ROLE
from server import ROOT, Server

PODMAN = shutil.which("podman")
DEBOOTSTRAP = shutil.which("debootstrap")
BASE = "localhost/clary-test-base:1"
CACHE = ROOT / ".clary" / "containers"
PACKAGES = "python3,nginx-light"

MISSING = (
    None
    if PODMAN and DEBOOTSTRAP and os.geteuid() == 0
    else "no podman and debootstrap here, or not root (apt-get install podman runc debootstrap)"
)

CONTAINERS = """
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
tmp_dir = "{folder}/tmp"
[network]
network_config_dir = "{folder}/networks"
[containers]
default_ulimits = ["nofile={files}:{files}", "nproc={processes}:{processes}"]
"""

REGISTRIES = """
[[registry]]
location = "{registry}"
insecure = true
"""

STORAGE = """
[storage]
driver = "overlay"
graphroot = "{folder}/graph"
runroot = "{folder}/run"
"""


def base_archive() -> Path:
    """The root of a small Debian with Python; made when it is missing."""
    archive = CACHE / "base.tar"
    if archive.exists():
        return archive
    CACHE.mkdir(parents=True, exist_ok=True)
    root = CACHE / "base"
    shutil.rmtree(root, ignore_errors=True)
    subprocess.run(
        [DEBOOTSTRAP, "--variant=minbase", f"--include={PACKAGES}", "bookworm", root],
        check=True,
        capture_output=True,
        timeout=600,
    )
    for waste in ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/lib/apt/lists", "var/cache/apt"):
        shutil.rmtree(root / waste, ignore_errors=True)
    part = archive.with_suffix(".part")
    with tarfile.open(part, "w") as tar:
        for entry in sorted(root.iterdir()):
            if entry.name not in ("dev", "proc", "sys"):
                tar.add(entry, entry.name)
    part.rename(archive)
    shutil.rmtree(root, ignore_errors=True)
    return archive


class Engine:
    """Podman's service; `socket` is what `clary serve --container-engine` takes."""

    program = PODMAN
    pushes_as_its_caller = True
    containers_outlive_it = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "podman.sock"
        files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        processes = resource.getrlimit(resource.RLIMIT_NPROC)[1]
        limits = {"files": min(files, 16384), "processes": min(processes, 16384)}
        limits = {key: value if value > 0 else 4096 for key, value in limits.items()}
        (folder / "containers.conf").write_text(CONTAINERS.format(folder=folder, **limits))
        (folder / "storage.conf").write_text(STORAGE.format(folder=folder))
        # Where a test may run a registry without TLS: Podman reads once which ones it may ask.
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.registry = f"127.0.0.1:{free.getsockname()[1]}"
        (folder / "registries.conf").write_text(REGISTRIES.format(registry=self.registry))
        self.environment = os.environ | {
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(folder / "registries.conf"),
        }
        self.process: subprocess.Popen | None = None

    def start(self) -> "Engine":
        self.serve()
        self.podman("import", base_archive(), BASE)
        return self

    def halt(self) -> None:
        """Nobody answers at the socket any more; containers run on."""
        self.process.terminate()
        self.process.wait(20)
        self.socket.unlink(missing_ok=True)

    def serve(self) -> None:
        with (self.folder / "service.log").open("ab") as log:
            self.process = subprocess.Popen(
                [PODMAN, "system", "service", "--time=0", f"unix://{self.socket}"],
                env=self.environment,
                cwd=self.folder,  # What watches containers leaves files there.
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 30
        while not self.socket.exists():
            assert self.process.poll() is None, (self.folder / "service.log").read_text()
            assert time.monotonic() < deadline, "podman does not listen"
            time.sleep(0.05)

    def podman(self, *arguments, check: bool = True, timeout: float = 300) -> str:
        """Runs the engine's own program; Docker's understands what the tests say to Podman's."""
        result = subprocess.run(
            [self.program, *arguments],
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
        )
        assert not check or result.returncode == 0, result.stderr[-4000:]
        return result.stdout

    def build(
        self,
        name: str,
        dockerfile: str,
        files: dict[str, str] | None = None,
        folders: dict[str, Path] | None = None,
    ) -> str:
        """Builds an image from a Dockerfile with these files and folders beside it; returns its name."""
        folder = self.folder / "build" / name.replace("/", "-").replace(":", "-")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Dockerfile").write_text(dockerfile)
        for path, content in (files or {}).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(content)
            (folder / path).chmod(0o755)
        for path, source in (folders or {}).items():
            shutil.copytree(source, folder / path, dirs_exist_ok=True)
        # The tests' machine may reach package indexes only as itself.
        self.podman("build", "--network", "host", "-t", name, folder, timeout=600)
        return name

    def push(self, image: str, user: str, password: str) -> None:
        self.podman("push", "--creds", f"{user}:{password}", "--tls-verify=false", image)

    def login(self, home: Path, registry: str, user: str, password: str) -> Path:
        """Logs somebody with this home in; returns the file that has the login."""
        file = home / ".config" / "containers" / "auth.json"
        file.parent.mkdir(parents=True)
        self.podman("login", "--authfile", file, "--tls-verify=false", "-u", user, "-p", password, registry)
        return file

    def untag(self, name: str) -> None:
        self.podman("untag", name, name)

    def containers(self) -> list[str]:
        return self.podman("ps", "-a", "--format", "{{.Names}}").split()

    def networks(self) -> list[str]:
        return self.podman("network", "ls", "--format", "{{.Name}}").split()

    def stop(self) -> None:
        self.podman("rm", "-f", "-a", "-t", "0", check=False)
        self.podman("network", "prune", "-f", check=False)
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)
        self.podman("system", "reset", "-f", check=False)


def client(server: Server, service: str):
    """A boto3 client of a server of a test's own."""
    environment = server.client_environment()
    return boto3.session.Session(
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
        region_name="us-east-1",
    ).client(service, endpoint_url=server.url)


def plain_request(name: str, bucket: str, image: str, algorithm: dict) -> dict:
    return {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": image, "TrainingInputMode": "File"} | algorithm,
        "RoleArn": ROLE,
        "OutputDataConfig": {"S3OutputPath": f"s3://{bucket}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
    }


def processes(text: str) -> list[tuple[int, str]]:
    """Processes with this text in their arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if entry.name.isdigit() and text in command and int(entry.name) != os.getpid():
            found.append((int(entry.name), command))
    return found


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
