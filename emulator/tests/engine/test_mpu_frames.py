"""Faults of stacking, unstacking and lazy saves by the MPU, and whose rights count. DDI 0403 B1.5.6 to B1.5.8, B3.5."""

from __future__ import annotations

import exception_fixtures
import pytest

MUNSTKERR, MSTKERR, MLSPERR = 1 << 3, 1 << 4, 1 << 5
FORCED = 1 << 30
MEM_MANAGE, HARD_FAULT = 4, 3
TO_PROCESS = 0xFFFF_FFFD

# Order (B: the fault's handler, 5: the SVC), then CFSR, exception and EXC_RETURN in the fault's handler.
STACKING = {
    "no_fault": (0x5, 0, 0, 0),
    "guard": (0xB5, MSTKERR, MEM_MANAGE, TO_PROCESS),
    "above_the_guard": (0x5, 0, 0, 0),
    "guard_late": (0x5B, MSTKERR, MEM_MANAGE, TO_PROCESS),
    "guard_escalated": (0xB5, MSTKERR, HARD_FAULT, TO_PROCESS),
    "stacked_unprivileged": (0xB5, MSTKERR, MEM_MANAGE, TO_PROCESS),
    "unstacking": (0x5B, MUNSTKERR, MEM_MANAGE, TO_PROCESS),
    "unstacked_privileged": (0x5, 0, 0, 0),
    "unstacked_unprivileged": (0x5B, MUNSTKERR, MEM_MANAGE, TO_PROCESS),
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
    return exception_fixtures.checks_of("mpu_frames")


@pytest.mark.parametrize("name", STACKING)
def test_frames_are_written_and_read_with_the_rights_of_the_thread(checks: dict[str, int], name: str) -> None:
    assert tuple(checks[f"{name}.{part}"] for part in ("order", "cfsr", "exception", "exc_return")) == STACKING[name]


@pytest.mark.parametrize("name", LAZY)
def test_floats_are_saved_lazily_with_the_rights_of_their_owner(checks: dict[str, int], name: str) -> None:
    seen = tuple(checks[f"lazy.{name}.{part}"] for part in ("order", "cfsr", "hfsr", "lspact"))
    assert (seen, checks[f"lazy.{name}.survived"]) == (LAZY[name], 1)
