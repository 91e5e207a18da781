"""The MPU and code, exceptions, lazily saved floats, HFNMIENA, the private peripherals, DMA. DDI 0403 B3.5, B1.5.6-8."""

from __future__ import annotations

import exception_fixtures
import pytest

IACCVIOL, MUNSTKERR, MSTKERR, MLSPERR = 1 << 0, 1 << 3, 1 << 4, 1 << 5
DATA_FAULT = 1 << 1 | 1 << 7  # DACCVIOL and MMARVALID
PRECISE = 1 << 9 | 1 << 15  # PRECISERR and BFARVALID
FORCED = 1 << 30
MEM_MANAGE, HARD_FAULT = 4, 3
TO_PROCESS = 0xFFFF_FFFD

# Privileged, unprivileged.
CALLS = {
    "executable": (0, 0),
    "execute_never": (IACCVIOL, IACCVIOL),
    "executable_again": (0, 0),
    "unreadable": (IACCVIOL, IACCVIOL),
    "read_only": (0, 0),
    "privileged_only": (0, IACCVIOL),
    "no_region": (0, IACCVIOL),
}
# The region that forbids begins 0x20 behind the label.
BORDER = {
    "runs_into_execute_never.cfsr": IACCVIOL,
    "runs_into_execute_never.exception": MEM_MANAGE,
    "runs_into_execute_never.pc": 0x20,
    "wide_across_the_border.cfsr": IACCVIOL,
    "wide_across_the_border.exception": MEM_MANAGE,
    "wide_across_the_border.pc": 0x1E,
    "call.peripherals": IACCVIOL,
    "call.private_peripherals": IACCVIOL,
}
FIRST_FORBIDDEN = {
    "load_multiple": 0x20,
    "store_multiple": 0x20,
    "load_dual": 0x20,
    "load_half": 0x3E,
    "load_byte": 0x21,
    "write_back": 0x20,
    "load_exclusive": 0x20,
    "load_float": 0x3C,
    "store_floats": 0x20,
}
UNALIGNED = {
    "word_before": 0,
    "unaligned_across": DATA_FAULT,
    "unaligned_behind": DATA_FAULT,
}
PRIVATE = {
    "scs.unprivileged": PRECISE,
    "scs.unprivileged.bfar": 0xE000_ED00,
    "scs.by_ldrt": PRECISE,
    "scs.privileged": 0,
}
ABOVE = {
    "hard_fault.loaded": 1,
    "faultmask.loaded": 1,
    "nmi.loaded": 1,
    "thread.loaded": DATA_FAULT,
    "control": 7,
    "hfnmiena.loaded": 1,
}
# Order (B: the fault's handler, 5: the SVC that was entered or left), CFSR, EXC_RETURN in the fault's handler.
STACKING = {
    "no_fault": (0x5, 0, 0),
    "guard": (0xB5, MSTKERR, TO_PROCESS),
    "above_the_guard": (0x5, 0, 0),
    "guard_late": (0x5B, MSTKERR, TO_PROCESS),
    "guard_escalated": (0xB5, MSTKERR, TO_PROCESS),
    "stacked_unprivileged": (0xB5, MSTKERR, TO_PROCESS),
    "unstacking": (0x5B, MUNSTKERR, TO_PROCESS),
    "unstacked_privileged": (0x5, 0, 0),
    "unstacked_unprivileged": (0x5B, MUNSTKERR, TO_PROCESS),
}
# Order (B: the fault's handler, F: behind the float), CFSR, HFSR, LSPACT in the fault's handler.
LAZY = {
    "allowed": (0xF, 0, 0, 0),
    "forbidden": (0xBF, MLSPERR, 0, 1),
    "of_unprivileged": (0xBF, MLSPERR, 0, 1),
    "not_ready": (0xBF, MLSPERR, FORCED, 1),
    "less_urgent": (0xFB, MLSPERR, 0, 0),
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("mpu_faults")


@pytest.mark.parametrize("name", CALLS)
def test_code_runs_where_it_may_be_read_and_execute_never_is_off(checks: dict[str, int], name: str) -> None:
    assert (checks[f"call.{name}"], checks[f"call_unprivileged.{name}"]) == CALLS[name]


def test_code_that_runs_into_execute_never_faults_at_the_border(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in BORDER} == BORDER


@pytest.mark.parametrize("name", FIRST_FORBIDDEN)
def test_the_first_forbidden_address_is_reported(checks: dict[str, int], name: str) -> None:
    seen = tuple(checks[f"{name}.{part}"] for part in ("cfsr", "exception", "mmfar"))
    assert seen == (DATA_FAULT, MEM_MANAGE, FIRST_FORBIDDEN[name])


def test_an_unaligned_access_needs_both_sides_of_a_border(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in UNALIGNED} == UNALIGNED


def test_the_private_peripherals_are_privileged_whatever_the_regions_say(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PRIVATE} == PRIVATE


def test_hard_fault_nmi_and_faultmask_are_above_the_mpu_without_hfnmiena(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in ABOVE} == ABOVE


@pytest.mark.parametrize(("what", "case"), [("in a HardFault handler", 1), ("under FAULTMASK", 2)])
def test_with_hfnmiena_a_forbidden_access_locks_up(what: str, case: int) -> None:
    machine, reason = exception_fixtures.start("mpu_faults", case)
    with machine:
        flags = machine.record().manifest["stop"]["fault"]["flags"]
    assert (reason, "DACCVIOL" in flags) == ("lockup", True), what


@pytest.mark.parametrize("name", STACKING)
def test_frames_are_written_and_read_with_the_rights_of_the_thread(checks: dict[str, int], name: str) -> None:
    assert tuple(checks[f"{name}.{part}"] for part in ("order", "cfsr", "exc_return")) == STACKING[name]


@pytest.mark.parametrize("name", LAZY)
def test_floats_are_saved_lazily_with_the_rights_of_their_owner(checks: dict[str, int], name: str) -> None:
    seen = tuple(checks[f"lazy.{name}.{part}"] for part in ("order", "cfsr", "hfsr", "lspact"))
    assert (seen, checks[f"lazy.{name}.survived"]) == (LAZY[name], 1)


def test_dma_reads_what_no_code_may_touch() -> None:
    assert exception_fixtures.checks_of("mpu_faults", case=3) == {"dma": 1}
