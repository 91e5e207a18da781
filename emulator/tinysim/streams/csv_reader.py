"""Read one quantity of a CSV file: header, units, clock and values, each problem with its line number.

What a header may say is in columns.py and quantities.py, what the text may look like in csv_layout.py, and in docs for
users. Not read: two sensors of one quantity in one file, times of day such as 12:30:01.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.streams.columns import NS_PER_UNIT, Column, parse_column, quantities_named, time_unit, unit_of
from tinysim.streams.csv_cells import read_cells
from tinysim.streams.csv_layout import Layout, take_apart
from tinysim.streams.quantities import ACCELERATION, QUANTITIES, Quantity
from tinysim.streams.recording import MAX_LISTED, Problem, Recording, StreamFinding, unreadable
from tinysim.streams.timeline import Timeline, by_column, by_rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_RATE_HZ = 1e6
RATE_TOLERANCE = 0.01
"""A stated rate further than this from the measured one is a finding."""


def read_csv(
    path: str | Path,
    *,
    rate_hz: float | None = None,
    unit: str | None = None,
    columns: str | None = None,
    quantity: str | None = None,
) -> Recording:
    """Read a CSV file; see `tinysim.streams.read_recording` for the options and errors."""
    path = Path(path)
    return parse_csv(_bytes(path), str(path), rate_hz=rate_hz, unit=unit, columns=columns, quantity=quantity)


def quantities_of_csv(path: Path) -> tuple[str, ...]:
    """The quantities that the header of a CSV file names; where it names none it is read as acceleration."""
    named = quantities_named(take_apart(_bytes(path), str(path)).header or ())
    return tuple(each.name for each in named or (ACCELERATION,))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the stream: {error.strerror}", path) from None


def parse_csv(
    raw: bytes,
    file: str,
    *,
    rate_hz: float | None = None,
    unit: str | None = None,
    columns: str | None = None,
    quantity: str | None = None,
) -> Recording:
    """Read the bytes of a CSV file; `file` is its name in messages."""
    layout = take_apart(raw, file)
    stated = dict(layout.stated)
    wanted, named = _named_columns(layout, columns, quantity, file)
    axes = [_the_axis(named, axis, wanted, layout, file) for axis in wanted.axes]
    units = [_unit(column, wanted, stated, unit, layout, file) for column in axes]
    time = _the_column(named, "t", layout, file)
    rate = _stated_rate_hz(stated, rate_hz, file)
    ns_per_unit = _ns_per_unit(time, stated, layout, file)
    if time is None and rate is None:
        remedy = "add a column t_s, a line '# rate_hz: 200', or give --rate"
        raise InputError("neither a time column nor a rate", file, str(layout.header_line), remedy)
    cells = read_cells(layout, [*axes, *([time] if time else [])], len(named), file)
    timeline = (
        by_column(cells[:, -1], ns_per_unit, layout.line_numbers, layout.segment_starts, file)
        if time
        else by_rate(len(cells), rate or 1.0)
    )
    return Recording(
        quantity=wanted.name,
        columns=tuple(column.name for column in axes),
        unit=wanted.unit,
        values=_integers(cells[:, : len(axes)], wanted, units, layout, file),
        time_ns=timeline.time_ns,
        rate_hz=timeline.rate_hz or (rate if len(cells) == 1 else None),
        file_name=Path(file).name,
        sha256=hashlib.sha256(raw).hexdigest(),
        file_unit=", ".join(dict.fromkeys(units)),
        line_numbers=layout.line_numbers,
        segment_starts=layout.segment_starts,
        stated=layout.stated,
        findings=(*_column_findings(named, wanted), *_findings(layout, timeline, cells, time, rate)),
    )


def _named_columns(
    layout: Layout, columns: str | None, quantity: str | None, file: str
) -> tuple[Quantity, list[Column]]:
    """The quantity to read (the asked-for one, or the first that the header names), and all columns as seen by it."""
    names = layout.header
    if columns is not None:
        if names is not None:
            raise InputError("the file has a header of its own", file, str(layout.header_line), "leave out --columns")
        names = tuple(columns.split(","))
    if names is None:
        names = ("x", "y", "z")
        first = layout.data.split(b"\n", 1)[0].decode("utf-8", "replace").split(layout.delimiter)
        cell_count = len(first) - (not first[-1].strip())
        if cell_count != 3:
            remedy = "add a header line or give --columns, for example t_s,ax_g,ay_g,az_g"
            raise InputError(f"no header, and {cell_count} columns", file, str(layout.header_line), remedy)
    wanted = QUANTITIES[quantity] if quantity else next(iter(quantities_named(names)), ACCELERATION)
    try:
        return wanted, [parse_column(index, name, wanted) for index, name in enumerate(names)]
    except ValueError as error:
        raise unreadable(file, [Problem(layout.header_line, str(error))]) from None


def _the_column(named: list[Column], role: str, layout: Layout, file: str) -> Column | None:
    """The one column of a role, if there is one; two of a kind is an error."""
    found = [column for column in named if column.role == role]
    if len(found) > 1:
        names = " and ".join(f"'{column.name}'" for column in found)
        raise unreadable(file, [Problem(layout.header_line, f"columns {names} both name {role}")])
    return found[0] if found else None


def _the_axis(named: list[Column], axis: str, quantity: Quantity, layout: Layout, file: str) -> Column:
    found = _the_column(named, axis, layout, file)
    if found is None:
        listed = ", ".join(column.name[:40] for column in named[:12])
        text = f"no {quantity.name} column for axis {axis} among: {listed}"
        raise unreadable(file, [Problem(layout.header_line, text)], remedy=f"name the columns {quantity.example}")
    return found


def _unit(
    column: Column, quantity: Quantity, stated: dict[str, str], option: str | None, layout: Layout, file: str
) -> str:
    """The unit of an axis: all who state one (header, comment, option) must agree."""
    claims = {"the column's name": column.unit}
    for source, text in (("the '# unit' line", stated.get("unit")), ("the option", option)):
        claims[source] = unit_of(text, quantity) if text is not None else None
        if text is not None and claims[source] is None:
            raise InputError(f"unit '{text}' is not known", file, None, f"use {quantity.units}")
    known = {source: unit for source, unit in claims.items() if unit}
    if len(set(known.values())) > 1:
        raise InputError(
            "; ".join(f"{source} says {unit}" for source, unit in known.items()),
            file,
            str(layout.header_line),
            "state one unit",
        )
    if not known:
        first, *_ = quantity.example.split(",")
        remedy = f"name it like {first}, add a line '# unit: {first.rsplit('_', 1)[-1]}', or give --unit"
        raise InputError(f"column '{column.name}' has no unit", file, str(layout.header_line), remedy)
    return next(iter(known.values()))


def _ns_per_unit(time: Column | None, stated: dict[str, str], layout: Layout, file: str) -> float:
    if time is None:
        return 1.0
    unit = time.unit or time_unit(stated.get("time_unit", ""))
    if unit is None:
        raise InputError(
            f"time column '{time.name}' has no unit",
            file,
            str(layout.header_line),
            "name it t_s, t_ms or t_us, or add a line '# time_unit: ms'",
        )
    return NS_PER_UNIT[unit]


def _stated_rate_hz(stated: dict[str, str], option_hz: float | None, file: str) -> float | None:
    """The rate that the option or a `# rate_hz` line states; they must agree and be a sensible number."""
    rates_hz = [option_hz] if option_hz is not None else []
    if "rate_hz" in stated:
        try:
            rates_hz.append(float(stated["rate_hz"]))
        except ValueError:
            rates_hz.append(math.nan)
    for rate_hz in rates_hz:
        if not 1e-3 <= rate_hz <= MAX_RATE_HZ:
            raise InputError(f"the rate must be a number from 0.001 to {MAX_RATE_HZ:.0f} Hz", file, None)
    if len(set(rates_hz)) > 1:
        text = f"the file says {rates_hz[1]:g} Hz, the option {rates_hz[0]:g} Hz"
        raise InputError(text, file, None, "state one rate")
    return rates_hz[0] if rates_hz else None


def _integers(
    cells: NDArray[np.float64], quantity: Quantity, units: list[str], layout: Layout, file: str
) -> NDArray[np.int32]:
    import numpy as np

    with np.errstate(over="ignore"):
        values = np.rint(cells * [quantity.per_unit[unit] for unit in units])
    most = np.iinfo(np.int32).max
    beyond = np.flatnonzero((np.abs(values) > most).any(axis=1))
    if len(beyond):
        lines = layout.line_numbers[beyond[:MAX_LISTED]].tolist()
        unit, factor = next(iter(quantity.per_unit.items()))
        problems = [Problem(line, f"more than {int(most / factor)} {unit}") for line in lines]
        raise unreadable(file, problems, len(beyond), remedy="check the unit")
    return values.astype(np.int32)


def _column_findings(named: list[Column], quantity: Quantity) -> Iterator[StreamFinding]:
    """The other quantities that the file holds, and the columns that are of none."""
    others = [other for other in quantities_named([column.name for column in named]) if other is not quantity]
    if others:
        text = f"holds {', '.join(other.name for other in others)} too"
        yield StreamFinding("columns", "info", text, (), len(others))
    unused = [column for column in named if column.role is None]
    for other in others:
        unused = [column for column in unused if parse_column(column.index, column.name, other).role is None]
    if unused:
        names = ", ".join(column.name or f"number {column.index + 1}" for column in unused)
        yield StreamFinding("columns", "info", f"not used: {names}", (), len(unused))


def _findings(
    layout: Layout,
    timeline: Timeline,
    cells: NDArray[np.float64],
    time: Column | None,
    rate_hz: float | None,
) -> tuple[StreamFinding, ...]:
    findings = []
    if len(layout.segment_starts) > 1:
        lines = tuple(layout.line_numbers[list(layout.segment_starts[1:])].tolist())
        text = f"blank lines part the file into {len(layout.segment_starts)} segments, played one after the other"
        findings.append(StreamFinding("segments", "info", text, lines[:MAX_LISTED], len(lines)))
    if timeline.stitched:
        lines = tuple(layout.line_numbers[list(timeline.stitched[:MAX_LISTED])].tolist())
        text = "time restarts in a segment, which follows on after one period"
        findings.append(StreamFinding("time", "info", text, lines, len(timeline.stitched)))
    if time is not None and cells[0, -1] != 0:
        text = f"time starts at {cells[0, -1]:.12g}; this is stream time 0"
        findings.append(StreamFinding("time", "info", text, (int(layout.line_numbers[0]),)))
    measured_hz = timeline.rate_hz
    if time is not None and rate_hz and measured_hz and abs(measured_hz / rate_hz - 1) > RATE_TOLERANCE:
        text = f"the time column says {measured_hz:.6g} Hz and is followed, not the stated {rate_hz:g} Hz"
        findings.append(StreamFinding("rate", "warning", text))
    return tuple(findings)
