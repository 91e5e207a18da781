"""What cannot be handled locks the core up, and the record says why. DDI 0403 B1.5.15."""

from __future__ import annotations

import exception_fixtures
import pytest

CASES = {
    "a fault in HardFault": (1, {"UNDEFINSTR", "FORCED"}),
    "an SVC in HardFault": (2, {"UNDEFINSTR", "FORCED"}),
    "a breakpoint in HardFault": (3, {"UNDEFINSTR", "FORCED", "DEBUGEVT"}),
    "a fault in NMI": (4, {"UNDEFINSTR", "FORCED"}),
    "a fault under FAULTMASK": (5, {"UNDEFINSTR", "FORCED"}),
    "a fault without a stack in HardFault": (6, {"UNDEFINSTR", "FORCED"}),
    "a vector table that is not there": (7, {"VECTTBL"}),
}


@pytest.mark.parametrize("what", CASES)
def test_the_core_locks_up_on(what: str) -> None:
    case, flags = CASES[what]
    machine, reason = exception_fixtures.start("exception_lockup", case)
    with machine:
        fault = machine.record().manifest["stop"]["fault"]
    assert reason == "lockup"
    assert (fault["kind"], set(fault["flags"])) == ("HardFault", flags)


def test_one_unreadable_vector_is_a_hard_fault_and_its_interrupt_stays_pending() -> None:
    checks = exception_fixtures.checks_of("exception_lockup", case=8)
    assert checks == {"vector_fault.hfsr": 2, "vector_fault.still_pending": 1}
