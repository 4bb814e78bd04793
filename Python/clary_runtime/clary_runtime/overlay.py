"""A virtual environment on top of the one that the instance has, which is read-only.

The new one sees what the lower one has, and what is installed into it comes first. `uv venv --system-site-packages` would
show it the packages of the Python that the lower environment was made from, not those of the environment.
"""

from __future__ import annotations

import os
import shutil
import site
import sys
from pathlib import Path

STUB = "clary-stub\n"
CARRIED = ("METADATA", "WHEEL", "direct_url.json")


class Overlay:
    def __init__(self, root: Path):
        self.root = root
        self.scripts = root / "bin"
        self.python = self.scripts / "python"
        version = "{}.{}".format(*sys.version_info[:2])
        self.packages = root / "lib" / f"python{version}" / "site-packages"

    def create(self) -> None:
        self.packages.mkdir(parents=True)
        self.scripts.mkdir()
        base = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
        (self.root / "pyvenv.cfg").write_text(
            f"home = {base.parent}\ninclude-system-site-packages = false\n"
            f"version_info = {'.'.join(map(str, sys.version_info[:3]))}\n"
        )
        self.python.symlink_to(base)
        for name in ("python3", "python{}.{}".format(*sys.version_info[:2])):
            (self.scripts / name).symlink_to("python")
        # An import line, not a path: it makes the lower environment's own .pth files count as well.
        (self.packages / "clary_lower.pth").write_text(
            "".join(f"import site; site.addsitedir({str(folder)!r})\n" for folder in lower_packages())
        )
        for script in Path(sys.executable).parent.iterdir():
            _copy_script(script, self.scripts)

    def show_lower(self) -> None:
        """Lets uv see the lower environment's packages as installed, so that it installs only what they do not satisfy.

        Each gets a stub that lists no files but itself: replacing the package removes the stub and nothing below.
        """
        for folder in lower_packages():
            for info in folder.glob("*.dist-info"):
                stub = self.packages / info.name
                if not (info / "METADATA").is_file() or stub.exists():
                    continue
                stub.mkdir()
                names = [name for name in CARRIED if (info / name).is_file()]
                for name in names:
                    (stub / name).symlink_to(info / name)
                (stub / "INSTALLER").write_text(STUB)
                listed = [*names, "INSTALLER", "RECORD"]
                (stub / "RECORD").write_text("".join(f"{info.name}/{name},,\n" for name in listed))

    def finish(self, place: Path) -> None:
        """Takes the stubs away, and has scripts name the interpreter where the overlay will be: in `place`."""
        for installer in self.packages.glob("*.dist-info/INSTALLER"):
            if installer.read_bytes() == STUB.encode():
                shutil.rmtree(installer.parent)
        for script in self.scripts.iterdir():
            if not script.is_symlink():
                _replace_start(script, str(self.root), str(place))


def lower_packages() -> list[Path]:
    return [folder for folder in map(Path, site.getsitepackages()) if folder.is_dir()]


def _copy_script(script: Path, folder: Path) -> None:
    """A script that names the lower interpreter would not see the overlay's packages."""
    if script.is_symlink() or not script.is_file() or not os.access(script, os.X_OK):
        return
    with script.open("rb") as file:
        start = file.read(256)
    if start.startswith(b"#!") and b"python" in start:
        shutil.copy(script, folder)
        _replace_start(folder / script.name, str(script.parent), str(folder))


def _replace_start(script: Path, old: str, new: str) -> None:
    """Only in the first two lines: a long path to the interpreter is in the second."""
    data = script.read_bytes()
    if not data.startswith(b"#!"):
        return
    lines = data.split(b"\n", 2)
    lines[:2] = [line.replace(old.encode() + b"/", new.encode() + b"/") for line in lines[:2]]
    script.write_bytes(b"\n".join(lines))
