"""Lines of the runtime itself, in the form of the training toolkit's.

`logging` is left to the user's script: its import alone costs ten milliseconds of every job's start.
"""

from __future__ import annotations

import sys
import time

NAMES = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR"}


class Log:
    threshold = 20

    def write(self, level: int, message: str) -> None:
        if level < self.threshold:
            return
        now = time.time()
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(now))
        line = f"{stamp},{int(now % 1 * 1000):03d} sagemaker-training-toolkit {NAMES[level]:<8} {message}\n"
        # Whatever the locale is. Flushed, because the script writes to the same descriptor without this buffer.
        sys.stdout.buffer.write(line.encode(errors="replace"))
        sys.stdout.flush()

    def debug(self, message: str) -> None:
        self.write(10, message)

    def info(self, message: str) -> None:
        self.write(20, message)

    def warning(self, message: str) -> None:
        self.write(30, message)

    def error(self, message: str) -> None:
        self.write(40, message)


log = Log()
