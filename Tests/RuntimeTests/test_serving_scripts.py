"""The functions of an inference script, and where the script is found."""

from __future__ import annotations

import io
import json
import tarfile
import time
from pathlib import Path

import pytest
from serving_process import Answer, ServingProcess, serving

NOTHING = "def model_fn(model_dir): return None\n"
IDENTITY = NOTHING + "def predict_fn(data, model): return data\n"


def test_each_function_gets_what_the_one_before_returned(tmp_path):
    script = """
        def model_fn(model_dir): return ["model of", model_dir]
        def input_fn(data, content_type): return ["input", type(data).__name__, data, content_type]
        def predict_fn(data, model): return ["predicted", data, model]
        def output_fn(prediction, accept): return repr((prediction, accept))
    """
    with serving(tmp_path, script) as server:
        answer = server.invoke("1,2", "text/csv", Accept="text/x-repr")
        assert answer.content_type == "text/x-repr"
        model = ["model of", str(tmp_path / "model")]
        assert eval(answer.text) == (["predicted", ["input", "str", "1,2", "text/csv"], model], "text/x-repr")
        assert "'input', 'bytes', b'1,2', 'image/png'" in server.invoke("1,2", "image/png").text
        assert server.invoke("1,2", "image/png", Accept="*/*").content_type == "application/json"


def test_functions_may_take_the_context(tmp_path):
    script = """
        def model_fn(model_dir, context): return context.system_properties["model_dir"]
        def input_fn(data, content_type, context): return context.get_request_header(0, "X-Amzn-SageMaker-Custom-Attributes")
        def predict_fn(data, model, context=None): return [data, model, context.request_processor[0].get_request_properties()["accept"]]
        def output_fn(prediction, accept, ctx):
            ctx.set_response_header(0, "X-Amzn-SageMaker-Custom-Attributes", "back")
            ctx.set_response_status(code=202)
            return prediction
    """
    with serving(tmp_path, script) as server:
        answer = server.invoke("[]", Accept="application/json", X_Amzn_SageMaker_Custom_Attributes="there")
        assert answer.status == 202
        assert answer.headers["x-amzn-sagemaker-custom-attributes"] == "back"
        assert answer.json() == ["there", str(tmp_path / "model"), "application/json"]
        # Nothing of it is left for the next request.
        assert server.invoke("[]", Accept="application/json").json()[0] is None


def test_transform_fn_does_everything(tmp_path):
    script = """
        def model_fn(model_dir): return "model"
        def transform_fn(model, data, content_type, accept): return f"{model} {data} {content_type} {accept}", "text/plain"
    """
    with serving(tmp_path, script) as server:
        assert server.invoke("1", "text/csv", Accept="a/b").text == "model 1 text/csv a/b"


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            NOTHING + "def transform_fn(a, b, c, d): pass\ndef input_fn(a, b): pass",
            "transform_fn, which does all",
        ),
        (NOTHING + "def input_fn(data): pass", "input_fn of the inference script takes 1 arguments"),
        ("x = 1", "must define model_fn(model_dir)"),
        ("def broken(", "SyntaxError"),
    ],
)
def test_a_script_that_cannot_serve_ends_the_process(tmp_path, script: str, told: str):
    server = ServingProcess(tmp_path).script(script)
    assert server.launch().exit_code() == 1
    assert told in server.log()


