"""A bare Cortex-M4F on which a test puts code and runs it: tinysim's core here, QEMU's in qemu_board.py.

Flash from 0, RAM from 0x2000_0000. All vectors lead to one handler, a BKPT that is never executed: a run ends there
or at the end that the test names. Where Unicorn is silent the same expectation is held against both boards.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol

import pytest

CLOCK_HZ = 64_000_000
FLASH_BYTES, RAM_START, RAM_BYTES = 0x0010_0000, 0x2000_0000, 0x0004_0000
STACK_TOP, START_CODE, HANDLER = RAM_START + RAM_BYTES, 0x400, 0x500
BKPT = bytes.fromhex("00be")
CFSR, HFSR, CPACR, SHCSR = 0xE000_ED28, 0xE000_ED2C, 0xE000_ED88, 0xE000_ED24
UNDEFINSTR, INVSTATE, NOCP, UNALIGNED = 1 << 16, 1 << 17, 1 << 19, 1 << 24
USAGE_FAULTS = 0xFFFF_0000
SHCSR_USGFAULTENA, FPU_ON = 1 << 18, 0x00F0_0000
HARD_FAULT, USAGE_FAULT, SV_CALL = 3, 6, 11
XPSR_THUMB = 1 << 24
XPSR_EXCEPTION = 0x1FF
LONGEST_RUN_TICKS = 1_000_000
# ldr r0, [pc, #12]; ldr r1, [pc, #16]; str r1, [r0]; dsb; isb; bkpt; the address and the value.
STORE_WORD = bytes.fromhex("0348 0449 0160 bff34f8f bff36f8f 00be")
# ldr r0, [pc, #4]; ldr r0, [r0]; nop; bkpt; the address.
LOAD_WORD = bytes.fromhex("0148 0068 00bf 00be")


class Board(Protocol):
    """What both boards offer. Registers are r0 to r15 and xPSR; singles are s0 to s31 and FPSCR."""

    name: str

    def reset(self) -> None: ...
    def write(self, address: int, data: bytes) -> None: ...
    def read(self, address: int, count: int) -> bytes: ...
    def system_word(self, address: int) -> int: ...
    def registers(self) -> list[int]: ...
    def set_registers(self, values: list[int]) -> None: ...
    def singles(self) -> list[int]: ...
    def set_singles(self, values: list[int]) -> None: ...
    def run(self, end: int) -> None: ...
    def step(self) -> None: ...
    def close(self) -> None: ...


def core_board() -> CoreBoard:
    """Ours; skips the test when the core is not built."""
    try:
        return CoreBoard()
    except ImportError as missing:
        pytest.skip(f"the C++ core is not built: {missing}")


def vector_table() -> bytes:
    entries = [STACK_TOP, START_CODE | 1, *[HANDLER | 1] * 14]
    return b"".join(entry.to_bytes(4, "little") for entry in entries)


def start(board: Board, *, with_fpu: bool = True) -> None:
    """Reset, then let code turn on UsageFault, and the floating-point unit or not. Privileged thread mode."""
    board.reset()
    store_word(board, SHCSR, SHCSR_USGFAULTENA)
    if with_fpu:
        store_word(board, CPACR, FPU_ON)


def store_word(board: Board, address: int, value: int) -> None:
    """A store to the System Control Space, by code."""
    board.write(START_CODE, STORE_WORD + address.to_bytes(4, "little") + value.to_bytes(4, "little"))
    board.set_registers([*[0] * 13, STACK_TOP, 0, START_CODE, XPSR_THUMB])
    board.run(START_CODE + len(STORE_WORD) - len(BKPT))


@dataclass(frozen=True)
class Taken:
    """The exception that an instruction took (0: none), CFSR's UsageFault half, where its handler would return to."""

    exception: int
    usage_fault: int = 0
    return_address: int = 0


def exception_taken(board: Board) -> Taken:
    """What the handler sees; call it when run() or step() is over."""
    registers = board.registers()
    exception = registers[16] & XPSR_EXCEPTION
    if exception == 0:
        return Taken(0)
    return_address = int.from_bytes(board.read(registers[13] + 24, 4), "little")
    return Taken(exception, board.system_word(CFSR) & USAGE_FAULTS, return_address)


class CoreBoard:
    """tinysim's core, with all eight priority bits as QEMU's machine has. Raises ImportError if it is not built."""

    name = "tinysim"

    def __init__(self) -> None:
        # Taken as untyped: the tests for mypy run without the built module.
        core = import_module("tinysim._core")
        self.machine: Any = core.Machine(CLOCK_HZ, {"cpu_hz": CLOCK_HZ, "nvic_priority_bits": 8})
        self.machine.add_memory("flash", FLASH_BYTES, True, 0, [0])
        self.machine.add_memory("ram", RAM_BYTES, False, 0, [RAM_START])
        self.machine.stops_at_breakpoint = True
        self.machine.poke(0, vector_table())
        self.machine.poke(HANDLER, BKPT)

    def reset(self) -> None:
        self.machine.power_on(0)

    def write(self, address: int, data: bytes) -> None:
        self.machine.poke(address, data)

    def read(self, address: int, count: int) -> bytes:
        return bytes(self.machine.peek(address, count))

    def system_word(self, address: int) -> int:
        """Read by code: the host sees memory only. A BKPT ends it, so stops_at_breakpoint must be set."""
        before = self.registers()
        self.write(START_CODE, LOAD_WORD + address.to_bytes(4, "little"))
        self.set_registers([*before[:15], START_CODE, before[16]])
        self.run(START_CODE + len(LOAD_WORD) - len(BKPT))
        value = self.registers()[0]
        self.set_registers(before)
        return value

    def registers(self) -> list[int]:
        return list(self.machine.registers)

    def set_registers(self, values: list[int]) -> None:
        self.machine.registers = values[:16]
        self.machine.set_xpsr(values[16])

    def singles(self) -> list[int]:
        return list(self.machine.fp_registers)

    def set_singles(self, values: list[int]) -> None:
        self.machine.fp_registers = values

    def run(self, end: int) -> None:
        """To the BKPT at `end`, or to the handler."""
        reason = self.machine.run(self.machine.now + LONGEST_RUN_TICKS)
        pc = self.registers()[15]
        if reason != "breakpoint" or pc not in (end, HANDLER):
            raise RuntimeError(f"the core stopped by '{reason}' at {pc:#x}, expected {end:#x}")

    def step(self) -> None:
        self.machine.step()

    def close(self) -> None:
        pass
