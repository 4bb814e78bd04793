"""Stands in for the published package of this name: its modules are in `clary_runtime.serving.toolkit_names`."""

import sys
from pathlib import Path

# Only a script that asks for a toolkit sees the runtime, behind everything else.
sys.path.append(str(Path(__file__).resolve().parents[3]))

from clary_runtime.serving.toolkit_names import stand_in_for_toolkits  # noqa: E402 - found there.

stand_in_for_toolkits()