@pytest.mark.parametrize(
    ("expression", "content_type", "body"),
    [
        ("b'bytes'", "application/json", b"bytes"),
        ("bytearray(b'bytes')", "application/json", b"bytes"),
        ("'text'", "application/json", b"text"),
        ("('text', 'a/b')", "a/b", b"text"),
        ("{'a': [1, None]}", "application/json", b'{"a": [1, null]}'),
        ("[1, 2]", "application/json", b"[1, 2]"),
        ("worker.Response('text', mimetype='a/b')", "a/b", b"text"),
        ("worker.Response('text', 'a/b')", "a/b", b"text"),
    ],
)
def test_what_an_output_function_may_return(tmp_path, expression: str, content_type: str, body: bytes):
    script = f"""
        from sagemaker_containers.beta.framework import content_types, encoders, env, modules, transformer, worker
        def model_fn(model_dir): pass
        def transform_fn(model, data, content_type, accept): return {expression}
    """
    with serving(tmp_path, script) as server:
        answer = server.invoke("1")
        assert (answer.status, answer.content_type, answer.body) == (200, content_type, body)


def test_an_exception_is_answered_with_its_frames_in_the_script(tmp_path):
    script = """
        def model_fn(model_dir): pass
        def transform_fn(model, data, content_type, accept):
            if data == "status":
                from sagemaker_inference.errors import BaseInferenceToolkitError
                raise BaseInferenceToolkitError(422, "not like this", "phrase")
            return {}[data]
    """
    with serving(tmp_path, script) as server:
        answer = server.invoke("key")
        assert answer.status == 500
        lines = answer.text.splitlines()
        assert lines[:2] == ["'key'", "Traceback (most recent call last):"]
        assert 'inference.py", line 7, in transform_fn' in lines[2]
        assert lines[-1] == "KeyError: 'key'"
        assert "KeyError: 'key'" in server.log()
        answer = server.invoke("status")
        assert (answer.status, answer.text.splitlines()[0]) == (422, "not like this")


def test_line_breaks_in_a_type_do_not_make_headers(tmp_path):
    script = (
        NOTHING
        + "def transform_fn(model, data, content_type, accept): return 'x', 'a/b\\r\\nSet-Cookie: c'\n"
    )
    with serving(tmp_path, script) as server:
        assert "set-cookie" not in server.invoke("1").headers


# Streaming


STREAM = """
    import os, time
    def model_fn(model_dir): return model_dir
    def transform_fn(model, data, content_type, accept):
        def parts():
            if data == "fail first": raise ValueError("at once")
            try:
                for index in range(1000 if data == "long" else 3):
                    yield f"part {index}\\n" if index % 2 else f"part {index}\\n".encode()
                    time.sleep(0.2 if data == "slow" else 0.01)
                    if data == "fail": raise ValueError("in the middle")
                    if data == "big": yield b"x" * 10_000_000
            finally:
                open(os.path.join(model, "closed"), "w").close()
        return parts(), "text/event-stream"
"""


@pytest.fixture(scope="module")
def stream(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("stream"), STREAM, SAGEMAKER_MODEL_SERVER_TIMEOUT="5") as server:
        yield server


def test_parts_of_a_generator_come_as_they_are_made(stream: ServingProcess):
    connection = stream.connection()
    started = time.monotonic()
    connection.request("POST", "/invocations", "slow", {"Content-Type": "application/json"})
    response = connection.getresponse()
    assert response.getheader("Transfer-Encoding") == "chunked"
    assert response.getheader("Content-Type") == "text/event-stream"
    assert response.readline() == b"part 0\n"
    assert time.monotonic() - started < 0.15
    assert response.read() == b"part 1\npart 2\n"
    connection.request("POST", "/invocations", "", {"Content-Type": "application/json"})
    assert Answer(connection.getresponse()).text == "part 0\npart 1\npart 2\n"
    connection.close()


def test_a_generator_that_fails_at_once_is_an_error(stream: ServingProcess):
    answer = stream.invoke("fail first")
    assert answer.status == 500
    assert "ValueError: at once" in answer.text


