"""The decision state machine of models/tap: window classes in, events out."""

from __future__ import annotations

import pytest

from models.tap.decision import Decision, events_of, window_class
from models.tap.preprocessing import DOUBLE, NONE, SINGLE

CLASSES = {".": NONE, "s": SINGLE, "D": DOUBLE}


def events(sequence: str) -> str:
    """Return the events of a sequence as `<class>@<window index>`."""
    found = events_of(CLASSES[each] for each in sequence)
    return " ".join(f"{'.sD'[event]}@{index}" for index, event in found)


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        ("......", ""),
        ("..ss...", "s@4"),
        ("..sss..", "s@5"),
        ("..sDs...", "D@3"),
        ("..DD....", "D@2"),
        ("..D.....", "D@2"),
        ("..sD....", "D@3"),
        ("..ssD...", "D@4"),
        ("..ssss..", "D@5"),
        ("..ssss...ss..", "D@5 s@11"),
    ],
)
def test_each_reading_of_a_tap_gives_one_event(sequence: str, expected: str) -> None:
    assert events(sequence) == expected


@pytest.mark.parametrize("sequence", ["..s....", "s.s.s.s.", "..s"])
def test_a_lone_single_window_is_no_event(sequence: str) -> None:
    assert events(sequence) == ""


def test_a_single_waits_for_the_window_in_which_a_second_tap_could_still_follow() -> None:
    assert events("..ss") == ""
    assert events("..ss.") == "s@4"


def test_two_windows_after_a_double_and_one_after_a_single_are_ignored() -> None:
    assert events("DDDD....") == "D@0 D@3"
    assert events("ss.sss.") == "s@2 s@6"
    assert events("ss.Dss.") == "s@2 s@6"


@pytest.mark.parametrize("gap_samples", range(24, 45))
def test_a_double_with_sharp_window_edges_is_found_once_at_every_phase(gap_samples: int) -> None:
    for phase in range(40):
        onsets = (160 + phase, 160 + phase + gap_samples)
        starts = range(0, 600, 40)
        counts = [sum(0 <= onset - start < 80 for onset in onsets) for start in starts]
        assert [event for _, event in events_of(counts)] == [DOUBLE], (phase, counts)


def test_a_single_with_sharp_window_edges_is_found_once_at_every_phase() -> None:
    for phase in range(40):
        counts = [int(0 <= 160 + phase - start < 80) for start in range(0, 600, 40)]
        assert [event for _, event in events_of(counts)] == [SINGLE]


def test_the_largest_output_counts_only_from_the_reject_threshold_on() -> None:
    assert window_class([-100, 100, -128], reject_q=100) == SINGLE
    assert window_class([-100, 99, -128], reject_q=100) == NONE
    assert window_class([-128, 0, 0], reject_q=0) == SINGLE


def test_the_machine_starts_idle() -> None:
    assert Decision().step(NONE) == NONE
