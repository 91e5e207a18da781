"""One run of `tinysim run`: from its options to a record."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from tinysim.cli.budget import Budget, read_budget
from tinysim.cli.console import RunDisplay, speed_text
from tinysim.cli.debug import debug
from tinysim.cli.demo import demo_firmware
from tinysim.cli.drive import drive
from tinysim.cli.faults import explain_fault
from tinysim.cli.options import DEFAULT_DURATION_S, read_uart_input
from tinysim.cli.stages import choose_stages
from tinysim.cli.traced_cycles import CountBesideRun, TracedCycles, check_cycles, note_traced, trace_file
from tinysim.errors import InputError
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.machine import Machine
    from tinysim.record import Record

PROGRAM_DURATION_S = 60.0  # a program with an end of its own


@dataclass(frozen=True)
class RunOptions:
    """The command line of one run, as given."""

    firmware: str | None
    platform: str
    streams: tuple[tuple[str | None, Path], ...] = ()
    rate_hz: float | None = None
    unit: str | None = None
    for_ns: int | None = None
    until: str | None = None
    engine: str = "native"
    uart: str | None = None
    uart_input: Path | None = None
    stages: tuple[tuple[str, str], ...] = ()
    budget: Path | None = None
    parameters: tuple[tuple[str, int], ...] = ()
    svd: Path | None = None
    repl_path: tuple[Path, ...] = ()
    strict: bool = False
    gdb: tuple[str, int] | None = None
    semihosting: Path | None = None
    semihosting_line: str | None = None
    rtt: bool = False
    itm: bool = False
    trace: Path | None = None
    output: Path | None = None
    as_json: bool = False
    quiet: bool = False
    profile: bool = False
    cycles: bool = False


@dataclass(frozen=True)
class Outcome:
    """A finished run; `speed` is text for the terminal and is not part of the record. `traced`: with --cycles."""

    record: Record
    speed: str
    traced: TracedCycles | None = None


def run_session(options: RunOptions) -> Outcome:
    """Set a machine up, run it, and take its record; raises TinysimError."""
    from tinysim.machine import Machine

    check_cycles(options.cycles, options.engine)
    if options.gdb is not None and options.engine != "native":
        raise InputError(f"tinysim's GDB server is not for the {options.engine} engine", "--gdb", None, "leave it out")
    budget = read_budget(options.budget) if options.budget else Budget()
    typed = read_uart_input(options.uart_input)
    parameters = dict(options.parameters)
    with Machine(
        options.platform, engine=options.engine, svd=options.svd, parameters=parameters, repl_path=options.repl_path,
        strict=options.strict,
    ) as machine:  # fmt: skip
        _tell_omissions(machine, options)
        firmware = options.firmware or str(demo_firmware(options.platform))
        machine.load(firmware)
        if options.profile:
            machine.start_profile()
        _connect_probe(machine, firmware, options)
        for sensor, path in options.streams:
            machine.attach_stream(sensor, path, rate_hz=options.rate_hz, unit=options.unit)
        stages = choose_stages(dict(options.stages), budget.stages, machine.symbol)
        machine.watch_stages(_observed(stages, options))
        if typed:
            machine.uart(options.uart).write(typed)
        with trace_file(options.trace, wanted=options.cycles) as trace:
            reason, outcome = _run_traced(machine, trace, firmware, stages, options)
    _complete(outcome.record, options, budget, reason)
    explain_fault(outcome.record, firmware)
    return outcome


def _observed(stages: dict[str, str], options: RunOptions) -> dict[str, str]:
    """The stages that the engine is to watch: Renode cannot, so of those nobody asked for it gets none."""
    if options.engine == "native":
        return stages
    return {} if options.cycles else dict(options.stages)


def _tell_omissions(machine: Machine, options: RunOptions) -> None:
    if machine.left_out and not options.quiet:
        names = dict.fromkeys(name for name, _ in machine.left_out)
        is_native = options.engine == "native"
        more = f"`tinysim platforms {options.platform}` says why" if is_native else "the record's warnings say why"
        print(f"tinysim: not modelled on this platform: {', '.join(names)} ({more})", file=sys.stderr)


def _connect_probe(machine: Machine, firmware: str, options: RunOptions) -> None:
    if options.semihosting is not None:
        line = Path(firmware).name if options.semihosting_line is None else options.semihosting_line
        machine.host.serve_semihosting(options.semihosting, command_line=line)
    if options.rtt:
        machine.host.collect_rtt()
    if options.itm:
        machine.host.enable_itm()


def _run_traced(
    machine: Machine, trace: Path | None, firmware: str, stages: dict[str, str], options: RunOptions
) -> tuple[str, Outcome]:
    """Run with a trace or without; with --cycles it is counted meanwhile. Returns why the run stopped, too."""
    wanted = trace if options.cycles else None
    with CountBesideRun(wanted, firmware, options.platform) if wanted else nullcontext() as count:
        with machine.trace(trace) if trace else nullcontext():
            if count is not None:
                count.begin()
            reason, speed = _run(machine, options)
        record = machine.record()
        traced = note_traced(count.result(), stages, record) if count is not None else None
    return reason, Outcome(record, speed, traced)


def _run(machine: Machine, options: RunOptions) -> tuple[str, str]:
    duration_s = _duration_s(machine, options)
    lines_to: TextIO | None = None if options.quiet else (sys.stderr if options.as_json else sys.stdout)
    reason: str | None = None
    with RunDisplay(duration_s, lines_to=lines_to, progress=not (options.quiet or options.gdb)) as display:
        if options.gdb is not None:
            end_s = None if options.for_ns is None else duration_s
            reason = debug(machine, options.gdb, end_s, display, uart=options.uart, until=options.until)
        if reason is None:
            reason = drive(machine, duration_s - machine.time, display, uart=options.uart, until=options.until)
        wall_s = display.wall_s
    return reason, f"{machine.time:.3f} s virtual in {wall_s:.3f} s, {speed_text(machine.time, wall_s)}"


def _duration_s(machine: Machine, options: RunOptions) -> float:
    """--for, else as long as the streams, else a minute for a program that can end by itself, else a second."""
    if options.for_ns is not None:
        return options.for_ns / NANOSECONDS_PER_SECOND
    otherwise_s = DEFAULT_DURATION_S if options.semihosting is None else PROGRAM_DURATION_S
    return machine.stream_duration_s or otherwise_s


def _complete(record: Record, options: RunOptions, budget: Budget, reason: str) -> None:
    """What only the command line knows: the labels beside the streams, the budget, why it stopped the machine."""
    manifest = record.manifest
    manifest["options"] = {**manifest.get("options", {}), **_recorded_options(options, budget)}
    if reason in ("until", "interrupted"):
        manifest["stop"] = {"reason": reason, "detail": options.until if reason == "until" else None, "fault": None}
    if "labels" not in manifest:
        found = [labels for _, path in options.streams if (labels := _labels(path)) is not None]
        if found:
            manifest["labels"] = [label for labels in found for label in labels]


def _recorded_options(options: RunOptions, budget: Budget) -> dict[str, Any]:
    """Only what was given: a record does not list defaults, nor paths of this machine."""
    given = {
        "rate_hz": options.rate_hz,
        "unit": options.unit,
        "for_ns": options.for_ns,
        "until": options.until,
        "uart": options.uart,
        "semihosting": options.semihosting.name if options.semihosting else None,
        "semihosting_line": options.semihosting_line,
        "rtt": options.rtt or None,
        "itm": options.itm or None,
        "uart_input": options.uart_input.name if options.uart_input else None,
        "budget": options.budget.name if options.budget else None,
        "parameters": dict(options.parameters) or None,
        "deadline_period_ms": budget.deadline_period_ms,
    }
    return {name: value for name, value in given.items() if value is not None}


def _labels(stream: Path) -> list[dict[str, Any]] | None:
    """The sidecar of a stream; None without one, and an empty list for one that names no event."""
    from tinysim.streams.labels import labels_of

    labels = labels_of(stream)
    if labels is None:
        return None
    return [{"start_s": label.start_s, "end_s": label.end_s, "class": label.name} for label in labels]
