"""Quality checks of a recording: count, rate, gaps, jitter, range, clipping, stuck values, noise; lines for each.

Pure functions of a Recording. Thresholds are named here; on real still recordings of an LSM6DSL (14 bit, in
whole mg) three axes repeat together at most 14 times and one axis 68 times, so the stuck limits lie above.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinysim.streams.columns import MICRO_G_PER_UNIT, acceleration_unit
from tinysim.streams.quantities import AXES
from tinysim.streams.recording import MAX_LISTED, Recording, StreamFinding
from tinysim.streams.timeline import GAP_PERIODS, JITTER_LIMIT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CLIPPING_PART = 0.999
"""A value at this part of the full scale is at the end of a 12-bit or finer converter."""
CLIPPING_RUN = 3
STUCK_RUN_ALL = 20
STUCK_RUN_ONE = 100
RATE_TOLERANCE = 0.02
USUAL_FULL_SCALES_G = (2.0, 4.0, 8.0, 16.0)


@dataclass(frozen=True)
class Expectation:
    """What a recording is held against; everything None or empty is not checked.

    full_scale_g and rate_hz: of the recording. The sensor fields are those of the part that will play it,
    sensor_full_scale_g its widest one.
    """

    full_scale_g: float | None = None
    rate_hz: float | None = None
    sensor_name: str | None = None
    sensor_full_scale_g: float | None = None
    sensor_rates_hz: tuple[float, ...] = ()
    sensor_noise_ug_per_sqrt_hz: float | None = None


def full_scale_g(text: str) -> float:
    """Read `4g`, `4000mg`, `+-4 g` or `4` (g). Raises ValueError."""
    match = re.fullmatch(r"(?:\+-|\+/-|±)?\s*(\d+(?:\.\d+)?)\s*(\S*)", text.strip())
    unit = acceleration_unit(match[2] or "g") if match else None
    if not match or unit is None or float(match[1]) == 0:
        raise ValueError(f"'{text}' is not a full scale such as 4g")
    return float(match[1]) * MICRO_G_PER_UNIT[unit] / 1e6


def check_recording(recording: Recording, expected: Expectation = Expectation()) -> tuple[StreamFinding, ...]:
    """All findings about a recording: the reader's own, then each check's, in a fixed order."""
    limit_g = expected.full_scale_g or _stated_full_scale_g(recording)
    if recording.quantity != "acceleration":
        return (
            *recording.findings,
            *_check_rate(recording, expected),
            *_check_gaps(recording),
            *_check_jitter(recording),
        )
    return (
        *recording.findings,
        *_check_rate(recording, expected),
        *_check_gaps(recording),
        *_check_jitter(recording),
        *_check_range(recording, limit_g or expected.sensor_full_scale_g),
        *_check_clipping(recording, limit_g),
        *_check_stuck(recording),
        *_check_noise(recording, expected),
    )


def noise_ug(recording: Recording) -> tuple[float, ...] | None:
    """Noise per axis in micro-g rms: of sample differences, in the quietest second; None if shorter than that.

    Differences of white noise have sqrt(2) times its deviation; movement only adds, so the least is nearest.
    """
    import numpy as np

    window = max(round(1e9 / recording.period_ns), 8) if recording.period_ns else 0
    steps = np.diff(recording.values.astype(np.float64), axis=0)
    if not window or len(steps) < window:
        return None
    whole = steps[: len(steps) // window * window].reshape(-1, window, 3)
    return tuple((whole.std(axis=1).min(axis=0) / np.sqrt(2)).tolist())


def jitter_ns(recording: Recording) -> tuple[float, float]:
    """The rms and the greatest deviation of the intervals from the nominal period, gaps left out; in ns."""
    import numpy as np

    deviations = np.abs(_intervals_in_row(recording) - recording.period_ns)
    if not len(deviations):
        return 0.0, 0.0
    return float(np.sqrt(np.mean(deviations**2))), float(deviations.max())


def _stated_full_scale_g(recording: Recording) -> float | None:
    stated = dict(recording.stated)
    text = stated.get("full_scale") or stated.get("full_scale_g")
    try:
        return full_scale_g(text) if text else None
    except ValueError:
        return None


def _warning(kind: str, message: str, recording: Recording, rows: NDArray[np.int64]) -> StreamFinding:
    lines = tuple(recording.line_numbers[rows[:MAX_LISTED]].tolist())
    return StreamFinding(kind, "warning", message, lines, len(rows))


def _gap_limit_ns(recording: Recording) -> float:
    return GAP_PERIODS * recording.period_ns


def _intervals_in_row(recording: Recording) -> NDArray[np.int64]:
    import numpy as np

    intervals = np.diff(recording.time_ns)
    return intervals[intervals <= _gap_limit_ns(recording)]


def _check_rate(recording: Recording, expected: Expectation) -> Iterator[StreamFinding]:
    """The rate against the expected one, the count against rate and duration, and the part's own rates."""
    import numpy as np

    in_row = _intervals_in_row(recording)
    if not len(in_row):
        return
    measured_hz = recording.rate_hz or 1e9 / float(np.mean(in_row))
    if expected.rate_hz and abs(measured_hz / expected.rate_hz - 1) > RATE_TOLERANCE:
        text = f"the stream has {measured_hz:.6g} Hz, expected {expected.rate_hz:g} Hz"
        yield StreamFinding("rate", "warning", text)
    span_s = (int(recording.time_ns[-1]) + recording.period_ns) / 1e9
    nominal_hz = expected.rate_hz or 1e9 / recording.period_ns
    wanted = round(span_s * nominal_hz)
    if abs(wanted - len(recording)) > max(1, RATE_TOLERANCE * wanted) or (
        wanted != len(recording) and recording.rate_hz is None
    ):
        text = f"{len(recording)} samples in {span_s:.3f} s, expected {wanted} at {nominal_hz:.6g} Hz"
        yield StreamFinding("count", "warning", text, (), abs(wanted - len(recording)))
    if expected.sensor_rates_hz and not any(abs(measured_hz / rate - 1) < 0.01 for rate in expected.sensor_rates_hz):
        listed = ", ".join(f"{rate:g}" for rate in expected.sensor_rates_hz)
        text = f"{expected.sensor_name} has no {measured_hz:.6g} Hz ({listed}); it samples and holds the stream"
        yield StreamFinding("rate", "info", text)


