#!/bin/bash
# test.sh FLAGS…: runs the unit tests; what failed is said once more at the end, where people look.
set -euo pipefail
cd "$(dirname "$0")/.."

log=$(mktemp)
trap 'rm -f "$log"' EXIT
if swift test "$@" 2>&1 | tee "$log"; then exit 0; fi
Tools/say.sh "The unit tests failed:"
# A failure's own lines stand below its mark, up to the next line that has one.
awk '/^✘/ { failed = 1; print; next } /^[✔◇⚠↳]/ { failed = 0 } failed' "$log" | head -n 200
exit 1
