"""Hyperparameters as arguments of the user's script."""

from __future__ import annotations


def arguments(hyperparameters: dict) -> list[str]:
    """`--name value` for each, sorted by name; `-n value` for a name of one letter."""
    return [
        part
        for name in sorted(hyperparameters)
        for part in (f"--{name}" if len(name) > 1 else f"-{name}", spelled(hyperparameters[name]))
    ]


def spelled(value) -> str:
    """As Python writes it (`True`, `[1, 2]`), an object as `name=value,…`, which is what scripts for the toolkit parse."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return ",".join(f"{name}={value[name]}" for name in sorted(value))
    return str(value)
