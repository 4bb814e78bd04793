"""Failures whose text goes to `/opt/ml/output/failure`: the platform shows its first 1024 characters."""

from __future__ import annotations


class TrainingError(Exception):
    """`text` is what the user reads, `exit_code` the instance's."""

    exit_code = 1

    @property
    def text(self) -> str:
        return f"{type(self).__name__}: {self}"


class ClientError(TrainingError):
    """Something that only the job's owner can change."""


class CommandError(TrainingError):
    """A command that failed, in the toolkit's form."""

    def __init__(self, exit_code: int, message: str, command: str):
        super().__init__(message)
        self.exit_code = exit_code
        self.message = message
        self.command = command

    @property
    def text(self) -> str:
        return (
            f'{type(self).__name__}:\nExitCode {self.exit_code}\nErrorMessage "{self.message}"\n'
            f'Command "{self.command}"'
        )


class ExecuteUserScriptError(CommandError):
    pass


class InstallRequirementsError(CommandError):
    pass


class InstallModuleError(CommandError):
    pass
