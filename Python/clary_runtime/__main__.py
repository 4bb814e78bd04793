"""What an instance starts: `python /run/clary/runtime train`, or `serve`."""

from __future__ import annotations

import sys


def main(arguments: list[str]) -> int:
    # Imported when asked for: a job waits for nothing that only an endpoint needs.
    if arguments == ["train"]:
        from clary_runtime import training

        return training.main()
    if arguments == ["serve"]:
        from clary_runtime import serving

        return serving.main()
    if arguments[:1] == ["rsh"]:
        from clary_runtime.training.distribution import remote_shell

        return remote_shell.main(arguments[1:])
    print(f"clary_runtime: 'train' or 'serve' was expected, not {' '.join(arguments)!r}.", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