def _check_gaps(recording: Recording) -> Iterator[StreamFinding]:
    import numpy as np

    intervals = np.diff(recording.time_ns)
    rows = np.flatnonzero(intervals > _gap_limit_ns(recording))
    if len(rows):
        longest = intervals[rows].max()
        lost = np.rint(intervals[rows] / recording.period_ns).sum() - len(rows)
        text = f"{len(rows)} gap(s) before these lines, about {lost:.0f} samples, the longest {longest / 1e6:.3f} ms"
        yield _warning("gap", text, recording, rows + 1)


def _check_jitter(recording: Recording) -> Iterator[StreamFinding]:
    import numpy as np

    if recording.rate_hz is not None or len(recording) < 3:
        return
    period_ns = recording.period_ns
    intervals = np.diff(recording.time_ns)
    uneven = np.abs(intervals - period_ns) > JITTER_LIMIT * period_ns
    rows = np.flatnonzero(uneven & (intervals <= _gap_limit_ns(recording)))
    if len(rows):
        rms_ns, greatest_ns = jitter_ns(recording)
        text = (
            f"{len(rows)} interval(s) differ more than {JITTER_LIMIT:.0%} from {period_ns / 1e6:.3f} ms"
            f" (rms {rms_ns / 1e6:.3f} ms, greatest {greatest_ns / 1e6:.3f} ms)"
        )
        yield _warning("jitter", text, recording, rows + 1)


