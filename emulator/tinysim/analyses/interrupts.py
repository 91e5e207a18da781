"""Exceptions taken, by number: counts, and elapsed cycles from entry to return (nested ones inside are included)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.timebase import array, spans
from tinysim.record import Record

# Armv7-M Architecture Reference Manual, B1.5.2.
SYSTEM_EXCEPTIONS = {
    1: "Reset",
    2: "NMI",
    3: "HardFault",
    4: "MemManage",
    5: "BusFault",
    6: "UsageFault",
    11: "SVCall",
    12: "DebugMonitor",
    14: "PendSV",
    15: "SysTick",
}
FIRST_IRQ = 16


@dataclass(frozen=True)
class Interrupts:
    """One exception; the latency (request to first handler instruction) is None: the record does not hold it yet."""

    number: int
    name: str
    count: int
    total_cycles: int
    max_cycles: int
    max_entry_latency_cycles: int | None = None


def analyse_interrupts(record: Record) -> tuple[Interrupts, ...]:
    """One entry per exception number that was taken, in order of number."""
    numbers = array(record, "exception.number", np.uint16)
    enter, leave = spans(record, "exception")
    cycles = (leave - enter).astype(np.int64)
    names = record.manifest.get("irq_names", {})
    return tuple(_one(number, names, cycles[numbers == number]) for number in sorted(set(numbers.tolist())))


def _one(number: int, irq_names: dict[str, str], cycles: np.ndarray) -> Interrupts:
    return Interrupts(number, exception_name(number, irq_names), len(cycles), int(cycles.sum()), int(cycles.max()))


def exception_name(number: int, irq_names: dict[str, str]) -> str:
    """`SysTick`, the chip's own name of an IRQ, or `IRQ 17`."""
    named = irq_names.get(str(number)) or SYSTEM_EXCEPTIONS.get(number)
    return named or (f"IRQ {number - FIRST_IRQ}" if number >= FIRST_IRQ else f"exception {number}")
