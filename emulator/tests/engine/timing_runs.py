"""Runs firmware/fixtures/timing on a chip and reads its table of results."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

from timing_places import CHIPS

from tinysim.engines.base import Gap
from tinysim.engines.native import NativeEngine
from tinysim.machine import Machine

PREBUILT = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt"
LONGEST_S = 10.0
RESULT = struct.Struct("<5I")  # timing_result of fixtures/timing/support/timing.h
EMPTY_BRACKETS = ("empty_0", "half_0")  # by the case's kind

Results = dict[tuple[str, str], tuple[int, int]]


class DidNotEnd(Exception):
    """The image stopped before it was through."""


def image_of(chip: str) -> Path:
    """The committed image of a chip's cases."""
    return PREBUILT / CHIPS[chip][0] / "timing_benchmarks.elf"


def results_of(chip: str, parameters: Mapping[str, int] | None = None, *, exact: bool = False) -> Results:
    """(place, case) -> cycles of the first and of the second run there, without the bracket's own. Raises DidNotEnd.

    `exact`: the exact path throughout, not only where state matters.
    """
    with Machine(chip, parameters=parameters) as machine:
        machine.load(image_of(chip))
        if exact:
            assert isinstance(machine._engine, NativeEngine)
            machine._engine._core.set_exact(True)
        reason = machine.run_for(LONGEST_S)
        if reason != "deadlock":
            raise DidNotEnd(f"{image_of(chip).name} on {chip}: {reason}, pc {machine.registers['pc']:#x}")
        count = int.from_bytes(machine.read_memory(machine.symbol("timing_result_count"), 4), "little")
        table = machine.read_memory(machine.symbol("timing_results"), count * RESULT.size)
        rows = list(RESULT.iter_unpack(table))
        texts = {address: text_at(machine, address) for row in rows for address in row[:2]}
    return without_brackets({(texts[place], texts[name]): numbers for place, name, *numbers in rows})


def gaps_of(chip: str) -> list[Gap]:
    """What the cases of a chip touch that is not modelled."""
    with Machine(chip) as machine:
        machine.load(image_of(chip))
        machine.run_for(LONGEST_S)
        return machine.gaps


def text_at(machine: Machine, address: int) -> str:
    return machine.read_memory(address, 64).split(b"\0")[0].decode()


def without_brackets(rows: Mapping[tuple[str, str], list[int]]) -> Results:
    results: Results = {}
    for (place, name), (kind, first, second) in rows.items():
        _, empty_first, empty_second = rows[place, EMPTY_BRACKETS[kind]]
        results[place, name] = (first - empty_first, second - empty_second)
    return results
