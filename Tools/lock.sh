#!/bin/bash
# Resolves requirements.in for Linux and every supported Python; the lock names no index.
set -euo pipefail
cd "$(dirname "$0")/../Tests/EndToEnd"
../../.clary/tools/bin/uv pip compile -q --universal --python-version 3.10 --no-header --no-annotate \
    --no-emit-index-url --no-emit-find-links requirements.in -o requirements.lock
