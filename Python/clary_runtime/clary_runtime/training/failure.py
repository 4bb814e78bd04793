"""What a script's standard error says about its end, in few characters."""

from __future__ import annotations

import re
import signal

MOST = 760
NEAR = 150
TRACEBACK = "Traceback (most recent call last):"
FRAME = re.compile(r'\s+File "([^"]+)", line \d+')
# mpirun's, within lines too, and PyTorch's.
TAG = re.compile(r"\[\d+,\d+\]<std(?:err|out)>:|^\[rank\d+\]: ?", re.MULTILINE)
# What launchers write after a script's own words.
RULE = re.compile(r"\s*$|[-=]{8}|[WEIF]\d{4} |\[[\w.-]+:\d+\] ")


def message(errors: str, exit_code: int, code: str) -> str:
    """The traceback that ended the script if there is one, else the last lines; at most some 760 characters.

    The platform shows 1024 characters with everything around it, so a long traceback loses its middle, never the
    exception and the last line of the user's own code, which lies in the folder `code`.
    """
    text = _without_progress(TAG.sub("", errors))
    # What was logged long before the end did not cause it; launchers add some forty lines of their own.
    tracebacks = _tracebacks("\n".join(text.split("\n")[-NEAR:]))
    own = [block for block in tracebacks if any(_is_own(line, code) for line in block)]
    if tracebacks and exit_code < 128:
        return _shortened((own or tracebacks)[-1], code)
    end = _end(text)
    if exit_code <= 128:
        return end
    return "\n".join(part for part in (_signal(exit_code - 128), end) if part)


def _without_progress(text: str) -> str:
    """Progress bars overwrite their line; what remains of one is its last state."""
    lines = (line.rstrip("\r").rpartition("\r")[2] for line in text.split("\n"))
    return "\n".join(lines)


def _tracebacks(text: str) -> list[list[str]]:
    blocks: list[list[str]] = []
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if line.strip() != TRACEBACK:
            continue
        indent = line[: len(line) - len(line.lstrip())]
        block = [TRACEBACK]
        for following in lines[index + 1 :]:
            body = following[len(indent) :]
            if following.strip() == TRACEBACK:
                break
            block.append(body)
            if body and not body.startswith(" "):
                break
        # The exception's own text may have several lines; a blank one ends it.
        for following in lines[index + len(block) :]:
            if RULE.match(following) or following.strip() == TRACEBACK or len(block) > 200:
                break
            block.append(following[len(indent) :])
        blocks.append(block)
    return blocks


def _is_own(line: str, code: str) -> bool:
    found = FRAME.match(line)
    return bool(found) and (found.group(1).startswith(code) or not found.group(1).startswith(("/", "<")))


def _shortened(block: list[str], code: str) -> str:
    whole = "\n".join(block).rstrip()
    if len(whole) <= MOST:
        return whole
    first = next((index for index, line in enumerate(block[1:], 1) if not line.startswith(" ")), len(block))
    frames: list[list[str]] = []
    for line in block[1:first]:
        if FRAME.match(line) or not frames:
            frames.append([])
        frames[-1].append(line)
    exception = _clipped("\n".join(block[first:]).rstrip(), MOST // 2)
    own = [index for index, frame in enumerate(frames) if _is_own(frame[0], code)]
    left = MOST - len(TRACEBACK) - len(exception)
    chosen: set[int] = set()
    # The user's last frame first, then the one that raised, then outwards from the user's.
    for index in [*own[-1:], len(frames) - 1, *reversed(own)]:
        size = sum(len(line) + 1 for line in frames[index]) + 8 if 0 <= index < len(frames) else 0
        if size and index not in chosen and size <= left:
            chosen.add(index)
            left -= size
    lines = [TRACEBACK]
    for index, frame in enumerate(frames):
        if index in chosen:
            lines += frame
        elif lines[-1] != "  …":
            lines.append("  …")
    return "\n".join([*lines, exception])


def _clipped(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _end(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()]
    end = "\n".join(lines[-20:])
    return end if len(end) <= MOST else f"…{end[1 - MOST :]}"


def _signal(number: int) -> str:
    try:
        name = signal.Signals(number).name
    except ValueError:
        return ""
    reason = " Running out of memory is the usual cause." if number == signal.SIGKILL else ""
    return f"The script was ended by signal {number} ({name}).{reason}"
