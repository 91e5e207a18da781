"""A profiled run: every cycle has a place, and profiling changes nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.analyses.profile import analyse_profile
from tinysim.analyses.symbols import Symbols
from tinysim.machine import Machine
from tinysim.record import PROFILE_ARRAYS, Record

FIRMWARE = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt" / "nrf52840dk"
PROGRAMS = [
    "hello", "exception_priorities", "exception_floats", "exception_derived_faults", "exception_sleep",
    "interrupted_multiples", "two_tasks", "task_switch", "system_reset", "rewritten_code", "systick", "tap",
]  # fmt: skip


def run(program: str, *, profiled: bool, seconds: float = 0.05) -> Record:
    with Machine("nrf52840dk") as machine:
        machine.load(FIRMWARE / f"{program}.elf")
        if profiled:
            machine.start_profile()
        machine.run_for(seconds / 2)
        machine.run_for(seconds / 2)
        return machine.record()


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_parts_sum_to_all_cycles_of_the_run(program: str) -> None:
    record = run(program, profiled=True)
    profile = analyse_profile(record, Symbols())
    assert profile.numbers.total == profile.numbers.elapsed == record.manifest["counters"]["cpu.elapsed_cycles"]
    assert profile.tree.total == profile.numbers.total
    assert int(record.arrays["profile.instruction.cycles"].min()) >= 0
    executed = int(record.arrays["profile.instruction.count"].sum())
    assert executed == record.manifest["counters"]["cpu.instructions"]


@pytest.mark.parametrize("program", PROGRAMS)
def test_profiling_changes_no_stamp_of_the_record(program: str) -> None:
    plain, profiled = run(program, profiled=False), run(program, profiled=True)
    assert set(profiled.arrays) - set(plain.arrays) == set(PROFILE_ARRAYS)
    for name, rows in plain.arrays.items():
        assert np.array_equal(rows, profiled.arrays[name]), name
    assert plain.manifest["counters"] == profiled.manifest["counters"]


def test_profiling_may_begin_in_the_middle_of_a_run() -> None:
    with Machine("nrf52840dk") as machine:
        machine.load(FIRMWARE / "tap.elf")
        machine.run_for(0.01)
        before = machine.cycles
        machine.start_profile()
        machine.run_for(0.01)
        numbers = analyse_profile(machine.record(), Symbols()).numbers
        assert numbers.start == before
        assert numbers.total == machine.cycles - before
