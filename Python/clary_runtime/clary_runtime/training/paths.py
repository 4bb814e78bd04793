"""The `/opt/ml` tree."""

from __future__ import annotations

import os
from pathlib import Path


class Paths:
    def __init__(self, root: Path):
        self.root = root
        self.code = root / "code"
        self.model = root / "model"
        self.input = root / "input"
        self.config = self.input / "config"
        self.data = self.input / "data"
        self.output = root / "output"
        self.output_data = self.output / "data"
        self.intermediate = self.output / "intermediate"
        self.failure = self.output / "failure"

    @classmethod
    def of_instance(cls) -> Paths:
        return cls(Path(os.environ.get("CLARY_ML_ROOT", "/opt/ml")))
