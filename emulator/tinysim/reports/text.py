"""The summary for a terminal: the honest header, then events, stages, load, deadline, samples, interrupts, findings."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tinysim.analyses.events import Events
from tinysim.analyses.finding import Severity
from tinysim.analyses.samples import Samples
from tinysim.analyses.summary import Summary
from tinysim.reports.fault import fault_lines
from tinysim.reports.header import header
from tinysim.reports.terminal import number_table, print_parts

_STYLE = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}


def print_summary(summary: Summary, stream: TextIO) -> None:
    """Write the report."""
    print_parts(_parts(summary), stream)


def _parts(summary: Summary) -> Iterable[RenderableType]:
    yield from (header(summary.provenance), "", _facts(summary))
    if summary.stages:
        yield from ("", _stage_table(summary))
    if summary.interrupts:
        yield from ("", _interrupt_table(summary))
    if summary.dma:
        yield from ("", _dma_table(summary))
    if summary.findings:
        yield from ("", _finding_lines(summary))
    if summary.stop.fault:
        yield from ("", Text("\n".join(fault_lines(summary.stop.fault)), style="red"))
    yield from ("", _last_line(summary))


def _facts(summary: Summary) -> RenderableType:
    lines = Text()
    for name, value in _fact_rows(summary):
        lines.append(f"{name:<10}", style="bold")
        lines.append(f"{value}\n")
    return lines[:-1]


def _fact_rows(summary: Summary) -> Iterable[tuple[str, str]]:
    load, deadline = summary.load, summary.deadline
    yield "events", _events_text(summary.events)
    if summary.absent:
        yield "absent", f"{', '.join(summary.absent)}: the engine {summary.provenance.engine} does not give them"
    if load:
        yield (
            "CPU load",
            f"{_percent(load.active_fraction)} of the time awake, {_percent(load.peak_fraction)} in the busiest 100 ms",
        )
    if load and load.instructions:
        yield (
            "",
            f"{load.active_cycles:,} active cycles, {load.instructions:,} instructions, "
            f"{load.cycles_per_instruction:.2f} cycles each",
        )
    if deadline:
        yield (
            "deadline",
            f"worst slack {_ms(deadline.worst_slack_s)} of {_ms(deadline.period_s)} "
            f"({deadline.period_source}) in {deadline.worst_window}; {deadline.missed} of {deadline.windows} missed",
        )
        if deadline.worst_response_s is not None:
            yield "", f"worst time from data ready to decision printed {_ms(deadline.worst_response_s)}"
        yield "", f"busy time: {deadline.busy_source}"
    yield from _sample_rows(summary.samples)
    if summary.gaps:
        yield "gaps", f"{len(summary.gaps)} addresses, {sum(gap.count for gap in summary.gaps)} accesses not modelled"


def _sample_rows(samples: Samples) -> Iterable[tuple[str, str]]:
    for one in samples.sensors:
        yield (
            "samples",
            f"{one.sensor}: {one.produced} produced, {one.read} read, {one.lost} lost in {one.overruns} overruns, "
            f"{one.waiting} waiting",
        )
    said = samples.firmware.lost
    if said is not None:
        verdict = {True: ", as the sensor", False: ", unlike the sensor", None: ", and has yet to read the last loss"}[
            samples.agrees
        ]
        yield "", f"the firmware counts {said} lost{verdict}"


def _events_text(events: Events) -> str:
    windows = f"{events.windows} windows, {len(events.detected)} events"
    if not events.labelled:
        return f"{windows}; no labels to compare with"
    labels = len(events.found) + len(events.missed) + len(events.wrong_class) + len(events.not_judged)
    delay = "" if events.median_delay_s is None else f"; median {_ms(events.median_delay_s)} after the end of the label"
    return (
        f"{windows}; {len(events.found)} of {labels} labels found, {len(events.wrong_class)} wrong class, "
        f"{len(events.missed)} missed, {len(events.false)} false{delay}"
    )


def _stage_table(summary: Summary) -> Table:
    table = number_table("stage (cycles)", "calls", "min", "median", "p95", "max", "max ms", "of run")
    for stage in summary.stages:
        if not stage.count:
            table.add_row(escape(stage.name), "0")
            continue
        counts = (stage.min_cycles, stage.median_cycles, stage.p95_cycles, stage.max_cycles)
        table.add_row(
            escape(stage.name),
            f"{stage.count:,}",
            *(f"{count:,}" for count in counts),
            f"{(stage.max_s or 0) * 1000:.3f}",
            _percent(stage.share_of_run),
        )
    return table


def _interrupt_table(summary: Summary) -> Table:
    table = number_table("interrupt", "taken", "total cycles", "max cycles")
    for one in summary.interrupts:
        table.add_row(escape(one.name), f"{one.count:,}", f"{one.total_cycles:,}", f"{one.max_cycles:,}")
    return table


def _dma_table(summary: Summary) -> Table:
    table = number_table("DMA master", "transfers", "to memory", "from memory", "under way")
    for one in summary.dma:
        into, out = f"{one.to_memory_bytes:,} B", f"{one.from_memory_bytes:,} B"
        table.add_row(escape(one.name), f"{one.transfers:,}", into, out, _percent(one.under_way_fraction))
    return table


def _finding_lines(summary: Summary) -> Text:
    text = Text()
    for number, finding in enumerate(summary.findings):
        where = f" [{finding.where}]" if finding.where else ""
        text.append("\n" if number else "")
        text.append(f"{finding.severity}", style=_STYLE[finding.severity])
        text.append(f"  {finding.code}: {finding.message}{where}")
    return text


def _last_line(summary: Summary) -> Text:
    stop = summary.stop
    detail = f" ({stop.detail})" if stop.detail else ""
    accesses = sum(gap.count for gap in summary.gaps)
    return Text(
        f"stopped: {stop.reason}{detail} after {stop.virtual_time_s:.6f} s virtual; {accesses} gaps; "
        f"{summary.provenance.nature}"
    )


def _percent(fraction: float) -> str:
    return f"{100 * fraction:.1f} %"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
