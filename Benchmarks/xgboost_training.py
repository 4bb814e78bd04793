"""XGBoost training on a csv file: Clary's container against Python's xgboost, same version, rounds and threads.

Each side is a whole process from its start to its exit: reading, training, evaluating each round, writing the model.
The two references read the file with `DMatrix(uri)` and with pandas; what they take without the interpreter's start
and the imports is shown beside them. All three take turns, and the fastest of each counts, so that a busy moment of
the machine does not decide.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import CLARY, Row, Unmeasured

ROWS, COLUMNS, ROUNDS, TURNS = 500_000, 20, 50, 5
PARAMETERS = {"objective": "reg:squarederror", "tree_method": "hist", "max_depth": "6", "eta": "0.3"}

REFERENCE = """
import sys, time, json
import xgboost
how, path, parameters, rounds, model = sys.argv[1:]
if how == "pandas":
    import pandas
start = time.perf_counter()
if how == "uri":
    matrix = xgboost.DMatrix(path + "?format=csv&label_column=0")
else:
    table = pandas.read_csv(path, header=None)
    matrix = xgboost.DMatrix(table.iloc[:, 1:], label=table.iloc[:, 0])
booster = xgboost.train(json.loads(parameters), matrix, int(rounds), evals=[(matrix, "train")], verbose_eval=False)
booster.save_model(model)
print(time.perf_counter() - start)
"""


def measure() -> list[Row]:
    if not CLARY.exists():
        raise Unmeasured(f"{CLARY} is not built: run make build")
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as name:
        folder = Path(name)
        threads = len(os.sched_getaffinity(0))
        path = container(folder, threads)
        write_table(path)
        times: dict[str, list[tuple[float, float]]] = {"clary": [], "uri": [], "pandas": []}
        for _ in range(TURNS):
            times["clary"].append((ours(folder), 0))
            for how in ("uri", "pandas"):
                times[how].append(reference(how, path, threads, folder))
    best = {how: min(values) for how, values in times.items()}
    figure = f"XGBoost, {ROWS:,} × {COLUMNS} csv, {ROUNDS} rounds, {threads} threads"
    return [
        row(figure, best["clary"][0], "DMatrix(uri)", best["uri"], 1.05),
        row(figure, best["clary"][0], "pandas + DMatrix", best["pandas"], 0.9),
    ]


def row(figure: str, ours: float, name: str, reference: tuple[float, float], limit: float) -> Row:
    whole, without_imports = reference
    ratio = ours / whole
    text = f"{name} {whole:.2f} s ({without_imports:.2f} s without imports)"
    return Row(figure, f"{ours:.2f} s", text, f"{ratio:.2f}", f"≤ {limit}", ratio <= limit)


def write_table(path: Path) -> None:
    """A regression with noise from a fixed seed, numbers of six digits."""
    generator = random.Random(7)
    weights = [generator.gauss(0, 1) for _ in range(COLUMNS)]
    with path.open("w") as file:
        for _ in range(ROWS):
            features = [generator.gauss(0, 1) for _ in range(COLUMNS)]
            label = sum(w * x for w, x in zip(weights, features, strict=True)) + features[0] * features[1]
            file.write(f"{label + generator.gauss(0, 1):.6g},{','.join(f'{x:.6g}' for x in features)}\n")


def container(folder: Path, threads: int) -> Path:
    """Lays out `/opt/ml` below a folder; returns where the data go."""
    configuration = folder / "input/config"
    configuration.mkdir(parents=True)
    hyperparameters = PARAMETERS | {"num_round": str(ROUNDS), "nthread": str(threads)}
    (configuration / "hyperparameters.json").write_text(json.dumps(hyperparameters))
    channel = {"ContentType": "text/csv", "TrainingInputMode": "File"}
    (configuration / "inputdataconfig.json").write_text(json.dumps({"train": channel}))
    data = folder / "input/data/train"
    data.mkdir(parents=True)
    return data / "train.csv"


def ours(folder: Path) -> float:
    start = time.perf_counter()
    result = subprocess.run(
        [CLARY, "algorithm", "xgboost", "train", "--root", folder],
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - start
    if result.returncode != 0 or not (folder / "model/xgboost-model").exists():
        raise Unmeasured(
            f"the training ended with {result.returncode}:\n{result.stdout[-2000:]}{result.stderr[-2000:]}"
        )
    return seconds


def reference(how: str, path: Path, threads: int, folder: Path) -> tuple[float, float]:
    """Seconds of the whole process, and of it what comes after the imports."""
    parameters = json.dumps(PARAMETERS | {"nthread": threads})
    start = time.perf_counter()
    result = subprocess.run(
        [
            sys.executable,
            "-W",
            "ignore",
            "-c",
            REFERENCE,
            how,
            path,
            parameters,
            str(ROUNDS),
            folder / "reference.ubj",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    whole = time.perf_counter() - start
    if result.returncode != 0:
        raise Unmeasured(f"the reference ended with {result.returncode}:\n{result.stderr[-2000:]}")
    return whole, float(result.stdout.splitlines()[-1])
