"""Faults of stacking, unstacking and lazy FP saves, and CCR.BFHFNMIGN. DDI 0403 B1.5.7, B1.5.8, B3.2.8."""

from __future__ import annotations

import exception_fixtures
import pytest

BUS_FAULT, HARD_FAULT = 5, 3
UNSTKERR, STKERR, LSPERR = 1 << 11, 1 << 12, 1 << 13
FORCED = 1 << 30


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_derived_faults")


@pytest.mark.parametrize(
    ("name", "order", "exception", "cfsr", "hfsr"),
    [
        ("stacking", 0xB5, BUS_FAULT, STKERR, 0),  # B: the fault's handler, 5: the SVC that was being entered
        ("stacking_late", 0x5B, BUS_FAULT, STKERR, 0),
        ("stacking_escalated", 0xB5, HARD_FAULT, STKERR, FORCED),
        ("unstacking", 0x5B, BUS_FAULT, UNSTKERR, 0),
    ],
)
def test_faults_of_stacking_are_ordered_by_priority(
    checks: dict[str, int], name: str, order: int, exception: int, cfsr: int, hfsr: int
) -> None:
    parts = ("order", "exception", "cfsr", "hfsr", "exc_return")
    expected = {"order": order, "exception": exception, "cfsr": cfsr, "hfsr": hfsr, "exc_return": 0xFFFF_FFFD}
    assert {part: checks[f"{name}.{part}"] for part in parts} == expected


def test_a_lazy_save_to_nowhere_is_a_bus_fault_of_its_own_kind(checks: dict[str, int]) -> None:
    assert (checks["lazy_save.cfsr"], checks["lazy_save.order"]) == (LSPERR, 5)


def test_bfhfnmign_lets_a_hard_fault_handler_probe_addresses(checks: dict[str, int]) -> None:
    assert checks["probed_in_hard_fault"] == 1
