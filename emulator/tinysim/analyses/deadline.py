"""The hop deadline: a window's work must be done before the next hop of samples is complete.

Worst slack = hop period - busy time of one window. Busy time is the union of the named stages' elapsed time between
two decisions; without stages, the time the CPU was awake. It says whether the firmware keeps up in the long run.
The response time beside it runs from the sensor's interrupt edge that preceded the window's first stage to the last
byte of its `TS win` line. Not covered: deadlines of anything but windows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.console import TsLine, ts_lines
from tinysim.analyses.finding import Finding, Severity
from tinysim.analyses.timebase import Cycles, Timebase, array, covered_until, merged, spans, timebase
from tinysim.record import Record


@dataclass(frozen=True)
class Deadline:
    """`period_source` and `busy_source` say where the two numbers come from; `meaning` is for the reader."""

    period_s: float
    period_source: str
    busy_source: str
    windows: int
    worst_busy_s: float
    worst_slack_s: float
    worst_window: str
    missed: int
    worst_response_s: float | None
    meaning: str = "slack = hop period - busy time between two decisions; response = data ready to line printed"


def analyse_deadline(record: Record) -> Deadline | None:
    """None when nothing names a period (budget or `TS boot odr= hop=`) or nothing was decided."""
    period = _period(record)
    decisions = ts_lines(record, "win")
    if period is None:
        return None
    clock = timebase(record)
    staged = len(array(record, "stage.enter", np.uint64)) > 0
    edges, names = _edges(decisions, clock, period[0])
    if decisions and not staged:
        edges, names = edges[1:], names[1:]  # before the first decision lie the start-up and more than one hop
    if len(edges) < 2:
        return None
    busy_cycles, source = _busy(record, edges)
    busy_s = busy_cycles / _hz_at(clock, edges[1:])
    worst = int(np.argmax(busy_s))
    return Deadline(
        period_s=period[0],
        period_source=period[1],
        busy_source=source,
        windows=len(busy_s),
        worst_busy_s=float(busy_s[worst]),
        worst_slack_s=float(period[0] - busy_s[worst]),
        worst_window=names[worst],
        missed=int((busy_s > period[0]).sum()),
        worst_response_s=_worst_response(record, decisions, edges, clock) if staged else None,
    )


def _period(record: Record) -> tuple[float, str] | None:
    budget_ms = record.manifest.get("options", {}).get("deadline_period_ms")
    if budget_ms:
        return float(budget_ms) / 1000, "budget"
    for boot in ts_lines(record, "boot"):
        hop, odr = boot.integer("hop"), boot.integer("odr")
        if hop and odr:
            return hop / odr, f"TS boot: hop {hop} at {odr} Hz"
    return None


def _edges(decisions: list[TsLine], clock: Timebase, period_s: float) -> tuple[Cycles, list[str]]:
    """Between which cycles one window's work lies: first bytes of decisions, else steps of one period."""
    if decisions:
        stamps = [0] + [one.line.first_cycle for one in decisions]
        names = [f"window {one.fields.get('n', number)}" for number, one in enumerate(decisions)]
        return np.array(stamps, np.uint64), names
    steps = int(clock.elapsed_s / period_s)
    return clock.cycles(np.arange(steps + 1) * period_s), [f"period {n}" for n in range(steps)]


def _busy(record: Record, edges: Cycles) -> tuple[np.ndarray, str]:
    """Busy cycles between the edges: a stage belongs to the window in which it returns."""
    enter, leave = merged(*spans(record, "stage"))
    if len(enter):
        window = np.searchsorted(edges, leave, side="left") - 1
        inside = (window >= 0) & (window < len(edges) - 1)
        cycles = np.zeros(len(edges) - 1, np.int64)
        np.add.at(cycles, window[inside], (leave - enter)[inside].astype(np.int64))
        names = ", ".join(str(stage["name"]) for stage in record.manifest.get("stages", []))
        return cycles, f"stages {names}"
    asleep = covered_until(*merged(*spans(record, "sleep")), edges)
    return np.diff(edges.astype(np.int64)) - np.diff(asleep), "CPU awake (no stage was named)"


def _hz_at(clock: Timebase, stamps: Cycles) -> np.ndarray:
    return clock.hz[np.searchsorted(clock.start_cycles, stamps, side="right") - 1].astype(np.float64)


def _worst_response(record: Record, decisions: list[TsLine], edges: Cycles, clock: Timebase) -> float | None:
    """From the last data-ready edge before a window's first stage to the end of its line."""
    ready = _data_ready(record)
    enter, leave = merged(*spans(record, "stage"))
    if not decisions or not len(ready):
        return None
    worst: float | None = None
    for number, one in enumerate(decisions):
        first = int(np.searchsorted(leave, edges[number], side="right"))
        if first >= len(enter) or enter[first] > edges[number + 1]:
            continue
        before = int(np.searchsorted(ready, enter[first], side="right")) - 1
        if before >= 0:
            response = one.line.time_s - clock.second(int(ready[before]))
            worst = response if worst is None else max(worst, response)
    return worst


def _data_ready(record: Record) -> Cycles:
    """Rising edges of the sensors' interrupt lines."""
    names = record.manifest.get("lines", [])
    wanted = [number for number, name in enumerate(names) if "interrupt" in str(name).lower()]
    chosen = np.isin(array(record, "line.id", np.uint16), wanted) & (array(record, "line.level", np.uint8) == 1)
    return np.sort(array(record, "line.cycle", np.uint64)[chosen])


def deadline_findings(deadline: Deadline | None) -> list[Finding]:
    """A window whose work is longer than the hop is an error."""
    if deadline is None or not deadline.missed:
        return []
    message = (
        f"{deadline.missed} of {deadline.windows} windows were busy longer than the hop of "
        f"{deadline.period_s * 1000:.1f} ms (worst {deadline.worst_busy_s * 1000:.1f} ms)"
    )
    return [Finding(Severity.ERROR, "deadline-missed", message, deadline.worst_window)]
