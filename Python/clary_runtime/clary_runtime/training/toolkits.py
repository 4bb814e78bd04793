"""Where scripts find modules of the published toolkits, which images have and environments have not.

Scripts that train and serve import the toolkits' decoders at their top, so training needs the names as well.
"""

from __future__ import annotations

from pathlib import Path

from .requirements import Packages

# Each holds one package that hands on to `clary_runtime.serving.toolkit_names`.
_FOLDER = Path(__file__).resolve().parents[2] / "toolkits"


def search_path(packages: Packages) -> list[str]:
    """Folders for the end of PYTHONPATH: those whose package is not installed."""
    return [str(folder) for folder in sorted(_FOLDER.iterdir()) if folder.name not in packages]
