"""Elapsed cycles of each stage, from entry to return of its function: interrupts and sleep inside are included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.finding import Finding, Severity
from tinysim.analyses.timebase import array, spans, timebase
from tinysim.record import Record


@dataclass(frozen=True)
class Stage:
    """The calls of one stage; the cycle fields are None when it was never entered."""

    name: str
    symbol: str
    count: int
    min_cycles: int | None = None
    median_cycles: int | None = None
    p95_cycles: int | None = None
    max_cycles: int | None = None
    total_cycles: int = 0
    max_s: float | None = None
    share_of_run: float = 0.0


def analyse_stages(record: Record) -> tuple[Stage, ...]:
    """One entry per named stage, in the order they were named."""
    clock = timebase(record)
    numbers = array(record, "stage.id", np.uint16)
    enter, leave = spans(record, "stage")
    cycles = (leave - enter).astype(np.int64)
    seconds = clock.seconds(leave) - clock.seconds(enter) if len(enter) else np.zeros(0)
    stages = []
    for number, named in enumerate(record.manifest.get("stages", [])):
        chosen = numbers == number
        name, symbol = str(named["name"]), str(named["symbol"])
        stages.append(_stage(name, symbol, cycles[chosen], seconds[chosen], clock.elapsed_cycles))
    return tuple(stages)


def _stage(name: str, symbol: str, cycles: np.ndarray, seconds: np.ndarray, elapsed_cycles: int) -> Stage:
    if len(cycles) == 0:
        return Stage(name, symbol, 0)
    return Stage(
        name=name,
        symbol=symbol,
        count=len(cycles),
        min_cycles=int(cycles.min()),
        median_cycles=_percentile(cycles, 50),
        p95_cycles=_percentile(cycles, 95),
        max_cycles=int(cycles.max()),
        total_cycles=int(cycles.sum()),
        max_s=float(seconds.max()),
        share_of_run=int(cycles.sum()) / elapsed_cycles if elapsed_cycles else 0.0,
    )


def _percentile(cycles: np.ndarray, percent: int) -> int:
    """An observed value (nearest rank), so that a cycle count stays a count."""
    return int(np.percentile(cycles, percent, method="inverted_cdf"))


def stage_findings(stages: tuple[Stage, ...]) -> list[Finding]:
    """A stage without a call is worth a note: the run may be too short, or the name is the wrong one."""
    return [
        Finding(Severity.NOTE, "stage-never-called", f"the stage {stage.name} was never entered", stage.symbol)
        for stage in stages
        if not stage.count
    ]
