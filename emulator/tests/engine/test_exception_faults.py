"""Every fault that firmware can cause: exception, CFSR, HFSR, addresses, stacked pc. DDI 0403 B1.5.10-14, B3.2.15."""

from __future__ import annotations

from dataclasses import dataclass

import exception_fixtures
import pytest

MEM_MANAGE, BUS_FAULT, USAGE_FAULT, HARD_FAULT = 4, 5, 6, 3
IACCVIOL, IBUSERR, IMPRECISERR = 1 << 0, 1 << 8, 1 << 10
PRECISE = 1 << 9 | 1 << 15  # PRECISERR and BFARVALID
UNDEFINSTR, INVSTATE, NOCP, UNALIGNED, DIVBYZERO = 1 << 16, 1 << 17, 1 << 19, 1 << 24, 1 << 25
FORCED, DEBUGEVT = 1 << 30, 1 << 31
ABSENT = 0x3000_0000


@dataclass(frozen=True)
class Fault:
    """What is reported; `pc` is the stacked pc's distance from the start of the function or from the target."""

    exception: int
    cfsr: int
    pc: int = 0
    bfar: int | None = None


FAULTS = {
    "undefined": Fault(USAGE_FAULT, UNDEFINSTR),
    "undefined_wide": Fault(USAGE_FAULT, UNDEFINSTR),
    "divide": Fault(USAGE_FAULT, DIVBYZERO, pc=2),
    "unaligned_load": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_half": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_store": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_multiple": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_load_dual": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_store_dual": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_exclusive": Fault(USAGE_FAULT, UNALIGNED),
    "unaligned_float": Fault(USAGE_FAULT, UNALIGNED),
    "coprocessor": Fault(USAGE_FAULT, NOCP),
    "fpu_off": Fault(USAGE_FAULT, NOCP),
    "load_absent": Fault(BUS_FAULT, PRECISE, bfar=ABSENT),
    "load_half_absent": Fault(BUS_FAULT, PRECISE, bfar=ABSENT + 2),
    "load_multiple_absent": Fault(BUS_FAULT, PRECISE, bfar=ABSENT + 8),
    "store_absent": Fault(BUS_FAULT, IMPRECISERR, pc=2),  # the write buffer has let the store go
    "fetch_absent": Fault(BUS_FAULT, IBUSERR),
    "fetch_peripheral": Fault(MEM_MANAGE, IACCVIOL),
    "fetch_exc_return_in_thread": Fault(MEM_MANAGE, IACCVIOL),
    "branch_to_even": Fault(USAGE_FAULT, INVSTATE),
    "in_it_block": Fault(USAGE_FAULT, UNDEFINSTR, pc=6),
}
UNTRAPPED = ("divide_untrapped", "unaligned_untrapped")


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_faults")


def _parts(checks: dict[str, int], name: str) -> dict[str, int]:
    return {key.rpartition(".")[2]: value for key, value in checks.items() if key.rpartition(".")[0] == name}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_taken_by_its_own_handler(checks: dict[str, int], name: str) -> None:
    fault, seen = FAULTS[name], _parts(checks, name)
    assert (seen["exception"], seen["cfsr"], seen["hfsr"]) == (fault.exception, fault.cfsr, 0)
    assert (seen["pc"], seen.get("bfar")) == (fault.pc, fault.bfar)


@pytest.mark.parametrize("name", FAULTS)
def test_a_disabled_fault_handler_escalates_to_hard_fault(checks: dict[str, int], name: str) -> None:
    fault, seen = FAULTS[name], _parts(checks, f"forced.{name}")
    assert (seen["exception"], seen["cfsr"], seen["hfsr"]) == (HARD_FAULT, fault.cfsr, FORCED)
    assert (seen["pc"], seen.get("bfar")) == (fault.pc, fault.bfar)


@pytest.mark.parametrize("name", UNTRAPPED)
def test_division_by_zero_and_unaligned_words_pass_without_their_traps(checks: dict[str, int], name: str) -> None:
    assert _parts(checks, name)["exception"] == 0


def test_the_stacked_xpsr_has_the_t_bit_and_the_it_state(checks: dict[str, int]) -> None:
    assert checks["branch_to_even.t_bit"] == 0
    assert checks["in_it_block.itstate"] == 0x0C00  # the second of ITTE EQ: condition 0, rest of the mask 110


def test_unprivileged_code_reaches_neither_the_core_registers_nor_the_masks(checks: dict[str, int]) -> None:
    assert checks["unprivileged.control"] == 1
    assert checks["unprivileged.primask"] == 0
    seen = _parts(checks, "unprivileged_scs")
    assert (seen["exception"], seen["cfsr"], seen["bfar"]) == (BUS_FAULT, PRECISE, 0xE000_ED04)
    assert checks["privileged_again.control"] == 0


def test_a_breakpoint_without_debugger_is_a_hard_fault(checks: dict[str, int]) -> None:
    assert _parts(checks, "breakpoint") == {"exception": HARD_FAULT, "cfsr": 0, "hfsr": DEBUGEVT, "pc": 0}


def test_a_fault_in_a_handler_of_its_own_priority_escalates(checks: dict[str, int]) -> None:
    assert (checks["nested.exception"], checks["nested.cfsr"]) == (HARD_FAULT, UNDEFINSTR)
    assert checks["nested.hfsr"] == FORCED
    assert (checks["nested.returned"], checks["nested.outer_returned"]) == (1, 1)
