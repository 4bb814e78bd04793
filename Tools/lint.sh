#!/bin/bash
# Everything that is checked without building. Runs all the checks, then fails if any did.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.clary/venv/e2e/bin
failed=0
check() {
    Tools/say.sh "$1"
    shift
    "$@" || failed=1
}
shell_scripts() {
    local script result=0
    while read -r script; do bash -n "$script" || result=1; done < <(git ls-files '*.sh' .ci/run)
    return $result
}

check "Swift format" swift format lint --strict --recursive --parallel Sources Tests Package.swift
check "Python format" $python/ruff format --check --quiet Tests Examples Tools Benchmarks Python
check "Python lint" $python/ruff check --quiet Tests Examples Tools Benchmarks Python
check "Shell syntax" shell_scripts
check "Generated code is current" $python/python Tools/generate/generate.py --check
[ $failed = 0 ] && Tools/say.sh "Lint passed"
exit $failed
