"""Unpacking an archive that somebody else made."""

from __future__ import annotations

import tarfile
import zlib
from pathlib import Path


class BadArchive(Exception):
    pass


def unpack(archive: Path, destination: Path) -> None:
    """Unpacks a tar file, compressed or not; nothing lands or points outside `destination`.

    The rules are those of `tarfile`'s filter "data", which the oldest Pythons lack. Raises BadArchive.
    """
    destination = destination.resolve()
    try:
        with tarfile.open(archive) as file:
            # Python 3.12 warns, and later ones filter by themselves, unless told who filters.
            file.extraction_filter = lambda member, path: member
            for member in file:
                _check(member, destination)
                file.extract(member, destination)
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        with archive.open("rb") as opened:
            start = opened.read(8)
        kind = "it is damaged" if start[:2] == b"\x1f\x8b" else f"it starts with {start!r}"
        raise BadArchive(f"it cannot be unpacked as a .tar.gz: {error} ({kind})") from None


def _check(member: tarfile.TarInfo, destination: Path) -> None:
    member.name = member.name.lstrip("/")
    target = destination / member.name
    # Resolved on disk: an earlier member may have put a link in the way.
    if not _is_inside(target.parent.resolve() / target.name, destination):
        raise BadArchive(f"its entry '{member.name}' lies outside of the archive")
    if member.issym():
        if member.linkname.startswith("/") or not _is_inside(
            (target.parent / member.linkname).resolve(), destination
        ):
            raise BadArchive(f"its link '{member.name}' points outside, to '{member.linkname}'")
    elif member.islnk():
        if not _is_inside((destination / member.linkname).resolve(), destination):
            raise BadArchive(f"its link '{member.name}' points outside, to '{member.linkname}'")
    elif not (member.isreg() or member.isdir()):
        raise BadArchive(f"its entry '{member.name}' is neither file, folder nor link")
    # No set-user bits and nothing writable by others; folders stay usable by their owner.
    member.mode = member.mode & 0o755 | (0o700 if member.isdir() else 0o600)
    member.uid = member.gid = -1
    member.uname = member.gname = ""


def _is_inside(path: Path, folder: Path) -> bool:
    normal = Path(*_normalised(path))
    return normal == folder or folder in normal.parents


def _normalised(path: Path) -> list[str]:
    parts: list[str] = []
    for part in path.parts:
        if part == "..":
            parts.pop()
        else:
            parts.append(part)
    return parts or ["/"]
