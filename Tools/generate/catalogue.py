"""The catalogues as Swift: a binary that is installed somewhere has no files beside it."""

import csv
import pathlib

COLUMNS = ["type", "family", "vcpus", "memory_gib", "gpus", "gpu_model", "gpu_memory_gib", "usable_for"]


def instance_catalogue(path):
    """Text of `InstanceCatalogue+Types.swift`.

    A row without processors or memory is not an instance but an accelerator to attach, or unknown: it is
    left out.
    """
    with pathlib.Path(path).open(newline="") as file:
        rows = list(csv.DictReader(file))
    if list(rows[0]) != COLUMNS:
        raise ValueError(f"{path} should have the columns {', '.join(COLUMNS)}")
    lines = [
        f"// Generated from Catalogue/{pathlib.Path(path).name} by `make generate`: edit that file instead.",
        "// swift-format-ignore-file",
        "",
        "extension InstanceCatalogue {",
        "    /// One type a line: " + ", ".join(COLUMNS) + ".",
        "    ///",
        "    /// Text, because an array literal of as many structures takes the compiler twenty seconds.",
        '    static let table = """',
    ]
    lines += ["        " + ",".join(row.values()) for row in rows if row["vcpus"] and row["memory_gib"]]
    lines += ['        """', "}", ""]
    return "\n".join(lines)


def framework_releases(path):
    """Text of `ReleaseTable+Table.swift`."""
    lines = [
        f"// Generated from Catalogue/{pathlib.Path(path).name} by `make generate`: see Tools/generate/releases.py.",
        "// swift-format-ignore-file",
        "",
        "extension ReleaseTable {",
        "    /// One release a line: package, version, first and last Python, processors.",
        '    static let table = """',
    ]
    lines += ["        " + row for row in pathlib.Path(path).read_text().splitlines()[1:]]
    lines += ['        """', "}", ""]
    return "\n".join(lines)
