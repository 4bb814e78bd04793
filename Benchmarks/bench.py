"""Measures Clary against its references: prints a table and writes RESULTS.md.

usage: bench.py [FIGURE…]    every figure by default; a selection is printed and not written
"""

import argparse
import importlib
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

from harness import ROOT, Row, Unmeasured

FIGURES = {
    "job_latency": "from CreateTrainingJob to Completed",
    "container_start": "from CreateTrainingJob to the container's first line",
    "oci_start": "the same with an image of one's own, against podman run",
    "endpoint_latency": "from CreateEndpoint to InService",
    "describe_rate": "DescribeTrainingJob against moto_server",
    "policy_cost": "what deciding about a call adds to it",
    "invoke": "InvokeEndpoint against the same container behind nginx",
    "script_start": "from CreateTrainingJob to the first line of a scikit-learn script",
    "environment_build": "environments of frameworks, built from uv's cache",
    "script_endpoint": "a scikit-learn endpoint against Flask under gunicorn",
    "allreduce": "torchrun between two instances against the host's loopback",
    "xgboost_training": "training time against Python's xgboost",
    "records": "files of records into batches of numbers",
    "idle": "memory and CPU of a server that has nothing to do",
    "large_start": "start with much in the data directory",
    "survival": "calls through crashes of the worker",
    "object_speed": "objects, large and small, against nginx, moto_server and the disk",
    "input_modes": "channels: large data sets, many objects, pipes",
    "object_memory": "memory while a 2 GB object comes and goes",
}
HEADINGS = ("figure", "ours", "reference", "ratio", "must reach", "met")


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures Clary against its references.")
    listed = "; ".join(f"{name}: {text}" for name, text in FIGURES.items())
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=listed)
    chosen = parser.parse_args().figures or list(FIGURES)
    if unknown := set(chosen) - set(FIGURES):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(FIGURES)}")

    rows, problems = [], []
    for name in chosen:
        print(f"==> {FIGURES[name]}", file=sys.stderr, flush=True)
        try:
            rows += importlib.import_module(name).measure()
        except Unmeasured as reason:
            problems.append((name, str(reason)))
            rows.append(Row(FIGURES[name], "not measured"))
    table = markdown(rows)
    print(table)
    for name, reason in problems:
        print(f"\n{name} was not measured: {reason}")
    if chosen == list(FIGURES):
        write_results(table, problems)
    return 1 if any(row.met is False for row in rows) else 0


def cells(row: Row) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: ""}[row.met]
    return (row.figure, row.ours, row.reference, row.ratio, row.must, met)


def markdown(rows: list[Row]) -> str:
    lines = [HEADINGS, *(cells(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    text = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) + " |"
        for line in lines
    ]
    text.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(text)


def write_results(table: str, problems: list[tuple[str, str]]) -> None:
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    text = (
        "# Figures\n\n"
        f"Written by `make bench` on {time.strftime('%Y-%m-%d %H:%M UTC', time.gmtime())}"
        f"{f', commit {commit}' if commit else ''}, on {machine()}.\n"
        "Ratios compare both sides in one run on this machine.\n\n"
        f"{table}\n"
    )
    for name, reason in problems:
        first = reason.splitlines()[0]
        text += f"\n`{name}` was not measured: {first}\n"
    Path(__file__).with_name("RESULTS.md").write_text(text)


def machine() -> str:
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    cores = len(os.sched_getaffinity(0))
    return f"{cores} × {cpu}, {pages / 2**30:.0f} GiB, Linux {platform.release()}"


if __name__ == "__main__":
    sys.exit(main())
