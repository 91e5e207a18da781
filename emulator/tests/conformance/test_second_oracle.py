"""Where Unicorn is wrong or silent, QEMU decides: alignment faults, SP's low bits, conversions from fixed point in
every rounding mode, IT blocks instruction by instruction; and a share of everything else, so that two oracles saw it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from board_cases import prepare, run_case, steps_of
from boards import BKPT, UNALIGNED, USAGE_FAULT, XPSR_THUMB, Board, Taken, core_board, exception_taken, start
from cases import CODE_START
from comparison import differences
from encoding_space import to_bytes
from instructions import DATA_START
from qemu_board import qemu_board
from second_oracle_cases import GROUP_CASES, IT_CASES, ROUNDED_CASES, STACK_POINTER_WORDS, UNALIGNED_WORDS

UNALIGNED_BASE = DATA_START + 256


@pytest.fixture(scope="module")
def core() -> Board:
    return core_board()


@pytest.fixture(scope="module")
def qemu() -> Iterator[Board]:
    board = qemu_board()
    yield board
    board.close()


def with_base(board: Board, word: int, base: int, sp: int = UNALIGNED_BASE) -> Taken:
    """What the word takes when all of r0 to r12 hold the base."""
    start(board)
    code = to_bytes(word)
    board.write(CODE_START, code + BKPT)
    board.set_registers([*[base] * 13, sp, base, CODE_START, XPSR_THUMB])
    board.run(CODE_START + len(code))
    return exception_taken(board)


@pytest.mark.parametrize("name", UNALIGNED_WORDS)
def test_what_must_be_aligned_faults_if_it_is_not(core: Board, name: str) -> None:
    for word in UNALIGNED_WORDS[name].words:
        for offset in (1, 2, 3):
            taken = with_base(core, word, UNALIGNED_BASE + offset)
            assert taken == Taken(USAGE_FAULT, UNALIGNED, CODE_START), f"{word:#x} at +{offset}"


@pytest.mark.parametrize("name", [name for name in UNALIGNED_WORDS if not UNALIGNED_WORDS[name].qemu_does_not_fault])
def test_qemu_faults_there_as_well(qemu: Board, name: str) -> None:
    for word in UNALIGNED_WORDS[name].words:
        taken = with_base(qemu, word, UNALIGNED_BASE + 2)
        assert taken == Taken(USAGE_FAULT, UNALIGNED, CODE_START), f"{word:#x}"


@pytest.mark.parametrize("name", STACK_POINTER_WORDS)
def test_the_low_bits_of_sp_are_always_zero(core: Board, qemu: Board, name: str) -> None:
    for word in STACK_POINTER_WORDS[name]:
        after = []
        for board in (core, qemu):
            board.write(DATA_START, bytes([0x17]) * 1024)
            with_base(board, word, UNALIGNED_BASE + 3)
            after.append(board.registers())
        assert after[0][13] & 3 == 0
        assert after[0] == after[1], f"{word:#x}"


@pytest.mark.parametrize("group", GROUP_CASES)
def test_qemu_agrees_with_the_core(core: Board, qemu: Board, group: str) -> None:
    for board in (core, qemu):
        prepare(board)
    for case in GROUP_CASES[group]:
        assert differences(run_case(qemu, case), run_case(core, case), "qemu") == [], f"{case.names} {case.code.hex()}"


def test_qemu_agrees_on_conversions_from_fixed_point_in_every_rounding_mode(core: Board, qemu: Board) -> None:
    for board in (core, qemu):
        prepare(board)
    for case in ROUNDED_CASES:
        assert differences(run_case(qemu, case), run_case(core, case), "qemu") == [], f"{case.names} {case.code.hex()}"


def test_qemu_agrees_at_every_boundary_inside_it_blocks(core: Board, qemu: Board) -> None:
    for board in (core, qemu):
        prepare(board)
    for case in IT_CASES:
        assert steps_of(core, case) == steps_of(qemu, case), f"{case.names} {case.code.hex()}"
