"""`tinysim compare`: one firmware on two engines; the same lines, decisions and DMA results, or the first divergence.

Exit codes: 0 the same, 1 they differ; else as everywhere.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinysim.cli.demo import demo_firmware
from tinysim.cli.options import (
    DEFAULT_DURATION_S,
    duration_option,
    platform_option,
    rate_option,
    read_uart_input,
    stream_option,
    uart_input_option,
    unit_option,
)
from tinysim.errors import InputError
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.analyses.comparison import Comparison
    from tinysim.machine import Machine

PIECE_S = 0.5
EXIT_DIFFERENT = 1


@click.command()
@click.argument("firmware", required=False)
@platform_option
@click.option("--engines", default="native,renode", show_default=True, metavar="A,B", help="The two to compare.")
@stream_option
@rate_option
@unit_option
@duration_option
@uart_input_option
@click.option("--json", "as_json", is_flag=True, help="The comparison as JSON on stdout.")
def compare(
    firmware: str | None,
    platform: str,
    engines: str,
    streams: tuple[tuple[str | None, Path], ...],
    rate_hz: float | None,
    unit: str | None,
    for_ns: int | None,
    uart_input: Path | None,
    as_json: bool,
) -> int:
    """Run FIRMWARE on two engines: console lines, decisions and what DMA left in memory must be the same."""
    from tinysim.analyses.comparison import Side
    from tinysim.analyses.comparison import compare as compare_sides
    from tinysim.machine import Machine, require_engine

    names = _two(engines)
    for name in names:
        require_engine(name)
    image = firmware or str(demo_firmware(platform))
    typed = read_uart_input(uart_input)
    with ExitStack() as stack:
        machines = [stack.enter_context(Machine(platform, engine=name)) for name in names]
        for machine in machines:
            machine.load(image)
            for sensor, path in streams:
                machine.attach_stream(sensor, path, rate_hz=rate_hz, unit=unit)
            if typed:
                machine.uart().write(typed)
            _run(machine, for_ns)
        records = [machine.record() for machine in machines]
        ranges = _written_by_dma(machines[0]) or _written_by_dma(machines[1])
        memories = [{at: machine.read_memory(at, size) for at, size in ranges} for machine in machines]
    sides = [Side(*each) for each in zip(_numbered(names), records, memories, strict=True)]
    return _report(compare_sides(*sides), as_json)


def _two(engines: str) -> tuple[str, str]:
    names = [name.strip() for name in engines.split(",")]
    if len(names) != 2:
        raise InputError(f"'{engines}' is not two engines", "--engines", remedy="write --engines native,renode")
    return names[0], names[1]


def _numbered(names: tuple[str, str]) -> tuple[str, str]:
    return names if names[0] != names[1] else (f"{names[0]} 1", f"{names[1]} 2")


def _run(machine: Machine, for_ns: int | None) -> None:
    """In pieces, so that Ctrl-C comes through; to the same virtual time on each engine."""
    end_s = for_ns / NANOSECONDS_PER_SECOND if for_ns else machine.stream_duration_s or DEFAULT_DURATION_S
    reason = "time"
    while reason == "time" and end_s - machine.time > 1e-6:
        reason = machine.run_for(min(PIECE_S, end_s - machine.time))


def _written_by_dma(machine: Machine) -> list[tuple[int, int]]:
    """Where DMA has written into memory: (address, bytes), merged, in order. Empty where the engine does not know."""
    arrays = machine.engine.arrays()
    if "dma.to_memory" not in arrays:
        return []
    columns = (arrays[f"dma.{name}"].tolist() for name in ("address", "bytes", "to_memory"))
    spans = sorted({(at, at + size) for at, size, inward in zip(*columns, strict=True) if inward and size})
    merged: list[tuple[int, int]] = []
    for begin, end in spans:
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return [(begin, end - begin) for begin, end in merged]


def _report(comparison: Comparison, as_json: bool) -> int:
    if as_json:
        sys.stdout.write(json.dumps({"schema": 1, **asdict(comparison)}, indent=2, ensure_ascii=False) + "\n")
        return EXIT_DIFFERENT if comparison.differences else 0
    first, second = comparison.names
    counts = f"{comparison.lines} lines, {comparison.decisions} decisions, {comparison.dma_bytes} bytes by DMA"
    print(f"{first} and {second}: {counts}")
    for one in comparison.differences:
        more = f", and {one.more} more behind it" if one.more else ""
        print(f"{one.kind}  {one.place}{more}\n  {first + ':':<12}{one.first}\n  {second + ':':<12}{one.second}")
    print("they differ" if comparison.differences else "the same")
    return EXIT_DIFFERENT if comparison.differences else 0
