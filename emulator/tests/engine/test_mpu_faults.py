"""What the MPU forbids to code: execute-never, addresses, HFNMIENA, the private peripherals, not DMA. DDI 0403 B3.5."""

from __future__ import annotations

import exception_fixtures
import pytest

IACCVIOL = 1 << 0
DATA_FAULT = 1 << 1 | 1 << 7  # DACCVIOL and MMARVALID
PRECISE = 1 << 9 | 1 << 15  # PRECISERR and BFARVALID
MEM_MANAGE = 4

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
    "hard_fault.loaded_in_nmi": 1,
    "hard_fault.loaded_after": DATA_FAULT,
    "faultmask.loaded": 1,
    "faultmask.loaded_in_nmi": 1,
    "faultmask.loaded_after": DATA_FAULT,
    "control": 7,
    "hfnmiena.loaded": 1,
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


def test_dma_reads_what_no_code_may_touch() -> None:
    assert exception_fixtures.checks_of("mpu_faults", case=3) == {"dma": 1}
