"""CreateTrainingJob → the first line of the container: the sandbox with network, overlay and limits, and all else.

The container's only work is to say what time it is; the figure for the sandbox alone must hold for the whole.
"""

import re
import statistics
import time

import setting
from harness import Clary, Row, Unmeasured

JOBS = 20
SAY = ["/bin/bash", "-c", "echo now $EPOCHREALTIME > /opt/ml/output/failure; exit 1"]


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        setting.put_training_data(client)
        waits = []
        for number in range(JOBS):
            name = f"start-{number}"
            began = time.time()
            setting.create_training_job(client, name, ContainerEntrypoint=SAY)
            reason = setting.wait_for_job(client, name, "Failed")["FailureReason"]
            said = re.search(r"now (\d+\.\d+)", reason)
            if not said:
                raise Unmeasured(reason)
            waits.append(float(said[1]) - began)
    middle = statistics.median(waits)
    figure = f"CreateTrainingJob → the container's first line, {JOBS} jobs: p50"
    return [Row(figure, f"{middle * 1000:.0f} ms", must="≤ 150 ms", met=middle <= 0.15)]
