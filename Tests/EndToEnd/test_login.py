"""A team on one Clary: TLS on the server's port, and `clary login` on another machine."""

import contextlib
import http.client
import json
import os
import pty
import shutil
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.error import HTTPError

import pytest
from server import CLARY, Server, clean_environment

# An address of this machine that is not the server's own idea of itself.
OTHER_ADDRESS = "127.0.0.2"
HERE = Path(__file__).parent

WORK = """
import boto3, sys
from jobs import CSV, XGBOOST, training_request, variant, wait_for_job
role = "arn:aws:iam::000000000000:role/ClaryExecutionRole"
s3, sagemaker = boto3.client("s3"), boto3.client("sagemaker")
name = sys.argv[1]
s3.create_bucket(Bucket=name)
s3.put_object(Bucket=name, Key="train/data.csv", Body=CSV)
sagemaker.create_training_job(**training_request(name, name, RoleArn=role))
job = wait_for_job(sagemaker, name)
print(job["TrainingJobStatus"], job.get("FailureReason", ""))
print(job["ModelArtifacts"]["S3ModelArtifacts"])
key = f"out/{name}/output/model.tar.gz"
print(s3.get_object(Bucket=name, Key=key)["Body"].read()[:2].hex())
print(boto3.client("sts").get_caller_identity()["Arn"])
print(boto3.client("logs").describe_log_streams(logGroupName="/aws/sagemaker/TrainingJobs")["logStreams"][0]["arn"])
print(s3.meta.endpoint_url, boto3.client("sagemaker-runtime").meta.endpoint_url)
container = {"Image": XGBOOST, "ModelDataUrl": job["ModelArtifacts"]["S3ModelArtifacts"]}
sagemaker.create_model(ModelName=name, ExecutionRoleArn=role, PrimaryContainer=container)
sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant(name)])
sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1})
runtime = boto3.client("sagemaker-runtime")
rows = "9,3\\n" * 200_000  # More than a connection's buffers hold, in both directions.
answer = runtime.invoke_endpoint(EndpointName=name, ContentType="text/csv", Body=rows)
print(len(answer["Body"].read().decode().replace(",", " ").split()))
sagemaker.delete_endpoint(EndpointName=name)
body = bytes(20 << 20)
s3.put_object(Bucket=name, Key="large", Body=body)
print(s3.get_object(Bucket=name, Key="large")["Body"].read() == body)
"""


class Machine:
    """Another machine of the team: a home of its own, and nothing of the server's."""

    def __init__(self, folder: Path) -> None:
        self.environment = clean_environment(folder)
        self.home = folder

    def login(
        self, url: str, *arguments: str, secret: str = "", **environment: str
    ) -> subprocess.CompletedProcess:
        return subprocess.run(
            [CLARY, "login", url, *arguments],
            env=self.environment | environment,
            input=secret + "\n",
            capture_output=True,
            text=True,
            timeout=60,
        )

    def run(self, *command: str, **environment: str) -> str:
        result = subprocess.run(
            command,
            env=self.environment | {"PYTHONPATH": str(HERE)} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert result.returncode == 0, f"{result.stdout[-4000:]}\n{result.stderr[-6000:]}"
        return result.stdout

    def python(self, source: str, *arguments: str, **environment: str) -> str:
        return self.run(sys.executable, "-c", source, *arguments, **environment)

    def files(self) -> dict[str, str]:
        paths = (path for path in self.home.rglob("*") if path.is_file())
        return {str(path.relative_to(self.home)): path.read_text() for path in paths}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path / "other-home")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleNamespace]:
    """A server with TLS on all addresses, as others see it, and a user of it."""
    server = Server(
        tmp_path_factory.mktemp("team"), "--host", "0.0.0.0", "--tls", "--tls-name", OTHER_ADDRESS
    )
    server.start()
    user = add_user(server, "ada")
    status = json.loads(server.clary("status", "--json").stdout)
    yield SimpleNamespace(
        server=server,
        url=f"https://{OTHER_ADDRESS}:{server.port}",
        fingerprint=status["server"]["authorityFingerprint"],
        key=user["accessKeyIds"][0],
        secret=user["secretAccessKey"],
    )
    server.shutdown()


