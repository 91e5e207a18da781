"""What test_second_oracle.py executes, made once from fixed seeds: the encoding table counts it."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from cases import Case, random_case, random_state, single
from encoding import Encoding
from encodings_hint import CONTROL_32
from instructions import ENCODINGS, plain_unit
from manual import judge
from manual_tables import ROWS
from units import GROUPS, it_instruction

CASES_PER_GROUP, IT_CASE_COUNT, ROUNDED_PER_MODE, WORDS_PER_ROW = 3, 120, 20, 6
MODES = (0x0040_0000, 0x0080_0000, 0x00C0_0000)
FIXED = next(row for row in ENCODINGS if row.name == "vcvt from fixed")
ISB = Encoding("isb", "hint", CONTROL_32.format("0110 oooo"))


@dataclass(frozen=True)
class Aligned:
    """Words of a row that must be aligned; whether QEMU lets them pass (see oracle_deviations.QEMU)."""

    words: tuple[int, ...]
    qemu_does_not_fault: bool


MUST_BE_ALIGNED = {
    "STM, STMIA, STMEA": False, "LDM, LDMIA, LDMFD": False, "STMDB, STMFD": False, "LDMDB, LDMEA": False,
    "STRD (immediate)": False, "LDRD (immediate)": False, "STREX": True, "LDREX": False,
    "VLDR": False, "VSTR": False, "VLDM": False, "VSTM": False,
}  # fmt: skip


def words_of(title: str, encoding: str) -> tuple[int, ...]:
    """Defined words of a row, on a base that is not SP."""
    row = next(row for row in ROWS if row.title == title and row.encoding == encoding)
    rng = random.Random(row.name)
    words: list[int] = []
    while len(words) < WORDS_PER_ROW:
        word = row.value | rng.getrandbits(8 * row.size_bytes) & ~row.mask
        word = word & ~row.should_mask | row.should_value
        fields = row.fields_of(word)
        if row.takes_word(word) and judge(row, word).status == "defined" and fields.get("n", 13) < 13:
            words.append(word)
    return tuple(words)


UNALIGNED_WORDS = {
    row.name: Aligned(words_of(row.title, row.encoding), MUST_BE_ALIGNED[row.title])
    for row in ROWS
    if row.title in MUST_BE_ALIGNED
}
# Each writes SP a value that is no multiple of four: r0 to r12 end in 3, memory holds 0x17171717.
STACK_POINTER_WORDS = {
    "mov sp, r3": [0x469D],
    "mov.w sp, r3": [0xEA4F_0D03],
    "add sp, r3": [0x449D],
    "add.w sp, sp, #1": [0xF10D_0D01],
    "addw sp, sp, #1": [0xF20D_0D01],
    "sub.w sp, sp, #1": [0xF1AD_0D01],
    "subw sp, sp, #1": [0xF2AD_0D01],
    "add.w sp, sp, r3": [0xEB0D_0D03],
    "sub.w sp, sp, r3": [0xEBAD_0D03],
    "ldr.w sp, [r3, #1]": [0xF8D3_D001],
    "ldr.w sp, [r3], #1": [0xF853_DB01],
    "ldr.w sp, [sp, #1]!": [0xF85D_DF01],
    "ldr.w r3, [sp], #1": [0xF85D_3B01],
    "strb.w r3, [sp], #1": [0xF80D_3B01],
    "strh.w r3, [sp, #-1]!": [0xF82D_3D01],
    "msr msp, r3": [0xF383_8808],
}


def it_case(rng: random.Random) -> Case:
    """An IT block of any instructions without memory, ISB among them, from a random state."""
    rows = [row for row in ENCODINGS if row.access is None and row.in_it_block and not row.alone]
    rows = [*rows, *[ISB] * (len(rows) // 8)]
    units = [plain_unit(rng, rng.choice(rows)) for _ in range(rng.randrange(1, 5))]
    units = [unit for unit in units if not unit.needs] or [plain_unit(rng, ISB)]
    code = it_instruction(rng, len(units)) + b"".join(unit.code for unit in units)
    names = ("it", *(unit.names[0] for unit in units))
    return replace(random_state(rng, Case(code)), boundaries=(0, len(code)), names=(" ".join(names),), sure=(1,))


def group_cases(group: str) -> list[Case]:
    rng = random.Random(f"second oracle {group}")
    return [random_case(rng, group) for _ in range(CASES_PER_GROUP)]


def rounded_cases() -> list[Case]:
    rng = random.Random("rounded")
    return [
        single(random_state(rng, Case(b"", fpscr=mode)), plain_unit(rng, FIXED))
        for mode in MODES
        for _ in range(ROUNDED_PER_MODE)
    ]


GROUP_CASES = {group: group_cases(group) for group in GROUPS if "branch" not in group}
IT_CASES = [it_case(random.Random(f"it {number}")) for number in range(IT_CASE_COUNT)]
ROUNDED_CASES = rounded_cases()
