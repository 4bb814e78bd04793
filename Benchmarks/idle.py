"""Memory and CPU of a server that has nothing to do."""

import time

from harness import Clary, Row, cpu_seconds, memory, proportional_memory

SETTLE = 5
WATCH = 20


def measure() -> list[Row]:
    with Clary() as clary:
        time.sleep(SETTLE)
        processes = (clary.keeper, clary.worker)
        used, began = sum(map(cpu_seconds, processes)), time.monotonic()
        time.sleep(WATCH)
        share = (sum(map(cpu_seconds, processes)) - used) / (time.monotonic() - began)
        # The worker's own, and of the keeper what it does not share with the worker.
        both = sum(map(proportional_memory, processes))
        resident = max(memory(clary.worker), both) / 1e6
    return [
        Row("idle control plane: resident memory", f"{resident:.0f} MB", must="≤ 60 MB", met=resident <= 60),
        Row(f"idle control plane: CPU over {WATCH} s", f"{share:.2%}", must="~0 %", met=share < 0.005),
    ]
