"""Files as Python's libraries write them, read and written back by Clary's readers and writers."""

import io
import json
import subprocess
from pathlib import Path

import numpy
import pytest
import scipy.sparse
from jobs import channel, training_request, wait_for_job
from sagemaker.amazon.common import (
    RecordDeserializer,
    write_numpy_to_dense_tensor,
    write_spmatrix_to_sparse_tensor,
)
from server import CLARY
from sklearn.datasets import dump_svmlight_file, load_svmlight_file


def convert(path: Path, source: str, target: str, element: str = "float64") -> bytes:
    """The records of a file in another format."""
    command = [CLARY, "read-records", "--format", source, "--to", target, "--element", element, path]
    return subprocess.run(command, capture_output=True, check=True).stdout


def random_rows(kind: str, rows: int = 50, columns: int = 7) -> numpy.ndarray:
    generator = numpy.random.default_rng(3)
    if kind == "int64":
        return generator.integers(-(2**31), 2**31, size=(rows, columns))
    return (
        generator.normal(size=(rows, columns)) * 10.0 ** generator.integers(-30, 30, (rows, columns))
    ).astype(kind)


@pytest.mark.parametrize("kind", ["float32", "float64", "int64"])
def test_dense_tensors_of_the_sdk_read_back_exactly(tmp_path, kind):
    features = random_rows(kind)
    labels = numpy.arange(len(features)).astype(kind)
    path = tmp_path / "data.pbr"
    with path.open("wb") as file:
        write_numpy_to_dense_tensor(file, features, labels)
    element = {"int64": "int32"}.get(kind, kind)
    found = numpy.loadtxt(
        io.BytesIO(convert(path, "recordio-protobuf", "csv", element)), delimiter=",", dtype=kind
    )
    assert (found[:, 0] == labels).all()
    assert (found[:, 1:] == features).all()
    assert convert(path, "recordio-protobuf", "recordio-protobuf", element) == path.read_bytes()


def test_sparse_tensors_of_the_sdk_read_back_exactly(tmp_path):
    matrix = scipy.sparse.random(60, 400, density=0.05, format="csr", dtype="float32", random_state=5)
    matrix[:, 399] = 1
    labels = numpy.arange(60, dtype="float32")
    path = tmp_path / "data.pbr"
    with path.open("wb") as file:
        write_spmatrix_to_sparse_tensor(file, matrix, labels)
    text = convert(path, "recordio-protobuf", "libsvm", "float32")
    found, found_labels = load_svmlight_file(
        io.BytesIO(text), n_features=400, zero_based=True, dtype="float32"
    )
    assert (found_labels == labels).all()
    assert (found != matrix).nnz == 0
    written = tmp_path / "again.pbr"
    written.write_bytes(convert(path, "recordio-protobuf", "recordio-protobuf", "float32"))
    records = RecordDeserializer().deserialize(written.open("rb"), "application/x-recordio-protobuf")
    assert [record.label["values"].float32_tensor.values[0] for record in records] == list(labels)
    tensor = records[7].features["values"].float32_tensor
    assert list(tensor.shape) == [400]
    assert list(tensor.keys) == sorted(matrix[7].indices)
    assert len(tensor.values) == matrix[7].nnz


@pytest.mark.parametrize("zero_based", [True, False])
def test_files_of_dump_svmlight_file_read_back_exactly(tmp_path, zero_based):
    matrix = scipy.sparse.random(80, 200, density=0.1, format="csr", random_state=6)
    matrix.data = matrix.data * 10.0 ** numpy.random.default_rng(1).integers(-200, 200, matrix.nnz)
    labels = numpy.random.default_rng(2).normal(size=80)
    queries = numpy.arange(80) // 8
    path = tmp_path / "data.libsvm"
    dump_svmlight_file(
        matrix, labels, str(path), zero_based=zero_based, query_id=queries, comment="of a test"
    )
    text = convert(path, "libsvm", "libsvm")
    found, found_labels, found_queries = load_svmlight_file(
        io.BytesIO(text), n_features=200, zero_based=zero_based, query_id=True
    )
    expected, expected_labels, _ = load_svmlight_file(
        str(path), n_features=200, zero_based=zero_based, query_id=True
    )
    assert (found != expected).nnz == 0
    assert (found_labels == expected_labels).all()
    assert (found_queries == queries).all()


def test_requests_in_json_are_the_rows_of_the_csv(tmp_path):
    features = random_rows("float64")
    path = tmp_path / "data.csv"
    numpy.savetxt(path, features, delimiter=",", fmt="%.17g")
    document = json.loads(convert(path, "csv", "json"))
    assert [instance["features"] for instance in document["instances"]] == features.tolist()
    lines = convert(path, "csv", "jsonlines").splitlines()
    assert [json.loads(line)["features"] for line in lines] == features.tolist()
    (tmp_path / "data.json").write_text(json.dumps(document))
    found = numpy.loadtxt(io.BytesIO(convert(tmp_path / "data.json", "json", "csv")), delimiter=",")
    assert (found == features).all()


def test_an_error_names_file_line_column_and_text(tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("1,2\n3,4\n5,six\n")
    command = [CLARY, "read-records", "--format", "text/csv", path]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode != 0
    assert f"file '{path}', line 3, column 2: 'six' is not a number" in result.stderr


def test_a_training_job_reads_records_of_the_sdk(sagemaker, s3, bucket, unique):
    """The SDK's own upload format for first-party algorithms, trained on by the built-in XGBoost."""
    features = numpy.random.default_rng(7).normal(size=(60, 3)).astype("float32")
    labels = (features[:, 0] > 0).astype("float32")
    body = io.BytesIO()
    write_numpy_to_dense_tensor(body, features, labels)
    name = unique("records")
    s3.put_object(Bucket=bucket, Key=f"{name}/train/part-0.pbr", Body=body.getvalue())
    train = channel("train", f"s3://{bucket}/{name}/train", "application/x-recordio-protobuf")
    sagemaker.create_training_job(**training_request(name, bucket, InputDataConfig=[train]))
    job = wait_for_job(sagemaker, name)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
