"""What `tinysim cycles` prints: the honest header, cycles by cause, functions, and what the count rests on."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, TextIO

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tinysim import __version__
from tinysim.analyses.causes import CAUSE_NAMES
from tinysim.analyses.summary import HONESTY, Provenance
from tinysim.reports.header import header
from tinysim.reports.terminal import number_table, print_parts, share
from tinysim.trace.count import CycleCount, FunctionCycles

_SCHEMA = 1


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
    print_parts(_parts(count, shown), stream)


def _parts(count: CycleCount, shown: int | None) -> Iterator[RenderableType]:
    by = "written by tinysim" if count.written_by_tinysim else "Renode's"
    yield header(_provenance(count))
    yield Text(f"trace     {count.trace}, version {count.version}, {by}")
    yield from ("", Text(_total_line(count)), _cause_table(count), "", _function_table(count, shown))
    if count.notes:
        yield ""
    yield from (Text(f"note: {note}") for note in count.notes)
    if count.problem is not None:
        yield Text(f"INCOMPLETE: byte {count.offset} of the trace: {count.problem}", style="bold red")


def _total_line(count: CycleCount) -> str:
    instructions = count.counts["instructions"]
    each = f"{count.total / instructions:.3f} cycles each" if instructions else ""
    time_ms = count.total / count.clock_hz * 1e3
    incomplete = "  (incomplete)" if count.problem is not None else ""
    return f"{count.total:,} cycles, {time_ms:.6f} ms, {instructions:,} instructions, {each}{incomplete}"


def _cause_table(count: CycleCount) -> Table:
    table = number_table("cause", "cycles", "share")
    for cause, value in count.cycles.items():
        table.add_row(CAUSE_NAMES.get(cause, cause), f"{value:,}", share(value, count.total))
    return table


def _function_table(count: CycleCount, shown: int | None) -> Table:
    used = [cause for cause, value in count.cycles.items() if value]
    titles = [CAUSE_NAMES.get(cause, cause) for cause in used]
    table = number_table("function", "calls", "instructions", "cycles", "share", *titles)
    table.columns[0].overflow = "fold"
    rows = count.functions[:shown]
    for one in rows:
        table.add_row(escape(one.name), *_numbers(one, used, count.total))
    rest = count.functions[len(rows) :]
    if rest:
        table.add_row(f"({len(rest)} more)", *_numbers(_sum(rest), used, count.total))
    return table


def _numbers(one: FunctionCycles, causes: list[str], total: int) -> list[str]:
    by_cause = [f"{one.cycles[cause]:,}" for cause in causes]
    return [f"{one.calls:,}", f"{one.instructions:,}", f"{one.total:,}", share(one.total, total), *by_cause]


def _sum(functions: tuple[FunctionCycles, ...]) -> FunctionCycles:
    cycles = {cause: sum(one.cycles[cause] for one in functions) for cause in functions[0].cycles}
    return FunctionCycles(
        "", None, sum(one.instructions for one in functions), sum(one.calls for one in functions), cycles
    )


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
