"""`clary data`, beside the libraries that data people use."""

import csv
import io
import json
import subprocess
import tarfile

import numpy
import pandas
import pytest
import xgboost
from jobs import channel, training_request, wait_for_job
from server import CLARY
from sklearn.datasets import dump_svmlight_file, load_svmlight_file

parquet = pytest.importorskip("pyarrow.parquet")
pyarrow = pytest.importorskip("pyarrow")

NAMES = ["label", "f0", "f1", "f2"]


def table(count: int = 500) -> pandas.DataFrame:
    generator = numpy.random.default_rng(3)
    frame = pandas.DataFrame(generator.normal(size=(count, 4)), columns=NAMES)
    frame["label"] = generator.choice([0.0, 1.0, 2.0], size=count, p=[0.7, 0.2, 0.1])
    frame["f1"] = generator.choice([0.0, 0.5, 1e-300, -1.7976931348623157e308], size=count)
    return frame


@pytest.fixture
def data(server, tmp_path):
    """Runs `clary data`, in a folder of its own; returns what it prints."""

    def run(*arguments, fails: bool = False) -> str:
        command = [CLARY, "data", *map(str, arguments), "--data-dir", server.data]
        result = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=120)
        assert (result.returncode != 0) == fails, result.stdout + result.stderr
        return result.stderr if fails else result.stdout

    return run


@pytest.mark.parametrize("suffix", ["csv", "libsvm", "rec", "json", "jsonl", "parquet"])
def test_every_format_gives_the_same_rows_back(data, tmp_path, suffix):
    frame = table()
    frame.to_csv(tmp_path / "in.csv", index=False)
    data("convert", "in.csv", f"middle.{suffix}")
    data("convert", f"middle.{suffix}", "out.csv", "--with-header")
    found = pandas.read_csv(tmp_path / "out.csv", float_precision="round_trip")
    numpy.testing.assert_array_equal(found.to_numpy(), frame.to_numpy())
    if suffix in ("parquet", "csv"):
        assert list(found.columns) == NAMES


def test_files_of_the_libraries_are_read_and_theirs_are_written(data, tmp_path):
    frame = table()
    # scikit-learn writes 16 digits, which round the largest double up to infinity.
    features, labels = frame[NAMES[1:]].to_numpy().clip(min=-1e300), frame["label"].to_numpy()
    pyarrow_table = pyarrow.Table.from_pandas(
        frame.assign(f0=frame["f0"].astype("float32"), f2=numpy.arange(len(frame)))
    )
    parquet.write_table(pyarrow_table, tmp_path / "a.parquet", row_group_size=100, compression="zstd")
    data("convert", "a.parquet", "a.csv")
    found = numpy.loadtxt(tmp_path / "a.csv", delimiter=",")
    numpy.testing.assert_array_equal(found, pyarrow_table.to_pandas().to_numpy())
    data("convert", "a.csv", "b.parquet")
    numpy.testing.assert_array_equal(parquet.read_table(tmp_path / "b.parquet").to_pandas().to_numpy(), found)

    dump_svmlight_file(features, labels, str(tmp_path / "c.libsvm"), zero_based=False)
    data("convert", "c.libsvm", "d.libsvm", "--one-based")
    rows, targets = load_svmlight_file(str(tmp_path / "d.libsvm"), zero_based=False)
    numpy.testing.assert_allclose(rows.toarray(), features, rtol=1e-15)
    numpy.testing.assert_array_equal(targets, labels)


def test_stats_are_those_of_pandas(data, tmp_path):
    frame = table()
    frame.loc[::7, "f2"] = numpy.nan
    frame.to_csv(tmp_path / "x.csv", index=False)
    report = json.loads(data("stats", "x.csv", "--json"))
    assert (report["rows"], report["features"], report["labels"]) == (500, 3, 1)
    assert report["missing"] == int(frame.isna().sum().sum())
    for column in report["columns"]:
        values = frame[column["name"]]
        assert column["missing"] == int(values.isna().sum())
        assert column["min"] == values.min() and column["max"] == values.max()
        if column["name"] != "f1":  # Its sum overflows.
            assert column["mean"] == pytest.approx(values.mean(), abs=1e-12)
            assert column["std"] == pytest.approx(values.std(), rel=1e-9)
    counts = {bar["low"]: bar["count"] for bar in report["labelHistogram"]}
    assert counts == frame["label"].value_counts().to_dict()

    text = data("stats", "x.csv")
    assert "500 rows, 1 label column, 3 features" in text
    assert "█" in text
    head = data("head", "x.csv", "--rows", "3").splitlines()
    assert head[0].split() == NAMES and len(head) == 4


