"""`tinysim stream info | check | convert`: what a recorded stream holds, whether it can be trusted, and as RESD.

Exit codes of check: 0 clean (notes allowed), 1 a warning was found, 2 the stream cannot be read.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
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


@dataclass(frozen=True)
class Source:
    """A file and what it does not say itself; `quantity` and `channel` choose one of several streams in it."""

    file: Path
    rate_hz: float | None = None
    unit: str | None = None
    columns: str | None = None
    quantity: str | None = None
    channel: int | None = None

    def read(self, quantity: str | None = None) -> Recording:
        """The stream, or that of a quantity. Raises InputError."""
        from tinysim.streams import read_recording

        options = {each.name: getattr(self, each.name) for each in fields(self)}
        return read_recording(options.pop("file"), **{**options, "quantity": quantity or self.quantity})


def _source_options(command: _Command) -> _Command:
    """What all commands take to read a file."""
    for option in (
        click.option("--channel", type=click.IntRange(0, 0xFFFF), help="Of a RESD file with several."),
        click.option("--quantity", metavar="NAME", help="Of a file with several: acceleration, angular_rate, ..."),
        click.option("--columns", metavar="NAMES", help="Header for a file without one: t_s,ax_g,ay_g,az_g."),
        click.option("--unit", help="Unit of the values when the file does not say: g, mg, ug or m_s2."),
        click.option("--rate", "rate_hz", type=float, metavar="HZ", help="Rate of a file without a time column."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


_json_option = click.option("--json", "as_json", is_flag=True, help="Print data instead of text.")


@stream.command("info")
@_source_options
@_json_option
def stream_info(as_json: bool, **source: Any) -> None:
    """Show rows, duration, rate, columns, ranges and labels of FILE."""
    from tinysim.cli.stream_text import print_summary, summary_of
    from tinysim.streams.labels import labels_of

    try:
        recording = Source(**source).read()
        summary = summary_of(recording, labels_of(source["file"], duration_s=recording.duration_s))
    except InputError as error:
        _refuse(error, as_json)
    if as_json:
        click.echo(json.dumps(summary, indent=2))
    else:
        print_summary(summary)


@stream.command("check")
@click.option("--full-scale", metavar="RANGE", help="Full scale of the recording, such as 4g.")
@click.option("--sensor", "sensor_name", metavar="NAME", help="The part that will play it, such as lis2dw12.")
@_source_options
@_json_option
def stream_check(as_json: bool, full_scale: str | None, sensor_name: str | None, **given: Any) -> None:
    """Check FILE for gaps, jitter, clipping, stuck values and rate; each finding with its lines."""
    from tinysim.cli.stream_text import check_as_data, print_check
    from tinysim.streams.checks import check_recording
    from tinysim.streams.labels import labels_of

    try:
        source = Source(**given)
        expected = _expectation(full_scale, sensor_name, source.rate_hz)
        recording = _without_rate_findings(source)
        labels_of(source.file, duration_s=recording.duration_s)
    except InputError as error:
        _refuse(error, as_json)
    findings = check_recording(recording, expected)
    if as_json:
        click.echo(json.dumps(check_as_data(recording, findings), indent=2))
    else:
        print_check(recording, findings)
    sys.exit(1 if any(finding.severity == "warning" for finding in findings) else 0)


@stream.command("convert")
@_source_options
@click.argument("output", metavar="OUTPUT.resd", type=click.Path(path_type=Path))
def stream_convert(output: Path, **given: Any) -> None:
    """Write FILE as Renode's sensor data (RESD): all its quantities, or the one that is named, on channel 0."""
    from tinysim.streams import quantities_in
    from tinysim.streams.resd_reader import write_recordings

    source = Source(**given)
    if output.suffix.lower() != ".resd":
        raise InputError("only RESD is written", output, remedy="name a file that ends in .resd")
    quantities = [source.quantity] if source.quantity or source.columns else quantities_in(source.file)
    recordings = [source.read(quantity) for quantity in quantities]
    write_recordings(recordings, output)
    for recording in recordings:
        click.echo(f"{output.name}: {len(recording)} samples of {recording.quantity} in {recording.unit}")


def _without_rate_findings(source: Source) -> Recording:
    """The rate is a check of its own; the reader's finding would say the same twice."""
    recording = source.read()
    if source.rate_hz is None:
        return recording
    kept = tuple(finding for finding in recording.findings if finding.kind != "rate")
    return replace(recording, findings=kept)


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
    widest_g = max(part.full_scales_g, default=None)
    return Expectation(limit_g, rate_hz, part.name, widest_g, part.rates_hz, part.noise_density_ug_per_sqrt_hz)


def _refuse(error: InputError, as_json: bool) -> NoReturn:
    """Say why a file cannot be read, all problems in JSON, and leave with exit code 2."""
    from tinysim.cli.stream_text import print_problems, problems_as_data

    if as_json:
        click.echo(json.dumps(problems_as_data(error), indent=2))
    else:
        print_problems(error)
    sys.exit(error.exit_code)
