"""What ends WFI and WFE, the event register, SEVONPEND, SLEEPONEXIT. DDI 0403 B1.5.17 to B1.5.19."""

from __future__ import annotations

import exception_fixtures
import pytest

# 5: SysTick's handler, 1: the code behind the sleep, 0xA: A's handler. The alarm is SysTick after 1000 cycles.
WFI = {
    "wfi_then_handler": 0x51,
    "wfi_under_primask.wakes": 1,
    "wfi_under_primask.no_handler": 1,
    "wfi_under_primask.handler_after": 5,
    "wfi_with_pending_falls_through": 0,
    "wfi_under_basepri_waits_for_higher": 0x51,
    "wfi_ignores_disabled": 0x51,
}
# 1 in a check of the alarm: slept until it. Entry and return of a handler set the event register.
WFE = {
    "wfe_after_sev_falls_through": 0,
    "wfe_waits_under_primask": 1,
    "sevonpend_counts_disabled": 0,
    "wfe_clears_the_event": 1,
    "wfe_after_a_handler_falls_through": 0xA1,
    "wfe_ended_by_a_handler": 0x51,
}
SLEEPONEXIT = {
    "sleeponexit.ticks_before_thread": 5,
    "sleeponexit.thread_steps_at_last_tick": 0,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_sleep")


def test_wfi_ends_by_what_would_preempt_were_primask_clear(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in WFI} == WFI


def test_wfe_ends_by_events_and_by_exceptions_that_can_be_taken(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in WFE} == WFE


def test_sleeponexit_keeps_the_thread_from_running(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in SLEEPONEXIT} == SLEEPONEXIT
