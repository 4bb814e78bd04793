"""The first build of a framework's environment, its packages in uv's cache: from asking to being there, lock included."""

import json
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import setting
from harness import CLARY, Clary, Row, Unmeasured

ROUNDS = 3
MOST = {"scikit-learn": (setting.SKLEARN, 5.0), "TensorFlow": (setting.TENSORFLOW, 10.0)}


def measure() -> list[Row]:
    rows = []
    with Clary(own_environments=True) as clary:
        for title, (image, most) in MOST.items():
            seconds = [build(clary, image) for _ in range(ROUNDS + 1)][1:]
            middle = statistics.median(seconds)
            rows.append(
                Row(
                    f"first build of the {title} environment, packages in uv's cache, {ROUNDS} builds: p50",
                    f"{middle:.1f} s",
                    must=f"≤ {most:.0f} s",
                    met=middle <= most,
                )
            )
    return rows


def build(clary: Clary, image: str) -> float:
    """Seconds of a build; nothing of it is left."""
    began = time.monotonic()
    result = ask(clary, "build", image)
    seconds = time.monotonic() - began
    if result.returncode != 0:
        raise Unmeasured(result.stderr)
    listed = json.loads(ask(clary, "list", "--json").stdout)
    for environment in listed["environments"]:
        ask(clary, "rm", environment["listing"]["id"])
    shutil.rmtree(Path(clary.environments) / "locks")
    return seconds


def ask(clary: Clary, *words: str) -> subprocess.CompletedProcess:
    command = [CLARY, "images", *words, "--data-dir", clary.data]
    return subprocess.run(command, capture_output=True, text=True, env=clary.environment, check=False)
