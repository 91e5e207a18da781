"""SysTick: reload, current value, COUNTFLAG, the exception. DDI 0403 B3.3."""

from __future__ import annotations

import exception_fixtures
import pytest

# The nRF52840 has no reference clock: CLKSOURCE reads as one.
REGISTERS = {
    "clock_source_without_reference": 4,
    "calibration_noref": 1,
    "reload_has_24_bits": 0xFFFFFF,
    "any_write_clears_current": 0,
}
COUNTING = {
    "counts_down": 1,
    "no_flag_before_wrap": 0,
    "holds_while_off": 1,
    "goes_on_from_there": 1,
    "flag_cleared_by_reading": 0,
    "no_exception_without_tickint": 0,
    "flag_cleared_by_writing_current": 0,
    "writing_current_raises_nothing": 0,
    "wrap_raises_the_exception": 0x4000000,
}
RELOADING = {
    "reload_0_stops_at_0": 0,
    "reload_0_flags_once": 0,
    "new_reload_waits_for_the_wrap": 1,
    "new_reload_used": 1,
}
PERIOD = {
    "64_periods_of_1000_cycles": 1,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("systick")


def test_the_registers_have_their_fixed_bits(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in REGISTERS} == REGISTERS


def test_the_counter_counts_flags_and_raises_its_exception(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in COUNTING} == COUNTING


def test_a_new_reload_value_counts_from_the_next_wrap(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in RELOADING} == RELOADING


def test_a_period_is_reload_plus_one_cycles(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PERIOD} == PERIOD
