"""What `tinysim stream` prints: the summary of a recording and its findings, as plain data and as text.

Tables are drawn by rich on a terminal; into a pipe goes the same as plain, unwrapped lines.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from tinysim.errors import InputError
from tinysim.streams.checks import jitter_ns, noise_ug
from tinysim.streams.quantities import ACCELERATION, AXES, QUANTITIES, SOUND
from tinysim.streams.recording import UnreadableStream

if TYPE_CHECKING:
    from tinysim.streams.labels import Label
    from tinysim.streams.recording import Recording, StreamFinding


REFERENCE_PRESSURE_PA = 20e-6
"""Of sound pressure levels: 0 dB SPL."""


def summary_of(recording: Recording, labels: Sequence[Label] | None) -> dict[str, Any]:
    """The facts of a recording as data for JSON and for the table; in g or Pa, times in seconds or ms."""
    rms_ns, greatest_ns = jitter_ns(recording)
    return {
        "file": recording.file_name,
        "sha256": recording.sha256,
        "quantity": recording.quantity,
        "columns": list(recording.columns),
        "unit": recording.file_unit,
        "samples": len(recording),
        "duration_s": recording.duration_s,
        "rate_hz": recording.rate_hz,
        "median_interval_ms": recording.period_ns / 1e6,
        "jitter_rms_ms": rms_ns / 1e6,
        "jitter_max_ms": greatest_ns / 1e6,
        "segments": len(recording.segment_starts),
        **_measured(recording),
        "stated": dict(recording.stated),
        "labels": _label_summary(labels),
        "findings": [_finding_as_data(finding) for finding in recording.findings],
    }


def _measured(recording: Recording) -> dict[str, Any]:
    if recording.quantity == ACCELERATION.name:
        return {"axes": _axes(recording)}
    return {"sound": _sound(recording)} if recording.quantity == SOUND.name else {"values": _values(recording)}


def _values(recording: Recording) -> dict[str, dict[str, float | str]]:
    """By column: least, greatest and mean in the quantity's first unit."""
    quantity = QUANTITIES.get(recording.quantity)
    unit, factor = next(iter(quantity.per_unit.items())) if quantity else (recording.unit, 1.0)
    return {
        name: {
            "min": float(values.min()) / factor,
            "max": float(values.max()) / factor,
            "mean": float(values.mean()) / factor,
            "unit": unit,
        }
        for name, values in zip(recording.columns, recording.values.T, strict=True)
    }


def _axes(recording: Recording) -> dict[str, dict[str, float | None]]:
    noise = noise_ug(recording) or (None, None, None)
    return {
        name: {
            "min_g": float(values.min()) / 1e6,
            "max_g": float(values.max()) / 1e6,
            "mean_g": float(values.mean()) / 1e6,
            "noise_mg": None if noise_of_axis is None else noise_of_axis / 1e3,
        }
        for name, values, noise_of_axis in zip(AXES, recording.values.T, noise, strict=True)
    }


def _sound(recording: Recording) -> dict[str, float]:
    import numpy as np

    pascal = recording.values[:, 0] / 1e6
    rms_pa = float(np.sqrt(np.mean(pascal**2)))
    level_db = 20 * float(np.log10(max(rms_pa, 1e-9) / REFERENCE_PRESSURE_PA))
    return {
        "peak_pa": float(np.abs(pascal).max()),
        "rms_pa": rms_pa,
        "mean_pa": float(pascal.mean()),
        "level_db_spl": level_db,
    }


def _label_summary(labels: Sequence[Label] | None) -> dict[str, Any] | None:
    if labels is None:
        return None
    spans = [{"start_s": label.start_s, "end_s": label.end_s, "class": label.name} for label in labels]
    classes = Counter(label.name for label in labels)
    return {"count": len(spans), "classes": dict(sorted(classes.items())), "spans": spans}


def print_summary(summary: dict[str, Any]) -> None:
    """Print a summary as two small tables."""
    rate = f"{summary['rate_hz']:g} Hz" if summary["rate_hz"] else "uneven"
    jitter = f"jitter {summary['jitter_rms_ms']:.3f} ms rms, {summary['jitter_max_ms']:.3f} ms max"
    rows = [
        ("file", summary["file"]),
        ("sha256", summary["sha256"]),
        ("samples", str(summary["samples"])),
        ("duration", f"{summary['duration_s']:.3f} s"),
        ("rate", f"{rate}, interval {summary['median_interval_ms']:.3f} ms, {jitter}"),
        ("columns", f"{', '.join(summary['columns'])} ({summary['quantity']} in {summary['unit']})"),
        ("segments", str(summary["segments"])),
    ]
    if summary["labels"] is not None:
        classes = ", ".join(f"{count} {name}" for name, count in summary["labels"]["classes"].items())
        rows.append(("labels", classes or "none in the sidecar"))
    _print_table((), rows)
    if "axes" in summary:
        axes = [(name, *(_number(axis[key]) for key in axis)) for name, axis in summary["axes"].items()]
        _print_table(("axis", "min g", "max g", "mean g", "noise mg"), axes)
    elif "values" in summary:
        values = [
            (name, one["unit"], *(_number(one[key]) for key in ("min", "max", "mean")))
            for name, one in summary["values"].items()
        ]
        _print_table(("column", "unit", "min", "max", "mean"), values)
    else:
        _print_table(
            ("peak Pa", "rms Pa", "mean Pa", "dB SPL"), [[_number(value) for value in summary["sound"].values()]]
        )
    for finding in summary["findings"]:
        click.echo(f"{finding['severity']}: {finding['text']}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


def _print_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    if not sys.stdout.isatty():
        for row in ([header] if header else []) + list(rows):
            click.echo("  ".join(f"{cell:<9}" for cell in row).rstrip())
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(*header, show_header=bool(header), box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def check_as_data(recording: Recording, findings: Sequence[StreamFinding]) -> dict[str, Any]:
    """The result of a check as data: `ok` is whether no warning was found."""
    return {
        "file": recording.file_name,
        "sha256": recording.sha256,
        "samples": len(recording),
        "ok": all(finding.severity != "warning" for finding in findings),
        "findings": [_finding_as_data(finding) for finding in findings],
    }


def print_check(recording: Recording, findings: Sequence[StreamFinding]) -> None:
    """Print one line per finding and a last line with the verdict."""
    for finding in findings:
        click.echo(f"{recording.file_name}: {finding.severity}: {finding}")
    warnings = sum(finding.severity == "warning" for finding in findings)
    verdict = f"{warnings} warning(s)" if warnings else "clean"
    click.echo(f"{recording.file_name}: {len(recording)} samples, {recording.duration_s:.3f} s: {verdict}")


def problems_as_data(error: InputError) -> dict[str, Any]:
    """An unreadable stream as data: the message and each problem with its line."""
    problems = error.problems if isinstance(error, UnreadableStream) else ()
    return {"ok": False, "error": str(error), "problems": [asdict(problem) for problem in problems]}


def print_problems(error: InputError) -> None:
    """Print the error on stderr, and under it the further problems that were collected."""
    click.echo(f"error: {error}", err=True)
    for problem in error.problems[1:] if isinstance(error, UnreadableStream) else ():
        click.echo(f"  {error.file}:{problem.line}: {problem.text}", err=True)


def _finding_as_data(finding: StreamFinding) -> dict[str, Any]:
    return {**asdict(finding), "lines": list(finding.lines), "text": str(finding)}
