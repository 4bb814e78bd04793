"""Writes the text of Python programs that Clary runs as Swift, since an installed binary has no files beside it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "Python/clary_runtime"
PARQUET = PACKAGE / "clary_runtime/parquet.py"
PARQUET_TARGET = ROOT / "Sources/ParquetBridge/Generated/ParquetProgram.swift"
RUNTIME_TARGET = ROOT / "Sources/Environments/Generated/RuntimePrograms+Texts.swift"


def literal(text: str, indent: str) -> str:
    """A Swift string literal of several lines."""
    assert '"""##' not in text
    lines = "".join(f"{indent}{line}\n" if line else "\n" for line in text.splitlines())
    return f'##"""\n{lines}\n{indent}"""##'


def parquet_program() -> str:
    text = PARQUET.read_text()
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


def runtime_files() -> list[Path]:
    """What runs inside containers: the entry point and the packages for training and serving."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if path != PARQUET]


def runtime_programs() -> str:
    files = "".join(
        f'        "{path.relative_to(PACKAGE)}": {literal(path.read_text(), "            ")},\n'
        for path in runtime_files()
    )
    return (
        "// Generated from Python/clary_runtime by `make generate`. Do not edit.\n"
        "// swift-format-ignore-file\n\n"
        "extension RuntimePrograms {\n"
        "    /// Path below the directory of programs → text.\n"
        "    static let texts: [String: String] = [\n" + files + "    ]\n"
        "}\n"
    )


def embedded_files() -> dict[Path, str]:
    """Path → text, of every file that carries programs."""
    return {PARQUET_TARGET: parquet_program(), RUNTIME_TARGET: runtime_programs()}


if __name__ == "__main__":
    for target, text in embedded_files().items():
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_text() != text:
            target.write_text(text)
