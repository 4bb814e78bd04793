"""`clary env` and `clary run`: what leads an unmodified client to the server, and what undoes it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from jobs import ACCOUNT
from server import CLARY, READY, Server

IDENTITY = """
import boto3, sagemaker
from sagemaker import get_execution_role, Session
session = Session()
print(get_execution_role(session))
print(session.default_bucket())
print(session.account_id())
print(boto3.client("sts").get_caller_identity()["Arn"])
"""


def test_the_sdk_finds_role_bucket_and_account_with_nothing_but_the_evaluated_environment(run_python):
    role, bucket, account, identity = run_python(IDENTITY).splitlines()[-4:]
    assert role.startswith(f"arn:aws:iam::{ACCOUNT}:role/")
    assert bucket == f"sagemaker-us-east-1-{ACCOUNT}"
    assert account == ACCOUNT
    assert f":sts::{ACCOUNT}:assumed-role/" in identity


def test_the_same_works_without_any_network(tmp_path):
    """Server and client in a network namespace that has a loopback interface and nothing else."""
    isolate = ["unshare", "--net"] if os.getuid() == 0 else ["unshare", "--user", "--map-root-user", "--net"]
    if subprocess.run([*isolate, "true"], capture_output=True).returncode != 0:
        pytest.skip("this machine allows no network namespaces")
    server = Server(tmp_path)
    program = tmp_path / "identity.py"
    program.write_text(IDENTITY)
    script = f"""
        ip link set lo up
        {CLARY} serve --port 0 --data-dir {server.data} > {server.log_path} 2>&1 &
        server=$!
        trap 'kill $server; wait $server' EXIT
        for _ in $(seq 300); do
            grep -q '^Clary is ready at ' {server.log_path} && break
            sleep 0.1
        done
        eval "$({CLARY} env --data-dir {server.data})"
        {sys.executable} {program}
    """
    result = subprocess.run(
        [*isolate, "bash", "-euc", script],
        env=server.environment,
        capture_output=True,
        text=True,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )
    assert result.returncode == 0, f"{result.stderr}\n{server.log()}"
    assert result.stdout.splitlines()[-3] == f"sagemaker-us-east-1-{ACCOUNT}"
    assert READY.search(server.log())


def test_telemetry_stays_on_the_machine(run_python):
    source = """
import requests
host = "sm-pysdk-t-us-east-1.s3.us-east-1.amazonaws.com"
print(requests.get(f"https://{host}/telemetry?x-accountId=1", timeout=10).status_code)
"""
    assert run_python(source).strip() == "404"


UNOFFERED = """
import time, boto3, botocore, json
calls = [
    ("cloudwatch", "list_metrics", {}),
    ("kms", "list_keys", {}),
    ("ec2", "describe_instances", {}),
    ("lambda", "list_functions", {}),
    ("ssm", "get_parameter", {"Name": "p"}),
    ("events", "list_rules", {}),
    ("application-autoscaling", "describe_scalable_targets", {"ServiceNamespace": "sagemaker"}),
    ("dynamodb", "list_tables", {}),
    ("route53", "list_hosted_zones", {}),
    ("s3control", "get_public_access_block", {"AccountId": "012345678901"}),
    ("sns", "list_topics", {}),
    ("sagemaker-featurestore-runtime", "get_record",
     {"FeatureGroupName": "f", "RecordIdentifierValueAsString": "1"}),
]
for service, operation, arguments in calls:
    begin = time.monotonic()
    try:
        getattr(boto3.client(service), operation)(**arguments)
        raise SystemExit(f"{service} answered")
    except botocore.exceptions.ClientError as error:
        told = error.response["Error"]
        retries = error.response["ResponseMetadata"]["RetryAttempts"]
        print(json.dumps([service, told["Code"], told["Message"], retries, time.monotonic() - begin]))
"""


def test_a_service_that_is_not_offered_is_named_at_once_and_nothing_leaves(run_python):
    answers = [json.loads(line) for line in run_python(UNOFFERED).splitlines()]
    assert len(answers) == 12
    for service, code, message, retries, _ in answers:
        assert "is not offered by this Clary" in message and "not sent to AWS" in message, (service, message)
        assert code in ("UnknownOperationException", "InvalidAction", "ValidationError"), (service, code)
        assert retries == 0, service
    assert sum(answer[-1] for answer in answers) < 20
    assert "'monitoring' (CloudWatch)" in answers[0][2] and "'kms'" in answers[1][2]


def test_the_proxy_opens_nothing_on_this_machine_or_in_private_networks(run_python, server):
    source = f"""
import requests
for url in ("https://127.0.0.1:{server.port}/", "https://169.254.169.254/latest/meta-data/", "https://10.0.0.1/"):
    try:
        requests.get(url, timeout=10, proxies={{"https": __import__("os").environ["HTTPS_PROXY"]}})
        print("opened", url)
    except requests.exceptions.ProxyError as error:
        print("403" if "403" in str(error) else error)
"""
    environment = {**server.client_environment(), "NO_PROXY": "", "no_proxy": ""}
    assert run_python(source, env=environment).split() == ["403"] * 3


def test_the_proxy_needs_its_token(run_python, environment):
    source = """
