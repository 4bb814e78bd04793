"""A server of an ordinary user: channels that are streamed or served, without any right of root's."""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from jobs import log_lines, script_request, wait_for_job
from server import CLARY, Server
from test_external_s3 import Store, root_clients

MIB = 1 << 20
# Nobody's number; a user need not be in any list.
USER = 61_234


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that belongs to the user, below ones that he may enter."""
    folder = Path(tempfile.mkdtemp(prefix="clary-user-"))
    os.chown(folder, USER, USER) if os.geteuid() == 0 else None
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def command(home: Path) -> Path:
    """`clary` as that user, in a mount namespace in which he may open /dev/fuse."""
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    device = home / "fuse"
    wrapper = home / "clary-as-a-user"
    become = f"exec setpriv --reuid={USER} --regid={USER} --clear-groups"
    wrapper.write_text(
        "#!/bin/sh\nexec unshare -m --propagation private sh -ec '"
        f'mount --bind "{device}" /dev/fuse; {become} "$@"'
        f"' sh '{CLARY}' \"$@\"\n"
    )
    wrapper.chmod(0o755)
    made = subprocess.run(
        f"mknod -m 666 {device} c 10 229 && unshare -m --propagation private sh -ec '"
        f'mount --bind {device} /dev/fuse; {become} sh -c ": 3<>/dev/fuse && unshare -Ur true"\'',
        shell=True,
        capture_output=True,
        text=True,
    )
    if made.returncode != 0:
        pytest.skip(f"an ordinary user cannot open /dev/fuse or make a namespace here: {made.stderr.strip()}")
    probe = subprocess.run([wrapper, "--version"], capture_output=True, text=True)
    if probe.returncode != 0:
        pytest.skip(f"an ordinary user cannot run {CLARY}: {probe.stderr.strip()}")
    return wrapper


@pytest.fixture(scope="module")
def servers(command: Path, home: Path) -> Iterator[tuple[Server, Server]]:
    """A server of the user's, and another one in front of it for which its objects are elsewhere."""
    made: list[Server] = []

    def make(name: str, *arguments: str) -> Server:
        folder = home / name
        (folder / "home").mkdir(parents=True)
        server = Server(folder, *arguments)
        for path in (folder, folder / "home"):
            os.chown(path, USER, USER)
        made.append(server)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("server.CLARY", command)
            return server.start()

    try:
        near = make("near")
        environment = near.client_environment()
        store = Store(
            near.url, environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"], home / "near"
        )
        os.chown(store.file, USER, USER)
        options = ("--s3-endpoint", store.url, "--s3-credentials", str(store.file), "--s3-profile", "there")
        yield near, make("front", *options)
    finally:
        for server in reversed(made):
            server.shutdown()


@pytest.mark.parametrize("which", ["near", "elsewhere"])
def test_channels_of_every_mode_work_for_an_ordinary_user(servers, unique, which):
    server = servers[0] if which == "near" else servers[1]
    assert Path(f"/proc/{server.worker}").stat().st_uid == USER
    clients = root_clients(server)
    bucket = unique("user")
    s3 = clients("s3")
    s3.create_bucket(Bucket=bucket)
    large = os.urandom(9 * MIB + 5)
    s3.put_object(Bucket=bucket, Key="in/deep/large", Body=large)
    s3.put_object(Bucket=bucket, Key="in/small", Body=b"small")
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{bucket}/in/"}
    channels = [
        {"ChannelName": mode.lower(), "InputMode": mode, "DataSource": {"S3DataSource": source}}
        for mode in ("File", "FastFile", "Pipe")
    ]
    script = """
        cd /opt/ml/input/data
        for d in file fastfile; do
            (cd $d; find . -type f | sort; cat deep/large small | md5sum; tail -c 3 deep/large | md5sum)
        done
        md5sum < pipe_0
        grep -c ' /opt/ml/input/data/fastfile fuse' /proc/self/mounts
        (echo x > fastfile/new) 2>/dev/null || echo read-only
        id -u
        true
        """
    name = unique("user")
    request = script_request(name, bucket, script, s3=s3, InputDataConfig=channels)
    clients("sagemaker").create_training_job(**request)
    job = wait_for_job(clients("sagemaker"), name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    all_lines = log_lines(clients("logs"), name)
    assert not [line for line in all_lines if "copied as a whole" in line], all_lines
    whole = f"{md5(large + b'small')}  -"
    files = ["./deep/large", "./small", whole, f"{md5(large[-3:])}  -"]
    served = ["0"] if which == "near" else ["1", "read-only"]
    lines = [line for line in all_lines if not line.startswith("[clary]")]
    assert lines == [*files, *files, whole, *served, "0"]


def md5(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()
