"""LDM, STM, PUSH and POP abandoned by an interrupt at each of their cycles and continued; divisions, LDRD, STRD, VLDM
and VSTM abandoned and begun anew. DDI 0403 B1.5.10."""

from __future__ import annotations

import exception_fixtures
import pytest

# ICI names the next register, R1 to R8 here. Bit 0: an interrupt before the instruction or within its first cycles.
CONTINUED = 1 << 0 | sum(1 << register for register in range(2, 9))
BEGUN_ANEW = 1 << 0
ICI = {
    "load_up": CONTINUED,
    "load_down": CONTINUED,
    "load_still": CONTINUED,
    "store_up": CONTINUED,
    "store_down": CONTINUED,
    "push_pop": BEGUN_ANEW,
}
BASE = {"load_up": 0x20, "load_down": 0xFFFF_FFE0, "load_still": 0, "store_up": 0x20, "store_down": 0xFFFF_FFE0}
CYCLES_OF_EIGHT = 9
# Name -> its cycles (at each of them an interrupt finds it not done), and how much the latency varies: behind VLDM
# stands a VMOV of two registers, which takes two cycles and is completed.
RESTARTED = {
    "divide": (8, 0),
    "divide_in_place": (8, 0),
    "load_dual": (3, 0),
    "store_dual": (3, 0),
    "load_floats": (9, 1),
    "store_floats": (9, 0),
    "uninterruptible": (1, 7),  # a division of 8 cycles with ACTLR.DISMCYCINT
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("interrupted_multiples")


@pytest.mark.parametrize("name", [*ICI, "load_own_base"])
def test_nothing_is_lost_by_an_interrupt_at_any_cycle(checks: dict[str, int], name: str) -> None:
    assert (checks[f"{name}.missing"], checks[f"{name}.wrong"]) == (0, 0)
    assert checks[f"{name}.base"] == BASE.get(name, 0)


@pytest.mark.parametrize("name", ICI)
def test_the_next_register_is_on_the_stack_and_the_handler_begins_at_once(checks: dict[str, int], name: str) -> None:
    assert (checks[f"{name}.ici_seen"], checks[f"{name}.latency_spread"]) == (ICI[name], 0)


def test_a_load_of_its_own_base_is_completed_first(checks: dict[str, int]) -> None:
    assert 0 < checks["load_own_base.latency_spread"] < CYCLES_OF_EIGHT


@pytest.mark.parametrize("name", RESTARTED)
def test_an_abandoned_instruction_begins_anew_behind_the_handler(checks: dict[str, int], name: str) -> None:
    assert (checks[f"{name}.missing"], checks[f"{name}.wrong"]) == (0, 0)
    assert (checks[f"{name}.restarts"], checks[f"{name}.latency_spread"]) == RESTARTED[name]
