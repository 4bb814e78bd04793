"""Media types, and the choice of one from an Accept header (RFC 9110 §12.5.1)."""

from __future__ import annotations

import functools

from .errors import UnsupportedAccept

JSON = "application/json"
JSON_LINES = "application/jsonlines"
CSV = "text/csv"
NPY = "application/x-npy"
NPZ = "application/x-npz"
LIBSVM = "text/libsvm"
RECORDIO_PROTOBUF = "application/x-recordio-protobuf"
OCTET_STREAM = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
ANY = "*/*"

# What scripts get as str; they get bytes of all others.
TEXT_TYPES = (JSON, CSV)

_SYNONYMS = {
    "application/jsonl": JSON_LINES,
    "application/x-jsonlines": JSON_LINES,
    "text/x-libsvm": LIBSVM,
    "application/x-libsvm": LIBSVM,
}


def media_type(content_type: str) -> str:
    """Type without parameters, in lower case, under its usual name."""
    name = content_type.partition(";")[0].strip().lower()
    return _SYNONYMS.get(name, name)


def charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"') or "utf-8"
    return "utf-8"


@functools.lru_cache(maxsize=256)
def choose(accept: str, offered: tuple[str, ...], default: str) -> str:
    """The offered type that the caller likes best; `default` where any is as good."""
    preferred = default if default in offered else offered[0]
    for wanted in _by_quality(accept or ANY):
        if wanted == ANY:
            return preferred
        if wanted in offered:
            return wanted
        if wanted.endswith("/*"):
            group = wanted[:-1]
            for candidate in (preferred, *offered):
                if candidate.startswith(group):
                    return candidate
    raise UnsupportedAccept(accept, offered)


def _by_quality(accept: str) -> list[str]:
    weighted = []
    for item in accept.split(","):
        quality = 1.0
        for parameter in item.split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "q":
                try:
                    quality = float(value)
                except ValueError:
                    quality = 0.0
        name = media_type(item)
        if name and quality > 0:
            weighted.append((quality, name))
    # Stable: of equal wishes the first counts.
    return [name for _, name in sorted(weighted, key=lambda pair: -pair[0])]
