"""`tinysim profile`: where every cycle of a run went, by function, call path, source line and instruction."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tinysim.cli.options import PATH
from tinysim.cli.run import make_folder, run
from tinysim.cli.session import RunOptions, run_session
from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.analyses.profile import Profile
    from tinysim.analyses.symbols import Symbols
    from tinysim.firmware import Firmware
    from tinysim.record import Record
    from tinysim.reports.profile_text import Views

# Of `tinysim run`, as they are there.
_RUN_OPTIONS = {
    "firmware", "platform", "streams", "rate_hz", "unit", "for_ns", "until", "engine", "uart", "uart_input", "stages",
    "budget", "parameters", "svd", "semihosting", "semihosting_line", "rtt", "itm", "output", "quiet",
    "repl_path", "strict",
}  # fmt: skip


@dataclass(frozen=True)
class ProfileOptions:
    """What is shown of the profile, as given."""

    flat: bool = False
    tree: bool = False
    lines: bool = False
    annotate: tuple[str, ...] = ()
    function: str | None = None
    top: int = 30
    source: Path | None = None
    speedscope: Path | None = None
    perfetto: Path | None = None
    as_json: bool = False


@click.command(params=[parameter for parameter in run.params if parameter.name in _RUN_OPTIONS])
@click.option("--flat", is_flag=True, help="Cycles by function. [shown unless another view is asked for]")
@click.option("--tree", is_flag=True, help="Cycles by call path; interrupts are paths of their own.")
@click.option("--lines", is_flag=True, help="Cycles by source line (needs -g).")
@click.option("--annotate", multiple=True, metavar="FUNCTION", help="Cycles by instruction, with source lines.")
@click.option("--function", metavar="PATTERN", help="Only functions whose name fits: nn_*, *memcpy*.")
@click.option("--top", type=click.IntRange(min=0), default=30, show_default=True, help="Rows of a table; 0: all.")
@click.option("--source", type=PATH, metavar="DIR", help="Where source paths begin. [beside and above the ELF]")
@click.option("--speedscope", type=PATH, metavar="FILE", help="Write a profile for speedscope.app.")
@click.option("--perfetto", type=PATH, metavar="FILE", help="Write a trace for ui.perfetto.dev.")
@click.option("--json", "as_json", is_flag=True, help="Profile as JSON on stdout (console lines on stderr).")
def profile(**options: Any) -> int:
    """Run FIRMWARE as `tinysim run` does, and say where every cycle went and why. Simulated estimate."""
    run_options = RunOptions(
        profile=True, as_json=options["as_json"], **{name: options[name] for name in options if name in _RUN_OPTIONS}
    )
    shown = ProfileOptions(**{name: value for name, value in options.items() if name not in _RUN_OPTIONS})
    return profile_firmware(run_options, shown)


def profile_firmware(options: RunOptions, shown: ProfileOptions) -> int:
    """One profiled run from options to exit code; raises TinysimError."""
    from tinysim.cli.demo import demo_firmware
    from tinysim.cli.symbols import symbols_of
    from tinysim.firmware import load_firmware

    make_folder(options.output)
    firmware = load_firmware(options.firmware or demo_firmware(options.platform))
    if firmware.symbols:
        _check_names(shown, [function.name for function in firmware.functions])
    outcome = run_session(options)
    if options.output is not None:
        outcome.record.save(options.output)
    exit_code = _report(outcome.record, firmware, symbols_of(firmware, outcome.record), shown)
    print(outcome.speed, file=sys.stderr)
    return exit_code


def _check_names(shown: ProfileOptions, names: list[str]) -> None:
    """Before the run: a mistyped name must not cost one."""
    import difflib

    for wanted in shown.annotate:
        if wanted not in names:
            near = difflib.get_close_matches(wanted, names, n=3)
            remedy = f"did you mean {', '.join(near)}?" if near else "--flat lists the functions that ran"
            raise InputError(f"there is no function '{wanted}' to annotate", remedy=remedy)


def _report(record: Record, firmware: Firmware, symbols: Symbols, shown: ProfileOptions) -> int:
    from tinysim.analyses.profile import analyse_profile
    from tinysim.analyses.summary import provenance_of, summarise

    result = analyse_profile(record, symbols)
    if not symbols.functions:
        _check_names(shown, [row.name for row in result.functions])
    _write_files(record, result, symbols, shown)
    views = _views(result, firmware, symbols, record, shown)
    if shown.as_json:
        from tinysim.reports.profile_json import profile_as_json

        sys.stdout.write(profile_as_json(result, provenance_of(record), views))
    else:
        from tinysim.reports.profile_text import print_profile

        print_profile(result, provenance_of(record), views, sys.stdout)
    sys.stdout.flush()
    return summarise(record).exit_code or (0 if result.numbers.is_exact else 1)


def _views(result: Profile, firmware: Firmware, symbols: Symbols, record: Record, shown: ProfileOptions) -> Views:
    from tinysim.analyses.profile import line_rows
    from tinysim.analyses.symbols import Names
    from tinysim.cli.symbols import annotated
    from tinysim.reports.profile_text import Views

    only_others = (shown.tree or shown.lines or shown.annotate) and not shown.flat
    return Views(
        flat=not only_others,
        tree=shown.tree,
        lines=line_rows(result, symbols, Names(record, symbols)) if shown.lines else None,
        annotated=tuple((name, annotated(result, firmware, name, symbols, shown.source)) for name in shown.annotate),
        top=shown.top,
        pattern=shown.function,
    )


def _write_files(record: Record, result: Profile, symbols: Symbols, shown: ProfileOptions) -> None:
    from tinysim.analyses.call_tree import node_names
    from tinysim.analyses.summary import provenance_of
    from tinysim.analyses.symbols import Names
    from tinysim.analyses.time_line import time_line, time_line_note

    if shown.speedscope is None and shown.perfetto is None:
        return
    steps, note, source = time_line(record), time_line_note(record), provenance_of(record)
    if note is not None:
        print(f"tinysim: note: {note}", file=sys.stderr)
    path = shown.speedscope or shown.perfetto
    try:
        if shown.speedscope is not None:
            from tinysim.reports.speedscope import speedscope_json

            shown.speedscope.write_text(speedscope_json(result.tree, steps, note, source), encoding="utf-8")
        if shown.perfetto is not None:
            from tinysim.reports.perfetto import write_perfetto

            path = shown.perfetto
            with path.open("wb") as file:
                write_perfetto(record, steps, node_names(record, Names(record, symbols)), note, source, file)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=path, remedy="name another file") from None
