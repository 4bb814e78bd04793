#!/bin/bash
# Starts a server on a free port with a fresh data directory, runs the example against it as an ordinary client
# would, and stops the server; nothing is left.
set -euo pipefail
cd "$(dirname "$0")/.."

root=$PWD
clary=$root/.build/release/clary
python=$root/.clary/venv/e2e/bin/python
folder=$(mktemp -d "${TMPDIR:-/tmp}/clary-demo.XXXXXX")
log=$folder/serve.log
server=

finish() {
    status=$?
    trap - EXIT
    if [ -n "$server" ] && kill -0 "$server" 2>/dev/null; then
        "$clary" shutdown --data-dir "$folder/data" >/dev/null 2>&1 || kill "$server" 2>/dev/null || true
        wait "$server" 2>/dev/null || true
    fi
    if [ $status != 0 ]; then
        printf '\nThe demo failed. The end of the server log:\n' >&2
        tail -n 40 "$log" >&2 2>/dev/null || true
    fi
    rm -rf "$folder"
    exit $status
}
trap finish EXIT
trap 'exit 130' INT TERM

Tools/say.sh "Starting a server: clary serve --port 0 --data-dir $folder/data"
"$clary" serve --port 0 --data-dir "$folder/data" >"$log" 2>&1 </dev/null &
server=$!
for _ in $(seq 300); do
    grep -q '^Clary is ready at ' "$log" && break
    kill -0 "$server" 2>/dev/null || exit 1
    sleep 0.1
done
grep '^Clary is ready at ' "$log"

Tools/say.sh 'Running Examples/train_deploy_predict.py in a shell that evaluated clary env'
exports=$("$clary" env --data-dir "$folder/data")
(eval "$exports" && export SAGEMAKER_SUPPRESS_V2_WARNING=1 && cd "$folder" && "$python" -W ignore "$root/Examples/train_deploy_predict.py")
Tools/say.sh "Stopping the server"
