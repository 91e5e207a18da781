"""What the firmware itself complains of, `TS error what=...` lines, and what its chip would not have done well."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tinysim.analyses.console import ts_lines
from tinysim.analyses.finding import Finding, Severity
from tinysim.record import Record
from tinysim.units import NANOSECONDS_PER_SECOND


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


def warning_findings(record: Record) -> list[Finding]:
    """Each warning of a block, and where the CPU was: an overrun, a register without clock, an address out of reach."""
    return [
        Finding(Severity.WARNING, "warning", str(one["text"]), _place(one))
        for one in record.manifest.get("warnings", [])
    ]


def _place(warning: Mapping[str, Any]) -> str:
    time_s = int(warning["time_ns"]) / NANOSECONDS_PER_SECOND
    return f"{warning.get('function') or 'pc'} 0x{warning.get('pc', 0):08X}, {time_s:.6f} s"