def _check_range(recording: Recording, limit_g: float | None) -> Iterator[StreamFinding]:
    """Values beyond the full scale, and a size that suggests a wrong unit."""
    import numpy as np

    magnitude_g = float(np.median(np.linalg.norm(recording.values.astype(np.float64), axis=1))) / 1e6
    if magnitude_g > 30 or 0 < magnitude_g < 0.003:
        text = f"the median magnitude is {magnitude_g:.4g} g: is the unit really {recording.file_unit}?"
        yield StreamFinding("unit", "warning", text)
    if limit_g is None:
        return
    for axis, name in enumerate(AXES):
        rows = np.flatnonzero(np.abs(recording.values[:, axis].astype(np.int64)) > limit_g * 1e6)
        if len(rows):
            greatest_g = np.abs(recording.values[rows, axis].astype(np.int64)).max() / 1e6
            text = f"axis {name} goes to {greatest_g:.3f} g, beyond the full scale of {limit_g:g} g"
            yield _warning("range", text, recording, rows)


def _check_clipping(recording: Recording, limit_g: float | None) -> Iterator[StreamFinding]:
    """Samples at the end of a known full scale, or runs of equal samples at the end of a usual one."""
    import numpy as np

    for axis, name in enumerate(AXES):
        values = recording.values[:, axis].astype(np.int64)
        greatest_ug = int(np.abs(values).max())
        for end_g in (limit_g,) if limit_g else USUAL_FULL_SCALES_G:
            if not end_g * 1e6 * CLIPPING_PART <= greatest_ug <= end_g * 1e6:
                continue
            rows = np.flatnonzero(np.abs(values) >= end_g * 1e6 * CLIPPING_PART)
            if limit_g or _longest_run(values[rows], rows) >= CLIPPING_RUN:
                text = f"axis {name} has {len(rows)} sample(s) at the end of +-{end_g:g} g"
                yield _warning("clipping", text, recording, rows)


def _longest_run(values: NDArray[np.int64], rows: NDArray[np.int64]) -> int:
    """The longest run of equal values in rows that follow each other."""
    import numpy as np

    breaks = np.flatnonzero((np.diff(values) != 0) | (np.diff(rows) != 1))
    return int(np.diff(np.concatenate(([-1], breaks, [len(rows) - 1]))).max())


def _check_stuck(recording: Recording) -> Iterator[StreamFinding]:
    import numpy as np

    same = np.diff(recording.values, axis=0) == 0
    starts, lengths = _runs(same.all(axis=1), STUCK_RUN_ALL)
    if len(starts):
        text = f"all axes repeat one value from these lines on, up to {lengths.max()} times"
        yield _warning("stuck", text, recording, starts)
    for axis, name in enumerate(AXES):
        rows, lengths = _runs(same[:, axis], STUCK_RUN_ONE)
        known = np.isin(rows, starts)
        if len(rows[~known]):
            text = f"axis {name} repeats one value from these lines on, up to {lengths[~known].max()} times"
            yield _warning("stuck", text, recording, rows[~known])


def _runs(same: NDArray[np.bool_], least: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First rows and lengths (in samples) of the runs of equal samples that are at least `least` long."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([False], same, [False])).astype(np.int8)))
    starts, ends = edges.reshape(-1, 2).T
    lengths = ends - starts + 1
    long = lengths >= least
    return starts[long], lengths[long]


def _check_noise(recording: Recording, expected: Expectation) -> Iterator[StreamFinding]:
    """A stream quieter than the part that will play it is synthetic or filtered: said, not held against it."""
    measured_ug = noise_ug(recording)
    if expected.sensor_noise_ug_per_sqrt_hz is None or measured_ug is None or not recording.rate_hz:
        return
    typical_ug = expected.sensor_noise_ug_per_sqrt_hz * (recording.rate_hz / 2) ** 0.5
    if max(measured_ug) < typical_ug / 4:
        text = (
            f"{max(measured_ug) / 1e3:.3f} mg rms at rest, {expected.sensor_name} has about"
            f" {typical_ug / 1e3:.3f} mg: a synthetic or filtered stream"
        )
        yield StreamFinding("noise", "info", text)
