"""uv, or pip where there is none, and what their failures mean."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import sys
from pathlib import Path

from ..overlay import Overlay
from .errors import ClientError, CommandError
from .log import log
from .process import Relay

# pip's settings of indexes, which users know from elsewhere, and uv's names for them.
PIP_TO_UV = {
    "PIP_INDEX_URL": "UV_DEFAULT_INDEX",
    "PIP_EXTRA_INDEX_URL": "UV_INDEX",
    "PIP_FIND_LINKS": "UV_FIND_LINKS",
    "PIP_TRUSTED_HOST": "UV_INSECURE_HOST",
    "PIP_CONSTRAINT": "UV_CONSTRAINT",
    "PIP_CERT": "SSL_CERT_FILE",
}
SELECTING = (
    *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "PIP_NO_INDEX"),
    *(
        "UV_PRERELEASE",
        "UV_RESOLUTION",
        "UV_EXCLUDE_NEWER",
        "UV_INDEX_STRATEGY",
        "UV_CONSTRAINT",
        "UV_OVERRIDE",
    ),
)
UNREACHABLE = re.compile(
    r"error sending request|dns error|failed to lookup|name resolution|getaddrinfo|connection refused|tcp connect"
    r"|network is unreachable|timed out|NewConnectionError|network was disabled|Could not connect",
    re.IGNORECASE,
)
MOST = 800


class Installer:
    def __init__(self, code: Path, relay: Relay):
        self._code = code
        self._relay = relay
        uv = os.environ.get("CLARY_UV", "")
        self._uv = uv if Path(uv).is_file() and os.access(uv, os.X_OK) else shutil.which("uv")

    def options_of_code(self) -> list[str]:
        """Options to install the code itself: a bare `setup.py` is built with what the environment has, as pip did."""
        needs_isolation = (self._code / "pyproject.toml").is_file() or importlib.util.find_spec(
            "setuptools"
        ) is None
        return [] if needs_isolation or not self._uv else ["--no-build-isolation"]

    def install(self, overlay: Overlay, place: Path, wanted: list[str], error: type[CommandError]) -> None:
        """Makes the overlay, which will be moved to `place`, with the wanted packages in it."""
        overlay.create()
        environment = {**os.environ, "NO_COLOR": "1", "VIRTUAL_ENV": str(overlay.root)}
        if self._uv:
            overlay.show_lower()
            environment = uv_environment(environment)
            command = [self._uv, "pip", "install", "--no-progress", "--python", str(overlay.python), *wanted]
            # uv has no variable for it.
            if os.environ.get("PIP_NO_INDEX", "").lower() in ("1", "true", "yes", "on"):
                command.append("--no-index")
        elif importlib.util.find_spec("pip") is not None:
            command = [str(overlay.python), "-m", "pip", "install", "--disable-pip-version-check", *wanted]
        else:
            raise ClientError(
                "Packages cannot be installed: the instance has neither uv (CLARY_UV is not set to one) nor pip. "
                "Use an environment that has the packages."
            )
        line = " ".join(command)
        log.info(f"Installing requirements with the following command:\n{line}")
        outcome = self._relay.run(command, environment, self._code)
        if self._relay.received is not None:
            sys.exit(128 + self._relay.received)
        if outcome.exit_code:
            raise error(outcome.exit_code, _explained(outcome.errors), line)
        overlay.finish(place)


def index_settings(environment) -> list[str]:
    """Settings that choose versions, without the passwords of addresses: those change, the packages do not."""
    known = uv_environment(environment)
    return [re.sub(r"//[^/@\s]*@", "//", f"{name}={known[name]}") for name in SELECTING if name in known]


def uv_environment(environment) -> dict[str, str]:
    result = dict(environment)
    for pip, uv in PIP_TO_UV.items():
        if environment.get(pip):
            result.setdefault(uv, environment[pip])
    # Like pip: a version may come from any of the indexes.
    result.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    result.setdefault("UV_PYTHON_DOWNLOADS", "never")
    cache = environment.get("CLARY_PACKAGE_CACHE")
    if cache:
        result.setdefault("UV_CACHE_DIR", str(Path(cache, "uv")))
    return result


def _explained(errors: str) -> str:
    lines = [line.rstrip() for line in errors.splitlines() if line.strip()]
    start = next((index for index, line in enumerate(lines) if re.match(r"\s*(×|error|ERROR)", line)), 0)
    text = "\n".join(lines[start:] or ["The installer said nothing."])
    hint = _hint(text)
    room = MOST - len(hint)
    if len(text) > room:
        # The first line names the package, the last ones the reason.
        first = lines[start][: room // 3]
        text = f"{first}\n…{text[len(first) + 2 - room :]}"
    return text + hint


def _hint(text: str) -> str:
    lack = _lack_of_network()
    if lack:
        return (
            f"\n{lack}, so no package index can be reached: put wheels into source_dir and name them in "
            "requirements.txt, or take an environment that has the packages."
        )
    if UNREACHABLE.search(text):
        index = (
            os.environ.get("UV_DEFAULT_INDEX")
            or os.environ.get("UV_INDEX_URL")
            or os.environ.get("PIP_INDEX_URL")
        )
        asked = f" {re.sub(r'//[^/@]*@', '//', index)}" if index else ", pypi.org,"
        return (
            f"\nThe package index{asked} cannot be reached from the instance. UV_DEFAULT_INDEX (or PIP_INDEX_URL) in "
            "the job's Environment names another."
        )
    return ""


def _lack_of_network() -> str:
    if os.environ.get("CLARY_NETWORK") == "isolated":
        return "The job has no network, because it was created with EnableNetworkIsolation"
    try:
        routes = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
    except OSError:
        return ""
    # An instance without a way out may still reach the other hosts of its job.
    leaves = any(route[1:2] == ["00000000"] for route in routes)
    return "" if leaves else "The instance has no route to the network"
