"""Writes the text of Python programs that Clary runs as Swift, since an installed binary has no files beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "Python/clary_runtime/clary_runtime/parquet.py"
TARGET = ROOT / "Sources/ParquetBridge/Generated/ParquetProgram.swift"


def swift(text: str) -> str:
    assert '"""##' not in text
    return (
        "// Generated from Python/clary_runtime/clary_runtime/parquet.py by `make generate`. Do not edit.\n\n"
        "/// The program that the bridge runs.\n"
        "package enum ParquetProgram {\n"
        '    package static let text = ##"""\n'
        + "".join(f"        {line}\n" if line else "\n" for line in text.splitlines())
        + '        """##\n'
        "}\n"
    )


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(swift(SOURCE.read_text()))
