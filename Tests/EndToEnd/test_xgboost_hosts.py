"""XGBoost on several hosts: the containers alone, as processes of this machine, and whole jobs."""

import io
import itertools
import json
import os
import re
import signal
import subprocess
import tarfile
import time
from pathlib import Path

import numpy
import pytest
import xgboost
from jobs import channel, log_lines, training_request, wait_for_job, wait_until
from server import CLARY

# Every group of hosts has addresses of its own, of this machine's loopback network.
networks = itertools.count(os.getpid() % 200 * 256)

PARAMETERS = {"objective": "binary:logistic", "eval_metric": "logloss", "num_round": "10", "nthread": "1"}


def rows(count: int = 3000) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Rows of few distinct values, so that any part of them has the same quantiles."""
    generator = numpy.random.default_rng(11)
    features = generator.integers(0, 20, size=(count, 4)).astype(float)
    noise = generator.normal(scale=3, size=count)
    return features, (features[:, 0] + features[:, 1] * features[:, 2] / 10 + noise > 20).astype(int)


def csv(features: numpy.ndarray, labels: numpy.ndarray) -> str:
    return "".join(
        ",".join(f"{value:g}" for value in row) + "\n" for row in numpy.column_stack([labels, features])
    )


class Hosts:
    """The containers of a job's hosts, without a platform around them."""

    def __init__(self, folder: Path, count: int, parameters: dict, channels: tuple[str, ...] = ("train",)):
        network = next(networks)
        self.names = [f"127.{network // 256 + 1}.{network % 256}.{host + 1}" for host in range(count)]
        self.roots = [folder / name for name in self.names]
        self.processes: list[subprocess.Popen] = []
        for name, root in zip(self.names, self.roots, strict=True):
            config = root / "input/config"
            config.mkdir(parents=True)
            for used in channels:
                (root / "input/data" / used).mkdir(parents=True)
            (config / "hyperparameters.json").write_text(json.dumps(PARAMETERS | parameters))
            (config / "resourceconfig.json").write_text(
                json.dumps({"current_host": name, "hosts": self.names})
            )
        self.content_type(channels, "text/csv")

    def content_type(self, channels: tuple[str, ...], name: str):
        for root in self.roots:
            inputs = {used: {"ContentType": name, "TrainingInputMode": "File"} for used in channels}
            (root / "input/config/inputdataconfig.json").write_text(json.dumps(inputs))

    def put(self, host: int, text: str, channel: str = "train"):
        (self.roots[host] / "input/data" / channel / "part").write_text(text)

    def start(self) -> "Hosts":
        for root in self.roots:
            with (root / "log").open("wb") as log:
                self.processes.append(
                    subprocess.Popen(
                        [CLARY, "algorithm", "xgboost", "train", "--root", root], stdout=log, stderr=log
                    )
                )
        return self

    def wait(self, limit: float = 60) -> list[int]:
        return [process.wait(limit) for process in self.processes]

    def log(self, host: int) -> str:
        return (self.roots[host] / "log").read_text()

    def failure(self, host: int) -> str:
        return (self.roots[host] / "output/failure").read_text()

    def models(self) -> list[int]:
        return [host for host, root in enumerate(self.roots) if (root / "model/xgboost-model").exists()]

    def model(self, host: int = 0) -> xgboost.Booster:
        booster = xgboost.Booster()
        booster.load_model(bytearray((self.roots[host] / "model/xgboost-model").read_bytes()))
        return booster


@pytest.fixture
def hosts(tmp_path):
    """Makes groups of hosts, and leaves none of them running."""
    made: list[Hosts] = []

    def make(count: int, channels: tuple[str, ...] = ("train",), **parameters: str) -> Hosts:
        folder = tmp_path / str(len(made))
        made.append(Hosts(folder, count, parameters, channels))
        return made[-1]

    yield make
    for process in [process for group in made for process in group.processes if process.poll() is None]:
        process.kill()
        process.wait()


def reported(log: str, name: str) -> list[float]:
    """The values of a metric, round by round."""
    found = [line.partition(f"#011{name}:")[2] for line in log.splitlines() if f"#011{name}:" in line]
    return [float(text.partition("#011")[0]) for text in found]


