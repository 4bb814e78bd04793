"""CreateTrainingJob → the first line of a scikit-learn script, environment cached, beyond what the import itself takes.

The script imports sklearn and says what time it is; the reference is `python -c "import sklearn"` in the same
environment. Both take turns.
"""

import re
import statistics
import subprocess
import time

import setting
from harness import Clary, Row, Unmeasured, environment_python

JOBS = 12
SCRIPT = "import sklearn, sys, time\nsys.exit(f'now {time.time()}')\n"


def measure() -> list[Row]:
    with Clary() as clary:
        client = clary.client()
        python = environment_python(clary, setting.SKLEARN)
        setting.put_training_data(client)
        waits, imports = [], []
        # The first one finds nothing in the page cache.
        for number in range(JOBS + 1):
            began = time.time()
            setting.create_script_job(client, f"script-{number}", setting.SKLEARN, SCRIPT)
            reason = setting.wait_for_job(client, f"script-{number}", "Failed")["FailureReason"]
            said = re.search(r"now (\d+\.\d+)", reason)
            if not said:
                raise Unmeasured(reason)
            waits.append(float(said[1]) - began)
            began = time.time()
            subprocess.run([python, "-c", "import sklearn"], check=True)
            imports.append(time.time() - began)
    ours, theirs = statistics.median(waits[1:]), statistics.median(imports[1:])
    return [
        Row(
            f"CreateTrainingJob → first line of a scikit-learn script, {JOBS} jobs: p50",
            f"{ours:.2f} s",
            f"import sklearn: {theirs:.2f} s",
            f"+ {ours - theirs:.2f} s",
            "≤ + 1.0 s",
            ours - theirs <= 1,
        )
    ]
