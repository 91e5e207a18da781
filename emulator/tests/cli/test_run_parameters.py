"""`tinysim run --parameter NAME=VALUE`: in the report, or one line with the nearest names and exit code 2."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from engine_command import HELLO, run


def test_a_replaced_number_stands_in_the_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(HELLO, "--for", "1ms", "--quiet", "--parameter", "wake_up=9") == 0
    assert "wake_up is set to 9 for this run" in capsys.readouterr().out


@pytest.mark.parametrize(
    "given, said",
    [
        ("wakeup=9", "there is no parameter 'wakeup' (did you mean wake_up"),
        ("wake_up=soon", "'wake_up=soon' is not NAME=VALUE with a whole number, e.g. branch_refill=2"),
        ("wake_up=-1", "timing.wake_up = -1 is out of range"),
    ],
)
def test_bad_parameters_are_refused_in_one_line(given: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(HELLO, "--for", "1ms", "--parameter", given) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "Traceback" not in error
