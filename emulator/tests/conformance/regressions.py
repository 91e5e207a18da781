"""Cases that once differed, as the test printed them; they run first. Newest last, with what was wrong as a comment."""

from __future__ import annotations

from collections.abc import Mapping

from cases import Case
from instructions import DATA_BYTES


def numbered(count: int, values: Mapping[int, int]) -> tuple[int, ...]:
    """`count` numbers, zero where not given."""
    return tuple(values.get(number, 0) for number in range(count))


def memory_words(values: Mapping[int, int]) -> bytes:
    """The data block, zero but for the words given by their index."""
    return b"".join(word.to_bytes(4, "little") for word in numbered(DATA_BYTES // 4, values))


CASES: list[Case] = [
    # FLDMIAX wrote back the words loaded, not one more.
    Case(
        code=bytes.fromhex("b0ec030b"), names=("fldmiax",), boundaries=(0, 4),
        registers=(0x2001_0200, *[0] * 14), memory=memory_words({128: 1, 129: 2}),
    ),
    # FSTMDBX began at the words stored, not one below.
    Case(code=bytes.fromhex("20ed030b"), names=("fstmdbx",), boundaries=(0, 4), registers=(0x2001_0200, *[0] * 14)),
]  # fmt: skip

# Found by the billion: known deviations of Unicorn (oracle_deviations.py) within longer units.
UNICORN_IS_WRONG: tuple[Case, ...] = (
    Case(
        code=bytes.fromhex("00bfe2bf26fb069b1af5404fdefa46f0"),
        names=("it smlad cmn imm usub16",),
        registers=(0, 0, 0, 0, 0, 0, 0x80008000, 0, 0, 0xBE4F40AE, 0, 0, 0, 0, 0),
    ),
    Case(
        code=bytes.fromhex("00bf01dabaeee87a"),
        names=("b conditional vcvt from fixed",),
        apsr=0x880F0000,
        fpscr=0x26C0009A,
        singles=numbered(32, {14: 0x974170BA}),
    ),
)