def test_a_split_keeps_shares_labels_and_rows(data, tmp_path):
    frame = table(1000)
    frame["f0"] = numpy.arange(1000)
    frame.to_csv(tmp_path / "all.csv", index=False)
    for folder in ("one", "two"):
        data(
            "split",
            "all.csv",
            folder,
            "--stratified",
            "--seed",
            "5",
            "--train",
            70,
            "--validation",
            20,
            "--test",
            10,
        )
    parts = {
        name: pandas.read_csv(tmp_path / f"one/{name}/data.csv", header=None, names=NAMES)
        for name in ("train", "validation", "test")
    }
    assert all(
        (tmp_path / f"one/{name}/data.csv").read_bytes() == (tmp_path / f"two/{name}/data.csv").read_bytes()
        for name in parts
    )
    together = pandas.concat(parts.values()).sort_values("f0").to_numpy()
    numpy.testing.assert_array_equal(together, frame.to_numpy())
    assert list(parts["train"]["f0"]) != sorted(parts["train"]["f0"])
    for label, count in frame["label"].value_counts().items():
        for name, share in (("train", 0.7), ("validation", 0.2), ("test", 0.1)):
            assert abs((parts[name]["label"] == label).sum() - share * count) <= 10 * share + 1


def test_objects_are_read_and_written(data, s3, bucket, unique, tmp_path):
    frame, folder = table(), unique("data")
    half = len(frame) // 2
    for name, part in (("a ü+b.csv", frame[:half]), ("b.csv", frame[half:])):
        body = part.to_csv(index=False, header=False).encode()
        s3.put_object(Bucket=bucket, Key=f"{folder}/in/{name}", Body=body)
    s3.put_object(Bucket=bucket, Key=f"{folder}/in/_SUCCESS", Body=b"")
    for suffix in ("parquet", "jsonl"):
        data("convert", f"s3://{bucket}/{folder}/in/", f"s3://{bucket}/{folder}/all.{suffix}")
        data("convert", f"s3://{bucket}/{folder}/all.{suffix}", "back.csv")
        found = pandas.read_csv(tmp_path / "back.csv", header=None, float_precision="round_trip")
        numpy.testing.assert_array_equal(found.to_numpy(), frame.to_numpy())
    body = s3.get_object(Bucket=bucket, Key=f"{folder}/all.parquet")["Body"].read()
    numpy.testing.assert_array_equal(
        parquet.read_table(io.BytesIO(body)).to_pandas().to_numpy(), frame.to_numpy()
    )
    assert (
        "NoSuchBucket" in (words := data("head", "s3://no-such-bucket-here/x.csv", fails=True))
        or "bucket" in words
    )
    assert "There are no data at" in data("head", f"s3://{bucket}/{folder}/nowhere/", fails=True)


