"""Reading files of records into batches of float32, against what Python's users read them with.

One core on both sides, and its time as the processor counts it (CPU seconds of the process), so that others on the
machine do not decide; each file is in the page cache. Clary is `clary read-records`, which does what the algorithms do.
References: csv with `pandas.read_csv` (C engine) and with `pyarrow.csv` (`use_threads=False`), libsvm with
`sklearn.datasets.load_svmlight_file`, RecordIO-protobuf with the SageMaker SDK's `read_recordio` and its generated
message class, on fewer records since it is slow. All take turns, and the best of each counts.
"""

import json
import random
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

from harness import CLARY, Row, Unmeasured

ROWS, COLUMNS, TURNS = 300_000, 30, 3
SDK_SHARE = 20

CSV_PANDAS = """
import pandas
def read(path): return len(pandas.read_csv(path, header=None, engine="c"))
"""
CSV_ARROW = """
import pyarrow, pyarrow.csv
pyarrow.set_cpu_count(1)
options = pyarrow.csv.ReadOptions(use_threads=False, autogenerate_column_names=True)
def read(path): return pyarrow.csv.read_csv(path, read_options=options).num_rows
"""
LIBSVM_SKLEARN = """
from sklearn.datasets import load_svmlight_file
def read(path): return load_svmlight_file(path)[0].shape[0]
"""
RECORDIO_SDK = """
import os, warnings
os.environ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1"
warnings.simplefilter("ignore")
from sagemaker.amazon.common import read_recordio
from sagemaker.amazon.record_pb2 import Record
import numpy
def read(path):
    rows = []
    with open(path, "rb") as file:
        for payload in read_recordio(file):
            record = Record()
            record.ParseFromString(payload)
            rows.append(numpy.array(record.features["values"].float32_tensor.values, dtype=numpy.float32))
    return len(rows)
"""
DRIVER = """
import sys, time
start = time.process_time()
rows = read(sys.argv[1])
print(rows, time.process_time() - start)
"""


def measure() -> list[Row]:
    if not CLARY.exists():
        raise Unmeasured(f"{CLARY} is not built: run make build")
    with tempfile.TemporaryDirectory(prefix="clary-bench-") as name:
        folder = Path(name)
        write_files(folder)
        rows, peaks = [], []
        for what, file, format_name, reference, source, share, limit in (
            ("csv", "table.csv", "csv", "pandas.read_csv", CSV_PANDAS, 1, 2.0),
            ("csv", "table.csv", "csv", "pyarrow.csv, one thread", CSV_ARROW, 1, 0.7),
            ("libsvm", "table.libsvm", "libsvm", "sklearn.load_svmlight_file", LIBSVM_SKLEARN, 1, 5.0),
            (
                "RecordIO-protobuf",
                "table.pbr",
                "recordio-protobuf",
                "the SDK's reader",
                RECORDIO_SDK,
                SDK_SHARE,
                10.0,
            ),
        ):
            path = folder / file
            size = path.stat().st_size
            best, their_best = 0.0, 0.0
            for _ in range(TURNS):
                report = ours(path, format_name)
                best = max(best, size / report["cpuSeconds"])
                peaks.append(report["peakBytes"] - report["idleBytes"])
                part = folder / f"part-{file}" if share > 1 else path
                their_best = max(their_best, part.stat().st_size / theirs(part, source, ROWS // share))
            ratio = best / their_best
            rows.append(
                Row(
                    f"{what} → float32 batches, one core ({ROWS:,} × {COLUMNS})",
                    f"{best / 1e6:,.0f} MB/s",
                    f"{reference} {their_best / 1e6:,.1f} MB/s",
                    f"{ratio:.1f}",
                    f"≥ {limit:g}",
                    ratio >= limit,
                )
            )
        above = max(peaks) / 1e6
        rows.append(
            Row(
                "memory above idle while these files are read",
                f"{above:.0f} MB",
                must="≤ 150 MB",
                met=above <= 150,
            )
        )
    return rows


def ours(path: Path, format_name: str) -> dict:
    result = subprocess.run(
        [CLARY, "read-records", "--format", format_name, "--turns", "2", path],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise Unmeasured(f"clary read-records ended with {result.returncode}:\n{result.stderr[-2000:]}")
    report = json.loads(result.stdout)
    if report["rows"] != ROWS:
        raise Unmeasured(f"clary read {report['rows']} rows of {ROWS} in {path.name}")
    return report


def theirs(path: Path, source: str, rows: int) -> float:
    """CPU seconds of the reference, without its imports."""
    result = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source + DRIVER, path],
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode != 0:
        raise Unmeasured(f"the reference ended with {result.returncode}:\n{result.stderr[-2000:]}")
    found, seconds = result.stdout.splitlines()[-1].split()
    if int(found) != rows:
        raise Unmeasured(f"the reference read {found} rows of {rows} in {path.name}")
    return float(seconds)


def write_files(folder: Path) -> None:
    """The same normal numbers of six digits from a fixed seed in each format."""
    generator = random.Random(11)
    with (
        (folder / "table.csv").open("w") as csv,
        (folder / "table.libsvm").open("w") as libsvm,
        (folder / "table.pbr").open("wb") as records,
        (folder / "part-table.pbr").open("wb") as part,
    ):
        for row in range(ROWS):
            values = [generator.gauss(0, 1) for _ in range(COLUMNS)]
            texts = [f"{value:.6g}" for value in values]
            csv.write(",".join(texts) + "\n")
            pairs = " ".join(f"{index * 7}:{text}" for index, text in enumerate(texts))
            libsvm.write(f"{row % 2} {pairs}\n")
            frame = record(values)
            records.write(frame)
            if row < ROWS // SDK_SHARE:
                part.write(frame)


def field(number: int, content: bytes) -> bytes:
    length = len(content)
    size = bytes([length]) if length < 128 else bytes([length & 127 | 128, length >> 7])
    return bytes([number << 3 | 2]) + size + content


def record(values: list[float]) -> bytes:
    """A framed record with a dense float32 tensor, as the SDK's writer makes it."""
    tensor = field(2, field(1, struct.pack(f"<{len(values)}f", *values)))
    payload = field(1, field(1, b"values") + field(2, tensor))
    return struct.pack("<II", 0xCED7230A, len(payload)) + payload + bytes(-len(payload) % 4)