def test_a_generator_that_fails_later_leaves_its_answer_without_an_end(stream: ServingProcess):
    answer = stream.raw(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nfail")
    assert answer.endswith(b"\r\n7\r\npart 0\n\r\n")


def test_old_callers_get_the_parts_without_chunks(stream: ServingProcess):
    answer = stream.raw(b"POST /invocations HTTP/1.0\r\nContent-Length: 0\r\n\r\n")
    assert answer.endswith(b"\r\n\r\npart 0\npart 1\npart 2\n")


def test_a_caller_that_goes_ends_the_generator(stream: ServingProcess):
    marker = stream.root / "model/closed"
    marker.unlink(missing_ok=True)
    with stream.socket() as sock:
        sock.sendall(b"POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nlong")
        assert sock.recv(10_000)
    started = time.monotonic()
    assert stream.invoke("").text.endswith("part 2\n")
    assert time.monotonic() - started < 3
    assert marker.exists()


def test_a_caller_that_reads_slowly_gets_everything(stream: ServingProcess):
    connection = stream.connection()
    connection.request("POST", "/invocations", "big", {"Content-Type": "application/json"})
    response = connection.getresponse()
    time.sleep(1)
    assert len(response.read()) == 3 * (10_000_000 + len("part 0\n"))
    connection.close()


# Where the script is


def archive(path: Path, **files: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(name.replace("__", "/").replace("_py", ".py"))
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    return path


def test_the_program_may_have_another_name_and_folder_and_import_its_neighbours(tmp_path):
    server = ServingProcess(
        tmp_path, SAGEMAKER_PROGRAM="src/entry.py", SAGEMAKER_SUBMIT_DIRECTORY=str(tmp_path / "my")
    )
    server.script(
        "import near, far\n" + IDENTITY + "def output_fn(p, a): return near.x + far.x", "src/entry.py", "my"
    )
    server.script("x = 'near '", "src/near.py", "my").script("x = 'far'", "far.py", "my")
    try:
        assert server.start().invoke("[]").text == "near far"
    finally:
        server.close()


def test_the_submit_directory_of_repacked_models_is_the_code_folder(tmp_path):
    submit = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
    server = ServingProcess(tmp_path, **submit).script(
        IDENTITY + "def output_fn(p, a): return 'here'", "train.py"
    )
    try:
        assert server.start().invoke("[]").text == "here"
    finally:
        server.close()


@pytest.mark.parametrize(
    ("submitted", "told"),
    [
        (
            "/opt/ml/model/code",
            "SAGEMAKER_SUBMIT_DIRECTORY names '/opt/ml/model/code', but the model has no files, as one without ModelDataUrl.",
        ),
        ("/opt/mine", "SAGEMAKER_SUBMIT_DIRECTORY names '/opt/mine', which does not exist in the instance"),
        ("https://example.com/code.tar.gz", "is 'https://example.com/code.tar.gz', which cannot be fetched"),
        ("", "SAGEMAKER_PROGRAM names a script, but the model has no files"),
    ],
)
def test_code_that_is_nowhere_is_told_in_a_sentence(tmp_path, submitted: str, told: str):
    server = ServingProcess(tmp_path, SAGEMAKER_PROGRAM="inference.py", SAGEMAKER_SUBMIT_DIRECTORY=submitted)
    assert server.launch().exit_code() == 1
    assert told in server.log() and "Traceback" not in server.log()


def test_an_archive_without_code_is_told_by_what_it_has(tmp_path):
    server = ServingProcess(tmp_path, SAGEMAKER_SUBMIT_DIRECTORY="/opt/ml/model/code")
    (tmp_path / "model/model.joblib").write_text("")
    assert server.launch().exit_code() == 1
    assert "the model's archive has no folder 'code', only: model.joblib. Give" in server.log()


def test_the_code_may_be_an_archive(tmp_path):
    path = archive(
        tmp_path / "sourcedir.tar.gz", entry_py=IDENTITY + "def output_fn(p, a): return 'unpacked'"
    )
    submit = {"SAGEMAKER_PROGRAM": "entry.py", "SAGEMAKER_SUBMIT_DIRECTORY": f"file://{path}"}
    with serving(tmp_path, **submit) as server:
        assert server.invoke("[]").text == "unpacked"
    assert (tmp_path / "code/entry.py").exists()


def test_an_archive_with_an_entry_outside_is_refused(tmp_path):
    path = archive(tmp_path / "sourcedir.tar.gz", **{"..__escaped_py": "", "entry_py": IDENTITY})
    submit = {"SAGEMAKER_PROGRAM": "entry.py", "SAGEMAKER_SUBMIT_DIRECTORY": str(path)}
    server = ServingProcess(tmp_path, **submit)
    assert server.launch().exit_code() == 1
    assert "../escaped.py" in server.log()
    assert not (tmp_path / "escaped.py").exists()


def test_the_code_may_be_in_a_bucket(tmp_path):
    moto = pytest.importorskip("moto.server", reason="moto plays S3 here")
    boto3 = pytest.importorskip("boto3")
    store = moto.ThreadedMotoServer("127.0.0.1", 0)
    store.start()
    host, port = store.get_host_and_port()
    keys = {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "y", "AWS_REGION": "us-east-1"}
    try:
        client = boto3.client(
            "s3",
            endpoint_url=f"http://{host}:{port}",
            aws_access_key_id="x",
            aws_secret_access_key="y",
            region_name="us-east-1",
        )
        client.create_bucket(Bucket="bucket")
        path = archive(
            tmp_path / "s.tar.gz", entry_py=IDENTITY + "def output_fn(p, a): return 'from the bucket'"
        )
        client.upload_file(str(path), "bucket", "a/sourcedir.tar.gz")
        submit = {
            "SAGEMAKER_PROGRAM": "entry.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "s3://bucket/a/sourcedir.tar.gz",
        }
        keys["AWS_ENDPOINT_URL"] = f"http://{host}:{port}"
        with serving(tmp_path, **submit, **keys) as server:
            assert server.invoke("[]").text == "from the bucket"
        submit["SAGEMAKER_SUBMIT_DIRECTORY"] = "s3://bucket/none.tar.gz"
        server = ServingProcess(tmp_path, **submit, **keys)
        assert server.launch().exit_code() == 1
        assert "s3://bucket/none.tar.gz (SAGEMAKER_SUBMIT_DIRECTORY) could not be downloaded" in server.log()
    finally:
        store.stop()


def test_a_program_that_is_missing_is_named_with_what_is_there(tmp_path):
    server = ServingProcess(tmp_path, SAGEMAKER_PROGRAM="other.py").script(NOTHING)
    assert server.launch().exit_code() == 1
    assert "other.py (SAGEMAKER_PROGRAM) does not exist; its folder has: inference.py" in server.log()


# Decoders and encoders


@pytest.fixture(scope="module")
def identity(tmp_path_factory):
    pytest.importorskip("numpy")
    with serving(tmp_path_factory.mktemp("identity"), IDENTITY) as server:
        yield server


ROWS = [[1.0, 2.5], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"[[1, 2.5], [3, 4]]"),
        ("application/json; charset=utf-8", b"[[1, 2.5], [3, 4]]"),
        ("application/json; charset=utf-16", "[[1, 2.5], [3, 4]]".encode("utf-16")),
        ("text/csv", b"1,2.5\n3,4\n"),
        ("text/csv", b"1,2.5\r\n\r\n3, 4"),
        ("application/jsonlines", b"[1, 2.5]\n[3, 4]\n"),
    ],
)
def test_bodies_become_arrays(identity: ServingProcess, content_type: str, body: bytes):
    assert identity.invoke(body, content_type).json() == ROWS


