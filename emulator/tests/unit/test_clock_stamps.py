"""Ticks to cycles and cycles to seconds over a clock that changes; the core's own: core/tests/test_clock_history.cc."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_builder import RecordBuilder

from tinysim.analyses.timebase import Timebase, timebase
from tinysim.engines.native_clock import NativeClock
from tinysim.engines.native_record import memory_words

TICKS_PER_SECOND = 4_032_000_000_000  # of the STM32F407: 252,000 a cycle at 16 MHz, 24,000 at 168 MHz
CHANGES = ((0, 252_000), (252_000 * 1000, 24_000), (252_000 * 1000 + 24_000 * 500, 504_000))


def a_clock() -> NativeClock:
    since, period = (np.array(column, np.int64) for column in zip(*CHANGES, strict=True))
    return NativeClock(since, np.array([0, 1000, 1500], np.int64), period, TICKS_PER_SECOND)


def a_timebase() -> Timebase:
    arrays = a_clock().arrays()
    record = RecordBuilder(1.0).build()
    record.arrays |= arrays
    return timebase(record)


def test_each_tick_is_in_the_cycle_of_its_segment() -> None:
    first, second, third = (since for since, _ in CHANGES)
    ticks = np.array([first, 251_999, 252_000, second - 1, second, second + 24_000, third - 1, third, third + 504_000])
    assert a_clock().cycles(ticks).tolist() == [0, 0, 1, 999, 1000, 1001, 1499, 1500, 1501]


def test_no_ticks_are_no_cycles() -> None:
    assert a_clock().cycles(np.zeros(0, np.int64)).dtype == np.uint64


@given(st.lists(st.integers(0, 10**12), min_size=2).map(sorted))
def test_stamps_never_go_back(ticks: list[int]) -> None:
    stamps = a_clock().cycles(np.array(ticks, np.int64)).astype(np.int64)
    assert np.all(np.diff(stamps) >= 0)


@given(st.integers(0, 10**7))
def test_seconds_of_a_stamp_are_those_of_its_tick(cycle: int) -> None:
    row = max(index for index, start in enumerate((0, 1000, 1500)) if cycle >= start)
    since, period = CHANGES[row]
    tick = since + (cycle - (0, 1000, 1500)[row]) * period
    clock = a_timebase()
    assert clock.second(cycle) == pytest.approx(tick / TICKS_PER_SECOND, abs=2e-9)
    assert abs(int(clock.nanoseconds([cycle])[0]) - tick * 1_000_000_000 // TICKS_PER_SECOND) <= 1


@given(st.lists(st.integers(0, 10**10)))
def test_cycles_of_seconds_are_the_inverse(stamps: list[int]) -> None:
    clock = a_timebase()
    back = clock.cycles(clock.seconds(stamps)).astype(np.int64)
    assert np.all(np.abs(back - np.array(stamps, np.int64)) <= 1)


def test_frequencies_are_told_with_their_beginning() -> None:
    arrays = a_clock().arrays()
    assert arrays["clock.hz"].tolist() == [16_000_000, 168_000_000, 8_000_000]
    assert arrays["clock.time_ns"].tolist() == [0, 62_500, 65_476]


def test_memory_settings_that_changed_are_told_with_those_at_reset() -> None:
    now = ["flash: 5 wait states", "RAM: zero wait states"]
    assert memory_words(now, now) == now
    assert memory_words(["flash: 0 wait states", now[1]], now) == [*now, "at reset: flash: 0 wait states"]
