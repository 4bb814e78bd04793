"""Somebody's own container images train unchanged: the whole contract, by a container engine."""

import json
import time

import podman
import pytest
from jobs import XGBOOST, channel, log_lines, wait_for_job, wait_until
from server import Server
from test_contract import contents

TRAIN = """#!/bin/sh
cp /opt/ml/input/data/train/data.csv /opt/ml/model/copy
chmod 777 /opt/ml/input/data/train/data.csv && echo more >> /opt/ml/input/data/train/data.csv
cat /opt/ml/input/config/hyperparameters.json > /opt/ml/model/hyperparameters
env > /opt/ml/model/env
id -u > /opt/ml/model/uid
hostname > /opt/ml/model/hostname
pwd > /opt/ml/model/pwd
echo "called $(basename $0): $*"
echo to-stderr >&2
df -k /dev/shm | tail -1 > /opt/ml/model/shm
echo 42 > /opt/ml/output/data/answer
"""


@pytest.fixture(scope="module")
def program(shell_image) -> str:
    """A shell script below /opt/program, as in SageMaker's examples."""
    lines = """
ENV PATH="/opt/program:/usr/local/bin:/usr/bin:/bin" OWN=image BOTH=image
COPY train /opt/program/train
WORKDIR /opt/program
"""
    return shell_image("shell-trainer:1", lines, {"train": TRAIN})


@pytest.fixture(scope="module")
def bare(engine) -> str:
    """An image with nothing but a root file system: what runs, the request says."""
    return podman.BASE


def script(text: str) -> dict:
    return {"ContainerEntrypoint": ["/bin/sh", "-c"], "ContainerArguments": [text]}


def test_an_own_image_trains_with_the_whole_contract(train, s3, logs, bucket, unique, program, engine):
    name = unique("own")
    job = train(program, name, HyperParameters={"a": "1"}, Environment={"MINE": "a b", "BOTH": "job"})
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert files["copy"] == "1,2\n3,4\n"
    assert s3.get_object(Bucket=bucket, Key="train/data.csv")["Body"].read() == b"1,2\n3,4\n"
    assert json.loads(files["hyperparameters"]) == {"a": "1"}
    variables = dict(line.partition("=")[::2] for line in files["env"].splitlines())
    assert variables["TRAINING_JOB_NAME"] == name
    assert variables["OWN"] == "image" and variables["BOTH"] == "job" and variables["MINE"] == "a b"
    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4050"
    assert variables["AWS_CONTAINER_CREDENTIALS_FULL_URI"].startswith("http://127.0.0.1:4052/")
    assert variables["HOME"] == "/root"
    assert files["uid"].strip() == "0"
    assert files["hostname"].strip() == "algo-1"
    assert files["pwd"].strip() == "/opt/program"
    assert int(files["shm"].split()[1]) >= 512 << 10
    lines = log_lines(logs, name)
    assert {"called train: ", "to-stderr"} <= set(lines)
    assert any(line.startswith(f"[clary] Image {program}: ") and "sha256:" in line for line in lines)
    assert contents(s3, f"s3://{bucket}/out/{name}/output/output.tar.gz") == {"answer": "42\n"}
    assert job["FinalMetricDataList"] == [] if "FinalMetricDataList" in job else True
    wait_until(engine.containers, lambda names: names == [], 10)


def test_entry_points_are_joined_as_an_engine_joins_them(train, logs, unique, shell_image):
    say = '#!/bin/sh\necho "$(basename $0) got: $*"\n'
    image = shell_image(
        "entry:1", 'COPY say /say\nENTRYPOINT ["/say", "fixed"]\nCMD ["replaced"]', {"say": say}
    )
    shell = shell_image("entry:2", "ENTRYPOINT echo shell form: $0")
    for wanted, uri, algorithm in [
        ("say got: fixed train", image, {}),
        ("say got: fixed a b", image, {"ContainerArguments": ["a", "b"]}),
        ("other", image, {"ContainerEntrypoint": ["/bin/echo", "other"]}),
        ("shell form: train", shell, {}),
    ]:
        name = unique("entry")
        job = train(uri, name, algorithm=algorithm)
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        assert wanted in log_lines(logs, name)


def test_an_image_without_the_program_says_so(train, bare, shell_image):
    job = train(bare)
    assert job["TrainingJobStatus"] == "Failed"
    assert "'train' cannot be run: No such file or directory" in job["FailureReason"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("crlf", "#!/bin/sh\r\necho hello\r\n", "its first line ends like a line of Windows (CR LF)"),
        (
            "interpreter",
            "#!/bin/shell5\necho hello\n",
            "its first line asks for '/bin/shell5', which is not there",
        ),
    ],
)
def test_why_a_program_that_is_there_was_not_started(train, shell_image, name, content, told):
    image = shell_image(f"localhost/fault-{name}:1", "COPY train /usr/bin/train", {"train": content})
    job = train(image)
    assert job["TrainingJobStatus"] == "Failed"
    assert "'train' cannot be run" in job["FailureReason"] and told in job["FailureReason"]
    assert "was not found" not in job["FailureReason"]


