"""How fast the native engine is, with timing on, against Unicorn with no hook at all: `make bench`.

Both run the same images (firmware/bench/prebuilt), round by round in turn; the table shows medians of user time.
The native engine counts the instructions, and the count holds for both: same path, same checksum, which is checked.
Unicorn has no exceptions and no devices, so rows with interrupts and with polling have no counterpart; the row below
the interrupts calls the handler in a loop.
It has no DMA either: those rows are compared with the same image undisturbed. bench_rows.py says what is measured.
"""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # idle BLAS threads would count as user time

import json
import statistics
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path

import click
from bench_rows import WORKLOADS, Workload
from bench_unicorn import UnicornRun, user_seconds
from rich.console import Console
from rich.table import Table

from tinysim.engines.native import NativeEngine
from tinysim.firmware import load_firmware
from tinysim.machine import Machine

LIMIT_S = 600.0
WIDTH = 110


@dataclass(frozen=True)
class NativeRun:
    """What one run on the native engine gave."""

    checksum: int
    instructions: int
    cycles: int
    seconds: float


@dataclass(frozen=True)
class Result:
    """One row: million instructions per second of user time, and simulated cycles per instruction while awake."""

    workload: str
    chip: str
    setting: str
    instructions: int
    checksum: str
    tinysim_mips: float
    unicorn_mips: float | None
    ratio: float | None
    wanted: float | None
    wanted_mips: float | None
    cycles_per_instruction: float


class BenchError(Exception):
    """A run that did not reach its end, or checksums that disagree; the message is one line."""


@cache
def own_iterations(image: Path) -> int:
    """What the image runs unless told otherwise: a word of its parameters."""
    firmware = load_firmware(image)
    address = firmware.symbol("bench_iterations")
    segment = next(part for part in firmware.segments if part.address <= address < part.end)
    at = address - segment.address
    return int.from_bytes(segment.data[at : at + 4], "little")


def run_native(workload: Workload, iterations: int) -> NativeRun:
    """Runs until the image sleeps for ever. Raises BenchError if it ends in any other way."""
    with Machine(workload.platform) as machine:
        machine.load(workload.image)
        for name, value in workload.native_parameters(iterations).items():
            machine.write_memory(machine.symbol(name), value.to_bytes(4, "little"))
        if workload.exact:
            assert isinstance(machine._engine, NativeEngine)
            machine._engine._core.set_exact(True)
        start = user_seconds()
        reason = machine.run_for(LIMIT_S)
        seconds = user_seconds() - start
        if reason != "deadlock":
            raise BenchError(f"{workload.image.name}: stopped by '{reason}', expected to end asleep in bench_done")
        checksum = int.from_bytes(machine.read_memory(machine.symbol("bench_checksum"), 4), "little")
        counters = machine.record().manifest["counters"]
        return NativeRun(checksum, counters["cpu.instructions"], counters["cpu.active_cycles"], seconds)


class UnicornRuns:
    """The comparison runs of one round: rows that ask for the same work share one."""

    def __init__(self) -> None:
        self._done: dict[tuple[Path, frozenset[tuple[str, int]]], tuple[int, float]] = {}

    def run(self, workload: Workload, iterations: int) -> tuple[int, float]:
        """Checksum and user seconds."""
        parameters = workload.unicorn_parameters(iterations)
        key = (workload.image, frozenset(parameters.items()))
        if key not in self._done:
            self._done[key] = UnicornRun(workload.image, parameters).run()
        return self._done[key]


