"""All rows of the manual's tables, and which row a word of machine code belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import manual_control
import manual_data_processing
import manual_float
import manual_memory
import manual_thumb16
from manual import Row, Verdict, judge

ROWS: tuple[Row, ...] = (
    *manual_thumb16.ROWS,
    *manual_data_processing.ROWS,
    *manual_memory.ROWS,
    *manual_control.ROWS,
    *manual_float.ROWS,
)
FIRST_WIDE = 0xE800


@cache
def rows_beginning_with(first: int) -> tuple[Row, ...]:
    """The rows that take some word whose first halfword is this."""
    if first < FIRST_WIDE:
        return tuple(row for row in ROWS if row.size_bytes == 2 and first & row.mask == row.value)
    wide = (row for row in ROWS if row.size_bytes == 4)
    return tuple(row for row in wide if first & row.mask >> 16 == row.value >> 16)


def rows_of(word: int) -> list[Row]:
    """Every row that takes the word: none or one, else the tables are ambiguous."""
    first = word if word < FIRST_WIDE else word >> 16
    return [row for row in rows_beginning_with(first) if row.takes_word(word)]


def row_of(word: int) -> Row | None:
    first = word if word < FIRST_WIDE else word >> 16
    for row in rows_beginning_with(first):
        if word & row.mask == row.value and row.takes_word(word):
            return row
    return None


def verdict(word: int) -> Verdict:
    """What the manual says of the word."""
    return judge(row_of(word), word)


def words_in(code: bytes) -> Iterator[int]:
    """The instruction words of straight-line code."""
    halves = [int.from_bytes(code[i : i + 2], "little") for i in range(0, len(code), 2)]
    position = 0
    while position < len(halves):
        first = halves[position]
        if first < FIRST_WIDE:
            yield first
        else:
            yield first << 16 | halves[position + 1]
        position += 1 if first < FIRST_WIDE else 2
