"""What a training container finds, and what is made of what it leaves: a bash script in the image's place."""

import io
import json
import tarfile
import time

import pytest
from botocore.exceptions import ClientError
from jobs import channel, log_lines, script_request, wait_for_job, wait_until


def run(sagemaker, name: str, bucket: str, script: str, **changes) -> dict:
    sagemaker.create_training_job(**script_request(name, bucket, script, **changes))
    return wait_for_job(sagemaker, name)


def contents(s3, uri: str) -> dict[str, str]:
    """Regular files of a tar.gz in S3."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body), mode="r:gz") as archive:
        return {
            member.name.removeprefix("./"): archive.extractfile(member).read().decode()
            for member in archive.getmembers()
            if member.isfile()
        }


def test_configuration_files_have_the_recorded_form(sagemaker, s3, bucket, unique):
    job = run(
        sagemaker,
        unique("files"),
        bucket,
        "cp /opt/ml/input/config/*.json /opt/ml/model/",
        HyperParameters={"a": "1", "b": '"text"'},
        InputDataConfig=[
            channel("train", f"s3://{bucket}/train/"),
            channel("plain", f"s3://{bucket}/train/", None),
        ],
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert json.loads(files["hyperparameters.json"]) == {"a": "1", "b": '"text"'}
    assert json.loads(files["inputdataconfig.json"]) == {
        "train": {
            "ContentType": "text/csv",
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
        },
        "plain": {
            "TrainingInputMode": "File",
            "S3DistributionType": "FullyReplicated",
            "RecordWrapperType": "None",
        },
    }
    resources = json.loads(files["resourceconfig.json"])
    assert resources["current_host"] == "algo-1"
    assert resources["hosts"] == ["algo-1"]
    assert resources["current_instance_type"] == "ml.m5.large"
    assert resources["network_interface_name"] == "eth0"
    assert resources["instance_groups"] == [
        {"instance_group_name": "homogeneousCluster", "instance_type": "ml.m5.large", "hosts": ["algo-1"]}
    ]


def test_environment_and_folders(sagemaker, s3, bucket, unique):
    name = unique("environment")
    script = """
        env > /opt/ml/model/env
        id -u > /opt/ml/model/uid
        hostname > /opt/ml/model/hostname
        ls -d /opt/ml/output/data /opt/ml/input/config > /opt/ml/model/folders
        touch /usr/x 2>/dev/null && echo writable > /opt/ml/model/root
        echo private > /tmp/x && ls /tmp > /opt/ml/model/tmp
    """
    job = run(sagemaker, name, bucket, script, Environment={"MINE": "a b"})
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    variables = dict(line.partition("=")[::2] for line in files["env"].splitlines())
    assert variables["TRAINING_JOB_NAME"] == name
    assert variables["TRAINING_JOB_ARN"] == job["TrainingJobArn"].lower()
    assert variables["AWS_REGION"] == variables["AWS_DEFAULT_REGION"] == "us-east-1"
    assert variables["MINE"] == "a b"
    assert files["uid"].strip() == "0"
    assert files["hostname"].strip() == "algo-1"
    assert "root" not in files
    assert files["tmp"].split() == ["x"]


def test_a_channel_may_be_changed_without_touching_the_objects(sagemaker, s3, bucket, unique):
    script = """
        cd /opt/ml/input/data/train && cat data.csv > /opt/ml/model/copy && chmod +x data.csv &&
        echo more >> data.csv && rm data.csv && touch new
    """
    inputs = [channel("train", f"s3://{bucket}/train/")]
    job = run(sagemaker, unique("channel"), bucket, script, InputDataConfig=inputs)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    stored = s3.get_object(Bucket=bucket, Key="train/data.csv")["Body"].read().decode()
    assert contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])["copy"] == stored
    listing = s3.list_objects_v2(Bucket=bucket, Prefix="train/")["Contents"]
    assert [item["Key"] for item in listing] == ["train/data.csv"]


def test_prefixes_become_relative_paths(sagemaker, s3, bucket, unique):
    prefix = unique("paths")
    for key in ("a/b.csv", "c.csv"):
        s3.put_object(Bucket=bucket, Key=f"{prefix}/{key}", Body=key)
    script = "cd /opt/ml/input/data && find . -type f | sort > /opt/ml/model/found"
    inputs = [
        channel("folder", f"s3://{bucket}/{prefix}"),
        channel("slash", f"s3://{bucket}/{prefix}/"),
        channel("object", f"s3://{bucket}/{prefix}/a/b.csv"),
    ]
    job = run(sagemaker, unique("paths"), bucket, script, InputDataConfig=inputs)
    found = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])["found"].split()
    assert {path for path in found if not path.endswith("-manifest")} == {
        "./folder/a/b.csv",
        "./folder/c.csv",
        "./slash/a/b.csv",
        "./slash/c.csv",
        "./object/b.csv",
    }


def test_output_data_and_logs_arrive(sagemaker, s3, logs, bucket, unique):
    name = unique("output")
    job = run(
        sagemaker, name, bucket, "echo to-stdout; echo to-stderr >&2; echo 42 > /opt/ml/output/data/answer"
    )
    assert contents(s3, f"s3://{bucket}/out/{name}/output/output.tar.gz") == {"answer": "42\n"}
    assert job["TrainingJobStatus"] == "Completed"
    assert {"to-stdout", "to-stderr"} <= set(log_lines(logs, name))


def test_a_failure_file_becomes_the_reason_and_artifacts_are_kept(sagemaker, s3, bucket, unique):
    name = unique("failure")
    script = "echo partial > /opt/ml/model/partial; echo 'out of luck' > /opt/ml/output/failure; exit 3"
    job = run(sagemaker, name, bucket, script)
    assert job["TrainingJobStatus"] == job["SecondaryStatus"] == "Failed"
    assert "AlgorithmError: out of luck" in job["FailureReason"]
    assert "exit code: 3" in job["FailureReason"]
    assert contents(s3, f"s3://{bucket}/out/{name}/output/model.tar.gz") == {"partial": "partial\n"}


def test_an_exit_code_or_a_signal_is_said(sagemaker, bucket, unique):
    job = run(sagemaker, unique("code"), bucket, "echo last words; exit 7")
    assert job["TrainingJobStatus"] == "Failed"
    assert "7" in job["FailureReason"]
    job = run(sagemaker, unique("signal"), bucket, "kill -SEGV $$")
    assert job["TrainingJobStatus"] == "Failed"
    assert "SIGSEGV" in job["FailureReason"] or "signal 11" in job["FailureReason"]


def test_a_missing_program_is_said(sagemaker, bucket, unique):
    request = script_request(unique("missing"), bucket, "")
    request["AlgorithmSpecification"]["ContainerEntrypoint"] = ["/no/such/program"]
    sagemaker.create_training_job(**request)
    job = wait_for_job(sagemaker, request["TrainingJobName"])
    assert job["TrainingJobStatus"] == "Failed"
    assert "The command '/no/such/program' was not found" in job["FailureReason"]


def test_the_run_time_limit_stops_a_job(sagemaker, s3, logs, bucket, unique):
    name = unique("limit")
    script = "trap 'echo termed > /opt/ml/model/termed; exit 0' TERM; while :; do sleep 0.1; done"
    begun = time.monotonic()
    job = run(sagemaker, name, bucket, script, StoppingCondition={"MaxRuntimeInSeconds": 2})
    assert (job["TrainingJobStatus"], job["SecondaryStatus"]) == ("Stopped", "MaxRuntimeExceeded")
    assert time.monotonic() - begun < 30
    assert contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"]) == {"termed": "termed\n"}
    assert any("its MaxRuntimeInSeconds (2) was over" in line for line in log_lines(logs, name))


def test_two_instances_are_machines_of_their_own_that_find_each_other(sagemaker, s3, bucket, unique):
    # Both listen on the same port of all their addresses; each fetches a line from the other.
    script = """
        me=$(sed 's/.*"current_host":"\\([^"]*\\)".*/\\1/' /opt/ml/input/config/resourceconfig.json)
        other=algo-1; [ $me = algo-1 ] && other=algo-2
        python3 - $me $other <<'PY' || exit 1
