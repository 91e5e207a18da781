"""`tinysim cycles`: the cycles of a recorded execution trace by the timing model of a platform."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinysim.cli.options import PATH
from tinysim.cli.parameters import frequency_hz
from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.trace.count import CycleCount
    from tinysim.trace.settings import TraceSettings

_SHOWN_FUNCTIONS = 20


@click.command()
@click.argument("trace", type=PATH)
@click.option("--firmware", required=True, metavar="ELF", help="What was executed, with symbols.")
@click.option("--platform", required=True, metavar="NAME|FILE.repl", help="Whose timing is wanted.")
@click.option("--clock", "clock_hz", type=frequency_hz, metavar="168MHz", help="CPU clock, for times. [the chip's]")
@click.option("--wait-states", type=int, metavar="N", help="Flash wait states at the begin. [as after reset]")
@click.option("--caches", type=click.Choice(["on", "off"]), help="Flash caches and prefetch then. [as after reset]")
@click.option("--functions", "shown", type=int, default=_SHOWN_FUNCTIONS, show_default=True, help="Rows; 0: all.")
@click.option("--json", "as_json", is_flag=True, help="The whole count as JSON on stdout.")
@click.option("-o", "output", type=PATH, metavar="FILE", help="Write the JSON to a file as well.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def cycles(
    trace: Path,
    firmware: str,
    platform: str,
    clock_hz: int | None,
    wait_states: int | None,
    caches: str | None,
    shown: int,
    as_json: bool,
    output: Path | None,
    quiet: bool,
) -> int:
    """Count the cycles of TRACE: Renode's binary trace (version 2, 4, 5; plain or .gz) or `tinysim run --trace`."""
    from tinysim.cli.cycles_text import count_as_json, print_count
    from tinysim.trace.settings import TraceSettings

    settings = TraceSettings(clock_hz, wait_states, None if caches is None else caches == "on")
    count = _count(trace, firmware, platform, settings, quiet)
    if output is not None:
        _write(output, count_as_json(count))
    if as_json:
        sys.stdout.write(count_as_json(count))
    else:
        print_count(count, shown or None, sys.stdout)
    sys.stdout.flush()
    if count.problem is None:
        return 0
    remedy = "all before it is counted; record the trace again for the rest"
    raise InputError(count.problem, file=trace, place=f"byte {count.offset}", remedy=remedy)


def _count(trace: Path, firmware: str, platform: str, settings: TraceSettings, quiet: bool) -> CycleCount:
    from tinysim.trace.count import count_cycles

    if quiet or not sys.stderr.isatty():
        return count_cycles(trace, firmware, platform, settings)
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

    total = trace.stat().st_size if trace.is_file() else None
    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("read", total=total)
        return count_cycles(trace, firmware, platform, settings, lambda done: bar.update(task, completed=done))


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=output, remedy="give another -o file") from None