@pytest.mark.parametrize("count", [2, 3])
def test_shards_make_the_model_of_the_whole(hosts, count):
    features, labels = rows()
    group = hosts(count, tree_method="hist", base_score="0.5")
    for host in range(count):
        group.put(host, csv(features[host::count], labels[host::count]))
    assert group.start().wait() == [0] * count, [group.log(host) for host in range(count)]
    assert group.models() == [0], "the first host alone saves the model"

    whole = xgboost.train(
        {"objective": "binary:logistic", "tree_method": "hist", "base_score": 0.5, "eval_metric": "logloss"},
        data := xgboost.DMatrix(features, labels),
        num_boost_round=10,
        evals=[(data, "train")],
        evals_result=(history := {}),
        verbose_eval=False,
    )
    numpy.testing.assert_allclose(group.model().predict(data), whole.predict(data), atol=2e-2)
    # Metrics are those of all rows, and only the first host reports them.
    numpy.testing.assert_allclose(
        reported(group.log(0), "train-logloss"), history["train"]["logloss"], atol=2e-3
    )
    assert all(not reported(group.log(host), "train-logloss") for host in range(1, count))


def test_metrics_and_the_last_round_are_those_of_all_rows(hosts):
    features, labels = rows()
    group = hosts(
        2,
        ("train", "validation"),
        tree_method="hist",
        num_round="200",
        early_stopping_rounds="4",
        eval_metric="f1,accuracy,rmse",
    )
    for host in range(2):
        group.put(host, csv(features[host:2000:2], labels[host:2000:2]))
    # The hosts' own scores differ widely: had each of them decided for itself, they would not end together.
    order = numpy.argsort(features[2000:, 0]) + 2000
    for host, part in enumerate((order[:700], order[700:])):
        group.put(host, csv(features[part], labels[part]), "validation")
    assert group.start().wait() == [0, 0], (group.log(0), group.log(1))
    rounds = reported(group.log(0), "validation-rmse")
    assert 4 < len(rounds) < 200
    best = int(numpy.argmin(rounds))
    booster = group.model()
    assert booster.num_boosted_rounds() == best + 1
    predicted = booster.predict(xgboost.DMatrix(features[2000:]))
    right = ((predicted > 0.5) == labels[2000:]).mean()
    assert reported(group.log(0), "validation-accuracy")[best] == pytest.approx(right, abs=1e-5)


def test_hosts_without_data_take_no_part(hosts):
    features, labels = rows(300)
    group = hosts(3)
    group.put(1, csv(features[:150], labels[:150]))
    group.put(2, csv(features[150:], labels[150:]))
    assert group.start().wait() == [0, 0, 0], group.log(0)
    assert f"Host {group.names[0]} not being used for distributed training." in group.log(0)
    assert group.models() == [1], "the first host that has data speaks for all"
    assert len(reported(group.log(1), "train-logloss")) == 10

    alone = hosts(2)
    alone.put(0, csv(features, labels))
    assert alone.start().wait() == [0, 0]
    assert "Only 1 host with training data" in alone.log(0)
    assert f"Host {alone.names[1]} not being used" in alone.log(1)

    nobody = hosts(2)
    assert nobody.start().wait() == [2, 2]
    assert "No data in training channel path" in nobody.failure(0)


def test_libsvm_parts_of_different_widths_make_one_table(hosts):
    group = hosts(2, ("train",))
    group.content_type(("train",), "text/libsvm")
    group.put(0, "".join(f"{x % 2} 1:{x % 2} 2:{x}\n" for x in range(40)))
    group.put(1, "".join(f"{x % 2} 1:{x % 2} 5:{x}\n" for x in range(40)))
    assert group.start().wait() == [0, 0], group.log(1)
    assert group.model().num_features() == 6


def test_tables_of_different_widths_fail_with_the_hosts_names(hosts):
    group = hosts(2)
    group.put(0, "1,2,3\n0,1,1\n")
    group.put(1, "1,2\n0,1\n")
    assert group.start().wait() == [2, 2]
    for host in range(2):
        expected = f"2 feature columns on {group.names[0]} and 1 on {group.names[1]}"
        assert expected in group.failure(host)