def test_an_image_that_is_nowhere_fails_with_the_engines_words(train):
    job = train("localhost:1/nowhere:7")
    assert job["TrainingJobStatus"] == "Failed"
    # Nobody listens at that port: it may be another time, and is no fault of the request's.
    assert "InternalServerError" in job["FailureReason"]
    assert "pull the image localhost:1/nowhere:7" in job["FailureReason"]
    assert "`podman pull localhost:1/nowhere:7`" in job["FailureReason"]


def test_ends_are_told_as_they_are(train, bare):
    job = train(bare, algorithm=script("echo last words; exit 7"))
    assert "exit code: 7" in job["FailureReason"] and "last words" in job["FailureReason"]
    job = train(bare, algorithm=script("echo no luck > /opt/ml/output/failure; exit 3"))
    assert "AlgorithmError: no luck" in job["FailureReason"]
    job = train(bare, algorithm=script("kill -SEGV $$"))
    assert "SIGSEGV" in job["FailureReason"] or "signal" in job["FailureReason"]


def test_too_much_memory_is_named(train, bare):
    hog = "x = []; [x.append(bytearray(64 << 20)) for _ in range(1000)]"
    job = train(
        bare,
        algorithm={"ContainerEntrypoint": ["python3", "-c", hog]},
        ResourceConfig={"InstanceType": "ml.t3.medium", "InstanceCount": 1, "VolumeSizeInGB": 1},
    )
    assert job["TrainingJobStatus"] == "Failed"
    assert "memory" in job["FailureReason"].lower()


def test_a_stop_is_a_signal_to_the_entry_process(sagemaker, start, logs, bare, s3, engine):
    code = (
        "trap 'echo asked to end; echo kept > /opt/ml/model/kept; exit 0' TERM; echo up; "
        "while :; do sleep 0.1; done"
    )
    name = start(bare, algorithm=script(code))
    wait_until(lambda: log_lines(logs, name), lambda lines: "up" in lines)
    sagemaker.stop_training_job(TrainingJobName=name)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Stopped"
    assert "asked to end" in log_lines(logs, name)
    assert contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"]) == {"kept": "kept\n"}


def test_an_image_of_another_user_writes_where_it_may(train, s3, shell_image):
    code = """#!/bin/sh
id > /opt/ml/model/id
echo $HOME > /opt/ml/model/home
cat /opt/ml/input/data/train/data.csv > /opt/ml/model/copy
echo done > /opt/ml/output/data/done
mkdir -m 700 /opt/ml/model/private && echo x > /opt/ml/model/private/x
"""
    image = shell_image(
        "ordinary:1",
        "RUN echo 'app:x:1234:1234::/home/app:/bin/sh' >> /etc/passwd && echo 'app:x:1234:' >> /etc/group"
        " && echo 'more:x:77:app' >> /etc/group\nCOPY train /usr/local/bin/train\nUSER app",
        {"train": code},
    )
    job = train(image)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert files["id"] == "uid=1234(app) gid=1234(app) groups=1234(app),77(more)\n"
    assert files["home"] == "/home/app\n"
    assert files["copy"] == "1,2\n3,4\n"
    assert files["private/x"] == "x\n"


def test_shared_memory_is_half_of_the_instances(train, bare):
    code = "open('/dev/shm/x', 'wb').write(bytes(600 << 20))"
    job = train(bare, algorithm={"ContainerEntrypoint": ["python3", "-c", code]})
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")


def test_two_instances_reach_each_other_by_name(train, bare, s3):
    code = """
import json, os, socket, time
host = json.load(open("/opt/ml/input/config/resourceconfig.json"))["current_host"]
assert socket.gethostname() == host
if host == "algo-1":
    listener = socket.create_server(("0.0.0.0", 7777))
    other, address = listener.accept()
    open("/opt/ml/model/heard", "wb").write(other.recv(100))
else:
    for attempt in range(300):
        try:
            line = socket.create_connection(("algo-1", 7777), 1)
            break
        except OSError:
            time.sleep(0.1)
    line.sendall(b"hello from " + host.encode())
"""
    job = train(
        bare,
        algorithm={"ContainerEntrypoint": ["python3", "/opt/ml/input/data/code/run.py"]},
        InputDataConfig=[channel("code", upload(s3, "two", code), None)],
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1},
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    found = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert found == {"heard": "hello from algo-2"}


def upload(s3, name: str, code: str) -> str:
    s3.put_object(Bucket="own-containers", Key=f"code/{name}/run.py", Body=code)
    return f"s3://own-containers/code/{name}/"


