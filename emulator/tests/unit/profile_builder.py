"""A profiled record by hand: Reset calls main; main calls nn twice and sleeps; an interrupt calls nn, too."""

from __future__ import annotations

from typing import Any

import numpy as np
from record_builder import RecordBuilder

from tinysim.analyses.symbols import Symbols
from tinysim.record import PROFILE_ARRAYS, PROFILE_CAUSES, Record

SYMBOLS = Symbols(
    functions=(
        ("Reset_Handler", 0x100, 0x110),
        ("main", 0x110, 0x140),
        ("nn", 0x200, 0x240),
        ("RTC1_IRQHandler", 0x300, 0x320),
    ),
    line_of=lambda address: ("nn.c", 10 + (address - 0x200) // 8) if 0x200 <= address < 0x210 else None,
    irq_names={33: "RTC1"},
)
# address: count, cycles by cause (base, load/store, fetch, flash, contention, exception, sleep)
INSTRUCTIONS: dict[int, tuple[int, list[int]]] = {
    0x100: (1, [2, 0, 0, 0, 0, 0, 0]),
    0x110: (3, [6, 0, 3, 0, 0, 0, 0]),
    0x112: (1, [1, 0, 0, 0, 0, 0, 1000]),
    0x200: (3, [30, 10, 0, 20, 7, 0, 0]),
    0x208: (3, [3, 0, 0, 5, 0, 0, 0]),
    0x20A: (3, [3, 0, 0, 0, 0, 0, 0]),
    0x300: (1, [4, 0, 0, 0, 0, 22, 0]),
}
NONE = 0xFFFF_FFFF
# parent, function, kind, exception, calls, cycles
NODES: list[tuple[int, int, int, int, int, list[int]]] = [
    (NONE, 0, 0, 0, 0, [0, 0, 0, 0, 0, 0, 0]),
    (0, 0x100, 1, 0, 1, [2, 0, 0, 0, 0, 0, 0]),
    (1, 0x110, 1, 0, 1, [7, 0, 3, 0, 0, 0, 0]),
    (2, 0x200, 1, 0, 2, [24, 8, 0, 15, 5, 0, 0]),
    (2, 0x112, 3, 0, 1, [0, 0, 0, 0, 0, 0, 1000]),
    (0, 0x300, 2, 33, 1, [4, 0, 0, 0, 0, 22, 0]),
    (5, 0x200, 1, 0, 1, [12, 2, 0, 10, 2, 0, 0]),
]
TOTAL = sum(sum(cycles) for _, cycles in INSTRUCTIONS.values())
EVENTS = [
    (0, 1, 1),
    (2, 2, 1),
    (10, 3, 1),
    (50, 3, 0),
    (50, 4, 1),
    (1050, 4, 0),
    (1050, 5, 1),
    (1060, 6, 1),
    (1080, 6, 0),
    (1090, 5, 0),
]


def profiled_record() -> Record:
    """The record of that run."""
    builder = RecordBuilder()
    record = builder.build()
    record.manifest["counters"]["cpu.elapsed_cycles"] = TOTAL
    record.manifest["virtual_time_ns"] = TOTAL * 1000 // 64
    record.manifest["profile"] = {
        "causes": list(PROFILE_CAUSES), "masters": ["CPU data", "CPU fetch", "DMA1"], "start_cycle": 0,
        "charged_cycles": TOTAL, "time_line_end_cycle": TOTAL, "dropped_events": 0,
    }  # fmt: skip
    columns: dict[str, Any] = {
        "instruction.address": list(INSTRUCTIONS),
        "instruction.count": [count for count, _ in INSTRUCTIONS.values()],
        "instruction.cycles": [cycles for _, cycles in INSTRUCTIONS.values()],
        "instruction_held.address": [0x200, 0x200],
        "instruction_held.holder": [2, 1],
        "instruction_held.cycles": [6, 1],
        "node_held.node": [3, 6],
        "node_held.holder": [2, 2],
        "node_held.cycles": [5, 2],
    }
    for index, name in enumerate(("parent", "function", "kind", "exception", "calls", "cycles")):
        columns[f"node.{name}"] = [node[index] for node in NODES]
    for index, name in enumerate(("cycle", "node", "is_enter")):
        columns[f"event.{name}"] = [event[index] for event in EVENTS]
    for name, values in columns.items():
        record.arrays[f"profile.{name}"] = np.array(values, PROFILE_ARRAYS[f"profile.{name}"])
    return record
