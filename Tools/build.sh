#!/bin/bash
# build.sh SWIFT_FLAGS…: builds clary and says beforehand if it will take long.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -x .build/release/clary ]; then
    Tools/say.sh "Building clary"
else
    Tools/say.sh "Building clary for the first time: some 900 files, 10 to 20 minutes on two cores; later builds take seconds"
fi
swift build "$@" --product clary
