"""What the firmware itself complains of: `TS error what=...` lines."""

from __future__ import annotations

from tinysim.analyses.console import ts_lines
from tinysim.analyses.finding import Finding, Severity
from tinysim.record import Record


def complaint_findings(record: Record) -> list[Finding]:
    """Each kind of complaint once, with its first time; an error, since our firmware prints them for nothing less."""
    first: dict[str, tuple[float, int]] = {}
    for ts in ts_lines(record, "error"):
        what = ts.fields.get("what", ts.line.text)
        time_s, count = first.get(what, (ts.line.time_s, 0))
        first[what] = (time_s, count + 1)
    return [
        Finding(Severity.ERROR, "firmware-error", f"the firmware reports '{what}' ({count} times)", f"{time_s:.3f} s")
        for what, (time_s, count) in first.items()
    ]
