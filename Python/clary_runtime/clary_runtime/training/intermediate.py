"""Files under `/opt/ml/output/intermediate` go to S3 while the script still runs, if `sagemaker_s3_output` says where to."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path

from .configuration import Configuration
from .errors import ClientError
from .log import log

INTERVAL = 2.0


@contextlib.contextmanager
def synchronization(configuration: Configuration):
    """Synchronises while the block runs, and once more at its end, however it ends."""
    target = configuration.intermediate_output
    if not target or str(target).startswith("file:"):
        yield
        return
    if not str(target).startswith("s3://"):
        raise ClientError(f"sagemaker_s3_output is '{target}'; it must be an s3:// address.")
    folder = configuration.paths.intermediate
    folder.mkdir(parents=True, exist_ok=True)
    uploads = _Uploads(folder, str(target), configuration.job_name)
    ended = threading.Event()
    thread = threading.Thread(target=_repeat, args=(uploads, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        uploads.pass_over(is_last=True)


def _repeat(uploads: _Uploads, ended: threading.Event) -> None:
    while not ended.wait(INTERVAL):
        uploads.pass_over()


class _Uploads:
    def __init__(self, folder: Path, target: str, job_name: str):
        from ..s3 import split

        self._folder = folder
        self._bucket, prefix = split(target)
        parts = (prefix.strip("/"), job_name, "output/intermediate")
        self._prefix = "/".join(part for part in parts if part)
        self._seen: dict[Path, tuple] = {}
        self._sent: dict[Path, tuple] = {}
        self._client = None

    def pass_over(self, is_last: bool = False) -> None:
        """Uploads what has changed since it was sent and rests since the pass before; the last pass takes all."""
        for path in sorted(self._folder.rglob("*")):
            with contextlib.suppress(FileNotFoundError):
                if not path.is_file():
                    continue
                status = path.stat()
                state = (status.st_mtime_ns, status.st_size)
                is_at_rest = self._seen.get(path) == state
                self._seen[path] = state
                if self._sent.get(path) != state and (is_at_rest or is_last):
                    self._send(path, state)

    def _send(self, path: Path, state: tuple) -> None:
        key = f"{self._prefix}/{path.relative_to(self._folder)}"
        try:
            if self._client is None:
                import boto3

                from ..s3 import endpoint, region

                self._client = boto3.client("s3", region_name=region(), endpoint_url=endpoint())
            self._client.upload_file(str(path), self._bucket, key)
        except FileNotFoundError:
            raise
        except Exception as error:
            # A loss of intermediate files is no reason to lose the training; the next pass tries again.
            log.warning(f"s3://{self._bucket}/{key} could not be uploaded: {error}")
            return
        self._sent[path] = state
