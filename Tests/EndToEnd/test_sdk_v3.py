"""The SageMaker Python SDK 3.x, unchanged: programs as a user writes them."""

import shutil
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parent / "scripts"

SETUP = """
import json, logging, os, sys, tarfile
logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
import boto3, numpy
from sagemaker.core import image_uris
from sagemaker.core.helper.session_helper import Session, get_execution_role
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, OutputDataConfig, SourceCode

session = Session()
bucket, region = session.default_bucket(), session.boto_region_name
scikit_learn = image_uris.retrieve("sklearn", region, version="1.2-1")
compute = Compute(instance_type="ml.m5.large", instance_count=1)

random = numpy.random.default_rng(1)
features = random.normal(size=(300, 4))
labels = (features[:, 0] + features[:, 1] > 0).astype(int)
os.makedirs("data", exist_ok=True)
numpy.savetxt("data/train.csv", numpy.column_stack([labels, features]), delimiter=",")

def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)

def download(job):
    bucket, _, key = job.model_artifacts.s3_model_artifacts.removeprefix("s3://").partition("/")
    boto3.client("s3").download_file(bucket, key, "model.tar.gz")
    with tarfile.open("model.tar.gz") as archive:
        archive.extractall("model", filter="data")
    print("files", sorted(os.listdir("model")))
"""


@pytest.fixture
def run(run_python_v3, tmp_path):
    """Runs a program in a folder with the scripts, after the setup."""

    def run(program: str) -> str:
        shutil.copytree(SCRIPTS, tmp_path / "scripts", dirs_exist_ok=True)
        return run_python_v3(SETUP + program)

    return run


def figure(name: str, output: str) -> float:
    return float(output.partition(f"{name} ")[2].split()[0])


def test_model_trainer_runs_a_script(run):
    output = run("""
write("source/helper.py", "def name(): return 'a module beside the script'")
write("source/train.py", '''
import argparse, json, os
import joblib, numpy, sklearn
from sklearn.linear_model import LogisticRegression
import helper

parser = argparse.ArgumentParser()
parser.add_argument("--strength", type=float)
parser.add_argument("--label")
arguments = parser.parse_args()
table = numpy.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"), delimiter=",")
model = LogisticRegression(C=arguments.strength).fit(table[:, 1:], table[:, 0])
print("trained with", helper.name(), arguments.label, os.environ["SM_HP_LABEL"], sklearn.__version__)
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
numpy.savez(os.path.join(os.environ["SM_MODEL_DIR"], "weights.npz"), model.coef_, model.intercept_)
''')
trainer = ModelTrainer(
    training_image=scikit_learn,
    source_code=SourceCode(source_dir="source", entry_script="train.py"),
    compute=compute,
    hyperparameters={"strength": 10.0, "label": "two words"},
    base_job_name="v3-script",
)
trainer.train(input_data_config=[InputData(channel_name="train", data_source="data")], wait=True, logs=True)
job = trainer._latest_training_job
print("status", job.training_job_status)
download(job)
weights = numpy.load("model/weights.npz")
print("accuracy", numpy.mean((features @ weights["arr_0"].T + weights["arr_1"] > 0).ravel() == labels))
""")
    assert "trained with a module beside the script two words two words 1.2.1" in output  # The live log.
    assert "status Completed" in output
    assert "files ['model.joblib', 'weights.npz']" in output
    assert figure("accuracy", output) > 0.95


def test_requirements_are_installed_with_pip(run):
    output = run("""
write("source/requirements.txt", "toolz==0.12.1\\njoblib==1.3.1")
write("source/train.py", '''
import joblib, sklearn, toolz
print("installed", toolz.__version__, "replaced", joblib.__version__, "kept", sklearn.__version__)
''')
for _ in range(2):
    trainer = ModelTrainer(
        training_image=scikit_learn,
        source_code=SourceCode(source_dir="source", entry_script="train.py", requirements="requirements.txt"),
        compute=compute,
        base_job_name="v3-requirements",
    )
    trainer.train()
write("source/train.py", '''
import importlib.util, joblib
print("what another job has installed is", importlib.util.find_spec("toolz"), joblib.__version__ == "1.3.1")
''')
trainer = ModelTrainer(
    training_image=scikit_learn,
    source_code=SourceCode(source_dir="source", entry_script="train.py"),
    compute=compute,
    base_job_name="v3-requirements",
)
trainer.train()
""")
    assert output.count("installed 0.12.1 replaced 1.3.1 kept 1.2.1") == 2
    assert "what another job has installed is None False" in output


