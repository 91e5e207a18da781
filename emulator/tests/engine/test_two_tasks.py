"""A pre-emptive kernel of two tasks that check all their registers, one of them unprivileged, a stack guard for each.

TINYSIM_LONG=1 switches ten million times instead of 100 000, TINYSIM_LONG=n n times. DDI 0403 B1.5.7, B3.5.
"""

from __future__ import annotations

import os

import exception_fixtures
import pytest

from tinysim.machine import Machine

ASKED = int(os.environ.get("TINYSIM_LONG") or 0)
SWITCHES = {0: 100_000, 1: 10_000_000}.get(ASKED, ASKED)
WANTED_SWITCHES = 0x2003_0004
SHORTEST_TASK_BYTES = 800  # and beginning with the part that fills the registers
CYCLES_PER_SWITCH, CPU_HZ = 500, 64_000_000  # at most, on average
CHECKS = {
    "switches": 0,
    "first.wrong": 0,
    "second.wrong": 0,
    "first.runs": 1,
    "second.runs": 1,
    "floats_in_systick": 1,
}


def started(switches: int) -> Machine:
    machine = exception_fixtures.loaded("two_tasks")
    machine.write_memory(WANTED_SWITCHES, switches.to_bytes(4, "little"))
    return machine


def checks_at_the_end(machine: Machine, switches: int) -> dict[str, int]:
    assert machine.run_for(switches * CYCLES_PER_SWITCH / CPU_HZ + 0.1) == "deadlock"
    return exception_fixtures.parse_checks("\n".join(line.text for line in machine.uart().read_new()))


def test_no_register_is_wrong_after_many_switches() -> None:
    with started(SWITCHES) as machine:
        assert checks_at_the_end(machine, SWITCHES) == CHECKS


@pytest.mark.parametrize(("register", "name"), [(4, "R4"), (11, "R11"), (16 + 3, "S3"), (16 + 31, "S31")])
def test_a_register_changed_from_outside_is_noticed(register: int, name: str) -> None:
    """Or the test above would prove nothing."""
    switches = 1000
    with started(switches) as machine:
        machine.run_for(0.003)  # both tasks have filled their registers
        change(machine, register)
        checks = checks_at_the_end(machine, switches)
    assert checks["first.wrong"] + checks["second.wrong"] == 1, name


def change(machine: Machine, register: int) -> None:
    """Flip a bit of R0 to R15 or, from 16 on, of S0 to S31, while a task runs."""
    tasks = [machine.symbol(name) & ~1 for name in ("first_task", "second_task")]
    while not any(0 <= machine.registers["pc"] - begin < SHORTEST_TASK_BYTES for begin in tasks):
        machine.run_for(1e-6)
    core = machine._engine._core  # type: ignore[attr-defined]
    if register < 16:
        core.registers = [value ^ (index == register) for index, value in enumerate(core.registers)]
    else:
        core.fp_registers = [value ^ (index == register - 16) for index, value in enumerate(core.fp_registers)]