import os, re, requests
proxy = re.sub("//[^@]*@", "//clary:wrong@", os.environ["HTTPS_PROXY"])
try:
    requests.get("https://sts.us-east-1.amazonaws.com/", timeout=10, proxies={"https": proxy})
except requests.exceptions.ProxyError as error:
    print("407" if "407" in str(error) else error)
"""
    assert (
        run_python(
            source, env={**environment, "https_proxy": "", "HTTPS_PROXY": environment["HTTPS_PROXY"]}
        ).strip()
        == "407"
    )


def test_unset_restores_the_shell(server):
    before = {"AWS_PROFILE": "work", "HTTPS_PROXY": "http://proxy.example:3128", "AWS_REGION": "eu-west-1"}
    script = f"""
        eval "$({CLARY} env --data-dir {server.data})"
        eval "$({CLARY} env --data-dir {server.data})"
        eval "$({CLARY} env --data-dir {server.data} --unset)"
        env | sort
    """
    environment = {**server.environment, **before}
    after = subprocess.run(
        ["sh", "-euc", script], env=environment, capture_output=True, text=True, check=True
    )
    plain = subprocess.run(
        ["sh", "-euc", "env | sort"], env=environment, capture_output=True, text=True, check=True
    )
    assert after.stdout == plain.stdout
    server.client_environment()  # The next evaluation forgets the other shell's proxy.


def test_json_says_the_same_as_the_exports(server, environment):
    changes = json.loads(server.clary("env", "--json").stdout)
    assert changes["AWS_ENDPOINT_URL_SAGEMAKER"] == server.url
    assert {
        name: value for name, value in changes.items() if value is not None
    }.items() <= environment.items()


def test_without_the_proxy_only_the_endpoints_are_exported(server):
    result = server.clary("env", "--no-proxy")
    assert "HTTPS_PROXY" not in result.stdout and "AWS_CA_BUNDLE" not in result.stdout
    assert f"AWS_ENDPOINT_URL_S3='{server.url}'" in result.stdout
    assert "get_execution_role" in result.stderr


def test_run_scopes_the_environment_to_one_command(server):
    show = "import os, sys; print(os.environ['AWS_ENDPOINT_URL_S3'], sys.argv[1:])"
    result = server.clary("run", "--", sys.executable, "-c", show, "--data-dir", "x")
    assert result.stdout.strip() == f"{server.url} ['--data-dir', 'x']"
    assert server.clary("run", "--", "false", check=False).returncode == 1
    missing = server.clary("run", "--", "no-such-program", check=False)
    assert missing.returncode == 127 and "no-such-program" in missing.stderr


def test_without_a_server_the_directory_is_named(tmp_path):
    result = Server(tmp_path).clary("env", check=False)
    assert result.returncode != 0 and result.stdout == ""
    assert f"No Clary server runs on {tmp_path / 'data'}" in result.stderr


def test_exports_stay_good_when_the_server_comes_back(own_server, run_python):
    own_server.start()
    port = own_server.port
    environment = own_server.client_environment()
    assert own_server.stop() == 0
    own_server.start(port=port)
    assert f"sagemaker-us-east-1-{ACCOUNT}" in run_python(IDENTITY, env=environment)


def test_a_server_started_in_a_shell_with_the_exports_goes_without_them(own_server, run_python):
    own_server.environment["HTTPS_PROXY"] = "http://me:secret@127.0.0.1:1"
    own_server.start()
    assert "clary env" not in own_server.log()
    shell = own_server.client_environment()
    assert own_server.stop() == 0
    plain, own_server.environment = own_server.environment, shell
    own_server.start()
    notice = "the server and what it starts connect through the proxy of before, 127.0.0.1:1"
    assert own_server.log().count(notice) == 1 and "secret" not in own_server.log()
    worker = Path(f"/proc/{own_server.worker}/environ")
    assert b"CLARY_ENV=" in worker.read_bytes()  # The shell's, as the process was started with it.
    own_server.environment = plain
    source = """
import os, requests
try:
    requests.get("https://pypi.org/", timeout=20, proxies={"https": os.environ["HTTPS_PROXY"]})
except requests.exceptions.ProxyError as error:
    print(error)
"""
    said = run_python(source, env=shell)
    assert "The upstream proxy 127.0.0.1:1 does not answer" in said
    own_server.client_environment()


def test_the_region_can_be_chosen(server):
    chosen = server.client_environment("--region", "eu-west-3")
    assert chosen["AWS_REGION"] == chosen["AWS_DEFAULT_REGION"] == "eu-west-3"
    refused = server.clary("env", "--region", "Paris", check=False)
    assert refused.returncode != 0 and "Paris" in refused.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_command_hears_its_signals(server, number):
    running = subprocess.Popen(
        [CLARY, "run", "--data-dir", server.data, "--", "sh", "-c", "echo up; exec sleep 60"],
        env=server.environment,
        stdout=subprocess.PIPE,
        # Whoever runs the tests in the background may ignore some, and that is inherited.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    assert running.stdout.readline() == b"up\n"
    running.send_signal(number)
    assert running.wait(20) == -number


def test_run_has_help_of_its_own(server):
    said = server.clary("run", "--help")
    assert "clary run" in said.stdout and "python train.py" in said.stdout
