"""The core's logs as the arrays of a Record: ticks become elapsed CPU cycles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.engines.base import Fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim._core import Machine
    from tinysim.engines.native_clock import NativeClock

TIMING_MODEL = "cortex-m4-core"
TIMING_VERSION = "1"
ASSUMPTIONS = (
    "Cortex-M4 instruction table, load/store pipelining, fetch queue, branch refill and exceptions from manuals",
    "flash, caches and buses as under memory above; each number of the chip's .toml has its uncertainty there",
    "peripheral reads wait for their bridge, peripheral writes are posted",
    "division time follows a placeholder law by quotient bits",
    "external memories, deeper sleep than WFI with the clocks running, and errata play no part: they are not modelled",
)


def collect_arrays(core: Machine, clock: NativeClock) -> dict[str, NDArray[Any]]:
    """All arrays of tinysim.record.ARRAYS, and one pair for each UART that spoke."""
    cycles = clock.cycles
    arrays: dict[str, NDArray[Any]] = {**clock.arrays()}
    for name, (at, byte) in core.uart_bytes().items():
        if len(byte):
            arrays[f"uart.{name}.cycle"] = cycles(at)
            arrays[f"uart.{name}.byte"] = byte
    for prefix, columns in (("stage", core.stages()), ("exception", core.exceptions()), ("sleep", core.sleeps())):
        for name, column in columns.items():
            arrays[f"{prefix}.{name}"] = cycles(column) if name in ("enter", "exit") else column
    for name, column in core.transfers().items():
        arrays[f"dma.{name}"] = cycles(column) if name in ("start", "end") else column
    arrays |= bus_stalls(core)
    for prefix, changes, value in (
        ("line", core.line_changes(), "level"),
        ("level", core.level_changes(), "value"),
    ):
        arrays[f"{prefix}.id"] = changes["id"]
        arrays[f"{prefix}.cycle"] = cycles(changes["at"])
        arrays[f"{prefix}.{value}"] = changes["value"].astype(np.uint8 if prefix == "line" else np.int32)
    return arrays


def bus_stalls(core: Machine) -> dict[str, NDArray[Any]]:
    """Cycles that one master waited behind another at a bus slave: one row per slave, waiter and holder."""
    rows = core.bus_stalls()
    columns = list(zip(*rows, strict=True)) if rows else [(), (), (), ()]
    slave, waiter, holder, cycles = columns
    return {
        "bus.slave": np.array(slave, np.uint16),
        "bus.waiter": np.array(waiter, np.uint16),
        "bus.holder": np.array(holder, np.uint16),
        "bus.cycles": np.array(cycles, np.uint64),
    }


def memory_words(at_reset: Sequence[str], now: Sequence[str]) -> list[str]:
    """The settings of memory now, and what they were at reset where the firmware changed them."""
    changed = [each for each in at_reset if each not in now]
    return [*now, *(f"at reset: {each}" for each in changed)]


def last_fault(core: Machine) -> Fault | None:
    """The last fault exception that was taken."""
    if not core.has_fault:
        return None
    fault = core.fault
    return Fault(
        fault["exception"],
        fault["pc"],
        fault["cfsr"],
        fault["hfsr"],
        fault["address"],
        tuple(fault["registers"]),
        fault["xpsr"],
    )


def timing_model(parameters: Mapping[str, int], memory: Sequence[str]) -> dict[str, Any]:
    """Which model counts the cycles, what it takes for granted, how memory is set up, and which numbers were set."""
    return {
        "model": TIMING_MODEL,
        "version": TIMING_VERSION,
        "calibrated": None,
        "memory": list(memory),
        "assumptions": [
            *ASSUMPTIONS,
            *(f"{name} is set to {value} for this run" for name, value in parameters.items()),
        ],
    }
