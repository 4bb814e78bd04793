#!/bin/bash
# Resolves each requirements.in for Linux and every supported Python; the locks name no index.
set -euo pipefail
cd "$(dirname "$0")/.."
for folder in Tests/EndToEnd Benchmarks; do
    (cd "$folder" && "$OLDPWD/.clary/tools/bin/uv" pip compile -q --universal --python-version 3.10 --no-header \
        --no-annotate --no-emit-index-url --no-emit-find-links requirements.in -o requirements.lock)
done
