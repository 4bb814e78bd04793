#!/bin/bash
# Resolves each requirements*.in for Linux and every supported Python; the locks name no index.
set -euo pipefail
cd "$(dirname "$0")/.."
for input in Tests/EndToEnd/requirements.in Tests/EndToEnd/requirements-v3.in Benchmarks/requirements.in; do
    (cd "${input%/*}" && "$OLDPWD/.clary/tools/bin/uv" pip compile -q --universal --python-version 3.10 --no-header \
        --no-annotate --no-emit-index-url --no-emit-find-links "${input##*/}" -o "$(basename "$input" .in).lock")
done
