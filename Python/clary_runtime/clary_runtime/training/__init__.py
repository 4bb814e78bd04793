"""Training in script mode: what the toolkit's `train` does, for instances that have no image.

Read `main` first; each step has a file of its own.
"""

from __future__ import annotations

from .configuration import Configuration
from .errors import TrainingError
from .log import log
from .paths import Paths
from .process import Relay, Stopped


def main(paths: Paths | None = None) -> int:
    """Trains, and returns the exit status of the instance: the script's."""
    paths = paths or Paths.of_instance()
    relay = Relay()
    relay.install()
    try:
        train(paths, relay)
    except Stopped as stop:
        return stop.exit_code
    except TrainingError as error:
        # A script that ended by the signal that it was sent did not fail.
        if relay.received is None or error.exit_code != 128 + relay.received:
            _report(paths, error.text)
        return error.exit_code
    except Exception as error:
        import traceback

        _report(paths, f"Framework Error: {error}\n{traceback.format_exc()}")
        return 1
    log.info("Reporting training SUCCESS")
    return 0


def train(paths: Paths, relay: Relay) -> None:
    from . import arguments, distribution, intermediate, requirements, source
    from .entry_point import EntryPoint
    from .job import Job

    configuration = Configuration.read(paths)
    log.threshold = configuration.log_level
    distribution.check(configuration)
    arguments.check(configuration.hyperparameters)
    with intermediate.synchronization(configuration):
        source.place(configuration)
        entry = EntryPoint.of(configuration)
        packages = requirements.provide(configuration, entry, relay)
        distribution.run(Job(configuration, entry, packages, relay))


def _report(paths: Paths, text: str) -> None:
    log.error("Reporting training FAILURE")
    log.error(text)
    paths.output.mkdir(parents=True, exist_ok=True)
    paths.failure.write_text(text, encoding="utf-8", errors="replace")
