"""Several models in one container (container contract §4)."""

from __future__ import annotations

import json

import pytest
from serving_process import Answer, ServingProcess, serving

SCRIPT = """
import os, time
def model_fn(model_dir):
    text = open(os.path.join(model_dir, "text")).read()
    if text == "broken": raise ValueError("broken model")
    if text == "large": raise MemoryError
    return text
def transform_fn(model, data, content_type, accept):
    time.sleep(float(data))
    return f"{model} {os.getpid()}", "text/plain"
"""


@pytest.fixture
def server(tmp_path):
    with serving(tmp_path, SAGEMAKER_MULTI_MODEL="true", SAGEMAKER_PROGRAM="inference.py") as server:
        yield server


def load(server: ServingProcess, name: str, text: str | None = None) -> Answer:
    directory = server.root / "models" / name / "model"
    server.script(SCRIPT, folder=f"models/{name}/model/code")
    (directory / "text").write_text(text or name)
    return server.request("POST", "/models", json.dumps({"model_name": name, "url": str(directory)}))


def invoke(server: ServingProcess, name: str, body: str = "0") -> Answer:
    return server.request("POST", f"/models/{name}/invoke", body, Content_Type="text/csv")


def test_models_are_loaded_listed_invoked_and_unloaded(server: ServingProcess):
    assert server.ping() == 200
    for name in ("one", "two", "three"):
        assert load(server, name).status == 200
    assert load(server, "one").status == 409
    assert invoke(server, "one").text.startswith("one ")
    assert invoke(server, "two").text.startswith("two ")
    assert invoke(server, "none").status == 404
    url = str(server.root / "models/one/model")
    assert server.request("GET", "/models/one").json() == [{"modelName": "one", "modelUrl": url}]
    assert server.request("GET", "/models/none").status == 404
    page = server.request("GET", "/models?limit=2").json()
    assert [model["modelName"] for model in page["models"]] == ["one", "two"]
    page = server.request("GET", f"/models?limit=2&next_page_token={page['nextPageToken']}").json()
    assert [model["modelName"] for model in page["models"]] == ["three"]
    assert "nextPageToken" not in page

    assert server.request("DELETE", "/models/one").status == 200
    assert server.request("DELETE", "/models/one").status == 404
    assert invoke(server, "one").status == 404
    assert load(server, "one", "again").status == 200
    assert invoke(server, "one").text.startswith("again ")
    assert server.terminate() == 0


def test_a_model_that_cannot_be_loaded_leaves_the_others(server: ServingProcess):
    load(server, "one")
    answer = load(server, "bad", "broken")
    assert answer.status == 500
    assert "ValueError: broken model" in answer.json()["error"]
    assert load(server, "large").status == 507
    assert [model["modelName"] for model in server.request("GET", "/models").json()["models"]] == ["one"]
    assert invoke(server, "one").status == 200
    assert load(server, "bad", "repaired").status == 200


def test_unloading_waits_for_requests_in_progress(server: ServingProcess):
    load(server, "one")
    connection = server.connection()
    connection.request("POST", "/models/one/invoke", "0.5", {"Content-Type": "text/csv"})
    invoke(server, "none")
    assert server.request("DELETE", "/models/one").status == 200
    assert Answer(connection.getresponse()).status == 200
    connection.close()


@pytest.mark.parametrize("body", ["nonsense", "{}", "[]", '{"model_name": "x"}'])
def test_a_load_that_names_no_model_is_refused(server: ServingProcess, body: str):
    assert server.request("POST", "/models", body).status == 400
