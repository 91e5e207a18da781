"""Where every cycle went: by function, call path, source line and instruction, each split by cause.

The flat, line and instruction views come from the instruction rows of the record, calls and the tree from its nodes;
each view sums to the same total. What is charged where: docs/profile.md.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.call_tree import CallNode, call_tree, calls_and_totals
from tinysim.analyses.causes import Cycles, add, cycles_of, held_by
from tinysim.analyses.symbols import Names, Symbols
from tinysim.analyses.timebase import array, timebase
from tinysim.record import PROFILE_ARRAYS, Record


@dataclass(frozen=True)
class FunctionRow:
    """One function: its own cycles; `with_callees` counts recursion once; calls as far as the tree saw them."""

    name: str
    address: int
    calls: int
    own: Cycles
    with_callees: int


@dataclass(frozen=True)
class LineRow:
    """One source line of one function; `file` is empty where there is no line table."""

    file: str
    line: int
    function: str
    count: int
    own: Cycles


@dataclass(frozen=True)
class InstructionRow:
    """One instruction: how often it was executed and what that cost."""

    address: int
    count: int
    own: Cycles


@dataclass(frozen=True)
class ProfileNumbers:
    """`total` cycles (`total_s`) are all that the views sum to; `elapsed` are those since profiling began."""

    total: int
    elapsed: int
    start: int
    dropped_events: int
    time_line_end: int
    total_s: float

    @property
    def is_exact(self) -> bool:
        """Every cycle of the run has its place."""
        return self.total == self.elapsed


@dataclass(frozen=True)
class Profile:
    """All views of one profiled run."""

    numbers: ProfileNumbers
    all: Cycles
    functions: tuple[FunctionRow, ...]
    instructions: tuple[InstructionRow, ...]
    tree: CallNode
    has_symbols: bool


def is_profiled(record: Record) -> bool:
    """Whether the run was profiled."""
    return "profile" in record.manifest and all(name in record.arrays for name in PROFILE_ARRAYS)


def analyse_profile(record: Record, symbols: Symbols) -> Profile:
    """The profile of a profiled record; KeyError without one (see is_profiled)."""
    instructions = instruction_rows(record)
    names = Names(record, symbols)
    tree = call_tree(record, names)
    calls, totals = calls_and_totals(record, names)
    return Profile(
        numbers=_numbers(record),
        all=add(row.own for row in instructions),
        functions=_function_rows(instructions, names, calls, totals),
        instructions=instructions,
        tree=tree,
        has_symbols=bool(symbols.functions),
    )


def _numbers(record: Record) -> ProfileNumbers:
    entry = record.manifest["profile"]
    elapsed = int(record.manifest.get("counters", {}).get("cpu.elapsed_cycles", 0))
    start, total = int(entry["start_cycle"]), int(array(record, "profile.instruction.cycles", np.int64).sum())
    begin_s, end_s = timebase(record).seconds([start, start + total])
    return ProfileNumbers(
        total=total,
        total_s=float(end_s - begin_s),
        elapsed=elapsed - start,
        start=start,
        dropped_events=int(entry["dropped_events"]),
        time_line_end=int(entry["time_line_end_cycle"]),
    )


def instruction_rows(record: Record) -> tuple[InstructionRow, ...]:
    """All executed instructions by address."""
    addresses = array(record, "profile.instruction.address", np.uint32).tolist()
    counts = array(record, "profile.instruction.count", np.int64).tolist()
    held = held_by(record, "instruction", "address")
    return tuple(
        InstructionRow(address, count, Cycles(tuple(cycles), held.get(address, ())))
        for address, count, cycles in zip(addresses, counts, cycles_of(record, "instruction"), strict=True)
    )


def _function_rows(
    instructions: tuple[InstructionRow, ...], names: Names, calls: dict[int, int], totals: dict[int, int]
) -> tuple[FunctionRow, ...]:
    """Largest first; a function without an instruction of its own in the profile has no row."""
    parts: dict[tuple[str, int], list[Cycles]] = {}
    for row in instructions:
        parts.setdefault(names.function(row.address), []).append(row.own)
    rows = []
    for (name, address), own in parts.items():
        cycles = add(own)
        rows.append(FunctionRow(name, address, calls.get(address, 0), cycles, totals.get(address, cycles.total)))
    return tuple(sorted(rows, key=lambda row: (-row.own.awake, -row.own.total, row.address)))


def line_rows(profile: Profile, symbols: Symbols, names: Names) -> tuple[LineRow, ...]:
    """Source lines, the most cycles first. Instructions without a line are one row of their function."""
    parts: dict[tuple[str, int, str], list[InstructionRow]] = {}
    for row in profile.instructions:
        file, line = symbols.line_of(row.address) or ("", 0)
        parts.setdefault((file, line, names.function(row.address)[0]), []).append(row)
    rows = [
        LineRow(file, line, function, max(each.count for each in instructions), add(each.own for each in instructions))
        for (file, line, function), instructions in parts.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.own.awake, -row.own.total, row.file, row.line)))
