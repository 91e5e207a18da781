"""What `tinysim cycles` prints: the honest header, cycles by cause, functions, and what the count rests on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table

from tinysim import __version__
from tinysim.analyses.summary import HONESTY, Provenance
from tinysim.reports.header import header
from tinysim.trace.count import CycleCount, FunctionCycles

_SCHEMA = 1
_PLAIN_WIDTH = 110
_CAUSES = {
    "base": "base",
    "load_store": "load/store",
    "fetch": "fetch",
    "flash": "flash",
    "contention": "contention",
    "exception": "exception",
    "sleep": "sleep",
}


def count_as_json(count: CycleCount) -> str:
    """All of it, keys in a fixed order, with a final newline. The schema is in docs/json.md."""
    functions = [{**asdict(one), "total": one.total} for one in count.functions]
    content = {
        "schema": _SCHEMA,
        "provenance": asdict(_provenance(count)),
        "trace": {"name": count.trace, "version": count.version, "written_by_tinysim": count.written_by_tinysim},
        "complete": count.problem is None,
        "problem": count.problem,
        "offset": count.offset,
        "total_cycles": count.total,
        "time_s": count.total / count.clock_hz,
        "cycles": dict(count.cycles),
        "counts": dict(count.counts),
        "functions": functions,
        "notes": list(count.notes),
    }
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def print_count(count: CycleCount, shown: int | None, stream: TextIO) -> None:
    """Write the report; `shown` functions, None for all."""
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, width=_PLAIN_WIDTH)
    with console.capture() as capture:
        console.print(header(_provenance(count)), soft_wrap=True)
        by = "written by tinysim" if count.written_by_tinysim else "Renode's"
        console.print(f"trace     {count.trace}, version {count.version}, {by}", markup=False, soft_wrap=True)
        for line in ("", _total_line(count)):
            console.print(line, markup=False, soft_wrap=True)
        console.print(_cause_table(count))
        console.print("")
        console.print(_function_table(count, shown))
        _print_notes(console, count)
    stream.writelines(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def _print_notes(console: Console, count: CycleCount) -> None:
    if count.notes:
        console.print("")
    for note in count.notes:
        console.print(f"note: {note}", markup=False, soft_wrap=True)
    if count.problem is not None:
        text = f"INCOMPLETE: byte {count.offset} of the trace: {count.problem}"
        console.print(text, markup=False, soft_wrap=True, style="bold red")


def _total_line(count: CycleCount) -> str:
    instructions = count.counts["instructions"]
    each = f"{count.total / instructions:.3f} cycles each" if instructions else ""
    time_ms = count.total / count.clock_hz * 1e3
    incomplete = "  (incomplete)" if count.problem is not None else ""
    return f"{count.total:,} cycles, {time_ms:.6f} ms, {instructions:,} instructions, {each}{incomplete}"


def _cause_table(count: CycleCount) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("cause", "cycles", "share"):
        table.add_column(title, justify="left" if title == "cause" else "right")
    for cause, value in count.cycles.items():
        table.add_row(_CAUSES.get(cause, cause), f"{value:,}", _share(value, count.total))
    return table


def _function_table(count: CycleCount, shown: int | None) -> Table:
    used = [cause for cause, value in count.cycles.items() if value]
    table = Table(box=None, pad_edge=False)
    table.add_column("function", overflow="fold")
    for title in ("calls", "instructions", "cycles", "share", *(_CAUSES.get(cause, cause) for cause in used)):
        table.add_column(title, justify="right")
    rows = count.functions[:shown]
    for one in rows:
        table.add_row(one.name, *_numbers(one, used, count.total))
    rest = count.functions[len(rows) :]
    if rest:
        table.add_row(f"({len(rest)} more)", *_numbers(_sum(rest), used, count.total))
    return table


def _numbers(one: FunctionCycles, causes: list[str], total: int) -> list[str]:
    by_cause = [f"{one.cycles[cause]:,}" for cause in causes]
    return [f"{one.calls:,}", f"{one.instructions:,}", f"{one.total:,}", _share(one.total, total), *by_cause]


def _sum(functions: tuple[FunctionCycles, ...]) -> FunctionCycles:
    cycles = {cause: sum(one.cycles[cause] for one in functions) for cause in functions[0].cycles}
    return FunctionCycles(
        "", None, sum(one.instructions for one in functions), sum(one.calls for one in functions), cycles
    )


def _share(part: int, total: int) -> str:
    return f"{100 * part / total:.1f} %" if total else ""


def _provenance(count: CycleCount) -> Provenance:
    timing: Mapping[str, Any] = count.timing
    return Provenance(
        tinysim=__version__,
        engine="native",
        platform=count.platform,
        cpu=count.cpu,
        clock_hz=count.clock_hz,
        firmware=count.firmware,
        firmware_sha256=count.firmware_sha256,
        streams=(),
        timing_model=str(timing.get("model", "unknown")),
        timing_version=str(timing.get("version", "")),
        calibrated=timing.get("calibrated"),
        assumptions=tuple(timing.get("assumptions", [])),
        memory=count.memory,
        nature=HONESTY,
    )