def add_user(server: Server, name: str) -> dict:
    policies = ("AmazonSageMakerFullAccess", "AmazonS3FullAccess", "CloudWatchLogsFullAccess")
    words = [word for policy in policies for word in ("--policy", policy)]
    return json.loads(server.clary("users add", name, *words, "--json").stdout)


def serve(folder: Path, *arguments: str) -> subprocess.CompletedProcess:
    """Runs `clary serve` where it is expected to give up."""
    return subprocess.run(
        [CLARY, "serve", "--port", "0", "--data-dir", folder / "data", *arguments],
        env=clean_environment(folder / "home"),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=30,
    )


def health(host: str, port: int, context: ssl.SSLContext) -> bytes:
    """What the server answers without a signature; no proxy of this process's environment is in the way."""
    with contextlib.closing(
        http.client.HTTPSConnection(host, port, context=context, timeout=30)
    ) as connection:
        connection.request("GET", "/_clary/healthz")
        return connection.getresponse().read()


# Where a server may listen.


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "clary.example"])
def test_beyond_loopback_a_server_without_tls_is_refused(tmp_path, host):
    result = serve(tmp_path, "--host", host)
    assert result.returncode not in (0, -6, -11)
    assert "--tls" in result.stderr and "--insecure" in result.stderr and host in result.stderr
    assert not (tmp_path / "data").exists()


