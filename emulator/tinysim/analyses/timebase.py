"""Cycles to seconds, over the segments of a CPU clock that may change while the firmware runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from tinysim.record import Record
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

Cycles: TypeAlias = "NDArray[np.uint64]"


@dataclass(frozen=True)
class Timebase:
    """The clock of one record: `elapsed_cycles` and `elapsed_s` are the whole run's."""

    start_cycles: Cycles
    start_ns: NDArray[np.uint64]
    hz: NDArray[np.uint64]
    elapsed_cycles: int
    elapsed_s: float

    def seconds(self, cycles: Any) -> NDArray[np.float64]:
        """Virtual time of cycle stamps."""
        stamps = np.asarray(cycles, np.uint64)
        segment = np.searchsorted(self.start_cycles, stamps, side="right") - 1
        inside = (stamps - self.start_cycles[segment]).astype(np.float64)
        return self.start_ns[segment] / NANOSECONDS_PER_SECOND + inside / self.hz[segment]

    def nanoseconds(self, cycles: Any) -> NDArray[np.int64]:
        """Virtual time of cycle stamps in whole nanoseconds, rounded down, exact however long the run is."""
        stamps = np.asarray(cycles, np.uint64)
        segment = np.searchsorted(self.start_cycles, stamps, side="right") - 1
        seconds, rest = np.divmod(stamps - self.start_cycles[segment], self.hz[segment])
        whole_ns, rest_ns = seconds * np.uint64(NANOSECONDS_PER_SECOND), rest * np.uint64(NANOSECONDS_PER_SECOND)
        return (self.start_ns[segment] + whole_ns + rest_ns // self.hz[segment]).astype(np.int64)

    def cycles(self, seconds: Any) -> Cycles:
        """The cycle that each virtual time is in: the inverse of `seconds`, to the nearest nanosecond."""
        time_ns = np.rint(np.asarray(seconds, np.float64) * NANOSECONDS_PER_SECOND).astype(np.int64)
        segment = np.maximum(np.searchsorted(self.start_ns.astype(np.int64), time_ns, side="right") - 1, 0)
        whole, rest_ns = np.divmod(time_ns - self.start_ns[segment].astype(np.int64), NANOSECONDS_PER_SECOND)
        hz = self.hz[segment].astype(np.int64)
        inside = whole * hz + rest_ns * hz // NANOSECONDS_PER_SECOND
        return (self.start_cycles[segment].astype(np.int64) + inside).astype(np.uint64)

    def second(self, cycle: int) -> float:
        """Virtual time of one cycle stamp."""
        return float(self.seconds([cycle])[0])


def timebase(record: Record) -> Timebase:
    """The record's clock; without clock rows, the platform's nominal one."""
    start = array(record, "clock.cycle", np.uint64)
    if len(start) == 0:
        nominal = int(record.manifest.get("platform", {}).get("clock_hz") or 64_000_000)
        start, start_ns, hz = (np.array([value], np.uint64) for value in (0, 0, nominal))
    else:
        start_ns, hz = array(record, "clock.time_ns", np.uint64), array(record, "clock.hz", np.uint64)
    elapsed_ns = int(record.manifest.get("virtual_time_ns", 0))
    elapsed = int(record.manifest.get("counters", {}).get("cpu.elapsed_cycles", 0))
    if elapsed == 0 and elapsed_ns:
        since_last_ns = elapsed_ns - int(start_ns[-1])
        elapsed = int(start[-1]) + since_last_ns * int(hz[-1]) // NANOSECONDS_PER_SECOND
    return Timebase(start, start_ns, hz, elapsed, elapsed_ns / NANOSECONDS_PER_SECOND)


def array(record: Record, name: str, dtype: Any) -> NDArray[Any]:
    """An array of the record, empty when the engine did not write it."""
    found = record.arrays.get(name)
    return np.zeros(0, dtype) if found is None else found.astype(dtype, copy=False)


def spans(record: Record, name: str) -> tuple[Cycles, Cycles]:
    """`<name>.enter` and `.exit`; a span still open at the end of the run ends there."""
    enter, leave = array(record, f"{name}.enter", np.uint64), array(record, f"{name}.exit", np.uint64)
    end = max(timebase(record).elapsed_cycles, int(enter.max()) if len(enter) else 0)
    return enter, np.where(leave < enter, np.uint64(end), leave)


def merged(enter: Cycles, leave: Cycles) -> tuple[Cycles, Cycles]:
    """The union of spans, so that nested ones count once."""
    if len(enter) == 0:
        return enter, leave
    order = np.argsort(enter, kind="stable")
    enter, leave = enter[order], np.maximum.accumulate(leave[order])
    begins = np.concatenate([[True], enter[1:] > leave[:-1]])
    ends = np.concatenate([begins[1:], [True]])
    return enter[begins], leave[ends]


def covered_until(enter: Cycles, leave: Cycles, at: Cycles) -> NDArray[np.int64]:
    """How many cycles of the (merged, sorted) spans lie before each stamp of `at`."""
    lengths = np.concatenate([[0], np.cumsum((leave - enter).astype(np.int64))])
    index = np.searchsorted(enter, at, side="right")
    whole = lengths[np.maximum(index - 1, 0)]
    last = np.maximum(index - 1, 0)
    if len(enter) == 0:
        return np.zeros(len(at), np.int64)
    partial = np.minimum(at, leave[last]).astype(np.int64) - enter[last].astype(np.int64)
    return np.where(index > 0, whole + np.maximum(partial, 0), 0)
