"""The core's logs as the arrays of a Record: ticks become elapsed CPU cycles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.engines.base import Fault

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim._core import Machine

TIMING_MODEL = "cortex-m4-core"
TIMING_VERSION = "1"
ASSUMPTIONS = (
    "instruction table, load/store pipelining, branch refill and exception costs of the Cortex-M4 at zero wait states",
    "flash wait states, caches, fetch FIFO and bus contention are not in the model yet",
    "peripheral reads wait for the APB bridge, peripheral writes are posted",
    "division time follows a placeholder law by quotient bits",
)


def collect_arrays(core: Machine, clock_hz: int) -> dict[str, NDArray[Any]]:
    """All arrays of tinysim.record.ARRAYS, and one pair for each UART that spoke."""
    per_cycle = core.ticks_per_cycle

    def cycles(ticks: NDArray[Any]) -> NDArray[np.uint64]:
        return (ticks // per_cycle).astype(np.uint64)

    arrays: dict[str, NDArray[Any]] = {
        "clock.cycle": np.zeros(1, np.uint64),
        "clock.time_ns": np.zeros(1, np.uint64),
        "clock.hz": np.array([clock_hz], np.uint64),
    }
    for name, (at, byte) in core.uart_bytes().items():
        if len(byte):
            arrays[f"uart.{name}.cycle"] = cycles(at)
            arrays[f"uart.{name}.byte"] = byte
    for prefix, columns in (("stage", core.stages()), ("exception", core.exceptions()), ("sleep", core.sleeps())):
        for name, column in columns.items():
            arrays[f"{prefix}.{name}"] = cycles(column) if name in ("enter", "exit") else column
    for name, column in core.transfers().items():
        arrays[f"dma.{name}"] = cycles(column) if name in ("start", "end") else column
    for prefix, changes, value in (
        ("line", core.line_changes(), "level"),
        ("level", core.level_changes(), "value"),
    ):
        arrays[f"{prefix}.id"] = changes["id"]
        arrays[f"{prefix}.cycle"] = cycles(changes["at"])
        arrays[f"{prefix}.{value}"] = changes["value"].astype(np.uint8 if prefix == "line" else np.int32)
    return arrays


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


def timing_model() -> dict[str, Any]:
    """Which model counts the cycles, and what it takes for granted."""
    return {
        "model": TIMING_MODEL,
        "version": TIMING_VERSION,
        "calibrated": None,
        "assumptions": list(ASSUMPTIONS),
    }
