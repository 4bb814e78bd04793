"""CreateTrainingJob → the first line of a container of Podman's, image present, against `podman run` of the same.

The reference is what the engine needs for itself: its command from the start to the line. Both take turns.
"""

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path

import setting
from harness import ROOT, Clary, Row, Unmeasured

JOBS = 12
MOST = 1.5
SAY = ["/bin/bash", "-c", "echo now $EPOCHREALTIME > /opt/ml/output/failure; exit 1"]


def measure() -> list[Row]:
    sys.path[:0] = [str(ROOT / "Tests/EndToEnd"), str(ROOT / "Tests/EndToEnd/containers")]
    import podman

    if podman.MISSING:
        raise Unmeasured(podman.MISSING)
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        engine = podman.Engine(Path(folder))
        try:
            engine.start()
            with Clary("--container-engine", str(engine.socket)) as clary:
                ours, theirs = compare(clary.client(), engine, podman.BASE)
        finally:
            engine.stop()
    ratio = ours / theirs
    figure = f"CreateTrainingJob → first line of a container of Podman's, {JOBS} jobs: p50"
    return [
        Row(
            figure,
            f"{ours * 1000:.0f} ms",
            f"podman run: {theirs * 1000:.0f} ms",
            f"{ratio:.2f}",
            f"≤ {MOST}",
            ratio <= MOST,
        )
    ]


def compare(client, engine, image: str) -> tuple[float, float]:
    setting.put_training_data(client)
    ours, theirs = [], []
    for number in range(JOBS + 1):
        name = f"oci-{number}"
        began = time.time()
        setting.create_training_job(client, name, TrainingImage=image, ContainerEntrypoint=SAY)
        reason = setting.wait_for_job(client, name, "Failed")["FailureReason"]
        said = re.search(r"now (\d+\.\d+)", reason)
        if not said:
            raise Unmeasured(reason)
        ours.append(float(said[1]) - began)
        began = time.time()
        line = engine.podman("run", "--rm", image, "/bin/bash", "-c", "echo $EPOCHREALTIME")
        theirs.append(float(line) - began)
    # The first of each warms the storage up.
    return statistics.median(ours[1:]), statistics.median(theirs[1:])
