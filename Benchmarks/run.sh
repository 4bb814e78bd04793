#!/bin/bash
<<<<<<< HEAD
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
=======
# Installs the peers that the figures are measured against, then measures. Needs a machine that is otherwise idle.
set -euo pipefail
cd "$(dirname "$0")/.."

missing=()
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx-light)
command -v wrk >/dev/null || missing+=(wrk)
if [ ${#missing[@]} != 0 ]; then
    line="apt-get install -y --no-install-recommends ${missing[*]}"
    if [ "$(id -u)" = 0 ]; then sudo=; elif sudo -n true 2>/dev/null; then sudo="sudo -n"; else
        echo "bench: run once: sudo apt-get update && sudo $line" >&2
        exit 1
    fi
    Tools/say.sh "Installing ${missing[*]}"
    $sudo apt-get update -qq </dev/null >&2
    $sudo env DEBIAN_FRONTEND=noninteractive $line -qq </dev/null >&2
fi

wanted=$(sha256sum < Benchmarks/requirements.lock)
if [ "$(cat .clary/stamps/bench 2>/dev/null)" != "$wanted" ]; then
    Tools/say.sh "Making the Python environment .clary/venv/bench"
    .clary/tools/bin/uv venv -q --clear --python '>=3.10' .clary/venv/bench
    .clary/tools/bin/uv pip sync -q --python .clary/venv/bench/bin/python Benchmarks/requirements.lock
    mkdir -p .clary/stamps
    printf '%s\n' "$wanted" > .clary/stamps/bench
fi
exec .clary/venv/bench/bin/python Benchmarks/bench.py "$@"
>>>>>>> f69ce2c (Example, demo and benchmarks)
