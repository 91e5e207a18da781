"""Two records against each other: lines, decisions and DMA results, times left aside, the first divergence named."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tinysim.analyses.comparison import Comparison, Side, compare
from tinysim.record import Record

HZ = 1_000_000
RUN_NS = 1_000_000_000


def side(name: str, *lines: tuple[float, str], memory: dict[int, bytes] | None = None) -> Side:
    """A run of one second that printed lines at times in seconds."""
    content = "".join(f"{text}\n" for _, text in lines).encode()
    stamps = [round(at_s * HZ) for at_s, text in lines for _ in f"{text}\n"]
    arrays: dict[str, NDArray[Any]] = {
        "clock.cycle": np.array([0], np.uint64),
        "clock.time_ns": np.array([0], np.uint64),
        "clock.hz": np.array([HZ], np.uint64),
        "uart.uart0.byte": np.frombuffer(content, np.uint8),
        "uart.uart0.cycle": np.array(stamps, np.uint64),
    }
    return Side(name, Record({"virtual_time_ns": RUN_NS}, arrays), memory or {})


def differences(first: Side, second: Side) -> list[tuple[str, str, str, str, int]]:
    found: Comparison = compare(first, second)
    return [(one.kind, one.place, one.first, one.second, one.more) for one in found.differences]


def test_other_times_and_measured_times_are_no_difference() -> None:
    first = side("a", (0.1, "TS boot app=tap"), (0.2, "TS event n=0 class=single window=1 us=55"))
    second = side("b", (0.1, "TS boot app=tap"), (0.3, "TS event n=0 class=single window=1 us=1843"))
    found = compare(first, second)
    assert (found.lines, found.decisions, found.differences) == (2, 1, ())


def test_the_first_line_that_differs_is_named() -> None:
    first, second = side("a", (0.1, "one"), (0.2, "two"), (0.3, "3")), side("b", (0.1, "one"), (0.25, "too"))
    assert differences(first, second) == [("console", "uart0, line 2", "'two' at 0.200000 s", "'too' at 0.250000 s", 1)]


def test_a_line_that_one_never_printed_is_named() -> None:
    first, second = side("a", (0.1, "one")), side("b", (0.1, "one"), (0.2, "two"), (0.3, "three"))
    assert differences(first, second) == [("console", "uart0, line 2", "nothing", "'two' at 0.200000 s", 1)]
    assert differences(second, first) == [("console", "uart0, line 2", "'two' at 0.200000 s", "nothing", 1)]


def test_what_was_printed_in_the_last_moment_is_not_missed() -> None:
    assert differences(side("a", (0.1, "one")), side("b", (0.1, "one"), (0.99, "two"))) == []


def test_decisions_are_compared_by_class_and_window() -> None:
    first = side("a", (0.2, "TS event n=0 class=single window=1"))
    second = side("b", (0.2, "TS event n=0 class=double window=1"))
    assert [one[:4] for one in differences(first, second)][1:] == [
        ("decision", "event 1", "('single', 1)", "('double', 1)")
    ]


def test_bytes_that_dma_left_are_compared() -> None:
    first, second = side("a", memory={0x2000_0000: b"abcd"}), side("b", memory={0x2000_0000: b"abXY"})
    assert differences(first, second) == [
        ("dma", "0x20000002 of the 4 bytes from 0x20000000", "0x63", "0x58", 1)
    ]  # fmt: skip
