"""Cycles of exceptions at zero wait states: Cortex-M4 TRM and docs/timing.md A2. CYCCNT: DDI 0403 C1.8."""

from __future__ import annotations

import exception_fixtures
import pytest

CYCCNT = {
    "cyccnt.off_before_trcena": 0,
    "cyccnt.counts_from_what_is_written": 1,
    "cyccnt.wraps": 1,
    "cyccnt.stands_without_trcena": 1,
    "cyccnt.goes_on_with_trcena": 1,
    "cyccnt.stands_without_cyccntena": 1,
}
BASIC = {
    "basic.entry": 0xC,
    "basic.return": 0xA,
    "tail_chain": 6,
}
# The vectors beside the stack, in RAM at 0x2000_0000: 3 + 9 + 6 in series, and one for the registered vector read.
SHARED = {
    "shared.entry": 19,
    "shared.return": 10,
    "shared.tail_chain": 7,
}
# DWT_EXCCNT over an entry of 12 and a return of 10, of which BX has paid 2 as its refill.
COUNTERS = {
    "counters.off": 0,
    "counters.exceptions": 20,
    "counters.exceptions_wrapped": (250 + 20) % 256,
    "counters.begin_at_0": 0,
    "counters.loads_count": 1,
    "counters.divisions_count": 1,
}
# Lazily: at the handler's first float, here with LDR, STR and VMOV (3 cycles). At once: 12 + 17 and 10 + 17.
FLOATS = {
    "lazy.entry": 0xC,
    "lazy.return": 0xA,
    "lazy.first_float": 0x14,
    "eager.entry": 0x1D,
    "eager.return": 0x1B,
}
# SysTick comes at every distance; the entry of A lasts 12 cycles.
LATE = {
    "late_arrival.before": 1,
    "late_arrival.delays_that_arrive_late": 0xC,
    "late_arrival.shortest_entry": 12,  # the vector fetch done again ends before the stacking
    "late_arrival.longest_entry": 12 + 6,  # it begins when the stacking has ended
    "late_arrival.preempting": 1,
    "late_arrival.after": 1,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_timing")


def test_cyccnt_counts_while_trcena_and_cyccntena_are_set(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in CYCCNT} == CYCCNT


def test_entry_return_and_tail_chain_cost_12_10_and_6_cycles(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in BASIC} == BASIC


def test_vectors_on_the_bus_of_the_stack_are_read_behind_the_stacking(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in SHARED} == SHARED


def test_the_profiling_counters_count_wrap_and_begin_at_0(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in COUNTERS} == COUNTERS


def test_floats_cost_17_cycles_when_they_are_stacked(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in FLOATS} == FLOATS


def test_a_more_urgent_request_during_stacking_takes_the_frame(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in LATE} == LATE