def test_a_socket_of_a_service_manager_beyond_loopback_is_refused_too(tmp_path):
    with socket.create_server(("0.0.0.0", 0)) as listener:
        start = 'exec 3<&"$0"; LISTEN_PID=$$ LISTEN_FDS=1 exec "$@"'
        result = subprocess.run(
            ["bash", "-c", start, str(listener.fileno()), CLARY, "serve", "--data-dir", tmp_path / "data"],
            env=clean_environment(tmp_path / "home"),
            pass_fds=[listener.fileno()],
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert result.returncode == 1
    assert "0.0.0.0" in result.stderr and "--tls" in result.stderr


def test_insecure_is_warned_of_and_serves(own_server):
    own_server.arguments = ("--host", "0.0.0.0", "--insecure")
    own_server.start()
    assert own_server.url.startswith("http://127.0.0.1:")
    assert "not encrypted" in own_server.log()
    assert urllib.request.urlopen(f"http://{OTHER_ADDRESS}:{own_server.port}/_clary/healthz").status == 200
    with pytest.raises(HTTPError) as caught:
        urllib.request.urlopen(f"{own_server.url}/_clary/ca.pem")
    assert caught.value.code == 404


def test_the_proxy_reaches_a_server_that_does_not_listen_on_loopback(own_server, machine):
    """127.0.0.2 stands for an address of the network: nothing answers on 127.0.0.1."""
    own_server.arguments = ("--host", OTHER_ADDRESS)
    own_server.start()
    environment = own_server.client_environment()
    source = "import sagemaker; print(sagemaker.Session().account_id())"
    assert machine.python(source, **environment).split()[-1] == "000000000000"


# The server's own machine.


def test_the_servers_own_clients_get_https_and_the_authority(team, machine):
    environment = team.server.client_environment()
    assert environment["AWS_ENDPOINT_URL_SAGEMAKER"] == team.server.url
    assert team.server.url.startswith("https://127.0.0.1:")
    source = """
import boto3, sagemaker
print(boto3.client("iam").list_users()["Users"][0]["UserName"])
print(sagemaker.Session().default_bucket())  # Over the proxy: its STS client has a host built in.
"""
    user, bucket = machine.python(source, **environment).split()[-2:]
    assert (user, bucket) == ("ada", "sagemaker-us-east-1-000000000000")
    plain = team.server.client_environment("--no-proxy")
    assert "HTTPS_PROXY" not in plain
    machine.python("import boto3; boto3.client('s3').list_buckets()", **plain)


def test_commands_of_the_servers_machine_work(team):
    assert team.server.url in team.server.clary("status").stdout
    assert team.fingerprint in team.server.clary("status").stdout
    assert "ada" in team.server.clary("users list").stdout
    team.server.clary("jobs")


def test_the_authoritys_key_is_the_owners_only_and_in_no_log(team):
    key = team.server.data / "tls/ca-key.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().splitlines()[1] not in team.server.log()
    assert f"clary login {team.url} --ca-fingerprint {team.fingerprint}" in team.server.log()


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion")
@pytest.mark.parametrize(
    ("version", "is_accepted"), [("TLSv1_1", False), ("TLSv1_2", True), ("TLSv1_3", True)]
)
def test_tls_begins_at_1_2(team, version, is_accepted):
    context = ssl.create_default_context(cafile=str(team.server.data / "tls/ca.pem"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    chosen = getattr(ssl.TLSVersion, version)
    context.minimum_version = context.maximum_version = chosen
    if is_accepted:
        assert health(OTHER_ADDRESS, team.server.port, context) == b"ok\n"
    else:
        with pytest.raises(OSError, match="PROTOCOL_VERSION|alert protocol version"):
            health(OTHER_ADDRESS, team.server.port, context)


# Another machine.


def test_the_profile_of_a_login_is_all_that_a_client_needs(team, machine, unique):
    result = machine.login(
        team.url, "--access-key", team.key, "--ca-fingerprint", team.fingerprint, secret=team.secret
    )
    assert result.returncode == 0, result.stderr
    assert ":user/ada" in result.stdout and team.secret not in result.stdout + result.stderr
    name = unique("team")
    said = machine.python(WORK, name, AWS_PROFILE="clary").splitlines()
    assert said[0].split()[0] == "Completed", said
    assert said[1:3] == [f"s3://{name}/out/{name}/output/model.tar.gz", "1f8b"]
    assert said[3].endswith(":user/ada") and said[4].startswith("arn:aws:logs:us-east-1:")
    assert said[5].split() == [team.url, team.url]
    assert said[6:] == ["200000", "True"]
    aws = str(Path(sys.executable).parent / "aws")
    assert name in machine.run(aws, "s3", "ls", AWS_PROFILE="clary")
    assert "model.tar.gz" in machine.run(aws, "s3", "ls", "--recursive", f"s3://{name}", "--profile", "clary")


def test_a_login_keeps_what_else_the_files_say(team, machine):
    files = {name: machine.home / name for name in ("c", "k")}
    files["c"].write_text(
        "# mine\n[profile work]\nregion = eu-west-1\n\n[default]\ns3 =\n  use_dualstack_endpoint = true\n"
    )
    files["k"].write_text("[work]\naws_access_key_id = AKIAWORK\naws_secret_access_key = x\n")
    files["c"].chmod(0o640)
    before = {name: file.read_text() for name, file in files.items()}
    places = {"AWS_CONFIG_FILE": str(files["c"]), "AWS_SHARED_CREDENTIALS_FILE": str(files["k"])}
    arguments = ["--profile", "lab", "--region", "eu-west-3", "--ca-fingerprint", team.fingerprint]
    for _ in range(2):
        # Both lines from standard input.
        result = machine.login(team.url, *arguments, secret=f"{team.key}\n{team.secret}", **places)
        assert result.returncode == 0, result.stderr
    for name, file in files.items():
        assert file.read_text().startswith(before[name])
        assert file.read_text().count("[lab]" if name == "k" else "[profile lab]") == 1
    assert files["c"].stat().st_mode & 0o777 == 0o640
    assert files["k"].stat().st_mode & 0o777 == 0o600
    assert not (machine.home / ".aws").exists()
    source = "import boto3; c = boto3.client('s3'); c.list_buckets(); print(c.meta.region_name)"
    assert machine.python(source, AWS_PROFILE="lab", **places).strip() == "eu-west-3"


def test_a_profile_for_aws_itself_is_not_overwritten(team, machine):
    (machine.home / ".aws").mkdir()
    (machine.home / ".aws/credentials").write_text("[clary]\naws_access_key_id = AKIAMINE\n")
    before = machine.files()
    result = machine.login(
        team.url, "--access-key", team.key, "--ca-fingerprint", team.fingerprint, secret=team.secret
    )
    assert result.returncode != 0 and "--profile" in result.stderr
    assert machine.files() == before


def test_what_is_wrong_is_said_and_changes_nothing(team, server, machine):
    right = ("--ca-fingerprint", team.fingerprint)
    cases = [
        (team.url, ("--ca-fingerprint", "00" * 32), team.secret, "another authority"),
        (team.url, ("--ca-fingerprint", "00"), team.secret, "64 hexadecimal digits"),
        (team.url, (), team.secret, team.fingerprint),  # No terminal, nobody to ask.
        (team.url, right, "wrong", "refuses this key"),
        (team.url, right, "", "are needed"),
        (team.url.replace("https", "http"), right, team.secret, "https://"),
        (server.url.replace("http", "https"), right, team.secret, "plain HTTP"),
        ("https://127.0.0.1:1", right, team.secret, "Nobody speaks HTTPS"),
        (f"https://127.0.0.3:{team.server.port}", right, team.secret, "for other names"),
        (team.url + "/path", right, team.secret, "is no address"),
    ]
    for url, arguments, secret, words in cases:
        result = machine.login(url, "--access-key", team.key, *arguments, secret=secret)
        assert result.returncode not in (0, -6, -11), url
        assert words in result.stderr, result.stderr
    assert machine.files() == {}


def test_a_person_is_asked_once(team, machine):
    """On a terminal: the fingerprint is shown and confirmed, and the secret does not show."""

    def dialogue(answers: list[tuple[str, str]]) -> tuple[int, str]:
        pid, terminal = pty.fork()
        if pid == 0:
            os.execve(CLARY, [str(CLARY), "login", team.url], machine.environment)
        said = ""
        for question, answer in answers:
            start = len(said)
            while question not in said[start:]:
                said += os.read(terminal, 4096).decode()
            os.write(terminal, answer.encode() + b"\n")
        try:
            while chunk := os.read(terminal, 4096):
                said += chunk.decode()
        except OSError:
            pass  # Linux ends a terminal without a process so.
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said

    keys = [("Access key id:", team.key), ("Secret access key:", team.secret)]
    code, said = dialogue([("(yes/no)", "no")])
    assert code != 0 and "Nothing was changed" in said and machine.files() == {}
    code, said = dialogue([("(yes/no)", "yes"), *keys])
    assert code == 0, said
    assert team.fingerprint in said and team.secret not in said
    code, said = dialogue(keys)  # The authority is known by now.
    assert code == 0 and "(yes/no)" not in said, said


# A server that goes and comes.


def test_a_job_goes_on_and_the_authority_stays_when_the_server_comes_back(own_server, machine, unique):
    own_server.arguments = ("--tls", "--host", OTHER_ADDRESS)
    own_server.start()
    port, user = own_server.port, add_user(own_server, "eve")
    fingerprint = json.loads(own_server.clary("status", "--json").stdout)["server"]["authorityFingerprint"]
    login = (own_server.url, "--access-key", user["accessKeyIds"][0], "--ca-fingerprint", fingerprint)
    assert machine.login(*login, secret=user["secretAccessKey"]).returncode == 0
    start = """
import boto3, sys
from jobs import script_request
boto3.client("s3").create_bucket(Bucket=sys.argv[1])
role = "arn:aws:iam::000000000000:role/ClaryExecutionRole"
script = "sleep 4; echo done > /opt/ml/model/answer"
boto3.client("sagemaker").create_training_job(**script_request(sys.argv[1], sys.argv[1], script, RoleArn=role))
"""
    name = unique("goes-on")
    machine.python(start, name, AWS_PROFILE="clary")
    old = own_server.crash()
    own_server.wait_for_worker(old)  # The sockets were kept.
    # A client that keeps its connection and says nothing holds nobody up.
    context = ssl.create_default_context(cafile=str(own_server.data / "tls/ca.pem"))
    idle = http.client.HTTPSConnection(OTHER_ADDRESS, port, context=context)
    idle.request("GET", "/_clary/healthz")
    assert idle.getresponse().read() == b"ok\n"
    begun = time.monotonic()
    own_server.clary("upgrade")
    assert time.monotonic() - begun < 3
    idle.close()
    assert own_server.stop() == 0
    own_server.start(port=port)
    wait = """
import boto3, sys
from jobs import wait_for_job
job = wait_for_job(boto3.client("sagemaker"), sys.argv[1])
print(job["TrainingJobStatus"], job.get("FailureReason"))
"""
    assert machine.python(wait, name, AWS_PROFILE="clary").split()[0] == "Completed"


# A certificate of one's own.


@pytest.fixture
def own_certificate(tmp_path) -> SimpleNamespace:
    """An authority and a certificate for OTHER_ADDRESS and *.team.example, made with openssl."""
    if not shutil.which("openssl"):
        pytest.skip("openssl is not installed")
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "names").write_text(f"subjectAltName=IP:{OTHER_ADDRESS},DNS:*.team.example\n")
    new_key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    ca = ("-x509", *new_key, "-keyout", "ca-key.pem", "-out", "ca.pem", "-days", "2", "-subj", "/CN=Own CA")
    request = (*new_key, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=own")
    sign = ("-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial")
    for command in (
        ("req", *ca),
        ("req", *request),
        ("x509", *sign, "-days", "2", "-extfile", "names", "-out", "leaf.pem"),
    ):
        subprocess.run(["openssl", *command], cwd=folder, check=True, capture_output=True)
    (folder / "chain.pem").write_text((folder / "leaf.pem").read_text() + (folder / "ca.pem").read_text())
    return SimpleNamespace(folder=folder, chain=str(folder / "chain.pem"), key=str(folder / "key.pem"))


def test_a_certificate_of_ones_own(own_server, own_certificate, machine, unique):
    own_server.arguments = (
        *("--host", "0.0.0.0", "--tls"),
        *("--tls-certificate", own_certificate.chain, "--tls-key", own_certificate.key),
    )
    own_server.start()
    # The only name in it that leads anywhere.
    assert own_server.url == f"https://{OTHER_ADDRESS}:{own_server.port}"
    user = add_user(own_server, "eve")
    arguments = ("--access-key", user["accessKeyIds"][0])
    unknown = machine.login(own_server.url, *arguments, secret=user["secretAccessKey"])
    assert unknown.returncode != 0 and "--ca-file" in unknown.stderr and machine.files() == {}
    ca = str(own_certificate.folder / "ca.pem")
    result = machine.login(own_server.url, *arguments, "--ca-file", ca, secret=user["secretAccessKey"])
    assert result.returncode == 0, result.stderr
    assert machine.python(WORK, unique("own"), AWS_PROFILE="clary").startswith("Completed")
    # Its own machine's clients are given what they need too.
    environment = own_server.client_environment()
    machine.python("import boto3; boto3.client('s3').list_buckets()", **environment)
    assert not any("PRIVATE KEY" in text for text in machine.files().values())
    assert "PRIVATE KEY" not in Path(environment["AWS_CA_BUNDLE"]).read_text()


def test_files_that_do_not_go_together_are_named(tmp_path, own_certificate):
    other = str(own_certificate.folder / "ca-key.pem")
    certificate = ("--tls-certificate", own_certificate.chain)
    for arguments, words in [
        ((*certificate, "--tls-key", other), own_certificate.chain),
        ((*certificate, "--tls-key", "/nowhere"), "/nowhere"),
        (certificate, "belong together"),
    ]:
        result = serve(tmp_path, "--tls", *arguments)
        assert result.returncode not in (0, -6, -11)
        assert words in result.stderr
