"""The head of every report for a terminal."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.text import Text

from tinysim.analyses.summary import Provenance

CLOCKS_SHOWN = 3


def header(source: Provenance) -> RenderableType:
    """Platform, clock, firmware, streams, timing model, wait states and caches, and what the numbers are worth."""
    clock = f"{source.clock_hz / 1e6:g} MHz{_before(source)}" if source.clock_hz else "clock unknown"
    lines = [
        Text(
            f"{source.platform}  {source.cpu} at {clock}  engine {source.engine}  tinysim {source.tinysim}",
            style="bold",
        ),
        Text(f"firmware  {source.firmware}  sha256 {source.firmware_sha256[:12]}"),
    ]
    sensors = [stream.get("sensor") for stream in source.streams]
    for stream in source.streams:
        of = f" of {stream.get('quantity')}" if sensors.count(stream.get("sensor")) > 1 else ""
        lines.append(
            Text(
                f"stream    {stream.get('sensor')} = {stream.get('file')}  {stream.get('samples')} samples{of}, "
                f"{_rate(stream.get('rate_hz'))}, {stream.get('duration_s'):g} s"
            )
        )
    model = f"{source.timing_model} {source.timing_version}".strip()
    worth = f"calibrated against {source.calibrated}" if source.calibrated else "not calibrated against silicon"
    lines.append(Text(f"timing    {source.nature}: model {model}, {worth}"))
    memory = source.memory or ("wait states and cache state are not in the record",)
    lines += [Text(f"{'memory' if number == 0 else '':<10}{text}") for number, text in enumerate(memory)]
    lines += [Text(f"          assumes {assumption}", style="dim") for assumption in source.assumptions]
    return Group(*lines)


def _rate(rate_hz: float | None) -> str:
    return "uneven" if rate_hz is None else f"{rate_hz:g} Hz"


def _before(source: Provenance) -> str:
    """What the clock was before the last change: " (before: 16 MHz from 0 s)"; empty when it never changed."""
    before = [f"{each['hz'] / 1e6:g} MHz from {each['from_s']:.6g} s" for each in source.clocks[:-1]]
    if len(before) > CLOCKS_SHOWN:
        before = [*before[:CLOCKS_SHOWN], f"and {len(before) - CLOCKS_SHOWN} more"]
    return f" (before: {', '.join(before)})" if before else ""
