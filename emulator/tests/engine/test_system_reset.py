"""SYSRESETREQ keeps RAM, resets core and peripherals, and RESETREAS says so. DDI 0403 B3.2.6; nRF52840 PS: POWER."""

from __future__ import annotations

import exception_fixtures
import pytest

# RESETREAS.SREQ is 4.
KEPT = {
    "ram_survives": 0x600DF00D,
    "bss_is_cleared": 0,
    "resetreas": 4,
    "resetreas_cleared_by_ones": 0,
    "gpregret_survives": 0x5A,
}
RESET = {
    "cpacr": 0,
    "scr": 0,
    "ccr": 0x200,
    "pendsv_priority": 0,
    "interrupt_priority": 0,
    "interrupt_enabled": 0,
    "systick": 0,
    "systick_reload": 0,
    "basepri": 0,
    "interrupts_work": 1,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("system_reset")


def test_ram_and_retained_registers_survive(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in KEPT} == KEPT


def test_the_core_starts_anew(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in RESET} == RESET
