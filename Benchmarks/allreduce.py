"""torchrun's allreduce between two instances of a job over their own network, against the host's loopback.

The same script in the same environment, gloo with one process on each side, float32 tensors of 16 MB; each side says
how many bytes per second it reduced. Both take turns.
"""

import os
import re
import statistics
import subprocess
import tempfile
from pathlib import Path

import setting
from harness import Clary, Row, Unmeasured, environment_python, free_port

ROUNDS = 3
LEAST = 0.8
SCRIPT = """
import os, sys, time, torch
import torch.distributed as dist
torch.set_num_threads(1)
dist.init_process_group("gloo")
value = torch.ones(4 << 20)
for _ in range(3):
    dist.all_reduce(value)
dist.barrier()
began = time.perf_counter()
for _ in range(20):
    dist.all_reduce(value)
seconds = time.perf_counter() - began
dist.destroy_process_group()
print(f"rate {20 * value.nbytes / seconds / 1e6:.1f}", flush=True)
"""


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        python = environment_python(clary, setting.PYTORCH)
        setting.put_training_data(client)
        ours, theirs = [], []
        for number in range(ROUNDS):
            ours.append(between_instances(client, f"allreduce-{number}"))
            theirs.append(on_loopback(python))
    middle, reference = statistics.median(ours), statistics.median(theirs)
    ratio = middle / reference
    return [
        Row(
            f"torchrun allreduce between two instances, 16 MB, against the host's loopback, {ROUNDS} runs",
            f"{middle:,.0f} MB/s",
            f"{reference:,.0f} MB/s",
            f"{ratio:.2f} ×",
            f"≥ {LEAST} ×",
            ratio >= LEAST,
        )
    ]


def between_instances(client, name: str) -> float:
    setting.create_script_job(
        client, name, setting.PYTORCH, SCRIPT, count=2, sagemaker_torch_distributed_enabled="true"
    )
    return setting.wait_for_job(client, name)["FinalMetricDataList"][0]["Value"]


def on_loopback(python: Path) -> float:
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as folder:
        script = Path(folder) / "main.py"
        script.write_text(SCRIPT)
        port = free_port()
        command = [
            *(python, "-m", "torch.distributed.run", "--nnodes", "2", "--nproc_per_node", "1"),
            *("--master_addr", "127.0.0.1", "--master_port", str(port)),
        ]
        nodes = [
            subprocess.Popen(
                [*command, "--node_rank", str(rank), script],
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                env=os.environ | {"GLOO_SOCKET_IFNAME": "lo"},
            )
            for rank in (0, 1)
        ]
        return rate(nodes[0].communicate(timeout=120)[0] + nodes[1].communicate(timeout=120)[0])


def rate(text: str) -> float:
    said = re.search(r"rate (\d+\.\d+)", text)
    if not said:
        raise Unmeasured(text)
    return float(said[1])
