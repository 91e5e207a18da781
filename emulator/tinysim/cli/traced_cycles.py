"""`tinysim run --engine renode --cycles`: Renode's trace, counted by the native timing model beside Renode's own time.

The trace is counted in a thread while it is written. It is the CPU's timing alone: no other bus master, no sleep, no
waiting for DMA.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from tinysim.errors import InputError
from tinysim.units import HERTZ_PER_MEGAHERTZ, MICROSECONDS_PER_SECOND, MILLISECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.record import Record
    from tinysim.trace.count import CycleCount, FunctionCycles

LABEL = "timing model over Renode's trace: CPU timing without contention, sleep and DMA"


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


class _Abandoned(Exception):
    """Nobody waits for the count any more."""


class CountBesideRun:
    """Counts a trace in a thread of its own; a context manager around the run, which leaves no thread behind.

    When the run fails the count is broken off, and its own error is nobody's concern.
    """

    def __init__(self, trace: Path, firmware: str, platform: str) -> None:
        self._traced = (trace, firmware, platform)
        self._ended, self._abandoned = threading.Event(), threading.Event()
        self._threads = ThreadPoolExecutor(1, "tinysim-cycles")

    def __enter__(self) -> CountBesideRun:
        return self

    def begin(self) -> None:
        """From here on the file is this run's: it is made anew, or is not there yet."""
        from tinysim.trace.count import count_cycles

        self._count = self._threads.submit(count_cycles, *self._traced, progress=self._go_on, ended=self._ended)

    def _go_on(self, _: int) -> None:
        if self._abandoned.is_set():
            raise _Abandoned

    def result(self) -> CycleCount:
        """The whole count, once nobody writes to the trace any more. Raises InputError as count_cycles."""
        self._ended.set()
        return self._count.result()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._abandoned.set()
        self._ended.set()
        self._threads.shutdown()


def note_traced(count: CycleCount, stages: Mapping[str, str], record: Record) -> TracedCycles:
    """Find the stages in the count, and note the sums in the record."""
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
    renode_ms = traced.instructions / traced.renode_hz * MILLISECONDS_PER_SECOND
    cycles_ms = count.total / count.clock_hz * MILLISECONDS_PER_SECOND
    stream.write(f"\ncycles    {LABEL}\n")
    stream.write(
        f"          {count.total:,} cycles = {cycles_ms:.3f} ms at {count.clock_hz / HERTZ_PER_MEGAHERTZ:g} MHz for "
        f"{traced.instructions:,} instructions; Renode's own time for them: {renode_ms:.3f} ms\n"
    )
    if count.problem is not None:
        stream.write(f"          the trace is not whole: {count.problem} at byte {count.offset}\n")
    for name, one in traced.stages.items():
        if one is not None:
            own_us = one.instructions / traced.renode_hz * MICROSECONDS_PER_SECOND
            stream.write(
                f"          {name}: {one.calls:,} calls, {one.total:,} cycles of its own function; "
                f"Renode's time: {own_us:.1f} us\n"
            )
    stream.writelines(f"          {note}\n" for note in count.notes)