@dataclass
class Series:
    """All rounds of one workload."""

    workload: Workload
    native: list[NativeRun] = field(default_factory=list)
    unicorn_seconds: list[float] = field(default_factory=list)

    def add_round(self, unicorn: UnicornRuns, iterations: int | None) -> None:
        wanted = iterations or max(1, round(own_iterations(self.workload.image) * self.workload.share))
        run = run_native(self.workload, wanted)
        self.native.append(run)
        if self.workload.on_unicorn:
            checksum, seconds = unicorn.run(self.workload, wanted)
            self.unicorn_seconds.append(seconds)
            if checksum != run.checksum:
                found = f"tinysim {run.checksum:#010x}, unicorn {checksum:#010x}"
                raise BenchError(f"{self.workload.image.name}: checksums differ: {found}; run make conformance")

    def result(self) -> Result:
        first = self.native[0]
        instructions = first.instructions
        tinysim_mips = mips(instructions, [run.seconds for run in self.native])
        unicorn_mips = mips(instructions, self.unicorn_seconds) if self.unicorn_seconds else None
        return Result(
            workload=self.workload.title,
            chip=self.workload.chip,
            setting=self.workload.setting,
            instructions=instructions,
            checksum=f"{first.checksum:#010x}",
            tinysim_mips=tinysim_mips,
            unicorn_mips=unicorn_mips,
            ratio=None if unicorn_mips is None else tinysim_mips / unicorn_mips,
            wanted=self.workload.wanted,
            wanted_mips=self.workload.wanted_mips,
            cycles_per_instruction=first.cycles / instructions,
        )


def mips(instructions: int, seconds: list[float]) -> float:
    # Short runs may take less than the clock resolves.
    return instructions / max(statistics.median(seconds), 1e-3) / 1e6


def measure(rounds: int, iterations: int | None) -> Iterator[Result]:
    """Rounds go over all workloads and both engines in turn, so that a slow spell of the host hits all alike."""
    series = [Series(workload) for workload in WORKLOADS]
    for _ in range(rounds):
        unicorn = UnicornRuns()
        for one in series:
            one.add_round(unicorn, iterations)
    return (one.result() for one in series)


def table_of(results: list[Result], rounds: int) -> Table:
    table = Table(title=f"Median of {rounds} interleaved rounds, one thread, machine of {os.cpu_count()} cores")
    for column in ("workload", "chip"):
        table.add_column(column)
    for column in ("instructions", "tinysim\nMIPS", "unicorn\nMIPS", "ratio", "wanted", "cycles/\ninstruction"):
        table.add_column(column, justify="right")
    for row in results:
        table.add_row(
            row.workload,
            ", ".join(filter(None, (row.chip, row.setting))),
            f"{row.instructions / 1e6:.1f} M",
            f"{row.tinysim_mips:.0f}",
            "n/a" if row.unicorn_mips is None else f"{row.unicorn_mips:.0f}",
            "n/a" if row.ratio is None else f"{row.ratio:.2f}",
            verdict(row),
            f"{row.cycles_per_instruction:.2f}",
        )
    return table


def verdict(row: Result) -> str:
    """The least ratio, or speed, that is wanted, and whether this row has it."""
    if row.wanted_mips is not None:
        return f"{row.wanted_mips:.0f} MIPS {'yes' if row.tinysim_mips >= row.wanted_mips else 'NO'}"
    if row.wanted is None or row.ratio is None:
        return ""
    return f"{row.wanted:.1f} {'yes' if row.ratio >= row.wanted else 'NO'}"


@click.command()
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1), help="Rounds; medians are shown.")
@click.option("--iterations", type=click.IntRange(min=1), help="Iterations of every image instead of its own number.")
@click.option("--json", "as_json", is_flag=True, help="Print the rows as JSON.")
def main(rounds: int, iterations: int | None, as_json: bool) -> None:
    """Measure the native engine, timing on, against Unicorn without hooks."""
    try:
        results = list(measure(rounds, iterations))
    except (BenchError, ValueError, FileNotFoundError) as error:
        click.echo(f"bench: {error}", err=True)
        sys.exit(1)
    if as_json:
        rows = [asdict(row) for row in results]
        click.echo(json.dumps({"rounds": rounds, "cores": os.cpu_count(), "rows": rows}, indent=2))
        return
    console = Console()
    if not console.is_terminal:
        console.width = WIDTH
    console.print(table_of(results, rounds))
    console.print("tinysim: cycle model on, flash cache on. unicorn: no hooks, no timing; n/a: no exceptions, no WFI.")


if __name__ == "__main__":
    main()