def test_npy_goes_in_and_out(identity: ServingProcess):
    import numpy

    buffer = io.BytesIO()
    numpy.save(buffer, numpy.array(ROWS, dtype="float64"))
    answer = identity.invoke(buffer.getvalue(), "application/x-npy", Accept="application/x-npy")
    assert answer.content_type == "application/x-npy"
    array = numpy.load(io.BytesIO(answer.body))
    assert array.dtype == "float64"
    assert array.tolist() == ROWS


def test_pickles_are_not_read(identity: ServingProcess):
    import numpy

    buffer = io.BytesIO()
    numpy.save(buffer, numpy.array([{}], dtype=object), allow_pickle=True)
    assert identity.invoke(buffer.getvalue(), "application/x-npy").status == 400


def test_empty_fields_of_csv_are_not_numbers(identity: ServingProcess):
    assert identity.invoke("1,\n,4", "text/csv", Accept="text/csv").text == "1.0,nan\nnan,4.0\n"


@pytest.mark.parametrize(
    ("accept", "content_type", "body"),
    [
        ("application/json", "application/json", "[[1.0, 2.5], [3.0, 4.0]]"),
        ("*/*", "application/json", "[[1.0, 2.5], [3.0, 4.0]]"),
        ("text/csv", "text/csv", "1.0,2.5\n3.0,4.0\n"),
        ("text/*", "text/csv", "1.0,2.5\n3.0,4.0\n"),
        ("image/png, text/csv;q=0.5, */*;q=0.1", "text/csv", "1.0,2.5\n3.0,4.0\n"),
        ("text/csv;q=0.1, application/json;q=0.9", "application/json", "[[1.0, 2.5], [3.0, 4.0]]"),
        ("application/jsonlines", "application/jsonlines", "[1.0, 2.5]\n[3.0, 4.0]\n"),
    ],
)
def test_the_caller_chooses_the_type_of_the_answer(
    identity: ServingProcess, accept: str, content_type: str, body: str
):
    answer = identity.invoke(json.dumps(ROWS), Accept=accept)
    assert (answer.status, answer.content_type, answer.text) == (200, content_type, body)