def test_a_script_that_fails_raises_with_its_last_line(run):
    output = run("""
write("source/train.py", '''
def normalise(rows):
    raise ValueError("column 3 has no name")

normalise([])
''')
trainer = ModelTrainer(
    training_image=scikit_learn,
    source_code=SourceCode(source_dir="source", entry_script="train.py"),
    compute=compute,
    base_job_name="v3-failure",
)
try:
    trainer.train()
except Exception as error:
    print("raised", type(error).__name__, error)
print("reason", trainer._latest_training_job.refresh().failure_reason)
""")
    assert "raised FailedStatusError" in output
    assert "ValueError: column 3 has no name" in output.partition("raised ")[2].partition("reason ")[0]
    assert "ValueError: column 3 has no name" in output.partition("reason ")[2]


def test_torchrun_on_two_instances(run):
    output = run("""
from sagemaker.train.distributed import Torchrun
write("source/train.py", '''
import os
import torch
import torch.distributed as distributed

distributed.init_process_group("gloo")
rank = distributed.get_rank()
total = torch.tensor([float(rank + 1)])
distributed.all_reduce(total)
# In one piece with its end: the ranks of a host share their output.
print(f"rank {rank} of {distributed.get_world_size()} has {total.item()}\\\\n", end="", flush=True)
if rank == 0:
    torch.save({"total": total}, os.path.join(os.environ["SM_MODEL_DIR"], "model.pt"))
distributed.destroy_process_group()
''')
trainer = ModelTrainer(
    training_image=image_uris.retrieve(
        "pytorch", region, version="2.3.0", py_version="py311", instance_type="ml.m5.large", image_scope="training"),
    source_code=SourceCode(source_dir="source", entry_script="train.py"),
    compute=Compute(instance_type="ml.m5.large", instance_count=2),
    distributed=Torchrun(process_count_per_node=2),
    base_job_name="v3-torchrun",
)
trainer.train()
download(trainer._latest_training_job)
""")
    assert {f"rank {rank} of 4 has 10.0" for rank in range(4)} <= set(
        part for line in output.splitlines() for part in [line[line.find("rank ") :].strip()]
    )
    assert "files ['model.pt']" in output


def test_a_built_in_algorithm_and_its_endpoint(run):
    output = run("""
from sagemaker.core.resources import Endpoint, EndpointConfig, Model
from sagemaker.core.shapes import ContainerDefinition, ProductionVariant
xgboost = image_uris.retrieve("xgboost", region, version="1.7-1")
role = get_execution_role(session)
trainer = ModelTrainer(
    training_image=xgboost,
    role=role,
    compute=compute,
    hyperparameters={"objective": "binary:logistic", "num_round": 20},
    base_job_name="v3-xgboost",
)
trainer.train(input_data_config=[InputData(channel_name="train", data_source="data", content_type="text/csv")])
artifacts = trainer._latest_training_job.model_artifacts.s3_model_artifacts
name = trainer._latest_training_job.training_job_name
model = Model.create(
    model_name=name,
    primary_container=ContainerDefinition(image=xgboost, model_data_url=artifacts),
    execution_role_arn=role,
)
config = EndpointConfig.create(
    endpoint_config_name=name,
    production_variants=[ProductionVariant(
        variant_name="AllTraffic", model_name=name, initial_instance_count=1, instance_type="ml.m5.large")],
)
endpoint = Endpoint.create(endpoint_name=name, endpoint_config_name=name)
endpoint.wait_for_status("InService")
body = "\\n".join(",".join(map(str, row)) for row in features)
reply = endpoint.invoke(body=body, content_type="text/csv", accept="text/csv")
scores = numpy.array([float(word) for word in reply.body.read().decode().replace("\\n", ",").split(",") if word])
print("accuracy", numpy.mean((scores > 0.5) == labels))
print("listed", [found.endpoint_name for found in Endpoint.get_all(name_contains=name)] == [name])
endpoint.delete()
endpoint.wait_for_delete()
config.delete()
model.delete()
print("left", list(Model.get_all(name_contains=name)))
""")
    assert "train-logloss:" in output
    assert figure("accuracy", output) > 0.95
    assert "listed True" in output
    assert "left []" in output


