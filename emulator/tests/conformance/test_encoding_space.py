"""Allocated or not: each 16-bit value and many words of each 32-bit first halfword do what the manual's tables say.

The tables (manual_*.py) are held against tinysim's decoder in full, and against Unicorn and QEMU where the manual
leaves no choice; what these two do otherwise is data (oracle_deviations.py).
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

import pytest
from boards import Board, core_board
from encoding_space import expected, narrow_words, outcome, wide_words, words_of_rows
from manual import Row
from manual_sections import NUMBERS
from manual_tables import ROWS, row_of, rows_of, verdict
from oracle_deviations import UNICORN_ENCODINGS
from qemu_board import qemu_board

# Sections of A7.7 without a row: other names of a row's encodings, and instructions that a Cortex-M4 does not have.
WITHOUT_ROWS: Mapping[str, str] = {
    "CPY": "MOV (register)", "NEG": "RSB (immediate)", "MOV (shifted register)": "LSL, LSR, ASR, ROR, RRX",
    "CSDB": "an unallocated hint before issue E.e", "SSBB": "DSB #0", "PSSBB": "DSB #4",
    **dict.fromkeys(
        ["VCVT (double, single)", "VCVTA, VCVTN, VCVTP, VCVTM", "VMAXNM, VMINNM", "VSEL", "VRINTX", "VRINTZ, VRINTR",
         "VRINTA, VRINTN, VRINTP, VRINTM"], "FPv5",
    ),
}  # fmt: skip
NAMELESS = {"Unallocated hint", "Unallocated memory hint"}


@pytest.fixture(scope="module")
def core() -> Board:
    return core_board()


@pytest.fixture(scope="module")
def qemu() -> Iterator[Board]:
    board = qemu_board()
    yield board
    board.close()


def disagreements(board: Board, words: Iterable[int], *, with_fpu: bool = True) -> list[str]:
    """Words on which the board does not do what the manual (or our choice) says."""
    found = []
    for word in words:
        said, does = verdict(word), outcome(board, word, with_fpu=with_fpu)
        if does != expected(said):
            found.append(f"{word:#x} {said.row.name if said.row else 'unallocated'}: {expected(said)}, {does}")
    return found


def test_every_section_of_the_manual_has_a_row() -> None:
    titles = {row.title for row in ROWS}
    assert titles - set(NUMBERS) == NAMELESS
    assert set(NUMBERS) - titles == set(WITHOUT_ROWS)
    assert len({row.name for row in ROWS}) == len(ROWS)


def test_no_word_belongs_to_two_rows() -> None:
    rng = random.Random("rows")
    words = chain(narrow_words(), wide_words(rng, 8), (word for _, word in words_of_rows(rng, 100)))
    assert [f"{word:#x}: {rows_of(word)}" for word in words if len(rows_of(word)) > 1] == []


def test_the_core_decodes_every_16_bit_value_as_the_manual_says(core: Board) -> None:
    assert disagreements(core, narrow_words()) == []


def test_the_core_decodes_some_words_of_every_32_bit_first_halfword_as_the_manual_says(core: Board) -> None:
    assert disagreements(core, wide_words(random.Random("wide"), 8)) == []


def test_the_core_decodes_words_of_every_encoding_as_the_manual_says(core: Board) -> None:
    words = (word for _, word in words_of_rows(random.Random("rows"), 60))
    assert disagreements(core, words) == []


def test_without_the_fpu_all_of_its_space_is_no_coprocessor(core: Board) -> None:
    rng = random.Random("without fpu")
    words = [0xEC00_0A00 | rng.getrandbits(26) & 0x03FF_F1FF for _ in range(2000)]
    allocated = [word for word in words if not no_coprocessor_instruction(word)]
    assert {outcome(core, word, with_fpu=False) for word in allocated} == {"NOCP"}


def no_coprocessor_instruction(word: int) -> bool:
    """Bits 25:24 = 11 are no coprocessor's (A5.3.18)."""
    return word >> 24 & 3 == 3


def unicorn_difference(word: int, does: str) -> str | None:
    """The clause of UNICORN_ENCODINGS that says so."""
    for mask, value, listed, clause in UNICORN_ENCODINGS:
        if word & mask == value and (word > 0xFFFF) == (value > 0xFFFF) and does == listed:
            return clause
    return None


def test_unicorn_accepts_what_the_manual_allocates() -> None:
    pytest.importorskip("unicorn", reason="unicorn is not installed (pip install tinysim[dev])")
    from unicorn_oracle import UnicornDecoder

    decoder, rng, wrong, seen = UnicornDecoder(), random.Random("unicorn"), [], set()
    for word in chain(range(0, 0xE800), wide_words(rng, 2), (word for _, word in words_of_rows(rng, 20))):
        said = verdict(word)
        if said.status == "UNPREDICTABLE":
            continue
        does = decoder.outcome(word)
        if does == expected(said):
            continue
        clause = unicorn_difference(word, does)
        seen.add(clause)
        if clause is None:
            wrong.append(f"{word:#x} {said.row.name if said.row else 'unallocated'}: {expected(said)}, unicorn {does}")
    assert wrong == []
    assert seen == {clause for *_, clause in UNICORN_ENCODINGS}, "a difference in the list is no longer there"


def may_be_put_to_qemu(row: Row | None, word: int) -> bool:
    """Not WFI (see qemu_board), not what the manual leaves open, not what is in oracle_deviations.QEMU."""
    waits = row is not None and row.title == "WFI"
    return not waits and verdict(word).status != "UNPREDICTABLE" and word & 0xEFE0_0000 != 0xEC00_0000


def test_qemu_decodes_words_of_every_encoding_as_the_manual_says(qemu: Board) -> None:
    words = (word for row, word in words_of_rows(random.Random("qemu"), 3) if may_be_put_to_qemu(row, word))
    assert disagreements(qemu, words) == []


def test_qemu_agrees_on_what_is_undefined(qemu: Board) -> None:
    rng = random.Random("undefined")
    words = [word for word in chain(narrow_words(), wide_words(rng, 2)) if row_of(word) is None]
    chosen = [word for word in rng.sample(words, 600) if may_be_put_to_qemu(None, word)]
    assert disagreements(qemu, chosen) == []


def test_qemu_agrees_that_without_the_fpu_all_of_its_space_is_no_coprocessor(qemu: Board) -> None:
    rng = random.Random("qemu without fpu")
    words = [0xEC00_0A00 | rng.getrandbits(26) & 0x03FF_F1FF for _ in range(200)]
    allocated = [word for word in words if not no_coprocessor_instruction(word)]
    assert {outcome(qemu, word, with_fpu=False) for word in allocated} == {"NOCP"}
