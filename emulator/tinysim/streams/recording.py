"""What a reader returns: one recorded stream in integer units, with its clock, its origin and what was noticed.

Units follow RESD (docs/architecture.md, 8): acceleration is int32 micro-g, time is int64 nanoseconds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tinysim.errors import InputError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_LISTED = 20
"""Line numbers and problems kept one by one; the rest is only counted."""


@dataclass(frozen=True)
class StreamFinding:
    """Something a reader or a check noticed that does not stop the stream from being played.

    `severity` is "warning" (the stream may not be what it should be) or "info". `lines` are the first
    line numbers in the file (1 is the first line), `count` is how many places there are in all.
    """

    kind: str
    severity: str
    message: str
    lines: tuple[int, ...] = ()
    count: int = 1

    def __str__(self) -> str:
        if not self.lines:
            return f"{self.kind}: {self.message}"
        listed = ", ".join(str(line) for line in self.lines[:5])
        more = f" and {self.count - 5} more" if self.count > 5 else ""
        return f"{self.kind}: {self.message} (line {listed}{more})"


@dataclass(frozen=True)
class Problem:
    """One thing that makes a file unreadable; `line` counts from 1, None is the file as a whole."""

    line: int | None
    text: str


@dataclass
class UnreadableStream(InputError):
    """A stream with at least one Problem; the message is the first one and how many more there are."""

    problems: tuple[Problem, ...] = field(default=())


def unreadable(
    file: str, problems: list[Problem], count: int | None = None, remedy: str | None = None
) -> UnreadableStream:
    """The error for a list of problems (at least one); `count` is their number when not all are listed."""
    first = problems[0]
    more = (count or len(problems)) - 1
    text = f"{first.text}, and {more} more" if more else first.text
    place = str(first.line) if first.line is not None else None
    return UnreadableStream(text, file, place, remedy, tuple(problems[:MAX_LISTED]))


@dataclass(frozen=True, eq=False)
class Recording:
    """One recorded stream.

    values: int32, shape (samples, axes), in `unit` ("micro_g" for quantity "acceleration").
    time_ns: int64, shape (samples,), strictly rising, relative to the first sample, which is stream time 0.
    rate_hz: the nominal rate, None when the samples are not evenly spaced (gaps or jitter).
    columns, file_unit: as named in the file. line_numbers: int64, the file's line of each sample.
    segment_starts: index of the first sample of each segment (a blank line in the file starts one).
    stated: `# key: value` comment lines of the file, lower-case keys.
    start_ns: virtual time of the first sample; other than 0 only where the file says so (RESD).
    """

    quantity: str
    columns: tuple[str, ...]
    unit: str
    values: NDArray[np.int32]
    time_ns: NDArray[np.int64]
    rate_hz: float | None
    file_name: str
    sha256: str
    file_unit: str
    line_numbers: NDArray[np.int64]
    segment_starts: tuple[int, ...] = (0,)
    stated: tuple[tuple[str, str], ...] = ()
    findings: tuple[StreamFinding, ...] = ()
    start_ns: int = 0

    def __len__(self) -> int:
        return len(self.values)

    @property
    def period_ns(self) -> float:
        """The nominal sample period: of the rate, or else the median interval; 0 for a single sample."""
        if self.rate_hz is not None:
            return 1e9 / self.rate_hz
        import numpy as np

        return float(np.median(np.diff(self.time_ns))) if len(self) > 1 else 0.0

    @property
    def duration_s(self) -> float:
        """From the first sample to one period after the last one, in seconds."""
        return (float(self.time_ns[-1]) + self.period_ns) / 1e9
