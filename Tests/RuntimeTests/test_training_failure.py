"""What is kept of a script's errors."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "Python" / "clary_runtime"))

from clary_runtime.training.failure import MOST, message  # noqa: E402

CODE = "/opt/ml/code"
HEAD = "Traceback (most recent call last):\n"


def frame(path: str, line: int, function: str = "f", text: str = "do()") -> str:
    return f'  File "{path}", line {line}, in {function}\n    {text}\n'


OWN = frame(f"{CODE}/train.py", 12, "main", "model.fit(x)")


def test_a_short_traceback_is_kept_whole() -> None:
    block = HEAD + OWN + "ValueError: bad\nsecond line"
    assert message(f"noise\nmore noise\n{block}\n", 1, CODE) == block


def test_a_long_traceback_keeps_the_users_frame_and_the_exception() -> None:
    library = "".join(
        frame(f"/opt/python/lib/python3.11/site-packages/some/deep/module_{n}.py", n) for n in range(40)
    )
    text = message(HEAD + OWN + library + "KeyError: 'price'\n", 1, CODE)
    assert len(text) <= MOST
    assert text.startswith(HEAD + OWN + "  …\n")
    assert "module_39.py" in text and text.endswith("\nKeyError: 'price'")


def test_a_long_message_is_cut_and_leaves_the_frame() -> None:
    text = message(HEAD + OWN + "ValueError: " + "x" * 5000, 1, CODE)
    assert len(text) <= MOST and OWN in text and "ValueError: xxx" in text


def test_the_script_counts_more_than_its_launcher() -> None:
    launcher = (
        HEAD
        + frame("/opt/python/lib/python3.11/site-packages/torch/distributed/run.py", 800)
        + "ChildFailedError:"
    )
    errors = (
        HEAD
        + OWN
        + "RuntimeError: mine\n"
        + "W0101 sending process 12\n"
        + launcher
        + "\n=====\ntrain.py FAILED\n"
    )
    assert message(errors, 1, CODE).endswith("RuntimeError: mine")


def test_tags_of_mpirun_are_taken_off() -> None:
    tagged = "".join(f"[1,0]<stderr>:{line}\n" for line in (HEAD + OWN + "ValueError: bad").split("\n"))
    assert message(tagged + "----------\nmpirun detected that\n", 1, CODE) == HEAD + OWN + "ValueError: bad"


def test_the_last_of_chained_exceptions_is_kept() -> None:
    first = HEAD + OWN + "KeyError: 'a'\n"
    second = HEAD + frame(f"{CODE}/train.py", 20) + "ValueError: b"
    joined = f"{first}\nDuring handling of the above exception, another exception occurred:\n\n{second}\n"
    assert message(joined, 1, CODE) == second


def test_progress_bars_shrink_to_their_last_state() -> None:
    errors = "\r".join(f"{n}%|###|" for n in range(100)) + "\nerror: no data\n"
    assert message(errors, 3, CODE) == "99%|###|\nerror: no data"


def test_without_a_traceback_the_last_lines_are_kept() -> None:
    errors = "\n".join(f"line {n} {'.' * 80}" for n in range(100))
    text = message(errors, 2, CODE)
    assert len(text) <= MOST and text.startswith("…") and "line 99" in text


def test_an_exception_logged_long_ago_is_not_the_cause() -> None:
    errors = HEAD + OWN + "ValueError: handled\n" + "step\n" * 300 + "fatal: no space\n"
    assert message(errors, 1, CODE).endswith("fatal: no space")


def test_signals_are_named() -> None:
    assert message("", 139, CODE) == "The script was ended by signal 11 (SIGSEGV)."
    assert message("words\n", 255, CODE) == "words"
