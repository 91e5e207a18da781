"""`tinysim stream info | check`: what a recorded stream holds, and whether it can be trusted.

Exit codes of check: 0 clean (notes allowed), 1 a warning was found, 2 the stream cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.streams.checks import Expectation
    from tinysim.streams.recording import Recording

_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group()
def stream() -> None:
    """Look at recorded sensor streams."""


def _reading_options(command: _Command) -> _Command:
    """What both commands take to read a file, and --json."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print data instead of text."),
        click.option("--columns", metavar="NAMES", help="Header for a file without one: t_s,ax_g,ay_g,az_g."),
        click.option("--unit", help="Unit of the values when the file does not say: g, mg, ug or m_s2."),
        click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Rate of a file without a time column."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@stream.command("info")
@_reading_options
def stream_info(file: Path, rate_hz: float | None, unit: str | None, columns: str | None, as_json: bool) -> None:
    """Show rows, duration, rate, columns, ranges and labels of FILE."""
    from tinysim.cli.stream_text import print_summary, summary_of
    from tinysim.streams.labels import labels_of

    try:
        recording = _read(file, rate_hz, unit, columns)
        summary = summary_of(recording, labels_of(file, duration_s=recording.duration_s))
    except InputError as error:
        _refuse(error, as_json)
    if as_json:
        click.echo(json.dumps(summary, indent=2))
    else:
        print_summary(summary)


@stream.command("check")
@click.option("--full-scale", metavar="RANGE", help="Full scale of the recording, such as 4g.")
@click.option("--sensor", "sensor_name", metavar="NAME", help="The part that will play it, such as lis2dw12.")
@_reading_options
def stream_check(
    file: Path,
    rate_hz: float | None,
    unit: str | None,
    columns: str | None,
    as_json: bool,
    full_scale: str | None,
    sensor_name: str | None,
) -> None:
    """Check FILE for gaps, jitter, clipping, stuck values and rate; each finding with its lines."""
    from tinysim.cli.stream_text import check_as_data, print_check
    from tinysim.streams.checks import check_recording
    from tinysim.streams.labels import labels_of

    try:
        expected = _expectation(full_scale, sensor_name, rate_hz)
        recording = _read(file, rate_hz, unit, columns, rate_is_expected=True)
        labels_of(file, duration_s=recording.duration_s)
    except InputError as error:
        _refuse(error, as_json)
    findings = check_recording(recording, expected)
    if as_json:
        click.echo(json.dumps(check_as_data(recording, findings), indent=2))
    else:
        print_check(recording, findings)
    sys.exit(1 if any(finding.severity == "warning" for finding in findings) else 0)


def _read(
    file: Path, rate_hz: float | None, unit: str | None, columns: str | None, *, rate_is_expected: bool = False
) -> Recording:
    from tinysim.streams import read_recording

    recording = read_recording(file, rate_hz=rate_hz, unit=unit, columns=columns)
    if rate_is_expected and rate_hz is not None:
        # The rate is a check of its own here; the reader's finding would say the same twice.
        from dataclasses import replace

        kept = tuple(finding for finding in recording.findings if finding.kind != "rate")
        recording = replace(recording, findings=kept)
    return recording


def _expectation(full_scale: str | None, sensor_name: str | None, rate_hz: float | None) -> Expectation:
    from tinysim.sensors import find_sensor
    from tinysim.streams.checks import Expectation, full_scale_g

    try:
        limit_g = full_scale_g(full_scale) if full_scale else None
    except ValueError as error:
        raise InputError(str(error), "--full-scale") from None
    if sensor_name is None:
        return Expectation(limit_g, rate_hz)
    part = find_sensor(sensor_name)
    if limit_g is not None and limit_g not in part.full_scales_g:
        known = ", ".join(f"{scale_g:g}g" for scale_g in part.full_scales_g)
        raise InputError(f"{part.name} has no full scale of {limit_g:g} g", "--full-scale", remedy=f"it has {known}")
    return Expectation(
        limit_g, rate_hz, part.name, max(part.full_scales_g), part.rates_hz, part.noise_density_ug_per_sqrt_hz
    )


def _refuse(error: InputError, as_json: bool) -> NoReturn:
    """Say why a file cannot be read, all problems in JSON, and leave with exit code 2."""
    from tinysim.cli.stream_text import print_problems, problems_as_data

    if as_json:
        click.echo(json.dumps(problems_as_data(error), indent=2))
    else:
        print_problems(error)
    sys.exit(error.exit_code)
