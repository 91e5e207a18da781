"""Puts a program of random_programs.py into the memory of a chip: vectors, start code, settings, code, values."""

from __future__ import annotations

import random
import struct
from collections.abc import Sequence

from random_programs import Piece, Program, conditional_branch, far_branch

from tinysim._core import Machine as Core

RAM, OTHER_RAM = 0x2000_0400, 0x2001_C000
STACK = 0x2000_4000
START, HANDLER, SETTINGS, FUNCTION, CODE, WORDS = 0x100, 0x180, 0x280, 0x380, 0x480, 0x3000  # offsets in flash
CPACR, SYSTICK = 0xE000_ED88, 0xE000_E010
TURNS = 3
VECTORS = 64
# ldr r0, =SETTINGS; 1: ldmia r0!, {r1, r2}; cbz r1, 2f; str r2, [r1]; b 1b; 2: dsb; isb; ldmia.w r0, {r0 - r12};
# behind it: b.w CODE
START_CODE = (
    0x4801, 0xE003, 0xBF00, 0xBF00, 0, 0, 0xC806, 0xB109,
    0x600A, 0xE7FB, 0xF3BF, 0x8F4F, 0xF3BF, 0x8F6F, 0xE890, 0x1FFF,
)  # fmt: skip


def laid_out(parts: Sequence[Piece], start: int, function: int) -> list[int]:
    """The halfwords of pieces at `start`, their branches made to fit."""
    places = [start]
    for part in parts:
        places.append(places[-1] + 2 * len(part.halfwords))
    halfwords: list[int] = []
    for index, part in enumerate(parts):
        if part.branch is None:
            halfwords += part.halfwords
            continue
        target = function if part.skips < 0 else places[min(index + 1 + part.skips, len(parts))]
        halfwords += part.branch(target - places[index])
    return halfwords


def packed(halfwords: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(halfwords)}H", *halfwords)


def put_program(core: Core, program: Program, flash: int) -> None:
    """Vectors, code, settings and values into flash at `flash`, floats into RAM; and reset."""
    vectors = [STACK, flash + START | 1, *[flash + HANDLER | 1] * (VECTORS - 2)]
    core.poke(flash, struct.pack(f"<{VECTORS}I", *vectors))
    start = [*START_CODE[:4], (flash + SETTINGS) & 0xFFFF, (flash + SETTINGS) >> 16, *START_CODE[6:]]
    core.poke(flash + START, packed([*start, *far_branch(CODE - START - 2 * len(start))]))
    function = flash + FUNCTION
    core.poke(function, packed([0xB500, *laid_out(program.function, function + 2, 0), 0xBD00]))
    handler = flash + HANDLER
    core.poke(handler, packed([0xB4F0, *laid_out(program.handler, handler + 2, 0), 0xBCF0, 0x4770]))
    turn = laid_out(program.turn, flash + CODE, function)
    turn += [0x1E7F, *conditional_branch(1, -2 * len(turn) - 2), 0xBE00, 0xBE00]  # subs r7, r7, #1; bne.w; bkpt
    core.poke(flash + CODE, packed(turn))
    put_values(core, program, flash)
    core.power_on(flash)


def put_values(core: Core, program: Program, flash: int) -> None:
    settings = [(CPACR, 0xF0_0000), *program.settings]
    if program.systick_reload:
        settings += [(SYSTICK + 4, program.systick_reload), (SYSTICK + 8, 0), (SYSTICK, 7)]
    words = [word for pair in (*settings, (0, 0)) for word in pair]
    first = list(program.registers)
    first[4:8] = [RAM, OTHER_RAM, flash + WORDS, TURNS]
    first[9:13] = [8, RAM, OTHER_RAM, program.device]
    core.poke(flash + SETTINGS, struct.pack(f"<{len(words) + 13}I", *words, *first))
    rng = random.Random(7)
    for place, count in ((flash + WORDS, 512), (RAM, 128), (OTHER_RAM, 128)):
        core.poke(place, b"".join(struct.pack("<f", rng.uniform(0.5, 4.0)) for _ in range(count)))
