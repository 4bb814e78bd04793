"""Memory and CPU of a server that has nothing to do."""

import time

from harness import Clary, Row, cpu_seconds, memory

SETTLE = 5
WATCH = 20


def measure() -> list[Row]:
    with Clary() as clary:
        time.sleep(SETTLE)
        used, began = cpu_seconds(clary.pid), time.monotonic()
        time.sleep(WATCH)
        share = (cpu_seconds(clary.pid) - used) / (time.monotonic() - began)
        resident = memory(clary.pid) / 1e6
    return [
        Row("idle control plane: resident memory", f"{resident:.0f} MB", must="≤ 60 MB", met=resident <= 60),
        Row(f"idle control plane: CPU over {WATCH} s", f"{share:.2%}", must="~0 %", met=share < 0.005),
    ]
