"""The lines of a text stream: comments, header, delimiter, data lines and segments, with their line numbers.

Handled: UTF-8 with or without BOM, LF, CRLF and CR, delimiters comma, semicolon, tab and spaces,
decimal commas when the delimiter is not a comma. Refused: UTF-16, binary files, mixed decimal marks.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinysim.streams.recording import Problem, unreadable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_COMMENT = re.compile(r"^#\s*(?P<key>[A-Za-z_][\w ]*?)\s*[:=]\s*(?P<value>.*?)\s*$")
_NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?|[+-]?(nan|inf|infinity)", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class Layout:
    """A text stream taken apart, cells not yet read.

    `header` is None for a file without one. `data` holds the data lines alone, each ended by LF, with a
    decimal point; `line_numbers` says where each stood. `segment_starts` are indices of data lines.
    """

    stated: tuple[tuple[str, str], ...]
    header: tuple[str, ...] | None
    header_line: int
    delimiter: str
    data: bytes
    line_numbers: NDArray[np.int64]
    segment_starts: tuple[int, ...]


def take_apart(raw: bytes, file: str) -> Layout:
    """Split the bytes of a file into comments, header and data lines. Raises InputError."""
    text = _plain_text(raw, file)
    stated, line_count, offset = _leading_comments(text)
    end = text.find(b"\n", offset)
    first = text[offset:end].decode("utf-8", "replace")
    if not first.strip():
        raise unreadable(file, [Problem(None, "the file holds no samples")], remedy="record at least one row")
    header_line = line_count + 1
    delimiter = _delimiter(first)
    header = _header(first, delimiter)
    if header is not None:
        offset, line_count = end + 1, line_count + 1
    data, line_numbers, segment_starts, later = _data_lines(text[offset:], line_count + 1)
    if not len(line_numbers):
        raise unreadable(file, [Problem(header_line, "the file ends after its header")], remedy="add samples")
    data = _one_delimiter(data, delimiter)
    data = _decimal_point(data, delimiter, file, line_numbers)
    return Layout((*stated, *later), header, header_line, delimiter, data, line_numbers, segment_starts)


def _plain_text(raw: bytes, file: str) -> bytes:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise unreadable(file, [Problem(None, "the file is UTF-16")], remedy="save it as UTF-8")
    text = raw.removeprefix(b"\xef\xbb\xbf")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    nul = text.find(b"\0")
    if nul >= 0:
        line = text.count(b"\n", 0, nul) + 1
        raise unreadable(file, [Problem(line, "a zero byte: this is not a text file")], remedy="give a CSV file")
    return text if text.endswith(b"\n") else text + b"\n"


def _leading_comments(text: bytes) -> tuple[list[tuple[str, str]], int, int]:
    stated: list[tuple[str, str]] = []
    line_count = offset = 0
    while offset < len(text):
        end = text.find(b"\n", offset)
        line = text[offset:end].strip()
        if line and not line.startswith(b"#"):
            break
        stated += _statement(line)
        line_count, offset = line_count + 1, end + 1
    return stated, line_count, offset


def _statement(line: bytes) -> list[tuple[str, str]]:
    match = _COMMENT.match(line.decode("utf-8", "replace"))
    return [(match["key"].lower().replace(" ", "_"), match["value"])] if match else []


def _delimiter(line: str) -> str:
    for delimiter in (";", "\t", ","):
        if delimiter in line:
            return delimiter
    return " "


def _header(line: str, delimiter: str) -> tuple[str, ...] | None:
    """The names of a header line, or None when it holds a number and so is a sample."""
    line = line.strip() if delimiter == " " else line
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
    except (csv.Error, StopIteration):
        cells = line.split(delimiter)
    if any(_NUMBER.fullmatch(cell.strip()) for cell in cells):
        return None
    return tuple(cells[:-1] if len(cells) > 1 and not cells[-1].strip() else cells)


def _data_lines(
    body: bytes, first_line: int
) -> tuple[bytes, NDArray[np.int64], tuple[int, ...], list[tuple[str, str]]]:
    """Drop blank and comment lines; a blank line between samples starts a segment."""
    import numpy as np

    symbols = np.frombuffer(body, dtype=np.uint8)
    ends = np.flatnonzero(symbols == ord("\n"))
    starts = np.concatenate(([0], ends[:-1] + 1)) if len(ends) else ends
    # A sample starts with a digit, sign or point; only the other lines (space, '#', nothing) are looked at one by one.
    suspects = np.flatnonzero(symbols[starts] <= ord("#")) if len(ends) else ends
    kept = np.ones(len(ends), dtype=bool)
    blank: list[int] = []
    stated: list[tuple[str, str]] = []
    for line in suspects.tolist():
        text = body[starts[line] : ends[line]].strip()
        if text and not text.startswith(b"#"):
            continue
        kept[line] = False
        stated += _statement(text)
        if not text:
            blank.append(line)
    rows_before = np.cumsum(kept)
    row_count = int(rows_before[-1]) if len(kept) else 0
    segments = {0, *(int(rows_before[line]) for line in blank if rows_before[line] < row_count)}
    return _join(body, starts, ends, kept), np.flatnonzero(kept) + first_line, tuple(sorted(segments)), stated


def _join(body: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64], kept: NDArray[np.bool_]) -> bytes:
    import numpy as np

    if kept.all():
        return body
    edges = np.flatnonzero(np.diff(np.concatenate(([False], kept, [False])).astype(np.int8)))
    return b"".join(body[starts[first] : ends[after - 1] + 1] for first, after in edges.reshape(-1, 2).tolist())


def _one_delimiter(data: bytes, delimiter: str) -> bytes:
    if delimiter != " ":
        return data
    return re.sub(rb"(?m)^[ \t]+|[ \t]+$", b"", re.sub(rb"[ \t]+", b" ", data))


def _decimal_point(data: bytes, delimiter: str, file: str, line_numbers: NDArray[np.int64]) -> bytes:
    if delimiter == "," or b"," not in data:
        return data
    point = data.find(b".")
    if point >= 0:
        line = int(line_numbers[data.count(b"\n", 0, point)])
        raise unreadable(
            file, [Problem(line, "decimal points and decimal commas are mixed")], remedy="use one decimal mark"
        )
    return data.replace(b",", b".")
