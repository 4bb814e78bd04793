"""The same as `podman`, with Docker's daemon: its storage, its sockets and its process are the tests' own."""

import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import podman

DOCKERD = shutil.which("dockerd")
# The engine's own client: a wrapper of the same name may stand before it on the path.
DOCKER = shutil.which("docker", path="/usr/bin:/bin")

MISSING = (
    None
    if DOCKERD and DOCKER and podman.DEBOOTSTRAP and os.geteuid() == 0
    else "no docker and debootstrap here, or not root (apt-get install docker.io debootstrap)"
)

# Without rules of a firewall, which the machine may not have: containers reach each other by their networks all the same.
OPTIONS = (
    "--bridge=none",
    "--iptables=false",
    "--ip6tables=false",
    "--exec-opt",
    "native.cgroupdriver=cgroupfs",
)


class Engine(podman.Engine):
    """Docker's daemon; `socket` is what `clary serve --container-engine` takes."""

    program = DOCKER
    pushes_as_its_caller = False
    containers_outlive_it = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "docker.sock"
        self.environment = os.environ | {"DOCKER_HOST": f"unix://{self.socket}", "DOCKER_BUILDKIT": "0"}
        self.process: subprocess.Popen | None = None
        # Docker asks registries on this machine without TLS.
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.registry = f"127.0.0.1:{free.getsockname()[1]}"

    def start(self) -> "Engine":
        folder = self.folder
        with (folder / "service.log").open("ab") as log:
            self.process = subprocess.Popen(
                [DOCKERD, "-H", f"unix://{self.socket}", "--data-root", folder / "data"]
                + ["--exec-root", folder / "exec", "-p", folder / "pid", *OPTIONS],
                env=self.environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + 60
        while subprocess.run([DOCKER, "version"], env=self.environment, capture_output=True).returncode:
            assert self.process.poll() is None, (folder / "service.log").read_text()
            assert time.monotonic() < deadline, "Docker does not answer"
            time.sleep(0.1)
        self.podman("import", podman.base_archive(), podman.BASE)
        return self

    def push(self, image: str, user: str, password: str) -> None:
        self.login(self.folder, image.partition("/")[0], user, password)
        self.podman("--config", self.folder / ".docker", "push", image)

    def login(self, home: Path, registry: str, user: str, password: str) -> Path:
        folder = home / ".docker"
        self.podman("--config", folder, "login", "-u", user, "-p", password, registry)
        return folder / "config.json"

    def untag(self, name: str) -> None:
        self.podman("rmi", name)

    def stop(self) -> None:
        for name in self.containers():
            self.podman("rm", "-f", name, check=False)
        self.podman("network", "prune", "-f", check=False)
        if self.process is not None:
            self.process.terminate()
            self.process.wait(60)
            # What the daemon leaves mounted would keep the directory from being removed.
            subprocess.run(["umount", self.folder / "exec" / "netns" / "default"], capture_output=True)
