#!/bin/bash
# say.sh TEXT: one line about what starts now, on standard error so that it never mixes with results.
if [ -t 2 ]; then
    printf '\033[1m==> %s\033[0m\n' "$1" >&2
else
    printf '==> %s\n' "$1" >&2
fi
