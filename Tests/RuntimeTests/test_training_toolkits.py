"""Modules of the published toolkits that training scripts import."""

from pathlib import Path

import pytest
from training_instance import Instance, environment

# The top of scripts that train and serve, and what the abalone example does.
IMPORTS = """
import argparse
from sagemaker_containers import entry_point
from sagemaker_containers.beta.framework import content_types, encoders, env, modules, transformer, worker
from sagemaker_inference import content_types as types, decoder
from sagemaker_training import entry_point as other
import json
entry_point._wait_hostname_resolution()
print("seen=" + json.dumps([content_types.JSON, types.CSV, encoders.__name__]))
"""

TRAIN = """
import json, os
from sagemaker_xgboost_container import distributed
from sagemaker_xgboost_container.data_utils import get_dmatrix

def train(rows, is_master):
    print("trained=" + json.dumps([rows, is_master]))

shapes = {}
for name, kind in (("csv", "text/csv"), ("libsvm", "libsvm"), ("parquet", "parquet"), ("empty", "csv")):
    data = get_dmatrix(os.environ[f"SM_CHANNEL_{name.upper()}"], kind)
    shapes[name] = data and [data.num_row(), data.num_col(), data.get_label().tolist()]
weighted = get_dmatrix(os.environ["SM_CHANNEL_CSV"], "csv", csv_weights=1)
shapes["weighted"] = [weighted.num_col(), weighted.get_weight().tolist()]
print("shapes=" + json.dumps(shapes))
try:
    get_dmatrix(os.environ["SM_CHANNEL_CSV"], "application/pdf")
except ValueError as error:
    print("refused=" + json.dumps(str(error)))
distributed.rabit_run(
    exec_fun=train, args={"rows": 3}, include_in_training=True, hosts=["algo-1"], current_host="algo-1",
    update_rabit_args=True,
)
"""


def test_names_of_toolkits_that_are_not_installed(tmp_path: Path) -> None:
    # A name that resolves, as those of a job's hosts do.
    instance = Instance(tmp_path, host="localhost", hosts=("localhost",))
    ended = instance.submit({"train.py": IMPORTS}).train()
    assert ended.exit_code == 0, ended
    name = "sagemaker_containers.beta.framework.encoders"
    assert ended.value("seen") == ["application/json", "text/csv", name]


@pytest.mark.parametrize("place", ["code", "requirements"])
def test_what_is_installed_or_submitted_comes_first(tmp_path: Path, place: str) -> None:
    script = "import json, sagemaker_training\nprint('mine=' + json.dumps(sagemaker_training.MINE))\n"
    files = {"train.py": script}
    if place == "code":
        files["sagemaker_training/__init__.py"] = "MINE = 'code'\n"
    else:
        setup = (
            "from setuptools import setup\nsetup(name='own', version='1', packages=['sagemaker_training'])\n"
        )
        files |= {
            "own/setup.py": setup,
            "own/sagemaker_training/__init__.py": "MINE = 'requirements'\n",
            "requirements.txt": "./own\n",
        }
    ended = Instance(tmp_path).submit(files).train()
    assert ended.exit_code == 0, ended
    assert ended.value("mine") == place


def test_the_data_helper_of_the_xgboost_container(tmp_path: Path) -> None:
    instance = Instance(tmp_path, environment("xgboost-cpu", "pandas<3", "pyarrow", "scipy"))
    table = "1,2,3\n0,4,5\n1,6,7\n"
    channels = {
        "csv": {"a.csv": table[:12], "sub/b.csv": table[12:], ".hidden": "x"},
        "libsvm": {"a": "1 0:2 1:3\n0 0:4\n", "b": "1 0:6\n"},
        "parquet": {},
        "empty": {},
    }
    for channel, files in channels.items():
        folder = instance.ml / "input/data" / channel
        folder.mkdir(parents=True)
        for name, text in files.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        instance.channels[channel] = {"TrainingInputMode": "File"}
    write = f"""
import pandas
pandas.DataFrame({{"y": [1, 0, 1], "a": [2, 4, 6], "b": [3, 5, 7]}}).to_parquet({str(instance.ml)!r} + "/input/data/parquet/a.parquet")
"""
    ended = instance.submit({"train.py": write + TRAIN}).train()
    assert ended.exit_code == 0, ended
    rows = [3, 2, [1, 0, 1]]
    assert ended.value("shapes") == {
        **{"csv": rows, "libsvm": rows, "parquet": rows, "empty": None},
        "weighted": [1, [2, 4, 6]],
    }
    assert ended.value("trained") == [3, True]
    assert "'application/pdf' is none of" in ended.value("refused")