def test_bad_data_on_one_host_fail_all_in_its_words(hosts):
    group = hosts(2)
    group.put(0, "1,2,3\n0,1,1\n")
    group.put(1, "1,2,3\n0,oops,1\n")
    assert group.start().wait() == [2, 2]
    assert "'oops' is not a number" in group.failure(1)
    assert f"Host {group.names[1]}: " in group.failure(0)
    assert "'oops' is not a number" in group.failure(0)


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_a_host_that_dies_fails_the_others_at_once_by_name(hosts, victim):
    features, labels = rows(2000)
    group = hosts(3, num_round="1000000", tree_method="hist")
    for host in range(3):
        group.put(host, csv(features[host::3], labels[host::3]))
    group.start()
    wait_until(lambda: len(reported(group.log(0), "train-logloss")), lambda rounds: rounds > 5)
    group.processes[victim].kill()
    start = time.monotonic()
    codes = group.wait(20)
    assert time.monotonic() - start < 10
    for host in {0, 1, 2} - {victim}:
        assert codes[host] == 1
        assert f"Host {group.names[victim]}: it is gone" in group.failure(host)


def test_a_host_that_dies_before_the_meeting_does_not_hold_the_others(hosts):
    features, labels = rows(100)
    group = hosts(2)
    for host in range(2):
        group.put(host, csv(features, labels))
    # The second host stops at once: only the first waits for it, until it hears of its end.
    (group.roots[1] / "input/config/hyperparameters.json").write_text(json.dumps({"eta": "7"}))
    assert group.start().wait() == [2, 2]
    assert f"Host {group.names[1]}: " in group.failure(0)
    assert "num_round" in group.failure(0) or "eta" in group.failure(0)


def test_sigterm_saves_one_model_and_checkpoints_go_on(hosts):
    features, labels = rows(1000)
    group = hosts(2, num_round="1000000", save_model_on_termination="true", tree_method="hist")
    for host, root in enumerate(group.roots):
        (root / "checkpoints").mkdir()
        group.put(host, csv(features[host::2], labels[host::2]))
    group.start()
    wait_until(lambda: len(reported(group.log(0), "train-logloss")), lambda rounds: rounds > 5)
    for process in group.processes:
        process.send_signal(signal.SIGTERM)
    assert group.wait() == [0, 0], group.log(0)
    rounds = group.model().num_boosted_rounds()
    names = sorted(path.name for path in (group.roots[0] / "checkpoints").iterdir())
    assert f"xgboost-checkpoint.{rounds - 1}" in names
    assert not list((group.roots[1] / "checkpoints").iterdir())

    again = hosts(2, num_round=str(rounds + 3), tree_method="hist")
    for host, root in enumerate(again.roots):
        (root / "checkpoints").mkdir()
        again.put(host, csv(features[host::2], labels[host::2]))
    newest = f"xgboost-checkpoint.{rounds - 1}"
    (again.roots[0] / "checkpoints" / newest).write_bytes(
        (group.roots[0] / "checkpoints" / newest).read_bytes()
    )
    assert again.start().wait() == [0, 0], again.log(0)
    assert f"Resuming from checkpoint of round {rounds - 1}" in again.log(0)
    assert len(reported(again.log(0), "train-logloss")) == 3
    assert again.model().num_boosted_rounds() == rounds + 3


def model_of(s3, job: dict) -> xgboost.Booster:
    bucket, _, key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").partition("/")
    packed = io.BytesIO(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
    with tarfile.open(fileobj=packed) as archive:
        assert archive.getnames().count("xgboost-model") == 1
        model = archive.extractfile("xgboost-model").read()
    booster = xgboost.Booster()
    booster.load_model(bytearray(model))
    return booster


def test_a_job_of_two_instances_is_as_good_as_one(sagemaker, s3, logs, bucket, unique):
    features, labels = rows()
    folder = unique("hosts")
    s3.put_object(Bucket=bucket, Key=f"{folder}/train/a.csv", Body=csv(features[:1200], labels[:1200]))
    s3.put_object(
        Bucket=bucket, Key=f"{folder}/train/b.csv", Body=csv(features[1200:2400], labels[1200:2400])
    )
    s3.put_object(Bucket=bucket, Key=f"{folder}/validation/v.csv", Body=csv(features[2400:], labels[2400:]))
    accuracies, values = [], []
    for count in (1, 2):
        name = unique(f"hosts-{count}")
        parameters = {
            "objective": "binary:logistic",
            "num_round": "15",
            "tree_method": "hist",
            "max_depth": "3",
        }
        request = training_request(
            name,
            bucket,
            HyperParameters=parameters | {"eval_metric": "error"},
            InputDataConfig=[
                channel("train", f"s3://{bucket}/{folder}/train/"),
                channel("validation", f"s3://{bucket}/{folder}/validation/"),
            ],
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 1},
        )
        sagemaker.create_training_job(**request)
        job = wait_for_job(sagemaker, name)
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        predicted = model_of(s3, job).predict(xgboost.DMatrix(features[2400:])) > 0.5
        accuracies.append((predicted == labels[2400:]).mean())
        lines = log_lines(logs, name)
        assert len([line for line in lines if "#011validation-error:" in line]) == 15
        assert len([line for line in lines if "Train matrix has 2400 rows" in line]) == count
        metrics = {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}
        values.append(metrics["validation:error"])
    assert accuracies[0] > 0.8
    assert accuracies[1] > accuracies[0] - 0.03
    assert values[1] == pytest.approx(1 - accuracies[1], abs=1e-5)


