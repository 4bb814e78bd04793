"""Default handlers with the real frameworks, as far as they are installed."""

from __future__ import annotations

import io
import json

import pytest
from serving_process import serving

ROWS = [[5.1, 3.5, 1.4, 0.2], [6.0, 3.0, 5.0, 2.0], [5.0, 3.4, 1.5, 0.2]]
CSV = "\n".join(",".join(map(str, row)) for row in ROWS)


def npy(array) -> bytes:
    import numpy

    buffer = io.BytesIO()
    numpy.save(buffer, array)
    return buffer.getvalue()


def from_npy(data: bytes):
    import numpy

    return numpy.load(io.BytesIO(data))


# scikit-learn


@pytest.fixture(scope="module")
def sklearn_server(tmp_path_factory):
    pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    import joblib
    from sklearn.datasets import load_iris
    from sklearn.linear_model import LogisticRegression

    root = tmp_path_factory.mktemp("sklearn")
    (root / "model").mkdir()
    joblib.dump(
        LogisticRegression(max_iter=500).fit(*load_iris(return_X_y=True)), root / "model/model.joblib"
    )
    script = """
        import os, joblib
        def model_fn(model_dir): return joblib.load(os.path.join(model_dir, "model.joblib"))
    """
    with serving(root, script, "sklearn", SAGEMAKER_MODEL_SERVER_WORKERS="2") as server:
        yield server


def test_sklearn_predicts_from_all_its_types(sklearn_server):
    import numpy

    assert sklearn_server.invoke(json.dumps(ROWS)).json() == [0, 2, 0]
    assert sklearn_server.invoke(CSV, "text/csv", Accept="text/csv").text == "0\n2\n0\n"
    assert sklearn_server.invoke(CSV.splitlines()[1], "text/csv").json() == [2]
    answer = sklearn_server.invoke(npy(numpy.array(ROWS)), "application/x-npy", Accept="application/x-npy")
    assert from_npy(answer.body).tolist() == [0, 2, 0]


def test_sklearn_tells_what_the_estimator_said(sklearn_server):
    answer = sklearn_server.invoke("[[1]]")
    assert answer.status == 500
    assert answer.text.startswith("X has 1 features, but LogisticRegression is expecting 4 features")


# XGBoost


@pytest.fixture(scope="module")
def xgboost_server(tmp_path_factory):
    xgboost = pytest.importorskip("xgboost", reason="XGBoost is not installed")
    import numpy

    root = tmp_path_factory.mktemp("xgboost")
    (root / "model").mkdir()
    rows = numpy.arange(40, dtype="float32").reshape(20, 2)
    booster = xgboost.train(
        {"max_depth": 2, "base_score": 0.5},
        xgboost.DMatrix(rows, label=rows[:, 0], feature_names=["a", "b"]),
        20,
    )
    booster.save_model(root / "model/model.json")
    expected = booster.predict(xgboost.DMatrix(rows[:3], feature_names=["a", "b"])).tolist()
    script = """
        import os, xgboost
        def model_fn(model_dir):
            booster = xgboost.Booster()
            booster.load_model(os.path.join(model_dir, "model.json"))
            return booster
    """
    with serving(root, script, "xgboost") as server:
        yield server, rows[:3], expected


def test_xgboost_predicts_from_all_its_types(xgboost_server):
    server, rows, expected = xgboost_server
    text = "\n".join(",".join(map(str, row)) for row in rows)
    assert server.invoke(text, "text/csv").json() == expected
    assert [
        float(line) for line in server.invoke(text, "text/csv", Accept="text/csv").text.split()
    ] == pytest.approx(expected)
    assert server.invoke(text.splitlines()[0], "text/csv").json() == expected[:1]
    for labels in ("0 ", ""):
        text = "\n".join(f"{labels}0:{row[0]} 1:{row[1]}" for row in rows)
        assert server.invoke(text, "text/libsvm").json() == expected
    assert server.invoke(npy(rows), "application/x-npy").json() == expected
    assert server.invoke(records(rows), "application/x-recordio-protobuf").json() == expected


def test_xgboost_refuses_what_is_not_of_its_types(xgboost_server):
    server = xgboost_server[0]
    assert server.invoke("1:2:3 x", "text/libsvm").status == 400
    assert server.invoke("nonsense", "application/x-recordio-protobuf").status == 400
    assert server.invoke("[]", "application/json").status == 415


