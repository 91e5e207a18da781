"""Unicorn as oracle for single instructions: a Cortex-M4 without exceptions, in this process.

UC_MODE_MCLASS is not used: it silently makes the processor a Cortex-M33, on which undefined instructions execute.
Known deviations from the ARMv7-M manual stand in oracle_deviations.UNICORN; the generator avoids them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from cases import APSR_MASK, CODE_BYTES, CODE_END, CODE_START, FILLER_BYTES, FPSCR_MASK, Case, State, filler, padded
from encoding_space import ODD_BYTES, ODD_POINTER, STACK_POINTER, to_bytes
from instructions import DATA_BYTES, DATA_START

# The package is only half annotated, so it is taken as untyped.
unicorn = import_module("unicorn")
arm = import_module("unicorn.arm_const")

CORE = [arm.UC_ARM_REG_R0 + number for number in range(13)] + [arm.UC_ARM_REG_SP, arm.UC_ARM_REG_LR]
SINGLES = [arm.UC_ARM_REG_S0 + number for number in range(32)]
ALL = [*CORE, *SINGLES, arm.UC_ARM_REG_FPSCR, arm.UC_ARM_REG_CPSR]
THUMB_USER_STATE = 0x33
# Where a branch leads out of the map: a fetch error, or for the highest addresses an exception return.
FETCH_ERRORS = (unicorn.UC_ERR_FETCH_UNMAPPED, unicorn.UC_ERR_EXCEPTION)
# The BKPT behind the code ends a run: with an end address Unicorn would translate the code anew each time.
NEVER_REACHED = 0x000F_0000
FLUSH_EVERY_CODES = 1000
VMOV_S0_S0 = bytes.fromhex("b0ee400a")


class Rejected(Exception):
    """Unicorn did not execute the code: invalid instruction, or an access outside the memory map."""


class UnicornOracle:
    """Runs cases; one instance serves any number of them."""

    def __init__(self) -> None:
        self.machine = new_machine()
        # A hook on every instruction is slow, so branches have a machine of their own.
        self.tracing_machine = new_machine()
        self.tracing_machine.hook_add(unicorn.UC_HOOK_CODE, self._stop_after_branch)
        self._last_address = 0
        self._end = 0
        self._code: dict[bool, bytes] = {}
        self._codes_taken = 0

    def run(self, case: Case) -> State:
        """The state after the case. Raises Rejected."""
        machine = self.tracing_machine if case.branches else self.machine
        if case.code != self._code.get(case.branches):
            self._take_code(machine, case)
        write_state(machine, case)
        self._last_address, self._end = 0, case.end
        try:
            machine.emu_start(CODE_START | 1, NEVER_REACHED)
        except unicorn.UcError as error:
            pc = machine.reg_read(arm.UC_ARM_REG_PC)
            at_the_end = error.errno == unicorn.UC_ERR_EXCEPTION and pc == case.end
            left_the_map = error.errno in FETCH_ERRORS and not CODE_START <= pc < case.end
            if not (at_the_end or (case.branches and left_the_map)):
                raise Rejected(f"unicorn: {error} at pc {pc:#010x}, code {case.code.hex()}, {case.names}") from error
        return read_state(machine)

    def _take_code(self, machine: Any, case: Case) -> None:
        """New code in place. Translations of old code stay in memory until they are all thrown away."""
        write_code(machine, case.code)
        self._code[case.branches] = case.code
        self._codes_taken += 1
        if self._codes_taken % FLUSH_EVERY_CODES == 0:
            machine.ctl_flush_tb()

    def _stop_after_branch(self, machine: Any, address: int, size: int, data: object) -> None:
        if self._last_address < address < self._end:
            self._last_address = address
        else:
            machine.emu_stop()


def new_machine() -> Any:
    machine = unicorn.Uc(unicorn.UC_ARCH_ARM, unicorn.UC_MODE_THUMB)
    machine.ctl_set_cpu_model(arm.UC_CPU_ARM_CORTEX_M4)
    machine.mem_map(0, 0x0010_0000)
    machine.mem_map(0x2000_0000, 0x0004_0000)
    machine.mem_write(CODE_START - FILLER_BYTES, filler())
    # The first floating-point instruction begins a new context (DDI 0403 B1.5.7) and resets FPSCR.
    machine.mem_write(CODE_START, VMOV_S0_S0)
    machine.emu_start(CODE_START | 1, CODE_START + len(VMOV_S0_S0))
    return machine


def write_code(machine: Any, code: bytes) -> None:
    machine.mem_write(CODE_START, padded(code))
    machine.ctl_remove_cache(CODE_START, CODE_START + CODE_BYTES)


def write_state(machine: Any, case: Case) -> None:
    machine.mem_write(DATA_START, case.memory)
    values = [*case.registers, *case.singles, case.fpscr, case.apsr | THUMB_USER_STATE]
    machine.reg_write_batch(list(zip(ALL, values, strict=True)))


def read_state(machine: Any) -> State:
    after = machine.reg_read_batch(ALL)
    return State(
        registers=tuple(after[:15]),
        pc=machine.reg_read(arm.UC_ARM_REG_PC),
        apsr=after[48] & APSR_MASK,
        fpscr=after[47] & FPSCR_MASK,
        singles=tuple(after[15:47]),
        memory=bytes(machine.mem_read(DATA_START, DATA_BYTES)),
    )


class UnicornDecoder:
    """Says of one word whether Unicorn executes it, with the operands of encoding_space.outcome."""

    def __init__(self) -> None:
        self.machine = new_machine()
        self.machine.mem_write(DATA_START, ODD_BYTES)

    def outcome(self, word: int) -> str:
        """As encoding_space.outcome; NOCP is an exception of a word in coprocessor space."""
        machine = self.machine
        machine.mem_write(CODE_START, to_bytes(word) + CODE_END)
        machine.ctl_remove_cache(CODE_START, CODE_START + 16)
        values = [*[ODD_POINTER] * 13, STACK_POINTER, ODD_POINTER, THUMB_USER_STATE]
        machine.reg_write_batch(list(zip([*CORE, arm.UC_ARM_REG_CPSR], values, strict=True)))
        try:
            machine.emu_start(CODE_START | 1, NEVER_REACHED, count=1)
        except unicorn.UcError as error:
            if error.errno == unicorn.UC_ERR_INSN_INVALID:
                return "UNDEFINED"
            in_coprocessor_space = word >> 26 in (0b111011, 0b111111)
            return "NOCP" if error.errno == unicorn.UC_ERR_EXCEPTION and in_coprocessor_space else "executes"
        return "executes"
