#!/bin/bash
# run.sh [FIGURE…]: measures Clary against its references, prints the table and writes RESULTS.md.
set -euo pipefail
cd "$(dirname "$0")/.."

environment=.clary/venv/bench
lock=Benchmarks/requirements.lock
wanted=$(sha256sum < "$lock")
if [ "$(cat .clary/stamps/bench 2>/dev/null)" != "$wanted" ]; then
    Tools/say.sh "Making the Python environment $environment (the references: moto, xgboost)"
    [ -x "$environment/bin/python" ] || .clary/tools/bin/uv venv -q --clear --python '>=3.10' "$environment"
    .clary/tools/bin/uv pip sync -q --python "$environment/bin/python" "$lock"
    mkdir -p .clary/stamps
    printf '%s\n' "$wanted" > .clary/stamps/bench
fi
exec "$environment/bin/python" Benchmarks/bench.py "$@"