import socket, sys, threading, time
me, other = sys.argv[1:]
listener = socket.create_server(("0.0.0.0", 9999))
def answer():
    peer, _ = listener.accept()
    peer.sendall(me.encode()); peer.close()
thread = threading.Thread(target=answer); thread.start()
for _ in range(200):
    try:
        connection = socket.create_connection((other, 9999), timeout=5); break
    except OSError: time.sleep(0.05)
said = connection.recv(100).decode()
thread.join()
open(f"/opt/ml/model/{me}", "w").write(said)
PY
    """
    resources = {"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1}
    job = run(sagemaker, unique("pair"), bucket, script, ResourceConfig=resources)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"]) == {"algo-1": "algo-2", "algo-2": "algo-1"}


def test_no_process_or_file_of_the_machine_is_visible(sagemaker, s3, server, bucket, unique):
    script = f"""
        ls /proc | grep -c '^[0-9]' > /opt/ml/model/processes
        [ -e {server.data} ] && echo visible > /opt/ml/model/data
        (echo > /dev/tcp/127.0.0.1/{server.port}) 2>/dev/null && echo open > /opt/ml/model/port
        exit 0
    """
    job = run(sagemaker, unique("private"), bucket, script, EnableNetworkIsolation=True)
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert int(files["processes"]) < 10
    assert files.keys() == {"processes"}


def test_checkpoints_are_restored_and_synchronised(sagemaker, s3, bucket, unique):
    prefix = unique("checkpoints")
    s3.put_object(Bucket=bucket, Key=f"{prefix}/before", Body="1")
    job = run(
        sagemaker,
        unique("checkpoint"),
        bucket,
        "cd /state && [ $(cat before) = 1 ] && echo 2 > after",
        CheckpointConfig={"S3Uri": f"s3://{bucket}/{prefix}", "LocalPath": "/state"},
    )
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    assert s3.get_object(Bucket=bucket, Key=f"{prefix}/after")["Body"].read() == b"2\n"


def test_a_checkpoint_arrives_while_the_job_runs(sagemaker, s3, bucket, unique):
    prefix, name = unique("checkpoints"), unique("live")
    sagemaker.create_training_job(
        **script_request(
            name,
            bucket,
            "echo early > /opt/ml/checkpoints/early; sleep 60",
            CheckpointConfig={"S3Uri": f"s3://{bucket}/{prefix}"},
        )
    )
    wait_until(
        lambda: s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/").get("KeyCount", 0),
        lambda count: count > 0,
        45,
    )
    sagemaker.stop_training_job(TrainingJobName=name)
    assert wait_for_job(sagemaker, name)["TrainingJobStatus"] == "Stopped"


def test_tensorboard_files_arrive_while_the_job_runs_and_at_its_end(sagemaker, s3, bucket, unique):
    prefix, name = unique("board"), unique("board")
    sagemaker.create_training_job(
        **script_request(
            name,
            bucket,
            "cat $C/tensorboardoutputconfig.json; D=/opt/ml/output/tensorboard; mkdir $D/run; "
            "trap 'echo late > $D/late; exit 3' TERM; while :; do echo x >> $D/run/events; sleep 0.2; done",
            Environment={"C": "/opt/ml/input/config"},
            TensorBoardOutputConfig={"S3OutputPath": f"s3://{bucket}/{prefix}"},
        )
    )

    def keys() -> set[str]:
        page = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/")
        return {
            entry["Key"].removeprefix(f"{prefix}/{name}/tensorboard-output/")
            for entry in page.get("Contents", [])
        }

    # The file never stays the same between two looks.
    wait_until(keys, lambda found: found == {"run/events"}, 45)
    sagemaker.stop_training_job(TrainingJobName=name)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Stopped"
    assert keys() == {"run/events", "late"}
    assert job["TensorBoardOutputConfig"] == {"S3OutputPath": f"s3://{bucket}/{prefix}"}


def test_tensorboard_files_of_several_failing_hosts_arrive(sagemaker, s3, logs, bucket, unique):
    prefix, name = unique("board"), unique("board")
    job = run(
        sagemaker,
        name,
        bucket,
        "cat /opt/ml/input/config/tensorboardoutputconfig.json; echo; echo $(hostname) > /events/$(hostname); sleep 3; exit 1",
        TensorBoardOutputConfig={"S3OutputPath": f"s3://{bucket}/{prefix}/", "LocalPath": "/events/"},
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1},
    )
    assert job["TrainingJobStatus"] == "Failed"
    page = s3.list_objects_v2(Bucket=bucket, Prefix=f"{prefix}/{name}/tensorboard-output/")
    assert {entry["Key"].rpartition("/")[2] for entry in page["Contents"]} == {"algo-1", "algo-2"}
    assert f'{{"S3OutputPath":"s3://{bucket}/{prefix}/","LocalPath":"/events/"}}' in log_lines(logs, name)
    assert not any("TensorBoardOutputConfig has no effect" in line for line in log_lines(logs, name))


def test_a_tensorboard_path_without_a_bucket_is_refused(sagemaker, bucket, unique):
    request = script_request(
        unique("board"), bucket, "true", TensorBoardOutputConfig={"S3OutputPath": "s3://no-such-bucket/x"}
    )
    with pytest.raises(sagemaker.exceptions.ClientError, match="TensorBoardOutputConfig.S3OutputPath"):
        sagemaker.create_training_job(**request)


ASK_FOR_CREDENTIALS = """
import json, os, urllib.error, urllib.request
uri, token = os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"], os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"]
answer = json.load(urllib.request.urlopen(urllib.request.Request(uri, headers={"Authorization": token}), timeout=5))
try:
    urllib.request.urlopen(urllib.request.Request(uri, headers={"Authorization": "guess"}), timeout=5)
