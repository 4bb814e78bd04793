"""What PyPI has of the frameworks, as a table: which release has wheels for which Python and processor.

`python Tools/generate/releases.py` asks PyPI and writes Catalogue/framework-releases.csv, from which `make generate`
makes Swift. The table is what decides, before anything is fetched, which release stands for the one that an image names.
"""

import csv
import json
import re
import sys
import urllib.request
from pathlib import Path

TABLE = Path(__file__).resolve().parents[2] / "Catalogue/framework-releases.csv"
COLUMNS = ["package", "version", "python", "processors"]
PACKAGES = ["scikit-learn", "xgboost", "torch", "tensorflow", "mxnet", "transformers"]
# Wheels of any Python 3 say nothing of which ones they work with: what their authors tested, or what breaks beyond.
LIMITS = {
    "mxnet": lambda version: ("3.5", "3.8") if version < (1, 9) else ("3.6", "3.11"),
    "xgboost": lambda version: ("3.5", "3.9") if version < (1, 5) else ("3.7", "3.14"),
    "transformers": lambda version: (
        ("3.6", "3.10") if version < (4, 22) else ("3.7", "3.11") if version < (4, 30) else ("3.8", "3.14")
    ),
}


def simple(package: str) -> dict:
    request = urllib.request.Request(
        f"https://pypi.org/simple/{package}/", headers={"Accept": "application/vnd.pypi.simple.v1+json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.match(r"\d+(\.\d+)*", version)[0].split("."))


def releases(package: str):
    """(version, first Python, last Python, processors) of every final release that has a wheel for Linux."""
    found: dict[str, dict[str, set]] = {}
    for file in simple(package)["files"]:
        name = file["filename"]
        if file.get("yanked") or not name.endswith(".whl"):
            continue
        _, version, *_, python, _, platform = name[:-4].split("-")
        if not re.fullmatch(r"\d+(\.\d+)*(\.post\d+)?", version):
            continue
        processors = {arch for arch in ("x86_64", "aarch64") if arch in platform and "linux" in platform}
        if platform == "any":
            processors = {"x86_64", "aarch64"}
        pythons = {f"3.{tag[3:]}" for tag in python.split(".") if re.fullmatch(r"cp3\d+", tag)}
        if "py3" in python.split("."):
            pythons |= set(LIMITS[package](numbers(version)))
        if not processors or not pythons:
            continue
        entry = found.setdefault(version, {"pythons": set(), "processors": set()})
        entry["pythons"] |= pythons
        entry["processors"] |= processors
    for version in sorted(found, key=lambda text: (numbers(text), text)):
        pythons = sorted(found[version]["pythons"], key=numbers)
        yield version, pythons[0], pythons[-1], sorted(found[version]["processors"], reverse=True)


def main() -> None:
    with TABLE.open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for package in PACKAGES:
            for version, first, last, processors in releases(package):
                table.writerow([package, version, f"{first}-{last}", " ".join(processors)])
    print(f"{TABLE} is written", file=sys.stderr)


if __name__ == "__main__":
    main()
