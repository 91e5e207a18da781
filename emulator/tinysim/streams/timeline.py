"""The clock of a stream: stamps in nanoseconds from the first sample, and the rate if they are evenly spaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinysim.streams.recording import MAX_LISTED, Problem, unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

GAP_PERIODS = 1.5
"""An interval longer than this many nominal periods is a gap: at least one sample is missing."""
JITTER_LIMIT = 0.1
"""A stream whose intervals stay within this part of the period, and a stamp's resolution, is evenly spaced."""
MAX_SPAN_NS = 2**53


@dataclass(frozen=True)
class Timeline:
    """`time_ns` from the first sample; `rate_hz` None when uneven; `stitched` are segments moved to follow on."""

    time_ns: NDArray[np.int64]
    rate_hz: float | None
    stitched: tuple[int, ...] = ()


def by_rate(row_count: int, rate_hz: float) -> Timeline:
    """Stamps of an even stream: sample k is at k / rate_hz."""
    import numpy as np

    return Timeline(np.rint(np.arange(row_count) * (1e9 / rate_hz)).astype(np.int64), rate_hz)


def by_column(
    cells: NDArray[np.float64],
    ns_per_unit: float,
    line_numbers: NDArray[np.int64],
    segment_starts: tuple[int, ...],
    file: str,
) -> Timeline:
    """Stamps of a time column, which must rise; a segment whose time restarts follows on after one period.

    Raises InputError with the lines where time repeats or goes back.
    """
    import numpy as np

    with np.errstate(over="ignore"):
        relative_ns = (cells - cells[0]) * ns_per_unit
    too_far = np.flatnonzero(~(np.abs(relative_ns) < MAX_SPAN_NS))
    if len(too_far):
        line = int(line_numbers[too_far[0]])
        text = f"time {cells[too_far[0]]:.12g} is more than 104 days from the first stamp"
        raise unreadable(file, [Problem(line, text)], len(too_far), remedy="check the unit of the time column")
    intervals = np.diff(np.rint(relative_ns).astype(np.int64))
    stitched = _stitch(intervals, segment_starts)
    _refuse_falling(intervals, cells, line_numbers, file)
    time_ns = np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(intervals)))
    return Timeline(time_ns, even_rate_hz(intervals), stitched)


def _stitch(intervals: NDArray[np.int64], segment_starts: tuple[int, ...]) -> tuple[int, ...]:
    """Let each segment whose own time starts again follow after one median period; changes `intervals`."""
    import numpy as np

    restarts = [start for start in segment_starts if start > 0 and intervals[start - 1] <= 0]
    rising = intervals[intervals > 0]
    if restarts and len(rising):
        intervals[np.array(restarts) - 1] = int(np.median(rising))
    return tuple(restarts)


def _refuse_falling(
    intervals: NDArray[np.int64], cells: NDArray[np.float64], line_numbers: NDArray[np.int64], file: str
) -> None:
    import numpy as np

    falling = np.flatnonzero(intervals <= 0)
    if not len(falling):
        return
    problems = []
    for row in falling[:MAX_LISTED].tolist():
        before, after = f"{cells[row]:.12g}", f"{cells[row + 1]:.12g}"
        text = f"time {after} repeats" if intervals[row] == 0 else f"time goes back from {before} to {after}"
        problems.append(Problem(int(line_numbers[row + 1]), text))
    raise unreadable(file, problems, len(falling), remedy="sort the rows by time and drop repeated ones")


def even_rate_hz(intervals: NDArray[np.int64]) -> float | None:
    """The rate of evenly spaced stamps, or None. A rate within the stamps' resolution of a round one is that one."""
    import numpy as np

    if not len(intervals):
        return None
    resolution_ns = int(np.gcd.reduce(intervals[:4096]))
    span_ns = int(intervals.sum())
    period_ns = span_ns / len(intervals)
    coarse_ns = resolution_ns if resolution_ns < period_ns / 2 else 0
    slack_ns = min(JITTER_LIMIT * period_ns + coarse_ns, 0.5 * period_ns)
    if np.abs(intervals - period_ns).max() > slack_ns:
        return None
    rate_hz = 1e9 / period_ns
    doubt = rate_hz * (coarse_ns / span_ns + 1 / period_ns)
    rounded = (round(rate_hz, digits) for digits in range(4))
    return next((rate for rate in rounded if rate > 0 and abs(rate - rate_hz) <= doubt), rate_hz)
