"""Random cases (cases.py) on a board: as a whole, or instruction by instruction."""

from __future__ import annotations

from boards import BKPT, STACK_TOP, XPSR_THUMB, Board, start
from cases import CODE_START, FILLER_BYTES, Case, State, filler, padded
from instructions import DATA_BYTES, DATA_START

VMOV_S0_S0 = bytes.fromhex("b0ee400a")


def prepare(board: Board) -> None:
    """Before the first case. The first floating-point instruction begins a context with a new FPSCR (B1.5.7)."""
    start(board)
    board.write(CODE_START - FILLER_BYTES, filler())
    board.write(CODE_START, VMOV_S0_S0 + BKPT)
    board.set_registers([*[0] * 13, STACK_TOP, 0, CODE_START, XPSR_THUMB])
    board.run(CODE_START + len(VMOV_S0_S0))


def put(board: Board, case: Case) -> None:
    """Code and state in place, pc at the first instruction."""
    board.write(CODE_START, padded(case.code))
    board.write(DATA_START, case.memory)
    board.set_singles([*case.singles, case.fpscr])
    board.set_registers([*case.registers, CODE_START, case.apsr | XPSR_THUMB])


def state_of(board: Board) -> State:
    return State.of(board.registers(), board.singles(), board.read(DATA_START, DATA_BYTES))


def run_case(board: Board, case: Case) -> State:
    """The state after a case that does not branch."""
    put(board, case)
    board.run(case.end)
    return state_of(board)


def steps_of(board: Board, case: Case) -> list[tuple[int, ...]]:
    """r0 to r15 and xPSR, with its IT bits, at each instruction boundary up to the end of the case."""
    put(board, case)
    seen: list[tuple[int, ...]] = []
    while not seen or seen[-1][15] < case.end:
        board.step()
        seen.append(tuple(board.registers()))
        assert len(seen) <= len(case.code), f"left the code: {[hex(each[15]) for each in seen[-3:]]}"
    return seen