@pytest.mark.parametrize(
    ("status", "content_type", "accept", "body"),
    [
        (415, "image/png", "*/*", b"x"),
        (406, "application/json", "image/png", b"[1]"),
        (406, "application/json", "application/json;q=0", b"[1]"),
        (400, "application/json", "*/*", b"[1"),
        (400, "application/json", "*/*", b"\xff"),
        (400, "application/json", "*/*", b"[[1], [2, 3]]"),
        (400, "text/csv", "*/*", b"1,x"),
        (400, "text/csv", "*/*", b"1,2\n3"),
        (400, "text/csv", "*/*", b""),
        (400, "application/x-npy", "*/*", b"x"),
        (400, "application/x-npy", "*/*", b""),
    ],
)
def test_what_defaults_cannot_do_has_a_status_of_its_own(
    identity: ServingProcess, status: int, content_type: str, accept: str, body: bytes
):
    assert identity.invoke(body, content_type, Accept=accept).status == status


def test_the_environment_says_what_anything_means(tmp_path):
    pytest.importorskip("numpy")
    with serving(tmp_path, IDENTITY, SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT="text/csv") as server:
        assert server.invoke("[1.5]", Accept="*/*").text == "1.5\n"
        assert server.invoke("[1.5]").text == "1.5\n"


def test_scripts_may_import_the_toolkits_names(tmp_path):
    pytest.importorskip("numpy")
    script = """
        from sagemaker_inference import content_types, decoder, default_inference_handler, encoder, errors
        from sagemaker_huggingface_inference_toolkit import decoder_encoder
        def model_fn(model_dir): return decoder_encoder.decode(b'{"a": 1}', "application/json")
        def input_fn(data, content_type): return decoder.decode(data, content_type)
        def predict_fn(data, model): return data + model["a"]
        def output_fn(prediction, accept): return encoder.encode(prediction, content_types.CSV) + "end", content_types.CSV
    """
    with serving(tmp_path, script) as server:
        assert server.invoke("[[1, 2]]").text == "2,3\nend"
        assert server.invoke("[[1, 2]]", "image/png").status == 415
