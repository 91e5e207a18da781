"""What a failed test is told about its machine: why it stopped, the fault, the last console lines, the gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tinysim.analyses.console import console_lines
from tinysim.analyses.gaps import analyse_gaps, gap_findings
from tinysim.record import Record
from tinysim.reports.fault import fault_lines

CONSOLE_LINES = 20
GAP_LINES = 10


def failure_lines(record: Record) -> list[str]:
    """Lines of text; times are virtual seconds since power-on, cycles those of the CPU with sleep."""
    return [*_stop_lines(record), *_console(record), *_gaps(record)]


def _stop_lines(record: Record) -> Iterator[str]:
    manifest = record.manifest
    stop = manifest.get("stop") or {}
    platform, firmware = manifest.get("platform") or {}, manifest.get("firmware") or {}
    time_s = int(manifest.get("virtual_time_ns", 0)) / 1e9
    cycles = int((manifest.get("counters") or {}).get("cpu.elapsed_cycles", 0))
    yield f"{firmware.get('name', 'no firmware')} on {platform.get('name')}, engine {manifest.get('engine')}"
    reason = stop.get("reason")
    yield f"stopped: {reason} at {time_s:.6f} s, cycle {cycles:,}" if reason else "the machine did not run"
    if stop.get("fault"):
        yield from fault_lines(stop["fault"])


def _console(record: Record) -> Iterator[str]:
    lines = console_lines(record)
    shown = lines[-CONSOLE_LINES:]
    yield _title(f"console, last {len(shown)} of {len(lines)} lines" if lines else "console: nothing was sent")
    several = len({line.uart for line in lines}) > 1
    for line in shown:
        yield f"{line.time_s:12.6f} s  {f'{line.uart}: ' if several else ''}{line.text}"


def _gaps(record: Record) -> Iterable[str]:
    findings = gap_findings(analyse_gaps(record))
    if not findings:
        return
    yield _title(f"not modelled: {len(findings)} addresses")
    yield from (f"{finding.message}, first from {finding.where}" for finding in findings[:GAP_LINES])
    if len(findings) > GAP_LINES:
        yield f"and {len(findings) - GAP_LINES} more"


def _title(text: str) -> str:
    return f"-- {text}"
