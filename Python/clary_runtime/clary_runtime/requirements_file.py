"""Reading a requirements file as far as its caching needs it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

INCLUDES = re.compile(r"^(?:-[rc]\s*|--(?:requirement|constraint)[\s=]\s*)(\S+)")
LOCAL_OPTIONS = re.compile(r"^(?:-e|-f|--editable|--find-links)[\s=]\s*(\S+)")
ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2")


class RequirementsFile:
    """`is_empty`: nothing is asked; `is_local`: it names files of the code, so its result belongs to one job."""

    def __init__(self, path: Path):
        self.path = path
        self._digest = hashlib.sha256()
        self._seen: set[Path] = set()
        self.is_empty = True
        self.is_local = False
        self._read(path)

    def key(self, *context: str) -> str:
        digest = self._digest.copy()
        for part in context:
            digest.update(part.encode() + b"\0")
        return digest.hexdigest()[:32]

    def _read(self, path: Path) -> None:
        if path in self._seen:
            return
        self._seen.add(path)
        data = path.read_bytes()
        self._digest.update(len(data).to_bytes(8, "big") + data)
        text = data.decode("utf-8-sig", errors="replace").replace("\\\n", " ")
        for line in text.splitlines():
            line = re.sub(r"(^|\s)#.*", "", line).strip()
            if line:
                self._note(line, path.parent)

    def _note(self, line: str, folder: Path) -> None:
        included = INCLUDES.match(line)
        if included:
            target = included.group(1)
            if "://" in target:
                # What such an address serves may change, and the text does not show it.
                self.is_local = True
                self.is_empty = False
            elif (folder / target).is_file():
                self._read(folder / target)
            else:
                # The installer says better what is missing.
                self.is_empty = False
            return
        option = LOCAL_OPTIONS.match(line)
        if option:
            # An editable package from a repository is written into the environment's own folder, which moves.
            self.is_local = (
                self.is_local or line.startswith(("-e", "--editable")) or "://" not in option.group(1)
            )
            self.is_empty = self.is_empty and not line.startswith(("-e", "--editable"))
            return
        if line.startswith("-"):
            return
        self.is_empty = False
        self.is_local = self.is_local or _names_file(line)


def _names_file(line: str) -> bool:
    text = line.split(";", 1)[0].strip()
    if text.startswith("file:") or re.search(r"@\s*(file:|[./])", text):
        return True
    if "://" in text:
        return False
    return text.startswith((".", "/")) or "/" in text.split("@", 1)[0] or text.endswith(ARCHIVES)
