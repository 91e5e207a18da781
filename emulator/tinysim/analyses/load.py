"""How busy the CPU was: what is not sleep (WFI/WFE until the wake-up) counts as active."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.timebase import Timebase, covered_until, merged, spans, timebase
from tinysim.record import Record

PEAK_WINDOW_S = 0.1


@dataclass(frozen=True)
class Load:
    """`active_fraction` over the run; `peak_fraction` is the busiest 100 ms (in steps of 100 ms from power-on)."""

    elapsed_cycles: int
    active_cycles: int
    active_fraction: float
    peak_fraction: float
    sleeps: int
    instructions: int | None
    cycles_per_instruction: float | None


def analyse_load(record: Record) -> Load:
    """Load from the sleep intervals; instructions from the CPU's counter, if the engine has one."""
    clock = timebase(record)
    enter, leave = spans(record, "sleep")
    asleep = merged(enter, leave)
    total = int((asleep[1] - asleep[0]).sum())
    active = clock.elapsed_cycles - total
    instructions = record.manifest.get("counters", {}).get("cpu.instructions")
    return Load(
        elapsed_cycles=clock.elapsed_cycles,
        active_cycles=active,
        active_fraction=active / clock.elapsed_cycles if clock.elapsed_cycles else 0.0,
        peak_fraction=_peak(asleep, clock),
        sleeps=len(enter),
        instructions=instructions,
        cycles_per_instruction=active / instructions if instructions else None,
    )


def _peak(asleep: tuple[np.ndarray, np.ndarray], clock: Timebase) -> float:
    """The busiest full step; a run shorter than a step is one step."""
    if not clock.elapsed_cycles:
        return 0.0
    steps = int(clock.elapsed_s / PEAK_WINDOW_S)
    edges = (
        clock.cycles(np.arange(steps + 1) * PEAK_WINDOW_S) if steps else np.array([0, clock.elapsed_cycles], np.uint64)
    )
    slept = np.diff(covered_until(*asleep, edges))
    return float((1.0 - slept / np.diff(edges.astype(np.int64))).max())
