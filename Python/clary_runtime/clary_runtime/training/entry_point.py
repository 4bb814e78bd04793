"""`sagemaker_program`: a Python script, a module or a command."""

from __future__ import annotations

import shlex
from pathlib import Path

from .configuration import Configuration
from .errors import ClientError

SHOWN = 20


class EntryPoint:
    """`kind` is "script", "module" or "command"; `needs_installation` says that the code is a package with a setup."""

    def __init__(self, code: Path, program: str):
        if "\0" in program:
            raise ClientError(
                f"The entry point {ascii(program)} has the character NUL, which no file's name has."
            )
        if program.startswith(("/", "-")) or ".." in Path(program).parts:
            raise ClientError(
                f"The entry point '{program}' lies outside of the source directory: name a file in it, by its path there."
            )
        self.program = program
        file = code / program
        has_setup = (code / "setup.py").is_file()
        self.needs_installation = False
        if program.endswith(".sh"):
            self.kind = "command"
        elif program.endswith(".py"):
            self.kind = "script"
            # The toolkit installs whatever has a `setup.py`, so its dependencies are expected to be there.
            self.needs_installation = has_setup
        elif file.is_file():
            self.kind = "command"
        elif has_setup or (code / "pyproject.toml").is_file() or _module(code, program):
            self.kind = "module"
            self.needs_installation = has_setup or (code / "pyproject.toml").is_file()
            return
        else:
            raise _missing(code, program)
        if not file.is_file():
            raise _missing(code, program)
        if self.kind == "command":
            file.chmod(0o755)

    @classmethod
    def of(cls, configuration: Configuration) -> EntryPoint:
        program = configuration.program
        if not program.strip():
            raise ClientError(
                "No entry point is given: the hyperparameter 'sagemaker_program' (or the variable SAGEMAKER_PROGRAM) "
                "must name the script to run."
            )
        return cls(configuration.paths.code, program)

    def command(self, python: list[str], arguments: list[str]) -> list[str]:
        """`python` is the interpreter with its options, or a launcher that is called like one."""
        if self.kind == "script":
            return [*python, self.program, *arguments]
        if self.kind == "module":
            return [*python, "-m", self.program, *arguments]
        line = " ".join(shlex.quote(part) for part in (f"./{self.program}", *arguments))
        return ["/bin/bash", "-c", line]


def _module(code: Path, name: str) -> bool:
    path = code.joinpath(*name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__main__.py").is_file()


def _missing(code: Path, program: str) -> ClientError:
    entries = sorted(
        f"{entry.name}/" if entry.is_dir() else entry.name
        for entry in code.iterdir()
        if entry.name != "__pycache__"
    )
    shown = ", ".join(entries[:SHOWN]) or "nothing"
    more = f" and {len(entries) - SHOWN} more" if len(entries) > SHOWN else ""
    return ClientError(
        f"The entry point '{program}' is not in the submitted code, which holds: {shown}{more}. "
        "Check entry_point and source_dir."
    )
