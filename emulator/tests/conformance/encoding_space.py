"""Every encoding, allocated or not: what a board does with one word, and which words are tried.

A word "executes" unless it takes UsageFault with UNDEFINSTR ("UNDEFINED") or NOCP: other faults come from its operands.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from boards import BKPT, NOCP, UNDEFINSTR, USAGE_FAULT, XPSR_THUMB, Board, exception_taken, start
from cases import CODE_START
from instructions import DATA_BYTES, DATA_START
from manual import Row, Verdict
from manual_tables import FIRST_WIDE, ROWS

NOP = bytes.fromhex("00bf")
# An even address in the data block for SP, an odd one elsewhere, so that BX and its like stay in Thumb state. Loaded
# words are odd wherever they lie.
STACK_POINTER = DATA_START + DATA_BYTES // 2
ODD_POINTER = STACK_POINTER | 1
ODD_BYTES = bytes([1]) * DATA_BYTES


def to_bytes(word: int) -> bytes:
    halves = [word] if word < FIRST_WIDE else [word >> 16, word & 0xFFFF]
    return b"".join(half.to_bytes(2, "little") for half in halves)


def outcome(board: Board, word: int, *, with_fpu: bool = True) -> str:
    """What the board does with the word: "executes", "UNDEFINED" or "NOCP"."""
    start(board, with_fpu=with_fpu)
    board.write(CODE_START, to_bytes(word) + NOP + BKPT)
    board.write(DATA_START, ODD_BYTES)
    board.set_registers([*[ODD_POINTER] * 13, STACK_POINTER, ODD_POINTER, CODE_START, XPSR_THUMB])
    board.step()
    taken = exception_taken(board)
    if taken.exception != USAGE_FAULT:
        return "executes"
    return {UNDEFINSTR: "UNDEFINED", NOCP: "NOCP"}.get(taken.usage_fault, "executes")


def expected(verdict: Verdict) -> str:
    """The manual's word as an outcome; where it says UNPREDICTABLE, tinysim's documented choice."""
    if verdict.status == "UNPREDICTABLE":
        return verdict.choice
    return "executes" if verdict.status == "defined" else verdict.status


def narrow_words() -> range:
    """All 16-bit instructions."""
    return range(FIRST_WIDE)


def wide_words(rng: random.Random, per_first_halfword: int) -> Iterator[int]:
    """Some words for every first halfword of a 32-bit instruction."""
    for first in range(FIRST_WIDE, 0x1_0000):
        for _ in range(per_first_halfword):
            yield first << 16 | rng.getrandbits(16)


def words_of_rows(rng: random.Random, per_row: int) -> Iterator[tuple[Row, int]]:
    """Some words of every row, whatever its conditions say of them; half of them with their should-be bits right."""
    for row in ROWS:
        bits = 8 * row.size_bytes
        for number in range(per_row):
            word = row.value | rng.getrandbits(bits) & ~row.mask
            yield row, word if number % 2 else word & ~row.should_mask | row.should_value