def test_a_job_on_shards_is_as_good_as_one_instance_on_everything(sagemaker, s3, logs, bucket, unique):
    features, labels = rows()
    folder = unique("shards")
    # Halves of different lengths, so that the logs tell who saw which.
    for name, part in (("a", slice(0, 1300)), ("b", slice(1300, 2400))):
        s3.put_object(Bucket=bucket, Key=f"{folder}/{name}.csv", Body=csv(features[part], labels[part]))
    accuracies, seen = {}, {}
    for count, distribution in ((1, "FullyReplicated"), (2, "ShardedByS3Key")):
        name = unique(f"shards-{count}")
        train = channel("train", f"s3://{bucket}/{folder}/")
        train["DataSource"]["S3DataSource"]["S3DataDistributionType"] = distribution
        parameters = {
            "objective": "binary:logistic",
            "num_round": "15",
            "tree_method": "hist",
            "max_depth": "3",
        }
        request = training_request(
            name,
            bucket,
            HyperParameters=parameters,
            InputDataConfig=[train],
            ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": count, "VolumeSizeInGB": 1},
        )
        sagemaker.create_training_job(**request)
        job = wait_for_job(sagemaker, name)
        assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
        predicted = model_of(s3, job).predict(xgboost.DMatrix(features[2400:])) > 0.5
        accuracies[count] = (predicted == labels[2400:]).mean()
        found = [re.search(r"Train matrix has (\d+) rows", line) for line in log_lines(logs, name)]
        seen[count] = sorted(int(match[1]) for match in found if match)
    assert seen == {1: [2400], 2: [1100, 1300]}, "each instance has its half"
    assert accuracies[1] > 0.8
    assert accuracies[2] == pytest.approx(accuracies[1], abs=0.03)


def test_an_instance_that_is_killed_fails_the_job_by_name(sagemaker, s3, logs, bucket, unique):
    features, labels = rows()
    folder, name = unique("killed"), unique("killed")
    s3.put_object(Bucket=bucket, Key=f"{folder}/a.csv", Body=csv(features, labels))
    request = training_request(
        name,
        bucket,
        HyperParameters=PARAMETERS | {"num_round": "10000000"},
        InputDataConfig=[channel("train", f"s3://{bucket}/{folder}/")],
        ResourceConfig={"InstanceType": "ml.m5.large", "InstanceCount": 2, "VolumeSizeInGB": 1},
    )
    sagemaker.create_training_job(**request)
    wait_until(
        lambda: log_lines(logs, name),
        lambda lines: any("#011train-logloss:" in line for line in lines),
    )
    os.kill(container_process(name, "algo-2"), signal.SIGKILL)
    start = time.monotonic()
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Failed"
    assert "algo-2" in job["FailureReason"]
    assert time.monotonic() - start < 60


def container_process(job: str, host: str) -> int:
    """The process that trains on a host of a job."""
    for folder in Path("/proc").iterdir():
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            environment = (folder / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if (
            b"xgboost" in command
            and b"init" not in command
            and f"TRAINING_JOB_NAME={job}".encode() in environment
            and f"CURRENT_HOST={host}".encode() in environment
        ):
            return int(folder.name)
    raise AssertionError(f"no process of {job} on {host}")
