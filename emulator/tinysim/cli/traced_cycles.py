"""`tinysim run --engine renode --cycles`: Renode's trace, counted by the native timing model beside Renode's own time.

The trace is counted behind the run. It is the CPU's timing alone: no other bus master, no sleep, no waiting for DMA.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.record import Record
    from tinysim.trace.count import CycleCount, FunctionCycles

LABEL = "timing model over Renode's trace: CPU timing without contention, sleep and DMA"
MICRO = 1_000_000


@dataclass(frozen=True)
class TracedCycles:
    """A count and what belongs beside it: `stages` by name (None: the function was not executed), Renode's rate."""

    count: CycleCount
    stages: Mapping[str, FunctionCycles | None]
    renode_hz: int

    @property
    def instructions(self) -> int:
        return sum(one.instructions for one in self.count.functions)


def check_cycles(wanted: bool, engine: str) -> None:
    """Raises InputError for the native engine, whose own cycles need no trace."""
    if wanted and engine != "renode":
        raise InputError("counts Renode's trace; the native engine counts cycles as it runs", "--cycles")


@contextmanager
def trace_file(named: Path | None, *, wanted: bool) -> Iterator[Path | None]:
    """Where the trace goes: the named file, else one that is gone afterwards, else nowhere."""
    if named is not None or not wanted:
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="tinysim-trace-") as folder:
        yield Path(folder) / "renode.trace"


def count_traced(
    trace: Path | None, firmware: str, platform: str, stages: Mapping[str, str], record: Record
) -> TracedCycles:
    """Count, and note the sums in the record. Raises InputError for a trace that cannot be read."""
    from tinysim.trace.count import count_cycles

    assert trace is not None
    count = count_cycles(trace, firmware, platform)
    executed = {one.name: one for one in count.functions}
    traced = TracedCycles(
        count,
        {name: executed.get(symbol) for name, symbol in stages.items()},
        int(record.manifest["platform"]["clock_hz"]),
    )
    record.manifest["trace_cycles"] = {
        "what": LABEL,
        "cycles": count.total,
        "instructions": traced.instructions,
        "clock_hz": count.clock_hz,
        "model": count.timing.get("model"),
        "complete": count.problem is None,
        "notes": list(count.notes),
        "stages": [
            {"name": name, "instructions": one.instructions, "calls": one.calls, "own_cycles": one.total}
            for name, one in traced.stages.items()
            if one is not None
        ],
    }
    return traced


def print_traced(traced: TracedCycles, stream: TextIO) -> None:
    """The sums, and for each stage its function's own cycles beside Renode's time for the same instructions."""
    count = traced.count
    renode_ms = traced.instructions / traced.renode_hz * 1000
    cycles_ms = count.total / count.clock_hz * 1000
    stream.write(f"\ncycles    {LABEL}\n")
    stream.write(
        f"          {count.total:,} cycles = {cycles_ms:.3f} ms at {count.clock_hz / MICRO:g} MHz for "
        f"{traced.instructions:,} instructions; Renode's own time for them: {renode_ms:.3f} ms\n"
    )
    if count.problem is not None:
        stream.write(f"          the trace is not whole: {count.problem} at byte {count.offset}\n")
    for name, one in traced.stages.items():
        if one is not None:
            own_us = one.instructions / traced.renode_hz * MICRO
            stream.write(
                f"          {name}: {one.calls:,} calls, {one.total:,} cycles of its own function; "
                f"Renode's time: {own_us:.1f} us\n"
            )
    stream.writelines(f"          {note}\n" for note in count.notes)