def test_xgboost_scripts_may_import_the_container_s_decoders(tmp_path, xgboost_server):
    _, rows, expected = xgboost_server
    (tmp_path / "model").symlink_to(xgboost_server[0].root / "model")
    server_script = """
        import os, xgboost
        import sagemaker_xgboost_container.encoder as xgb_encoders
        def model_fn(model_dir): return xgboost.Booster(model_file=os.path.join(model_dir, "model.json"))
        def input_fn(data, content_type): return xgb_encoders.libsvm_to_dmatrix(data)
    """
    (tmp_path / "other").mkdir()
    (tmp_path / "other/inference.py").write_text(
        "\n".join(line.strip() for line in server_script.splitlines())
    )
    submit = {"SAGEMAKER_SUBMIT_DIRECTORY": str(tmp_path / "other"), "SAGEMAKER_PROGRAM": "inference.py"}
    with serving(tmp_path, "", "xgboost", **submit) as server:
        assert server.invoke(f"0:{rows[0][0]} 1:{rows[0][1]}", "text/libsvm").json() == expected[:1]


def records(rows) -> bytes:
    """RecordIO with one protobuf record per row: a map entry `values` with a packed float32 tensor."""
    import struct

    def field(number: int, content: bytes) -> bytes:
        return bytes([number << 3 | 2, len(content)]) + content

    result = b""
    for row in rows:
        tensor = field(1, struct.pack(f"<{len(row)}f", *row))
        record = field(1, field(1, b"values") + field(2, field(2, tensor)))
        result += struct.pack("<II", 0xCED7230A, len(record)) + record + b"\0" * (-len(record) % 4)
    return result


# PyTorch


@pytest.fixture(scope="module")
def pytorch_server(tmp_path_factory):
    torch = pytest.importorskip("torch", reason="PyTorch is not installed")
    root = tmp_path_factory.mktemp("pytorch")
    (root / "model").mkdir()

    class Doubled(torch.nn.Module):
        def forward(self, rows):
            return rows * 2

    torch.jit.save(torch.jit.script(Doubled()), str(root / "model/model.pth"))
    with serving(root, "", "pytorch") as server:
        yield server


def test_pytorch_predicts_from_all_its_types(pytorch_server):
    import numpy

    assert pytorch_server.invoke("[[1, 2.5]]").json() == [[2.0, 5.0]]
    assert pytorch_server.invoke("1,2.5", "text/csv", Accept="text/csv").text == "2.0\n5.0\n"
    for kind in ("float32", "float64", "int64"):
        answer = pytorch_server.invoke(
            npy(numpy.array([[1, 2]], kind)), "application/x-npy", Accept="application/x-npy"
        )
        array = from_npy(answer.body)
        assert (array.dtype, array.tolist()) == (kind, [[2, 4]])


