"""What Unicorn cannot judge: special registers, SVC, BKPT, UDF, sleep and hints, NOCP, each with our own expectation.

Expectations follow the manual's pseudocode and are held against tinysim's core and, where it is installed, QEMU.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from boards import (
    BKPT,
    HANDLER,
    HARD_FAULT,
    HFSR,
    LONGEST_RUN_TICKS,
    NOCP,
    SV_CALL,
    UNDEFINSTR,
    USAGE_FAULT,
    XPSR_EXCEPTION,
    XPSR_THUMB,
    Board,
    CoreBoard,
    Taken,
    core_board,
    exception_taken,
    start,
)
from cases import CODE_START
from encoding_space import to_bytes
from manual_tables import ROWS
from qemu_board import qemu_board
from special_registers import APSR_BITS, MAIN_STACK, NUMBER, PROCESS_STACK, Program, Thread, mrs
from system_programs import PROGRAMS, SYSTEM_WORDS

SEV = 0xBF40
BRANCH_TO_ITSELF = bytes.fromhex("fee7")
SVC_0 = bytes.fromhex("00df")
DUMPED = ("PRIMASK", "BASEPRI", "FAULTMASK", "CONTROL", "MSP", "PSP")
DUMP = b"".join(to_bytes(mrs(register, NUMBER[name])) for register, name in enumerate(DUMPED)) + BKPT
DUMP_END = CODE_START + len(DUMP) - len(BKPT)
HFSR_DEBUGEVT, HFSR_FORCED = 1 << 31, 1 << 30


@pytest.fixture(scope="module", params=["tinysim", "qemu"])
def board(request: pytest.FixtureRequest) -> Iterator[Board]:
    if request.param == "qemu":
        found: Board = qemu_board()
    else:
        found = core_board()
    yield found
    found.close()


def run_program(board: Board, program: Program) -> None:
    code = b"".join(to_bytes(word) for word in program.words) + (SVC_0 if program.unprivileged else b"")
    start(board)
    board.write(CODE_START, code + BKPT)
    board.set_registers([*program.registers, MAIN_STACK, 0, CODE_START, XPSR_THUMB | program.apsr])
    board.run(CODE_START + len(code))


def dumped(board: Board) -> dict[str, int]:
    """The special registers, read by MRS in the mode that the board is in."""
    registers = board.registers()
    board.write(CODE_START, DUMP)
    board.set_registers([*registers[:15], CODE_START, registers[16]])
    board.run(DUMP_END)
    return dict(zip(DUMPED, board.registers(), strict=False))


def expected_thread(program: Program) -> Thread:
    thread = Thread(registers=list(program.registers), apsr=program.apsr)
    for word in program.words:
        thread.execute(word)
    return thread


@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_special_registers_keep_the_rules_of_msr_mrs_and_cps(board: Board, number: int) -> None:
    program = PROGRAMS[number]
    thread = expected_thread(program)
    run_program(board, program)
    registers = board.registers()
    assert registers[:13] == thread.registers
    assert registers[16] & APSR_BITS == thread.apsr
    hidden = {"PRIMASK": thread.primask, "BASEPRI": thread.basepri, "FAULTMASK": thread.faultmask}
    stacks = {"MSP": thread.msp, "PSP": thread.psp}
    if program.unprivileged:
        assert (registers[16] & XPSR_EXCEPTION, registers[14]) == (SV_CALL, thread.exc_return)
        stacks["PSP" if thread.control & 2 else "MSP"] -= thread.frame_bytes
        assert dumped(board) == {**hidden, **stacks, "CONTROL": thread.control & 1}
    else:
        assert registers[13] == thread.sp
        assert dumped(board) == {**hidden, **stacks, "CONTROL": thread.control}


def run_one(board: Board, word: int) -> Taken:
    """The exception of one instruction; registers hold PROCESS_STACK, so that nothing leaves memory."""
    start(board)
    code = to_bytes(word)
    board.write(CODE_START, code + BKPT)
    board.set_registers([*[PROCESS_STACK] * 13, MAIN_STACK, 0, CODE_START, XPSR_THUMB])
    board.run(CODE_START + len(code))
    return exception_taken(board)


@pytest.mark.parametrize("name", [name for name in SYSTEM_WORDS if name.startswith("SVC")])
def test_svc_returns_behind_itself(board: Board, name: str) -> None:
    assert {run_one(board, word) for word in SYSTEM_WORDS[name]} == {Taken(SV_CALL, 0, CODE_START + 2)}


@pytest.mark.parametrize("name", [name for name in SYSTEM_WORDS if name.startswith("UDF")])
def test_udf_is_undefined(board: Board, name: str) -> None:
    assert {run_one(board, word) for word in SYSTEM_WORDS[name]} == {Taken(USAGE_FAULT, UNDEFINSTR, CODE_START)}


@pytest.mark.parametrize("name", [row.name for row in ROWS if row.takes == "NOCP"])
def test_a_coprocessor_instruction_finds_no_coprocessor(board: Board, name: str) -> None:
    assert {run_one(board, word) for word in SYSTEM_WORDS[name]} == {Taken(USAGE_FAULT, NOCP, CODE_START)}


@pytest.fixture
def core() -> CoreBoard:
    return core_board()


def test_a_bkpt_without_a_debugger_is_a_hard_fault_that_names_the_debug_event(core: CoreBoard) -> None:
    for word in SYSTEM_WORDS["BKPT T1"]:
        start_with(core, to_bytes(word))
        core.write(HANDLER, BRANCH_TO_ITSELF)
        core.machine.stops_at_breakpoint = False
        core.step()
        core.machine.stops_at_breakpoint = True
        assert exception_taken(core) == Taken(HARD_FAULT, 0, CODE_START)
        assert core.system_word(HFSR) & (HFSR_DEBUGEVT | HFSR_FORCED) == HFSR_DEBUGEVT


def start_with(core: CoreBoard, code: bytes) -> None:
    start(core)
    core.write(CODE_START, code + BKPT)
    core.set_registers([*[0] * 13, MAIN_STACK, 0, CODE_START, XPSR_THUMB])


@pytest.mark.parametrize("name", ["WFI T1", "WFI T2", "WFE T1", "WFE T2"])
def test_asleep_with_no_event_ever_coming_is_a_deadlock(core: CoreBoard, name: str) -> None:
    for word in SYSTEM_WORDS[name]:
        start_with(core, to_bytes(word))
        assert core.machine.run(core.machine.now + LONGEST_RUN_TICKS) == "deadlock"
        assert core.registers()[15] == CODE_START + len(to_bytes(word))


@pytest.mark.parametrize("name", ["WFE T1", "WFE T2"])
def test_wfe_uses_up_the_event_that_sev_left(core: CoreBoard, name: str) -> None:
    for word in SYSTEM_WORDS[name]:
        code = to_bytes(SEV) + to_bytes(word)
        start_with(core, code)
        core.run(CODE_START + len(code))
        start_with(core, code + to_bytes(word))
        assert core.machine.run(core.machine.now + LONGEST_RUN_TICKS) == "deadlock"


@pytest.mark.parametrize("name", [name for name in SYSTEM_WORDS if name.startswith(("YIELD", "SEV"))])
def test_a_hint_does_nothing_else(board: Board, name: str) -> None:
    for word in SYSTEM_WORDS[name]:
        assert run_one(board, word) == Taken(0)
        assert board.registers()[:15] == [*[PROCESS_STACK] * 13, MAIN_STACK, 0]
