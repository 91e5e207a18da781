"""A case: machine code with the state before it; random cases of a group; the state after it.

Both sides run a case on the same memory map: flash from 0 with filler around the code for PC-relative loads,
and one data block in RAM (instructions.py), whose contents mix edge values of integers and floats.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from instructions import DATA_BYTES, DATA_START, Unit
from units import random_unit

CODE_START = 0x0001_0000
CODE_BYTES = 2048
# Literal loads reach 4095 bytes to either side.
FILLER_BYTES = 4096 + 64
# BKPT, and a branch to itself, so that an engine that decodes ahead goes no further.
CODE_END = bytes.fromhex("00be fee7")
UNITS_PER_SEQUENCE = 64
# Each sequence runs from so many states: new operands for the same code, which both sides have decoded by then.
STATES_PER_SEQUENCE = 4
REFRESH_EVERY_UNITS = 8
# With its set-up, the refresh before it and the end mark behind it.
LONGEST_UNIT_BYTES = 120
# The name of code between the units.
SET_UP = "set-up"
POOL_WORDS = 16_384
DIRECTED_SHARE, DEFAULT_FPSCR_SHARE = 0.6, 0.6
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

    @classmethod
    def of(cls, registers: Sequence[int], singles: Sequence[int], memory: bytes) -> State:
        """From r0 to r15 and xPSR, and s0 to s31 and FPSCR, as boards and the core give them."""
        return cls(
            registers=tuple(registers[:15]),
            pc=registers[15],
            apsr=registers[16] & APSR_MASK,
            fpscr=singles[32] & FPSCR_MASK,
            singles=tuple(singles[:32]),
            memory=memory,
        )


@dataclass(frozen=True)
class Case:
    """Code that starts at CODE_START, and the state before it.

    boundaries: offsets between the pieces of the code, 0 first and its length last; names: one per piece; sure: how
    many instructions of a piece, from its first, are executed whatever the flags are (0 for set-up).
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
    sure: tuple[int, ...] = ()
    instructions: int = 1
    branches: bool = False

    @property
    def is_sequence(self) -> bool:
        """Its code puts its addresses in place itself, so it runs from any state."""
        return len(self.boundaries) > 2

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


def random_fpscr(rng: random.Random, rounding: int) -> int:
    """With this rounding mode: often the reset value, which our core has a fast path for, else any flags and modes."""
    if rounding == 0 and rng.random() < DEFAULT_FPSCR_SHARE:
        return 0
    return rounding | rng.getrandbits(32) & FPSCR_MASK & ~ROUNDING_MASK


@lru_cache(maxsize=1)
def pools() -> tuple[tuple[int, ...], tuple[int, ...], bytes]:
    """Integers, singles and memory words, of which each state takes a part: drawing them anew would cost the most."""
    rng = random.Random("pools")
    integers = tuple(random_integer(rng) for _ in range(POOL_WORDS))
    singles = tuple(random_single(rng) for _ in range(POOL_WORDS))
    words = (rng.choice((random_integer, random_single))(rng) for _ in range(POOL_WORDS))
    return integers, singles, b"".join(word.to_bytes(4, "little") for word in words)


def random_state(rng: random.Random, case: Case) -> Case:
    """The case with new registers, flags and memory; FPSCR keeps its rounding mode, for which the code was made."""
    integers, singles, memory = pools()
    first, second, third = (rng.randrange(POOL_WORDS - DATA_BYTES // 4) for _ in range(3))
    return replace(
        case,
        registers=(*integers[first : first + 13], rng.getrandbits(32) & ~3, integers[first + 13]),
        apsr=rng.getrandbits(32) & APSR_MASK,
        fpscr=random_fpscr(rng, case.fpscr & ROUNDING_MASK),
        singles=singles[second : second + 32],
        memory=memory[4 * third : 4 * third + DATA_BYTES],
    )


def random_case(rng: random.Random, group: str | None = None, *, sequence: bool = True) -> Case:
    """A case of the group (None: any group but the branches): many units, or one; branches always alone."""
    rounding = rng.getrandbits(32) & ROUNDING_MASK if rng.random() < DIRECTED_SHARE else 0
    state = random_state(rng, Case(b"", fpscr=rounding))
    nearest = rounding == 0
    unit = random_unit(rng, group, round_to_nearest=nearest)
    if unit.branches or not sequence or unit.names == ("vmsr",):
        return single(state, unit)
    more = (random_unit(rng, group, round_to_nearest=nearest) for _ in range(UNITS_PER_SEQUENCE - 1))
    return sequence_of(rng, state, [unit, *(unit for unit in more if unit.names != ("vmsr",))])


def random_cases(rng: random.Random, group: str | None, *, sequence: bool) -> Iterator[Case]:
    """A case, and if it is a sequence the same code from other states."""
    case = random_case(rng, group, sequence=sequence)
    yield case
    for _ in range(STATES_PER_SEQUENCE - 1 if case.is_sequence else 0):
        yield random_state(rng, case)


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
        sure=(unit.sure,),
        instructions=unit.instructions,
        branches=unit.branches,
    )


def sequence_of(rng: random.Random, state: Case, units: Sequence[Unit]) -> Case:
    """Units one after the other; before each, MOVW and MOVT put its addresses in place."""
    code, boundaries, names, sure, instructions = bytearray(), [0], [], [], 0
    for number, unit in enumerate(units):
        if len(code) > CODE_BYTES - LONGEST_UNIT_BYTES:
            break
        instructions += unit.instructions
        prefix = refresh(rng) if number % REFRESH_EVERY_UNITS == REFRESH_EVERY_UNITS - 1 else b""
        set_up = prefix + store_words(rng, unit.memory_needs) + load_registers(rng, unit.needs)
        for name, piece, certain in ((SET_UP, set_up, 0), (" ".join(unit.names), unit.code, unit.sure)):
            if piece:
                code += piece
                boundaries.append(len(code))
                names.append(name)
                sure.append(certain)
    return replace(
        state, code=bytes(code), boundaries=tuple(boundaries), names=tuple(names), sure=tuple(sure),
        instructions=instructions,
    )  # fmt: skip


def store_words(rng: random.Random, needs: dict[int, int]) -> bytes:
    """Code that puts words into memory, by two low registers: STR Rt, [Rn]."""
    code = b""
    for address, value in needs.items():
        base, data = rng.sample(range(8), 2)
        code += move_wide(base, address) + move_wide(data, value) + (0x6000 | base << 3 | data).to_bytes(2, "little")
    return code


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