except urllib.error.HTTPError as error:
    answer["refusal"] = error.code
answer["static"] = [name for name in os.environ if name.startswith(("AWS_ACCESS", "AWS_SECRET", "AWS_SESSION"))]
json.dump(answer, open("/opt/ml/model/credentials", "w"))
"""


def test_a_container_has_credentials_of_its_role_until_it_ends(aws, sagemaker, s3, bucket, unique):
    script = f"python3 - <<'END'\n{ASK_FOR_CREDENTIALS}\nEND\n"
    job = run(sagemaker, unique("role"), bucket, script)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    answer = json.loads(contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])["credentials"])
    assert answer["AccessKeyId"].startswith("ASIA")
    assert answer["refusal"] == 401
    assert answer["static"] == []
    sts = aws(
        "sts",
        aws_access_key_id=answer["AccessKeyId"],
        aws_secret_access_key=answer["SecretAccessKey"],
        aws_session_token=answer["Token"],
    )

    def refusal() -> str | None:
        try:
            sts.get_caller_identity()
        except ClientError as error:
            return error.response["Error"]["Code"]
        return None

    wait_until(refusal, lambda code: code == "InvalidClientTokenId", limit=10)


# The SDKs call STS by a name that they have built in; the proxy answers for it, and lets nobody at this machine.
BUILT_IN_HOSTS = """
import http.client, json, os, ssl, urllib.parse
proxy = urllib.parse.urlsplit(os.environ["HTTPS_PROXY"])
trust = ssl.create_default_context(cafile=os.environ["AWS_CA_BUNDLE"])
connection = http.client.HTTPSConnection(proxy.hostname, proxy.port, context=trust, timeout=10)
connection.set_tunnel("sts.eu-west-1.amazonaws.com", 443)
connection.request("GET", "/?Action=GetCallerIdentity&Version=2011-06-15")
answer = connection.getresponse()
found = {"status": answer.status, "body": answer.read().decode(), "direct": os.environ["NO_PROXY"]}
connection = http.client.HTTPSConnection(proxy.hostname, proxy.port, timeout=10)
connection.set_tunnel("127.0.0.1", PORT)
try:
    connection.request("GET", "/")
except OSError as error:
    found["refusal"] = str(error)
json.dump(found, open("/opt/ml/model/found", "w"))
"""


def test_hosts_that_clients_have_built_in_are_answered_inside(sagemaker, s3, server, bucket, unique):
    program = BUILT_IN_HOSTS.replace("PORT", str(server.port))
    job = run(sagemaker, unique("hosts"), bucket, f"python3 - <<'PY'\n{program}PY\n")
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    found = json.loads(contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])["found"])
    assert found["status"] == 403 and "MissingAuthenticationToken" in found["body"]
    assert "403" in found["refusal"] and "loopback" in found["refusal"]
    assert "algo-1" in found["direct"].split(",")


def test_an_isolated_container_has_no_way_out(sagemaker, s3, bucket, unique):
    script = "env > /opt/ml/model/env; ls /run/clary > /opt/ml/model/run; exit 0"
    job = run(sagemaker, unique("isolated"), bucket, script, EnableNetworkIsolation=True)
    files = contents(s3, job["ModelArtifacts"]["S3ModelArtifacts"])
    assert "PROXY" not in files["env"].upper() and "AWS_ACCESS_KEY_ID" not in files["env"]
    assert "gateway" not in files["run"]