def test_pytorch_names_what_the_archive_lacks(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed")
    from serving_process import ServingProcess

    server = ServingProcess(tmp_path, "pytorch")
    assert server.launch().exit_code(120) == 1
    assert "must have a TorchScript file model.pt" in server.log()
    (tmp_path / "model/model.pt").write_bytes(b"not an archive")
    assert server.launch().exit_code(120) == 1
    assert "model.pt is not a TorchScript archive" in server.log()


# TensorFlow


@pytest.fixture(scope="module")
def saved_models(tmp_path_factory):
    tensorflow = pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    root = tmp_path_factory.mktemp("tensorflow")

    class Half(tensorflow.Module):
        @tensorflow.function(input_signature=[tensorflow.TensorSpec(None, tensorflow.float32, name="x")])
        def half(self, x):
            return {"y": x * 0.5 + 3}

        @tensorflow.function(
            input_signature=[
                tensorflow.TensorSpec([None], tensorflow.string, name="text"),
                tensorflow.TensorSpec([None, 2], tensorflow.int32, name="numbers"),
            ]
        )
        def two(self, text, numbers):
            return {
                "raw_bytes": text,
                "upper": tensorflow.strings.upper(text),
                "sum": tensorflow.reduce_sum(numbers, 1),
            }

        @tensorflow.function(
            input_signature=[tensorflow.TensorSpec([None], tensorflow.string, name="inputs")]
        )
        def examples(self, inputs):
            parsed = tensorflow.io.parse_example(
                inputs, {"x": tensorflow.io.FixedLenFeature([1], tensorflow.float32)}
            )
            return {"outputs": parsed["x"] * 0.5 + 3}

        @tensorflow.function(
            input_signature=[tensorflow.TensorSpec([None], tensorflow.string, name="inputs")]
        )
        def classes(self, inputs):
            parsed = tensorflow.io.parse_example(
                inputs, {"x": tensorflow.io.FixedLenFeature([2], tensorflow.float32)}
            )
            labels = tensorflow.tile([["no", "yes"]], [tensorflow.shape(inputs)[0], 1])
            return {"classes": labels, "scores": parsed["x"]}

    model = Half()
    signatures = {
        "serving_default": model.half,
        "two": model.two,
        "tensorflow/serving/regress": model.examples,
        "tensorflow/serving/classify": model.classes,
    }
    for version in (1, 2):
        tensorflow.saved_model.save(model, str(root / f"model/half/{version}"), signatures=signatures)
    network = tensorflow.keras.Sequential([tensorflow.keras.Input((4,)), tensorflow.keras.layers.Dense(3)])
    network.export(str(root / "model/net/1"))
    return root


@pytest.fixture(scope="module")
def tensorflow_server(saved_models):
    with serving(saved_models, "", "tensorflow") as server:
        yield server


@pytest.mark.parametrize(
    ("content_type", "body", "answer"),
    [
        ("application/json", '{"instances": [1, 2, 5]}', {"predictions": [3.5, 4.0, 5.5]}),
        ("application/json", '{"inputs": [[1, 2, 5]]}', {"outputs": [[3.5, 4.0, 5.5]]}),
        ("application/json", '{"inputs": {"x": 1}}', {"outputs": 3.5}),
        ("application/json", "[1, 2, 5]", {"predictions": [[3.5, 4.0, 5.5]]}),
        ("application/json", "[[1, 2, 5], [1, 2, 5]]", {"predictions": [[3.5, 4.0, 5.5]] * 2}),
        ("application/json", "[1, 2]\n[3, 4]", {"predictions": [[3.5, 4.0], [4.5, 5.0]]}),
        ("application/jsonlines", "[1, 2]\n[3, 4]\n", {"predictions": [[3.5, 4.0], [4.5, 5.0]]}),
        ("text/csv", "1\n2\n5\n", {"predictions": [3.5, 4.0, 5.5]}),
        ("text/csv", "1.0,2.0,5.0\n0.0,2.0,5.0", {"predictions": [[3.5, 4.0, 5.5], [3.0, 4.0, 5.5]]}),
        (
            "application/json",
            '{"signature_name": "two", "instances": [{"text": "a", "numbers": [1, 2]}, {"text": {"b64": "YWI="}, "numbers": [3, 4]}]}',
            {
                "predictions": [
                    {"raw_bytes": {"b64": "YQ=="}, "upper": "A", "sum": 3},
                    {"raw_bytes": {"b64": "YWI="}, "upper": "AB", "sum": 7},
                ]
            },
        ),
        (
            "application/json",
            '{"signature_name": "two", "inputs": {"text": ["a"], "numbers": [[1, 2]]}}',
            {"outputs": {"raw_bytes": [{"b64": "YQ=="}], "upper": ["A"], "sum": [3]}},
        ),
    ],
)
def test_tensorflow_takes_the_forms_of_its_image(
    tensorflow_server, content_type: str, body: str, answer: dict
):
    assert tensorflow_server.invoke(body, content_type).json() == answer


@pytest.mark.parametrize(
    ("status", "content_type", "body"),
    [
        (400, "application/json", "nonsense"),
        (400, "application/json", '{"instances": []}'),
        (400, "application/json", '{"instances": [1], "inputs": [1]}'),
        (400, "application/json", '{"instances": [[1], [2, 3]]}'),
        (400, "application/json", '{"instances": ["text"]}'),
        (400, "application/json", '{"signature_name": "none", "instances": [1]}'),
        (400, "application/json", '{"signature_name": "two", "instances": [1]}'),
        (400, "application/json", '{"signature_name": "two", "inputs": {"text": ["a"]}}'),
        (
            400,
            "application/json",
            '{"signature_name": "two", "inputs": {"text": ["a"], "numbers": [[1.5, 2]]}}',
        ),
        (400, "application/json", '{"signature_name": "two", "inputs": {"text": ["a"], "numbers": [[1]]}}'),
        (415, "image/png", "x"),
    ],
)
def test_tensorflow_says_what_is_wrong_with_a_request(
    tensorflow_server, status: int, content_type: str, body: str
):
    answer = tensorflow_server.invoke(body, content_type)
    assert answer.status == status
    assert set(answer.json()) == {"error"}


def test_custom_attributes_select_model_version_and_method(tensorflow_server):
    def invoke(attributes: str, body: dict):
        return tensorflow_server.invoke(json.dumps(body), X_Amzn_SageMaker_Custom_Attributes=attributes)

    assert len(invoke("tfs-model-name=net", {"instances": [[1, 2, 3, 4]]}).json()["predictions"][0]) == 3
    assert invoke("tfs-model-name=half,tfs-model-version=1", {"instances": [1]}).json() == {
        "predictions": [3.5]
    }
    assert invoke("tfs-model-name=half,tfs-model-version=3", {"instances": [1]}).status == 404
    assert invoke("tfs-model-name=none", {"instances": [1]}).status == 404
    rows = {"examples": [{"x": 1.0}, {"x": 2.0}]}
    assert invoke("tfs-model-name=half,tfs-method=regress", rows).json() == {"results": [3.5, 4.0]}
    rows = {"examples": [{"x": [0.25, 0.75]}]}
    answer = invoke("tfs-model-name=half,tfs-method=classify", rows)
    assert answer.json() == {"results": [[["no", 0.25], ["yes", 0.75]]]}


def test_tensorflow_serving_s_own_paths(tensorflow_server):
    get = tensorflow_server.request
    states = get("GET", "/v1/models/half").json()["model_version_status"]
    assert [(state["version"], state["state"]) for state in states] == [
        ("2", "AVAILABLE"),
        ("1", "AVAILABLE"),
    ]
    metadata = get("GET", "/v1/models/half/metadata").json()
    assert metadata["model_spec"] == {"name": "half", "signature_name": "", "version": "2"}
    inputs = metadata["metadata"]["signature_def"]["signature_def"]["two"]["inputs"]
    assert inputs["numbers"]["dtype"] == "DT_INT32"
    assert [size["size"] for size in inputs["numbers"]["tensor_shape"]["dim"]] == ["-1", "2"]
    assert get("POST", "/v1/models/half:predict", '{"instances": [1]}').json() == {"predictions": [3.5]}
    assert get("POST", "/v1/models/half/versions/1:predict", '{"instances": [1]}').json() == {
        "predictions": [3.5]
    }
    assert get("GET", "/v1/models/none").status == 404
    assert get("GET", "/v1/models/half:predict").status == 405


HANDLERS = """
    import json
    def input_handler(data, context):
        if context.request_content_type == "text/csv":
            return json.dumps({"instances": [float(field) for field in data.read().decode().split(",")]})
        raise ValueError(context.request_content_type)
    def output_handler(response, context):
        if response.status_code != 200: raise ValueError(response.content.decode())
        assert response.json()
        return response.content, context.accept_header
"""
HANDLER = """
    import json, urllib.request
    def handler(data, context):
        rows = json.loads(data.read())
        request = urllib.request.Request(context.rest_uri, json.dumps({"instances": rows}).encode())
        answer = json.load(urllib.request.urlopen(request))
        return json.dumps([context.model_name, context.method, context.custom_attributes, answer]), "application/json"
"""


@pytest.mark.parametrize("script", [HANDLERS, HANDLER], ids=["two handlers", "one handler"])
def test_scripts_wrap_the_model(saved_models, tmp_path, script: str):
    (tmp_path / "model").mkdir()
    (tmp_path / "model/half").symlink_to(saved_models / "model/half")
    (tmp_path / "model/1").symlink_to(saved_models / "model/half/2")
    with serving(tmp_path, script, "tensorflow", SAGEMAKER_TFS_DEFAULT_MODEL_NAME="half") as server:
        if script is HANDLERS:
            answer = server.invoke("1,2", "text/csv", Accept="text/x-mine")
            assert (answer.content_type, answer.json()) == ("text/x-mine", {"predictions": [3.5, 4.0]})
            answer = server.invoke("1,2", "image/png")
            assert answer.status == 500
            assert "ValueError: image/png" in answer.json()["error"]
        else:
            # With its one worker busy, the model still answers the handler.
            answer = server.invoke("[1, 2]", X_Amzn_SageMaker_Custom_Attributes="tfs-model-name=half,mine=1")
            expected = ["half", "predict", "tfs-model-name=half,mine=1", {"predictions": [3.5, 4.0]}]
            assert answer.json() == expected


def test_an_archive_without_a_saved_model_is_refused(tmp_path):
    pytest.importorskip("tensorflow", reason="TensorFlow is not installed")
    from serving_process import ServingProcess

    server = ServingProcess(tmp_path, "tensorflow")
    (tmp_path / "model/weights.h5").touch()
    assert server.launch().exit_code(120) == 1
    assert "has no SavedModel" in server.log()
    assert "weights.h5" in server.log()


# MXNet


@pytest.mark.parametrize("form", ["module", "gluon"])
def test_mxnet_predicts_from_both_forms_of_models(tmp_path, form: str):
    mxnet = pytest.importorskip("mxnet", reason="MXNet is not installed")
    (tmp_path / "model").mkdir()
    if form == "module":
        network = mxnet.sym.FullyConnected(mxnet.sym.Variable("data"), num_hidden=1, no_bias=True, name="sum")
        module = mxnet.mod.Module(network, label_names=None)
        module.bind(data_shapes=[("data", (2, 3))], for_training=False)
        module.init_params(mxnet.init.One())
        module.save_checkpoint(str(tmp_path / "model/model"), 0)
        (tmp_path / "model/model-shapes.json").write_text('[{"name": "data", "shape": [2, 3]}]')
    else:
        network = mxnet.gluon.nn.HybridSequential()
        network.add(mxnet.gluon.nn.Dense(1, use_bias=False, weight_initializer="ones"))
        network.initialize()
        network.hybridize()
        network(mxnet.nd.zeros((1, 3)))
        network.export(str(tmp_path / "model/model"), 0)
    with serving(tmp_path, "", "mxnet") as server:
        for count in (1, 2, 3):
            assert server.invoke(json.dumps([[1, 2, 3]] * count)).json() == [[6.0]] * count
        assert server.invoke("1,2,3\n4,5,6", "text/csv", Accept="text/csv").text == "6.0\n15.0\n"


# Hugging Face


@pytest.fixture(scope="module")
def huggingface_model(tmp_path_factory):
    transformers = pytest.importorskip("transformers", reason="transformers is not installed")
    pytest.importorskip("torch", reason="PyTorch is not installed")
    root = tmp_path_factory.mktemp("huggingface")
    words = root / "words"
    words.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "film"]))
    transformers.BertTokenizerFast(str(words)).save_pretrained(root / "model")
    sizes = {
        "vocab_size": 8,
        "hidden_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "intermediate_size": 16,
    }
    configuration = transformers.BertConfig(**sizes)
    transformers.BertForSequenceClassification(configuration).save_pretrained(root / "model")
    return root