def test_an_isolated_container_reaches_nobody(train, bare, s3, logs, unique):
    code = """
import os, socket
for name in ("AWS_ENDPOINT_URL", "AWS_CONTAINER_CREDENTIALS_FULL_URI"):
    assert name not in os.environ, name
for address in (("1.1.1.1", 53), ("127.0.0.1", 4050)):
    try:
        socket.create_connection(address, 2)
        print("reached", address)
    except OSError:
        pass
print("alone", os.path.exists("/run/clary/gateway/gateway.sock"))
"""
    name = unique("isolated")
    job = train(
        bare,
        name,
        algorithm={"ContainerEntrypoint": ["python3", "/opt/ml/input/data/code/run.py"]},
        InputDataConfig=[channel("code", upload(s3, "alone", code), None)],
        EnableNetworkIsolation=True,
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    lines = log_lines(logs, name)
    assert "alone False" in lines and not any(line.startswith("reached") for line in lines)


def test_the_platform_is_reached_with_the_rights_of_the_role(train, bare, s3, logs, unique):
    code = """
import json, os, urllib.request
request = urllib.request.Request(
    os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"],
    headers={"Authorization": os.environ.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")},
)
print("key", json.load(urllib.request.urlopen(request))["AccessKeyId"][:4])
health = urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/_clary/healthz")
print("health", health.status)
"""
    name = unique("role")
    job = train(
        bare,
        name,
        algorithm={"ContainerEntrypoint": ["python3", "/opt/ml/input/data/code/run.py"]},
        InputDataConfig=[channel("code", upload(s3, "role", code), None)],
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert {"key ASIA", "health 200"} <= set(log_lines(logs, name))


def test_an_image_that_is_here_wins_over_the_catalogue(train, logs, unique, shell_image, engine):
    image = shell_image(
        "mirrored:1", "COPY train /usr/bin/train", {"train": "#!/bin/sh\necho the original\n"}
    )
    engine.podman("tag", image, XGBOOST)
    try:
        name = unique("mirrored")
        assert train(XGBOOST, name)["TrainingJobStatus"] == "Completed"
        assert "the original" in log_lines(logs, name)
    finally:
        engine.untag(XGBOOST)
    short = "sagemaker-xgboost:1.7-1"
    engine.podman("tag", image, short)
    try:
        name = unique("alias")
        assert train(XGBOOST, name)["TrainingJobStatus"] == "Completed"
        assert "the original" in log_lines(logs, name)
        name = unique("sandbox")
        request = {"HyperParameters": {"num_round": "1", "objective": "binary:logistic"}}
        train(XGBOOST, name, Environment={"CLARY_RUNTIME": "sandbox"}, **request)
        assert "the original" not in log_lines(logs, name)
    finally:
        engine.untag(short)


def test_an_agent_that_dies_takes_its_container_along(sagemaker, start, logs, bare, engine, server):
    name = start(bare, algorithm=script("echo up; sleep 1000"))
    wait_until(lambda: log_lines(logs, name), lambda lines: "up" in lines)
    agents = [pid for pid, command in podman.processes(f"instances/t-{name}") if " agent " in command]
    assert agents
    podman.kill(agents)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Failed"
    wait_until(engine.containers, lambda names: names == [], 20)
    wait_until(engine.networks, lambda networks: not any(name in network for network in networks), 20)


def test_a_job_survives_its_server(tmp_path, engine, bare):
    server = Server(tmp_path, "--container-engine", str(engine.socket)).start()
    try:
        client = podman.client(server, "sagemaker")
        s3 = podman.client(server, "s3")
        s3.create_bucket(Bucket="kept")
        name = "survivor"
        code = (
            "echo up; while [ ! -e /opt/ml/checkpoints/go ]; do sleep 0.1; done; echo later > /opt/ml/model/x"
        )
        client.create_training_job(
            **podman.plain_request(name, "kept", bare, script(code)),
            CheckpointConfig={"S3Uri": "s3://kept/checkpoints/"},
        )
        logs = podman.client(server, "logs")
        wait_until(lambda: log_lines(logs, name), lambda lines: "up" in lines)
        server.kill()
        server.start(port=server.port)
        [directory] = (server.data / "instances").glob(f"t-{name}-*")
        (directory / "ml/checkpoints/go").touch()
        client = podman.client(server, "sagemaker")
        job = wait_for_job(client, name)
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    finally:
        server.shutdown()


def test_without_an_engine_a_job_says_how_to_get_one(tmp_path):
    server = Server(tmp_path, "--container-engine", "none").start()
    try:
        client = podman.client(server, "sagemaker")
        podman.client(server, "s3").create_bucket(Bucket="none")
        begin = time.monotonic()
        client.create_training_job(**podman.plain_request("engineless", "none", "my-own:1", {}))
        job = wait_for_job(client, "engineless")
        assert job["TrainingJobStatus"] == "Failed"
        assert "apt-get install podman" in job["FailureReason"]
        assert time.monotonic() - begin < 5
    finally:
        server.shutdown()
