"""The one place where the conformance tests meet tinysim's C++ core: put a state in, run, take the state out.

A bare machine without devices: flash, RAM, and start code that turns the floating-point unit on. A case runs at full
speed to the BKPT behind its code (cases.padded); branches are stepped.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cases import CODE_START, FILLER_BYTES, Case, State, filler, padded
from instructions import DATA_BYTES, DATA_START

CLOCK_HZ = 64_000_000
FLASH_BYTES, RAM_START, RAM_BYTES = 0x0010_0000, 0x2000_0000, 0x0004_0000
STACK_TOP, START_CODE = RAM_START + RAM_BYTES, 0x400
# ldr r0, =0xE000ED88; mov.w r1, #0xF00000; str r1, [r0]; dsb; isb; vmov.f32 s0, #2.0; bkpt; the literal
TURN_FPU_ON = "0548 4ff47001 0160 bff34f8f bff36f8f b0ee000a 00be 00bf 88ed00e0"
LONGEST_CASE_TICKS = 1_000_000
XPSR_THUMB = 1 << 24


class CoreUnderTest:
    """Runs cases; raises ImportError if tinysim._core is not built."""

    def __init__(self) -> None:
        # Taken as untyped: the tests for mypy run without the built module.
        core = import_module("tinysim._core")
        self.machine: Any = core.Machine(CLOCK_HZ, {"cpu_hz": CLOCK_HZ})
        self.machine.add_memory("flash", FLASH_BYTES, True, 0xFF, [0])
        self.machine.add_memory("ram", RAM_BYTES, False, 0, [RAM_START])
        self.machine.poke(0, STACK_TOP.to_bytes(4, "little") + (START_CODE | 1).to_bytes(4, "little"))
        self.machine.poke(START_CODE, bytes.fromhex(TURN_FPU_ON))
        self.machine.poke(CODE_START - FILLER_BYTES, filler())
        self.machine.stops_at_breakpoint = True
        self.code = b""
        self.machine.power_on(0)
        self._run_to_breakpoint()

    def run(self, case: Case) -> State:
        """The state after the case. Raises RuntimeError if it does not reach its end."""
        self._write_state(case)
        if case.branches:
            self._step_until_branched(case.end)
        else:
            self._run_to_breakpoint()
        return self._state()

    def step_through(self, case: Case) -> State:
        """As run(), one instruction at a time."""
        self._write_state(case)
        while CODE_START <= self.machine.registers[15] < case.end:
            self.machine.step()
        return self._state()

    def _write_state(self, case: Case) -> None:
        machine = self.machine
        if case.code != self.code:
            machine.poke(CODE_START, padded(case.code))
            self.code = case.code
        machine.poke(DATA_START, case.memory)
        machine.registers = [*case.registers, CODE_START]
        machine.fp_registers = [*case.singles, case.fpscr]
        machine.set_xpsr(case.apsr | XPSR_THUMB)

    def _run_to_breakpoint(self) -> None:
        reason = self.machine.run(self.machine.now + LONGEST_CASE_TICKS)
        if reason != "breakpoint" or self.machine.has_fault:
            raise RuntimeError(f"the core stopped by '{reason}': {self.machine.registers} {self.machine.fault}")

    def _step_until_branched(self, end: int) -> None:
        last, pc = 0, CODE_START
        while last < pc < end:
            last = pc
            self.machine.step()
            pc = self.machine.registers[15]

    def _state(self) -> State:
        memory = bytes(self.machine.peek(DATA_START, DATA_BYTES))
        return State.of(self.machine.registers, self.machine.fp_registers, memory)