def test_hugging_face_makes_the_pipeline_of_the_model(huggingface_model):
    with serving(huggingface_model, "", "huggingface") as server:
        (label,) = server.invoke('{"inputs": "good film"}').json()
        assert set(label) == {"label", "score"}
        labels = server.invoke('{"inputs": ["good", "bad"], "parameters": {"top_k": 2}}').json()
        assert [len(each) for each in labels] == [2, 2]
        assert len(server.invoke("inputs\ngood\nbad\n", "text/csv").json()) == 2
        assert server.invoke("good\n", "text/csv").status == 400
        assert server.invoke("good", "a/b").status == 415


def test_hugging_face_scripts_replace_parts(huggingface_model):
    script = """
        def model_fn(model_dir): return "mine"
        def predict_fn(data, model): return [model, data["inputs"]]
    """
    (huggingface_model / "model/code").mkdir()
    with serving(huggingface_model, script, "huggingface") as server:
        assert server.invoke('{"inputs": "good"}').json() == ["mine", "good"]


def test_a_hub_that_cannot_be_reached_is_named(tmp_path):
    pytest.importorskip("transformers", reason="transformers is not installed")
    from serving_process import ServingProcess

    environment = {
        "HF_MODEL_ID": "nobody/nothing",
        "HF_TASK": "fill-mask",
        "HF_ENDPOINT": "http://127.0.0.1:9",
    }
    server = ServingProcess(tmp_path, "huggingface", **environment)
    assert server.launch().exit_code(120) == 1
    assert (
        "The model nobody/nothing (HF_MODEL_ID) could not be downloaded from http://127.0.0.1:9"
        in server.log()
    )
