"""CreateTrainingJob → Completed for 20 tiny jobs, without the algorithm's own run time."""

import statistics
import time

import setting
from harness import Clary, Row

JOBS = 20


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        setting.put_training_data(client)
        own = setting.algorithm_seconds()
        waits = []
        for number in range(JOBS):
            name = f"bench-{number}"
            began = time.perf_counter()
            setting.create_training_job(client, name)
            setting.wait_for_job(client, name)
            waits.append(time.perf_counter() - began - own)
    middle, most = statistics.median(waits), max(waits)
    figure = f"CreateTrainingJob → Completed without the algorithm's {own:.2f} s, {JOBS} jobs"
    return [
        Row(f"{figure}: p50", f"{middle:.2f} s", must="≤ 1.0 s", met=middle <= 1.0),
        Row(f"{figure}: maximum", f"{most:.2f} s", must="≤ 2.0 s", met=most <= 2.0),
    ]
