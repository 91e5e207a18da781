"""`tinysim run`: its options, and what becomes of the record: saved first, then reported."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from tinysim.cli.options import (
    PATH,
    duration_option,
    platform_option,
    rate_option,
    repl_path_option,
    stream_option,
    strict_option,
    uart_input_option,
    unit_option,
)
from tinysim.cli.parameters import gdb_address, named_number, named_symbol
from tinysim.cli.session import Outcome, RunOptions, run_session
from tinysim.errors import InputError


@click.command()
@click.argument("firmware", required=False)
@platform_option
@repl_path_option
@strict_option
@stream_option
@rate_option
@unit_option
@duration_option
@click.option("--until", metavar="TEXT", help="Stop when a console line holds TEXT; an error if none does.")
@click.option("--engine", type=click.Choice(["native", "renode"]), default="native", show_default=True)
@click.option("--uart", metavar="NAME", help="The UART to show. [the board's console]")
@uart_input_option
@click.option("--stage", "stages", multiple=True, type=named_symbol, metavar="NAME=SYMBOL", help="Measure a function.")
@click.option("--budget", type=PATH, metavar="FILE", help="TOML: stages and the hop deadline.")
@click.option(
    "--parameter", "parameters", multiple=True, type=named_number, metavar="NAME=VALUE",
    help="Replace a number of the chip's .toml for this run; the report says so.",
)  # fmt: skip
@click.option("--svd", type=PATH, metavar="FILE", help="Names registers in reports of gaps.")
@click.option(
    "--gdb", type=gdb_address, metavar="[HOST:]PORT", help="Wait for a GDB and obey it; without --for until it leaves."
)
@click.option("--semihosting", type=PATH, metavar="DIR", help="Serve BKPT 0xAB; the guest's files are in DIR.")
@click.option("--semihosting-line", metavar="TEXT", help="The program's command line. [the firmware's name]")
@click.option("--rtt", is_flag=True, help="Read SEGGER RTT, channel 0.")
@click.option("--itm", is_flag=True, help="Switch the ITM on, as a debug probe does.")
@click.option(
    "--trace", type=PATH, metavar="FILE", help="Write what is executed as Renode's binary trace; .gz packs it."
)
@click.option("--cycles", is_flag=True, help="Renode's trace, counted by the timing model (--engine renode).")
@click.option("-o", "output", type=PATH, metavar="DIR", help="Keep the record in this folder.")
@click.option("--json", "as_json", is_flag=True, help="Summary as JSON on stdout (console lines on stderr).")
@click.option("--quiet", is_flag=True, help="No console lines, no progress bar.")
def run(**options: Any) -> int:
    """Run FIRMWARE (ELF, Intel HEX, or fw.bin@0x08000000; without it the platform's demo) and report on it."""
    return run_firmware(RunOptions(**options))


def run_firmware(options: RunOptions) -> int:
    """One run from options to exit code; raises TinysimError."""
    make_folder(options.output)
    outcome = run_session(options)
    if options.output is not None:
        outcome.record.save(options.output)
    return _report(outcome, options)


def make_folder(output: Path | None) -> None:
    """Before the run: a folder that cannot be made must not cost a run."""
    if output is None:
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"cannot be made: {error.strerror}", file=output, remedy="give another -o folder") from None


def _report(outcome: Outcome, options: RunOptions) -> int:
    from tinysim.analyses.summary import EXIT_FAULT, summarise

    summary = summarise(outcome.record)
    if options.as_json:
        from tinysim.reports.json_report import summary_as_json

        sys.stdout.write(summary_as_json(summary))
    else:
        from tinysim.reports.text import print_summary

        if not options.quiet:
            sys.stdout.write("\n")
        print_summary(summary, sys.stdout)
        if outcome.traced is not None:
            from tinysim.cli.traced_cycles import print_traced

            print_traced(outcome.traced, sys.stdout)
    sys.stdout.flush()
    print(outcome.speed, file=sys.stderr)
    if summary.exit_code == EXIT_FAULT:
        from tinysim.reports.fault import fault_lines

        text = fault_lines(summary.stop.fault)[0] if summary.stop.fault else summary.stop.reason
        print(f"tinysim: error: {text}", file=sys.stderr)
    return summary.exit_code
