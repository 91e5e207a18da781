"""MSR, MRS and CPS in thread mode as the manual's pseudocode says (DDI 0403 B5.2), and random programs of them.

An expectation of our own, because Unicorn keeps these registers without their rules; QEMU has to meet it as well.
FAULTMASK: MSR clears it at any priority, as CPSIE does, though B5.2.3 guards both directions; QEMU does the same.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from boards import RAM_START
from manual_control import SPECIAL_REGISTERS

FLAG_BITS, GE_BITS = 0xF800_0000, 0x000F_0000
APSR_BITS = FLAG_BITS | GE_BITS
MASK_32 = 0xFFFF_FFFF
NUMBER = {name: number for number, name in SPECIAL_REGISTERS.items()}
WRITES_FLAGS, WRITES_GE = 2, 1
ISB = 0xF3BF_8F6F
MAIN_STACK, PROCESS_STACK = RAM_START + 0x1_8000, RAM_START + 0x2_8000
VALUES = (0, 1, 2, 3, 0x20, 0x40, 0x80, 0xFF, 0x100, 0x8000_0000, APSR_BITS, MASK_32, MAIN_STACK, PROCESS_STACK)
# Registers with a purpose in the programs; the others hold anything.
ZERO, MAIN, PROCESS = 10, 11, 12


def mrs(register: int, special: int) -> int:
    return 0xF3EF_8000 | register << 8 | special


def msr(special: int, register: int, mask: int = WRITES_FLAGS) -> int:
    return 0xF380_8000 | register << 16 | mask << 10 | special


def movw(register: int, value: int) -> int:
    """Of a value below 256."""
    return 0xF240_0000 | register << 8 | value


def write_control(value: int) -> list[int]:
    return [movw(9, value), msr(NUMBER["CONTROL"], 9), ISB]


def cps(*, disable: bool, primask: bool, faultmask: bool) -> int:
    return 0xB660 | disable << 4 | primask << 1 | int(faultmask)


@dataclass
class Thread:
    """The special registers in thread mode, and r0 to r12."""

    registers: list[int] = field(default_factory=list)
    apsr: int = 0
    msp: int = MAIN_STACK
    psp: int = 0
    primask: int = 0
    faultmask: int = 0
    basepri: int = 0
    control: int = 0

    @property
    def privileged(self) -> bool:
        return self.control & 1 == 0

    def execute(self, word: int) -> None:
        """One instruction of those that the programs are made of."""
        if word == ISB:
            return
        if word < 0x1_0000:
            self.change_state(word)
        elif word >> 20 == 0xF24:
            self.registers[word >> 8 & 15] = word & 0xFF
        elif word >> 20 == 0xF3E:
            self.registers[word >> 8 & 15] = self.read(word & 0xFF)
        else:
            self.write(word & 0xFF, self.registers[word >> 16 & 15], word >> 10 & 3)

    def read(self, special: int) -> int:
        """MRS, B5.2.2; IPSR and EPSR are zero here."""
        if special < 8:
            return self.apsr if special & 4 == 0 else 0
        name = SPECIAL_REGISTERS[special].lower().removesuffix("_max")
        return int(getattr(self, name)) if self.privileged or name == "control" else 0

    def write(self, special: int, value: int, mask: int) -> None:
        """MSR, B5.2.3."""
        name = SPECIAL_REGISTERS[special]
        if special < 4:
            bits = (FLAG_BITS if mask & WRITES_FLAGS else 0) | (GE_BITS if mask & WRITES_GE else 0)
            self.apsr = self.apsr & ~bits | value & bits
        elif special < 8 or not self.privileged:
            return
        elif name in ("MSP", "PSP"):
            setattr(self, name.lower(), value & ~3)
        elif name in ("PRIMASK", "FAULTMASK"):
            setattr(self, name.lower(), value & 1)
        elif name == "BASEPRI":
            self.basepri = value & 0xFF
        elif name == "BASEPRI_MAX":
            wanted = value & 0xFF
            if wanted and (wanted < self.basepri or self.basepri == 0):
                self.basepri = wanted
        else:
            self.control = value & 7

    def change_state(self, word: int) -> None:
        """CPS, B5.2.1."""
        if not self.privileged:
            return
        if word & 2:
            self.primask = word >> 4 & 1
        if word & 1:
            self.faultmask = word >> 4 & 1

    @property
    def sp(self) -> int:
        return self.psp if self.control & 2 else self.msp

    @property
    def frame_bytes(self) -> int:
        """What an exception pushes now, on an aligned stack (B1.5.6, B1.5.7)."""
        return 0x68 if self.control & 4 else 0x20

    @property
    def exc_return(self) -> int:
        """LR in a handler entered now (B1.5.8)."""
        return 0xFFFF_FFE1 | (0 if self.control & 4 else 0x10) | 8 | (4 if self.control & 2 else 0)


@dataclass(frozen=True)
class Program:
    """Instruction words, the state they start from, and whether the last one, SVC, is executed without privilege."""

    words: tuple[int, ...]
    registers: tuple[int, ...]
    apsr: int
    unprivileged: bool


def random_program(rng: random.Random, length: int = 24) -> Program:
    """Random reads and writes, privileged; in half of the programs then the same without privilege, and an SVC."""
    registers = [rng.choice(VALUES) if rng.random() < 0.7 else rng.getrandbits(32) for _ in range(10)]
    registers += [0, MAIN_STACK, PROCESS_STACK]
    words = [msr(NUMBER["PSP"], PROCESS)]
    words += [word for _ in range(length) for word in random_access(rng)]
    unprivileged = rng.random() < 0.5
    if unprivileged:
        words += drop_privilege(rng)
        words += [word for _ in range(length) for word in random_access(rng)]
    return Program(tuple(words), tuple(registers), rng.getrandbits(32) & APSR_BITS, unprivileged)


def random_access(rng: random.Random) -> Sequence[int]:
    kind = rng.random()
    special = rng.choice(list(SPECIAL_REGISTERS))
    if kind < 0.4:
        return [mrs(rng.randrange(10), special)]
    if kind < 0.6:
        masks = rng.choice(((True, False), (False, True), (True, True)))
        return [cps(disable=rng.random() < 0.5, primask=masks[0], faultmask=masks[1])]
    if special == NUMBER["CONTROL"]:
        # Stack and FPCA; without privilege the rest of the program would be idle.
        return write_control(rng.getrandbits(2) << 1)
    return [msr(special, rng.randrange(10), rng.choice((1, 2, 3)) if special < 4 else WRITES_FLAGS)]


def drop_privilege(rng: random.Random) -> list[int]:
    """No mask may keep SVC out, both stacks are valid, then CONTROL: unprivileged, either stack, FPCA or not."""
    words = [msr(NUMBER[name], ZERO) for name in ("PRIMASK", "FAULTMASK", "BASEPRI")]
    words += [msr(NUMBER["MSP"], MAIN), msr(NUMBER["PSP"], PROCESS)]
    return [*words, *write_control(1 | rng.getrandbits(2) << 1)]
