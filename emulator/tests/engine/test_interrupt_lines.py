"""Interrupt lines and the NVIC's pending bits, with the EGU as the device. DDI 0403 B3.4.1."""

from __future__ import annotations

import exception_fixtures
import pytest

# How often the handler ran.
HANDLERS = {
    "cleared_in_handler": 1,
    "high_pends_again_at_return": 3,
    "pulse_while_active_pends_again": 2,
}
PENDING = {
    "high_line_cannot_be_cleared": 1,
    "low_line_stays_pending": 1,
    "low_line_can_be_cleared": 0,
    "masked_in_the_device_stays_pending": 1,
    "masked_in_the_device_is_not_taken": 0,
    "unmasked_in_the_device_is_taken": 1,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("interrupt_lines")


def test_a_line_that_is_high_or_rises_pends_again(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in HANDLERS} == HANDLERS


def test_a_line_that_falls_leaves_its_interrupt_pending(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PENDING} == PENDING