def test_model_builder_deploys_what_a_trainer_made(run):
    output = run("""
from sagemaker.serve.model_builder import ModelBuilder
write("source/train.py", '''
import os
import joblib, numpy
from sklearn.linear_model import LogisticRegression
table = numpy.loadtxt(os.path.join(os.environ["SM_CHANNEL_TRAIN"], "train.csv"), delimiter=",")
model = LogisticRegression().fit(table[:, 1:], table[:, 0])
joblib.dump(model, os.path.join(os.environ["SM_MODEL_DIR"], "model.joblib"))
''')
write("serving/inference.py", '''
import os
import joblib

def model_fn(folder):
    return joblib.load(os.path.join(folder, "model.joblib"))
''')
trainer = ModelTrainer(
    training_image=scikit_learn,
    source_code=SourceCode(source_dir="source", entry_script="train.py"),
    compute=compute,
    base_job_name="v3-builder",
)
trainer.train(input_data_config=[InputData(channel_name="train", data_source="data")])
artifacts = trainer._latest_training_job.model_artifacts.s3_model_artifacts

as_it_is = ModelBuilder(model=trainer, image_uri=scikit_learn, instance_type="ml.m5.large").build()
print("same", as_it_is.primary_container.model_data_url == artifacts)
as_it_is.delete()

builder = ModelBuilder(
    s3_model_data_url=artifacts,
    image_uri=scikit_learn,
    source_code=SourceCode(source_dir="serving", entry_script="inference.py"),
    instance_type="ml.m5.large",
)
model = builder.build()
endpoint = builder.deploy(initial_instance_count=1, instance_type="ml.m5.large")
reply = endpoint.invoke(
    body=json.dumps(features.tolist()), content_type="application/json", accept="application/json")
print("agreement", numpy.mean(numpy.array(json.loads(reply.body.read())) == labels))
endpoint.delete()
endpoint.wait_for_delete()
model.delete()
""")
    assert "same True" in output
    assert figure("agreement", output) > 0.95


REMOTE = """
from sagemaker.core.remote_function import remote

settings = dict(image_uri=scikit_learn, instance_type="ml.m5.large", role=get_execution_role(session))
"""


def test_a_remote_function_returns_and_raises(run):
    output = run(
        REMOTE
        + """
@remote(**settings)
def divide(x, y):
    import sklearn
    print("dividing with", sklearn.__version__)
    return {"quotient": x / y}

print("value", divide(6, 4))
try:
    divide(1, 0)
except ZeroDivisionError as error:
    print("raised", error)
"""
    )
    assert "dividing with 1.2.1" in output
    assert "value {'quotient': 1.5}" in output
    assert "raised division by zero" in output


def test_a_remote_function_with_modules_and_packages_of_its_own(run):
    output = run(
        REMOTE
        + """
write("./local_module.py", "def twice(x): return 2 * x")
write("./needs.txt", "toolz==0.12.1")
os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
from local_module import twice

@remote(dependencies="./needs.txt", include_local_workdir=True, environment_variables={"GREETING": "hello"}, **settings)
def work(x):
    import os, toolz
    from local_module import twice
    return twice(x), toolz.__version__, os.environ["GREETING"]

print("value", work(21))
"""
    )
    assert "value (42, '0.12.1', 'hello')" in output
