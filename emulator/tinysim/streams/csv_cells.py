"""The cells of a text stream as numbers: numpy's reader for a clean file, a careful walk for any other.

The walk defines what is accepted and finds every problem with its line; the fast way gives the same values.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from tinysim.streams.recording import MAX_LISTED, Problem, unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tinysim.streams.columns import Column
    from tinysim.streams.csv_layout import Layout

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def read_cells(layout: Layout, used: list[Column], column_count: int, file: str) -> NDArray[np.float64]:
    """The used columns as float64, shape (rows, used). Raises InputError naming the lines that are wrong."""
    fast = _read_fast(layout, used, column_count)
    return fast if fast is not None else _read_carefully(layout, used, column_count, file)


def _read_fast(layout: Layout, used: list[Column], column_count: int) -> NDArray[np.float64] | None:
    import io

    import numpy as np

    if b'"' in layout.data or not _even_columns(layout, column_count):
        return None
    try:
        cells = np.loadtxt(
            io.BytesIO(layout.data),
            delimiter=layout.delimiter,
            comments=None,
            ndmin=2,
            usecols=[column.index for column in used],
            encoding="latin-1",
        )
    except (ValueError, IndexError, OverflowError):
        return None
    if cells.shape != (len(layout.line_numbers), len(used)) or not np.isfinite(cells).all():
        return None
    return cells


def _even_columns(layout: Layout, column_count: int) -> bool:
    """Whether each line holds exactly the delimiters of `column_count` cells, found without a loop."""
    import numpy as np

    symbols = np.frombuffer(layout.data, dtype=np.uint8)
    ends = np.flatnonzero(symbols == ord("\n"))
    marks = np.flatnonzero(symbols == ord(layout.delimiter))
    if len(marks) != len(ends) * (column_count - 1):
        return False
    if column_count == 1:
        return True
    per_line = marks.reshape(len(ends), column_count - 1)
    return bool((per_line[:, -1] < ends).all() and (per_line[1:, 0] > ends[:-1]).all())


def _read_carefully(layout: Layout, used: list[Column], column_count: int, file: str) -> NDArray[np.float64]:
    import numpy as np

    rows: list[list[float]] = []
    problems: list[Problem] = []
    count = 0
    lines = layout.data.decode("utf-8", "replace").split("\n")[:-1]
    for line, text in zip(layout.line_numbers.tolist(), lines, strict=True):
        row, problem = _read_row(text.split(layout.delimiter), used, column_count)
        rows.append(row)
        if problem:
            count += 1
            if len(problems) < MAX_LISTED:
                problems.append(Problem(line, problem))
    if problems:
        raise unreadable(file, problems, count)
    return np.array(rows, dtype=np.float64)


def _read_row(cells: list[str], used: list[Column], column_count: int) -> tuple[list[float], str | None]:
    if len(cells) == column_count + 1 and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) != column_count:
        return [], f"{len(cells)} columns, expected {column_count}"
    row: list[float] = []
    for column in used:
        text = cells[column.index].strip().strip('"').strip()
        value = float(text) if _NUMBER.fullmatch(text) else math.nan
        if not math.isfinite(value):
            return [], _complaint(text, column)
        row.append(value)
    return row, None


def _complaint(text: str, column: Column) -> str:
    if not text:
        return f"column '{column.name}' is empty"
    if text.lower().lstrip("+-") in ("nan", "inf", "infinity") or _NUMBER.fullmatch(text):
        return f"column '{column.name}' is {text[:40]}, expected a finite number"
    return f"column '{column.name}' is {text[:40]!r}, expected a number"
