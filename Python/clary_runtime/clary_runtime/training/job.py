"""One run of the user's script on this host."""

from __future__ import annotations

import errno
import json
import os

from .arguments import arguments
from .configuration import Configuration
from .entry_point import EntryPoint
from .errors import ClientError, ExecuteUserScriptError
from .failure import message
from .log import log
from .process import Relay
from .requirements import Packages
from .toolkits import search_path
from .variables import variables

# What the platform tells the runtime, and no script needs.
PRIVATE = ("CLARY_FLEET_SECRET", "CLARY_UV", "CLARY_PACKAGE_CACHE", "CLARY_NETWORK")


class Job:
    """`added` are the variables that the script gets beyond those of the instance."""

    def __init__(self, configuration: Configuration, entry: EntryPoint, packages: Packages, relay: Relay):
        self.configuration = configuration
        self.entry = entry
        self.packages = packages
        self.relay = relay
        self.arguments = arguments(configuration.hyperparameters)
        code = str(configuration.paths.code)
        self.added = {
            **variables(configuration),
            "CURRENT_HOST": configuration.host,
            "SAGEMAKER_JOB_NAME": str(configuration.job_name),
            "SAGEMAKER_REGION": str(configuration.region),
            "PYTHONPATH": os.pathsep.join(
                part for part in (code, os.environ.get("PYTHONPATH"), *search_path(packages)) if part
            ),
            "PYTHONUNBUFFERED": "1",
            "PATH": os.pathsep.join((str(packages.scripts), os.environ.get("PATH", os.defpath))),
        }

    @property
    def python(self) -> str:
        return str(self.packages.python)

    @property
    def environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name not in PRIVATE}
        return {**inherited, **self.added}

    def run(self, python: list[str] | None = None) -> None:
        """Runs the script with `python`, a list of the interpreter or launcher and its options.

        Raises ExecuteUserScriptError.
        """
        self.execute(self.entry.command(python or [self.python], self.arguments))

    def execute(self, command: list[str], extra: dict[str, str] | None = None, reach=None) -> None:
        """Runs a command as the user's; `extra` variables are not shown, `reach` says where signals go (see Relay.run).

        Raises ExecuteUserScriptError.
        """
        self._announce(command)
        environment = {**self.environment, **(extra or {})}
        try:
            outcome = self.relay.run(
                command,
                environment,
                self.configuration.paths.code,
                # A shell ends at a signal without telling the Python that it runs.
                whole_group=self.entry.kind == "command" and reach is None,
                reach=reach,
            )
        except OSError as error:
            raise ClientError(_refusal(error, command, environment)) from None
        if outcome.exit_code:
            text = message(outcome.errors, outcome.exit_code, str(self.configuration.paths.code))
            raise ExecuteUserScriptError(outcome.exit_code, text, " ".join(command))

    def _announce(self, command: list[str]) -> None:
        training_env = json.dumps(json.loads(self.added["SM_TRAINING_ENV"]), indent=4)
        listed = "\n".join(f"{name}={value}" for name, value in self.added.items() if name != "PATH")
        log.info(
            f"Invoking user script\n\nTraining Env:\n\n{training_env}\n\nEnvironment variables:\n\n{listed}\n\n"
            f"Invoking script with the following command:\n\n{' '.join(command)}\n\n"
        )


def _refusal(error: OSError, command: list[str], environment: dict[str, str]) -> str:
    """Why the system did not start the script."""
    if error.errno != errno.E2BIG:
        return (
            f"The script could not be started: {error.strerror or error} ('{error.filename or command[0]}')."
        )
    name, value = max(environment.items(), key=lambda item: len(item[1]))
    return (
        "The script could not be started: its arguments and variables are longer than this system allows, which is 128 "
        f"KiB for each of them; the longest variable is {name} with {len(os.fsencode(value)) >> 10} KiB. Put long "
        "hyperparameters into a file of a channel."
    )
