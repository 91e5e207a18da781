"""The label sidecar of a stream: `<stem>.labels.csv` with the spans of the events, in stream time.

Format: header `start_s,end_s,class`, one row per event, `#` comments allowed; class "none" marks hard negatives.
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from tinysim.errors import InputError
from tinysim.streams.recording import MAX_LISTED, Problem, unreadable

HEADER = ("start_s", "end_s", "class")


@dataclass(frozen=True)
class Label:
    """One labelled span; seconds of stream time, `line` in the sidecar. `name` is the class."""

    start_s: float
    end_s: float
    name: str
    line: int


def labels_path(stream: str | Path) -> Path:
    """Where the labels of a stream stand: `tap.csv` has `tap.labels.csv` beside it."""
    stream = Path(stream)
    return stream.with_name(f"{stream.stem}.labels.csv")


def read_labels(path: str | Path, *, duration_s: float | None = None) -> tuple[Label, ...]:
    """Read a sidecar, sorted by start. Spans must be finite, in order, and end within `duration_s` if given.

    Raises InputError with file and line. An empty list of events (header only) is allowed.
    """
    path = Path(path)
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read the labels: {error.strerror}", path) from None
    except UnicodeDecodeError:
        raise InputError("the labels are not UTF-8 text", path) from None
    return parse_labels(text, str(path), duration_s=duration_s)


def labels_of(stream: str | Path, *, duration_s: float | None = None) -> tuple[Label, ...] | None:
    """The labels beside a stream, or None when it has no sidecar."""
    path = labels_path(stream)
    return read_labels(path, duration_s=duration_s) if path.is_file() else None


def parse_labels(text: str, file: str, *, duration_s: float | None = None) -> tuple[Label, ...]:
    """Read the text of a sidecar; `file` is its name in messages."""
    lines = list(enumerate(text.splitlines(), start=1))
    rows = [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not rows:
        raise unreadable(file, [Problem(None, "no header")], remedy=f"start with {','.join(HEADER)}")
    if tuple(cell.strip().lower() for cell in rows[0][1].split(",")) != HEADER:
        raise unreadable(file, [Problem(rows[0][0], f"the header must be {','.join(HEADER)}")])
    labels: list[Label] = []
    problems: list[Problem] = []
    for number, line in rows[1:]:
        try:
            labels.append(_label(line, number, duration_s))
        except (ValueError, csv.Error) as error:
            problems.append(Problem(number, str(error)))
    labels.sort(key=lambda label: (label.start_s, label.end_s))
    for earlier, later in pairwise(labels):
        if later.start_s < earlier.end_s:
            problems.append(Problem(later.line, f"the span overlaps the one of line {earlier.line}"))
    if problems:
        raise unreadable(file, problems[:MAX_LISTED], len(problems))
    return tuple(labels)


def _label(line: str, number: int, duration_s: float | None) -> Label:
    cells = [cell.strip() for cell in next(csv.reader([line]))]
    if len(cells) != len(HEADER):
        raise ValueError(f"{len(cells)} columns, expected {len(HEADER)}")
    try:
        start_s, end_s = float(cells[0]), float(cells[1])
    except ValueError:
        raise ValueError("start_s and end_s must be numbers") from None
    if not (math.isfinite(start_s) and math.isfinite(end_s)) or start_s < 0:
        raise ValueError("start_s and end_s must be finite and not before 0")
    if end_s <= start_s:
        raise ValueError(f"the span ends at {end_s:g} s, not after its start {start_s:g} s")
    if duration_s is not None and end_s > duration_s + 1e-9:
        raise ValueError(f"the span ends at {end_s:g} s, after the stream's end {duration_s:g} s")
    if not cells[2]:
        raise ValueError("the class is empty")
    return Label(start_s, end_s, cells[2], number)
