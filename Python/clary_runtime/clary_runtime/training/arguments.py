"""Hyperparameters as arguments of the user's script."""

from __future__ import annotations

import os

from .errors import ClientError


def arguments(hyperparameters: dict) -> list[str]:
    """`--name value` for each, sorted by name; `-n value` for a name of one letter, an empty name as it is."""
    return [
        part
        for name in sorted(hyperparameters)
        for part in ("--"[: len(name)] + name, spelled(hyperparameters[name]))
    ]


def check(hyperparameters: dict) -> None:
    """Raises ClientError for what no process can be given, whoever starts it."""
    for name, value in hyperparameters.items():
        shown = ascii(name)
        if "=" in name:
            raise ClientError(
                f"The hyperparameter {shown} cannot be passed to the script: the name of its variable, "
                f"{ascii('SM_HP_' + name.upper())}, would have a '='. Give it a name without one."
            )
        for what, text in (("name", name), ("value", spelled(value))):
            if "\0" in text:
                raise ClientError(
                    f"The hyperparameter {shown} cannot be passed to the script: its {what} has the character NUL, at "
                    "which arguments and variables end. Leave it out, or put the value into a file of a channel."
                )
            try:
                os.fsencode(text)
            except UnicodeEncodeError as error:
                raise ClientError(
                    f"The hyperparameter {shown} cannot be passed to the script: its {what} has the half of a character "
                    f"({ascii(text[error.start])}), which has no bytes. Leave it out."
                ) from None


def spelled(value) -> str:
    """As Python writes it (`True`, `[1, 2]`), an object as `name=value,…`, which is what scripts for the toolkit parse."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ",".join(f"{name}={value[name]}" for name in sorted(value))
    return str(value)
