"""A case: machine code with the state before it; random cases of a group; the state after it.

Both sides run a case on the same memory map: flash from 0 with filler around the code for PC-relative loads,
and one data block in RAM (instructions.py), whose contents mix edge values of integers and floats.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from instructions import DATA_BYTES, DATA_START, Unit, random_unit

CODE_START = 0x0001_0000
CODE_BYTES = 2048
# Literal loads reach 4095 bytes to either side.
FILLER_BYTES = 4096 + 64
# BKPT, and a branch to itself, so that an engine that decodes ahead goes no further.
CODE_END = bytes.fromhex("00be fee7")
UNITS_PER_SEQUENCE = 40
REFRESH_EVERY_UNITS = 8
APSR_MASK = 0xF80F_0000
FPSCR_MASK = 0xF7C0_009F
ROUNDING_MASK = 0x00C0_0000

INTEGER_EDGES = (
    0, 1, 2, 3, 7, 8, 15, 16, 31, 32, 33, 127, 128, 255, 256, 0x7FFF, 0x8000, 0xFFFF, 0x10000,
    0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFF, 0xFFFF_FFFE, 0x7FFF_7FFF, 0x8000_8000,
    0x7FFF_8000, 0x8000_7FFF, 0x0080_007F, 0x80808080, 0x7F7F7F7F, 0xFF00FF00, 0x00FF00FF, 0x5555_5555,
)  # fmt: skip
FLOAT_EDGES = (
    0x0000_0000, 0x8000_0000, 0x0000_0001, 0x8000_0001, 0x007F_FFFF, 0x0080_0000, 0x8080_0000, 0x0080_0001,
    0x3F80_0000, 0xBF80_0000, 0x3F80_0001, 0x3F7F_FFFF, 0x3F00_0000, 0x4000_0000, 0x4B00_0000, 0x4B00_0001,
    0x4EFF_FFFF, 0x4F00_0000, 0xCF00_0000, 0xCF00_0001, 0x4F80_0000, 0x4F7F_FFFF, 0x477F_E000, 0x477F_F000,
    0x3880_0000, 0x3300_0000, 0x3380_0000, 0x7F7F_FFFF, 0xFF7F_FFFF, 0x7F80_0000, 0xFF80_0000, 0x7FC0_0000,
    0xFFC0_0001, 0x7FA0_0000, 0xFF80_0001, 0x7FFF_FFFF, 0x1F80_0000, 0x5F80_0000, 0x3EAA_AAAB, 0x7C00_7C00,
    0x7E00_7D01, 0x0001_8001, 0x3C00_BC00,
)  # fmt: skip


@dataclass(frozen=True)
class State:
    """What an instruction can change: r0 to r14, pc, APSR flags with GE, FPSCR, s0 to s31, the data block."""

    registers: tuple[int, ...]
    pc: int
    apsr: int
    fpscr: int
    singles: tuple[int, ...]
    memory: bytes


@dataclass(frozen=True)
class Case:
    """Code that starts at CODE_START, and the state before it.

    boundaries: offsets between the pieces of the code, 0 first and its length last; names: one per piece.
    A case runs until the end of its code; if it branches (with its last instruction only), until pc leaves the
    code or goes back.
    """

    code: bytes
    registers: tuple[int, ...] = (0,) * 15
    apsr: int = 0
    fpscr: int = 0
    singles: tuple[int, ...] = (0,) * 32
    memory: bytes = bytes(DATA_BYTES)
    boundaries: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    instructions: int = 1
    branches: bool = False

    @property
    def end(self) -> int:
        return CODE_START + len(self.code)


def random_integer(rng: random.Random) -> int:
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(INTEGER_EDGES)
    return rng.getrandbits(rng.choice((5, 8, 16, 32))) if kind < 0.7 else rng.getrandbits(32)


def random_single(rng: random.Random) -> int:
    """An edge value, a number of middle exponent (so that sums and products round), or any pattern."""
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(FLOAT_EDGES)
    if kind < 0.8:
        return rng.getrandbits(1) << 31 | rng.randrange(110, 145) << 23 | rng.getrandbits(23)
    return rng.getrandbits(32)


def random_memory(rng: random.Random) -> bytes:
    kinds = (random_integer, random_single)
    words = (rng.choice(kinds)(rng) for _ in range(DATA_BYTES // 4))
    return b"".join(word.to_bytes(4, "little") for word in words)


def random_case(rng: random.Random, group: str | None = None, *, sequence: bool = True) -> Case:
    """A case of the group (None: any group but the branches): many units, or one; branches always alone."""
    fpscr = rng.getrandbits(32) & FPSCR_MASK if rng.random() < 0.6 else 0
    state = Case(
        code=b"",
        registers=(*(random_integer(rng) for _ in range(13)), rng.getrandbits(32) & ~3, random_integer(rng)),
        apsr=rng.getrandbits(32) & APSR_MASK,
        fpscr=fpscr,
        singles=tuple(random_single(rng) for _ in range(32)),
        memory=random_memory(rng),
    )
    nearest = fpscr & ROUNDING_MASK == 0
    unit = random_unit(rng, group, round_to_nearest=nearest)
    if unit.branches or not sequence or unit.names == ("vmsr",):
        return single(state, unit)
    more = (random_unit(rng, group, round_to_nearest=nearest) for _ in range(UNITS_PER_SEQUENCE - 1))
    return sequence_of(rng, state, [unit, *(unit for unit in more if unit.names != ("vmsr",))])


def single(state: Case, unit: Unit) -> Case:
    """The unit alone, with its addresses in the initial registers and in the data block."""
    registers, memory = list(state.registers), bytearray(state.memory)
    for register, value in unit.needs.items():
        registers[register] = value
    for address, value in unit.memory_needs.items():
        memory[address - DATA_START : address - DATA_START + 4] = value.to_bytes(4, "little")
    return replace(
        state,
        code=unit.code,
        registers=tuple(registers),
        memory=bytes(memory),
        boundaries=(0, len(unit.code)),
        names=(" ".join(unit.names),),
        instructions=unit.instructions,
        branches=unit.branches,
    )


def sequence_of(rng: random.Random, state: Case, units: Sequence[Unit]) -> Case:
    """Units one after the other; before each, MOVW and MOVT put its addresses in place."""
    code, boundaries, names = bytearray(), [0], []
    for number, unit in enumerate(units):
        prefix = refresh(rng) if number % REFRESH_EVERY_UNITS == REFRESH_EVERY_UNITS - 1 else b""
        for name, piece in (("set-up", prefix + load_registers(rng, unit.needs)), (" ".join(unit.names), unit.code)):
            if piece:
                code += piece
                boundaries.append(len(code))
                names.append(name)
    instructions = sum(unit.instructions for unit in units)
    return replace(state, code=bytes(code), boundaries=tuple(boundaries), names=tuple(names), instructions=instructions)


def load_registers(rng: random.Random, needs: dict[int, int]) -> bytes:
    """Code that loads constants; SP goes through a register that is not needed."""
    code = b""
    if 13 in needs:
        scratch = rng.choice([register for register in range(13) if register not in needs])
        code += move_wide(scratch, needs[13]) + (0x4685 | scratch << 3).to_bytes(2, "little")
    return code + b"".join(move_wide(register, value) for register, value in needs.items() if register != 13)


def move_wide(register: int, value: int) -> bytes:
    """MOVW and MOVT (A7.7.76 T3, A7.7.79)."""
    code = b""
    for opcode, half in ((0xF240, value & 0xFFFF), (0xF2C0, value >> 16)):
        first = opcode | half >> 11 << 10 & 0x400 | half >> 12
        second = (half >> 8 & 7) << 12 | register << 8 | half & 0xFF
        code += first.to_bytes(2, "little") + second.to_bytes(2, "little")
    return code


def refresh(rng: random.Random) -> bytes:
    """Load r0 to r12, lr and all singles from the data block, since long sequences wash all values out."""
    base = rng.randrange(13)
    code = move_wide(base, DATA_START + 4 * rng.randrange(200))
    code += b"".join(half.to_bytes(2, "little") for half in (0xEC90 | base, 0x0A20))
    return code + b"".join(half.to_bytes(2, "little") for half in (0xE890 | base, 0x5FFF))


def padded(code: bytes) -> bytes:
    """The code area: the code, its end mark, and filler, so that nothing of an earlier case is left."""
    end = code + CODE_END
    return end + filler()[FILLER_BYTES + len(end) : FILLER_BYTES + CODE_BYTES]


@lru_cache(maxsize=1)
def filler() -> bytes:
    """Flash contents around the code; the same on both sides. Bytes below 64, so that tables branch nearby."""
    rng = random.Random(1)
    return bytes(rng.randrange(64) for _ in range(CODE_BYTES + 2 * FILLER_BYTES))