def test_a_large_object_goes_up_in_parts_with_little_memory(server, s3, bucket, unique, tmp_path):
    values = numpy.random.default_rng(1).normal(size=(400_000, 10))
    numpy.savetxt(tmp_path / "large.csv", values, delimiter=",", fmt="%.17g")
    key = unique("large")
    command = [
        CLARY,
        "data",
        "convert",
        tmp_path / "large.csv",
        f"s3://{bucket}/{key}.csv",
        "--label-size",
        "0",
    ]
    result = subprocess.run(
        ["/usr/bin/python3", "-c", MEASURE, *map(str, command), "--data-dir", str(server.data)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert result.returncode == 0, result.stderr
    kilobytes = int(result.stdout.split()[-1])
    assert kilobytes < 250 * 1024, f"{kilobytes} KB of memory"
    head = s3.head_object(Bucket=bucket, Key=f"{key}.csv")
    assert "-" in head["ETag"], "in parts"
    body = s3.get_object(Bucket=bucket, Key=f"{key}.csv")["Body"].read()
    found = pandas.read_csv(io.BytesIO(body), header=None, float_precision="round_trip").to_numpy()
    numpy.testing.assert_array_equal(found, values)


MEASURE = """
import resource, subprocess, sys
code = subprocess.run(sys.argv[1:], stdout=sys.stderr).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(code)
"""


def test_quoted_fields_may_have_line_breaks(data, tmp_path):
    frame = table(3000).rename(columns={"f0": "first\nfeature", "f1": 'with "quotes", and\r\nmore'})
    frame.to_csv(tmp_path / "plain.csv", index=False, quoting=csv.QUOTE_ALL)
    # Numbers that stand between line breaks, as spreadsheets leave them.
    names, rows = (tmp_path / "plain.csv").read_bytes().split(b'"f2"\n')
    (tmp_path / "x.csv").write_bytes(names + b'"f2"\n' + rows.replace(b'","', b'\n","\r\n'))
    expected = pandas.read_csv(tmp_path / "x.csv", float_precision="round_trip")
    numpy.testing.assert_array_equal(expected.to_numpy(), frame.to_numpy())

    data("convert", "x.csv", "out.csv", "--with-header")
    found = pandas.read_csv(tmp_path / "out.csv", float_precision="round_trip")
    assert list(found.columns) == list(expected.columns)
    numpy.testing.assert_array_equal(found.to_numpy(), frame.to_numpy())
    report = json.loads(data("stats", "x.csv", "--json"))
    assert report["rows"] == 3000 and report["columns"][1]["name"] == "first\nfeature"
    assert data("head", "x.csv").splitlines()[0].split()[:3] == ["label", "first", "feature"]
    data("split", "x.csv", "parts", "--with-header")
    parts = [pandas.read_csv(tmp_path / f"parts/{part}/data.csv") for part in ("train", "validation", "test")]
    assert sum(map(len, parts)) == 3000 and all(
        list(part.columns) == list(expected.columns) for part in parts
    )


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bad.csv", "1,2\n0,oops\n", ["bad.csv", "line 2", "column 2", "'oops'"]),
        ("bad.libsvm", "1 1:2\n0 2:x\n", ["bad.libsvm", "line 2", "'2:x'"]),
        ("several.libsvm", "1 1:2\n1,3 2:0.5\n", ["several.libsvm", "line 2", "several labels ('1,3')"]),
        ("open.csv", '1,2\n\n0,"3\n1,4\n', ["open.csv", "line 3", "column 2", "not closed"]),
        ("bad.parquet", "1,2\n", ["bad.parquet", "no Parquet file"]),
        ("bad.jsonl", '{"features": [1]}\n{"features": [}\n', ["bad.jsonl", "2"]),
        ("bad.what", "1,2\n", ["bad.what", "--from"]),
    ],
)
def test_errors_name_file_place_and_text(data, tmp_path, name, content, words):
    (tmp_path / name).write_text(content)
    said = data("stats", name, fails=True)
    assert all(word in said for word in words), said
    said = data("convert", name, "out.libsvm", fails=True)
    assert all(word in said for word in words), said
    assert not list(tmp_path.glob("out*")), "nothing is left of a file that did not become whole"


def test_words_and_dates_in_parquet_are_refused_by_column(data, tmp_path):
    parquet.write_table(pyarrow.table({"y": [1.0, 2.0], "city": ["a", "b"]}), tmp_path / "x.parquet")
    said = data("stats", "x.parquet", fails=True)
    assert "column 2" in said and "string" in said


@pytest.mark.parametrize("kind", ["parquet", "recordio-protobuf"])
def test_xgboost_trains_on_it(data, sagemaker, s3, bucket, unique, kind):
    frame, name = table(400), unique("format")
    frame["f1"] = 0.0
    labels = (frame["f0"] > 0).astype(float)
    frame = frame.assign(label=labels)
    s3.put_object(
        Bucket=bucket, Key=f"{name}/csv/x.csv", Body=frame.to_csv(index=False, header=False).encode()
    )
    data("convert", f"s3://{bucket}/{name}/csv/", f"s3://{bucket}/{name}/train/data", "--to", kind)
    request = training_request(
        name,
        bucket,
        InputDataConfig=[channel("train", f"s3://{bucket}/{name}/train/", f"application/x-{kind}")],
    )
    sagemaker.create_training_job(**request)
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    place, _, key = job["ModelArtifacts"]["S3ModelArtifacts"].removeprefix("s3://").partition("/")
    packed = io.BytesIO(s3.get_object(Bucket=place, Key=key)["Body"].read())
    with tarfile.open(fileobj=packed) as archive:
        model = archive.extractfile("xgboost-model").read()
    booster = xgboost.Booster()
    booster.load_model(bytearray(model))
    predicted = booster.predict(xgboost.DMatrix(frame[NAMES[1:]].to_numpy()))
    assert ((predicted > 0.5) == labels).mean() > 0.98
