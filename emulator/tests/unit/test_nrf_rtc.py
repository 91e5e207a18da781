"""RTC: counting, compares, overflow, EVTEN against INTEN, and its slow tasks (Product Specification 6.22)."""

from __future__ import annotations

import pytest
from nrf_bench import CYCLE_32K, INTENCLR, INTENSET, Chip

START, STOP, CLEAR, TRIGOVRFLW = 0x00, 0x04, 0x08, 0x0C
TICK, OVRFLW, COMPARE = 0x100, 0x104, 0x140
EVTENSET, COUNTER, PRESCALER, CC = 0x344, 0x504, 0x508, 0x540
TIMER_COUNT, TIMER_CAPTURE, TIMER_MODE, TIMER_CC = 0x08, 0x40, 0x504, 0x540


def started(*more: str, prescaler: int = 0) -> Chip:
    """An RTC1 whose counter becomes 1 at tick CYCLE_32K."""
    chip = Chip("rtc1", *more)
    chip.write("rtc1", PRESCALER, prescaler)
    chip.write("rtc1", START)
    return chip


def test_the_first_increment_comes_at_the_edge_after_a_falling_edge() -> None:
    chip = started()
    chip.advance(CYCLE_32K - 1)
    assert chip.read("rtc1", COUNTER) == 0
    chip.advance(1)
    assert chip.read("rtc1", COUNTER) == 1
    chip.advance(9 * CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 10


def test_the_prescaler_is_fixed_while_the_rtc_runs() -> None:
    chip = started(prescaler=327)
    chip.advance(329 * CYCLE_32K)
    chip.write("rtc1", PRESCALER, 0)
    assert chip.read("rtc1", PRESCALER) == 327
    assert chip.read("rtc1", COUNTER) == 1
    chip.advance(328 * CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 2


@pytest.mark.parametrize("phase", [0, 1, 7812, 7813, 15624])
def test_a_cc_two_ahead_always_matches_and_one_ahead_only_before_the_falling_edge(phase: int) -> None:
    for ahead, matches in ((0, False), (1, phase < CYCLE_32K / 2), (2, True), (3, True)):
        chip = started()
        chip.write("rtc1", INTENSET, 1 << 16)
        chip.advance_to(20 * CYCLE_32K + phase)
        chip.write("rtc1", CC, chip.read("rtc1", COUNTER) + ahead)
        chip.advance(6 * CYCLE_32K)
        assert (chip.read("rtc1", COMPARE) == 1) == matches, ahead


def test_a_compare_is_set_by_inten_or_evten_and_reaches_the_ppi_by_evten_only() -> None:
    chip = started("timer0", "ppi")
    chip.write("timer0", TIMER_MODE, 1)
    chip.write("timer0", 0x00)
    chip.connect(0, ("rtc1", COMPARE), ("timer0", TIMER_COUNT))
    seen = []
    for enable in (None, INTENSET, EVTENSET):
        if enable is not None:
            chip.write("rtc1", enable, 1 << 16)
        chip.write("rtc1", COMPARE, 0)
        chip.write("rtc1", CC, chip.read("rtc1", COUNTER) + 4)
        chip.advance(10 * CYCLE_32K)
        chip.write("timer0", TIMER_CAPTURE)
        seen.append((chip.read("rtc1", COMPARE), chip.level("rtc1", "IRQ"), chip.read("timer0", TIMER_CC)))
    assert seen == [(0, False, 0), (1, True, 0), (1, True, 1)]


def test_trigovrflw_leads_to_an_overflow_sixteen_counts_later() -> None:
    chip = started()
    chip.write("rtc1", INTENSET, 2)
    chip.advance_to(10 * CYCLE_32K)
    chip.write("rtc1", TRIGOVRFLW)
    chip.advance(CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 0xFFFFF0
    chip.advance(16 * CYCLE_32K - 1)
    assert (chip.read("rtc1", COUNTER), chip.read("rtc1", OVRFLW)) == (0xFFFFFF, 0)
    chip.advance(1)
    assert (chip.read("rtc1", COUNTER), chip.read("rtc1", OVRFLW)) == (0, 1)
    assert chip.level("rtc1", "IRQ")


def test_tick_comes_with_every_increment() -> None:
    chip = started()
    chip.write("rtc1", INTENSET, 1)
    ticks = 0
    for _ in range(10):
        chip.advance(CYCLE_32K)
        ticks += chip.read("rtc1", TICK)
        chip.write("rtc1", TICK, 0)
    chip.write("rtc1", INTENCLR, 1)
    chip.advance(CYCLE_32K)
    assert (ticks, chip.read("rtc1", TICK)) == (10, 0)


def test_clear_does_not_match_a_cc_of_zero() -> None:
    chip = started()
    chip.write("rtc1", INTENSET, 1 << 16)
    chip.advance(10 * CYCLE_32K)
    chip.write("rtc1", CLEAR)
    chip.advance(3 * CYCLE_32K)
    assert (chip.read("rtc1", COUNTER), chip.read("rtc1", COMPARE)) == (2, 0)


def test_stop_holds_the_counter_and_start_goes_on_from_it() -> None:
    chip = started()
    chip.advance(10 * CYCLE_32K)
    chip.write("rtc1", STOP)
    chip.advance(100 * CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 10
    chip.write("rtc1", START)
    chip.advance(5 * CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 15


def test_without_lfclk_the_rtc_stands_still() -> None:
    chip = Chip("rtc1")
    chip.drive("rtc1", 0, False)
    chip.write("rtc1", START)
    chip.advance(100 * CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 0
    chip.drive("rtc1", 0, True)
    chip.advance(10 * CYCLE_32K)
    assert chip.read("rtc1", COUNTER) == 10
