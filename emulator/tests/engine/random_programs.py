"""Random Thumb-2 programs that end: loops of straight code, forward branches, IT blocks, calls, divisions, loads and
stores of every form (RAM of two blocks, flash, a device), VFP with VDIV. For tests that run one program twice.

A program is a list of pieces, so that one that shows something can be cut down piece by piece. Registers: r0 to r3 and
r8 are anything, r4 and r5 point to RAM of two blocks, r6 to flash, r7 counts the turns, r9 is a small offset, r10 and
r11 point to RAM and are stepped, r12 points to a device's registers.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Piece:
    """Halfwords; with `skips`, a branch over that many pieces is what `branch` makes of the distance in bytes."""

    halfwords: tuple[int, ...]
    skips: int = 0
    branch: Callable[[int], tuple[int, ...]] | None = None
    name: str = ""


@dataclass(frozen=True)
class Program:
    """What is run: the pieces of a turn, of the function that they call, and of the interrupt handler."""

    turn: tuple[Piece, ...]
    function: tuple[Piece, ...]
    handler: tuple[Piece, ...]
    systick_reload: int = 0  # 0: no interrupts
    device: int = 0
    settings: tuple[tuple[int, int], ...] = ()
    registers: tuple[int, ...] = field(default=(0,) * 13)


def wide(first: int, second: int) -> tuple[int, ...]:
    return (first, second)


# ---- single instructions: any register state, no branch, no flags needed ----


def narrow_arithmetic(rng: random.Random) -> tuple[int, ...]:
    d, n, m = (rng.randrange(4) for _ in range(3))
    return rng.choice(
        ((0x1800 | m << 6 | n << 3 | d,), (0x2000 | d << 8 | rng.randrange(256),), (0x4040 | m << 3 | d,),
         (0x2800 | d << 8 | rng.randrange(4),), (0x4280 | m << 3 | d,), (0x0040 | m << 3 | d,), (0x4340 | m << 3 | d,),
         (0xBF00,), (0xB280 | m << 3 | d,))
    )  # fmt: skip


def wide_arithmetic(rng: random.Random) -> tuple[int, ...]:
    d, n, m, a = (rng.choice((0, 1, 2, 3, 8)) for _ in range(4))
    return rng.choice(
        (wide(0xEB00 | n, d << 8 | m), wide(0xF240, d << 8 | rng.randrange(256)), wide(0xFB00 | n, 0xF000 | d << 8 | m),
         wide(0xFB20 | n, a << 12 | d << 8 | m), wide(0xEA80 | n, d << 8 | m), wide(0xF3C0 | n, 0x0004 | d << 8),
         wide(0xF100 | n, d << 8 | 1), wide(0xEBB0 | n, 0x0F00 | m))
    )  # fmt: skip


def long_multiply(rng: random.Random) -> tuple[int, ...]:
    low, high = rng.sample((0, 1, 2, 3, 8), 2)
    return wide(0xFBA0 | rng.randrange(4), low << 12 | high << 8 | rng.randrange(4))


def division(rng: random.Random) -> tuple[int, ...]:
    return wide(
        rng.choice((0xFBB0, 0xFB90)) | rng.randrange(4), 0xF0F0 | rng.randrange(4) << 8 | rng.choice((0, 1, 2, 3, 8))
    )


def make_offset(rng: random.Random) -> tuple[int, ...]:
    return wide(0xF04F, 0x0900 | rng.randrange(64) & ~(3 if rng.random() < 0.6 else 0))  # mov.w r9, #n


def reset_pointers(rng: random.Random) -> tuple[int, ...]:
    return (0x46A2 if rng.random() < 0.5 else 0x46AB,)  # mov r10, r4; mov r11, r5


def small_address(rng: random.Random) -> int:
    return rng.choice((4, 4, 5, 6))


def narrow_load(rng: random.Random) -> tuple[int, ...]:
    n, t = small_address(rng), rng.randrange(4)
    return (rng.choice((0x6800, 0x7800, 0x8800)) | rng.randrange(32) << 6 | n << 3 | t,)


def narrow_store(rng: random.Random) -> tuple[int, ...]:
    n, t = rng.choice((4, 5)), rng.randrange(4)
    return (rng.choice((0x6000, 0x7000, 0x8000)) | rng.randrange(32) << 6 | n << 3 | t,)


def wide_load(rng: random.Random) -> tuple[int, ...]:
    n, t = small_address(rng), rng.choice((0, 1, 2, 3, 8))
    if rng.random() < 0.3:
        return wide(0xF850 | n, t << 12 | rng.randrange(2) << 4 | 9)
    offset = rng.randrange(200) & ~(3 if rng.random() < 0.7 else 0)
    return wide(rng.choice((0xF8D0, 0xF890, 0xF8B0, 0xF990)) | n, t << 12 | offset)


def wide_store(rng: random.Random) -> tuple[int, ...]:
    n, t = rng.choice((4, 5)), rng.choice((0, 1, 2, 3, 8))
    if rng.random() < 0.3:
        return wide(0xF840 | n, t << 12 | rng.randrange(2) << 4 | 9)
    offset = rng.randrange(200) & ~(3 if rng.random() < 0.7 else 0)
    return wide(rng.choice((0xF8C0, 0xF880, 0xF8A0)) | n, t << 12 | offset)


def indexed(rng: random.Random) -> tuple[int, ...]:
    n, t = rng.choice((10, 11)), rng.randrange(4)
    form = rng.choice((0x0B00, 0x0F00, 0x0900, 0x0D00))
    return wide(rng.choice((0xF850, 0xF840)) | n, t << 12 | form | 4 * rng.randrange(3))


def literal(rng: random.Random) -> tuple[int, ...]:
    t = rng.randrange(4)
    if rng.random() < 0.5:
        return (0x4800 | t << 8 | rng.randrange(16),)
    return wide(rng.choice((0xF8DF, 0xF89F)), t << 12 | 4 * rng.randrange(40))


def several(rng: random.Random) -> tuple[int, ...]:
    n = small_address(rng)
    if rng.random() < 0.4:
        first, second = rng.sample((0, 1, 2, 3, 8), 2)
        store = rng.random() < 0.4 and n != 6
        return wide((0xE9C0 if store else 0xE9D0) | n, first << 12 | second << 8 | rng.randrange(20))
    registers = 0
    while registers.bit_count() < 2:
        registers = rng.randrange(1, 16) | rng.randrange(2) << 8
    store = rng.random() < 0.4 and n != 6
    return wide((0xE880 if store else 0xE890) | n, registers)


def exclusive(rng: random.Random) -> tuple[int, ...]:
    if rng.random() < 0.5:
        return wide(0xE850 | 4, rng.randrange(2) << 12 | 0x0F00 | rng.randrange(8))
    return wide(0xE840 | 4, rng.randrange(2) << 12 | 2 << 8 | rng.randrange(8))


def device(rng: random.Random) -> tuple[int, ...]:
    first = rng.choice((0xF8DC, 0xF8CC))
    return wide(first, rng.randrange(4) << 12 | 0x540 + 4 * rng.randrange(3))


def status(rng: random.Random) -> tuple[int, ...]:
    return rng.choice(
        (wide(0xF3EF, 0x8000 | rng.randrange(4) << 8), wide(0xF3BF, 0x8F4F), wide(0xF3BF, 0x8F5F), wide(0xF3BF, 0x8F6F))
    )


def float_arithmetic(rng: random.Random) -> tuple[int, ...]:
    d, n, m = (rng.randrange(8) for _ in range(3))
    first, second = rng.choice(
        ((0xEE30, 0x0A00), (0xEE20, 0x0A00), (0xEE30, 0x0A40), (0xEE00, 0x0A00), (0xEEA0, 0x0A00))
    )
    return wide(first | (d & 1) << 6 | n >> 1, second | d >> 1 << 12 | (n & 1) << 7 | (m & 1) << 5 | m >> 1)


def float_division(rng: random.Random) -> tuple[int, ...]:
    d, n, m = (rng.randrange(4) for _ in range(3))
    if rng.random() < 0.3:
        return wide(0xEEB1, 0x0AC0 | d << 12 | m)
    return wide(0xEE80 | n, 0x0A00 | d << 12 | m)


def float_transfer(rng: random.Random) -> tuple[int, ...]:
    n, d = small_address(rng), rng.randrange(4)
    kind = rng.randrange(6)
    store = rng.random() < 0.4 and n != 6
    if kind < 3:
        single = 0x0A00 if rng.random() < 0.7 else 0x0B00
        return wide((0xED80 if store else 0xED90) | n, d << 12 | single | rng.randrange(20))
    if kind < 5:
        return wide((0xEC80 if store else 0xEC90) | n, d << 12 | 0x0A00 | rng.randrange(1, 6))
    return wide(rng.choice((0xEE00, 0xEE10)) | d, rng.randrange(4) << 12 | 0x0A10)


def float_compare(rng: random.Random) -> tuple[int, ...]:
    return rng.choice((wide(0xEEB4, 0x0A40 | rng.randrange(4) << 12 | rng.randrange(4)), wide(0xEEF1, 0xFA10)))


SINGLE: tuple[tuple[Callable[[random.Random], tuple[int, ...]], int], ...] = (
    (narrow_arithmetic, 10), (wide_arithmetic, 8), (long_multiply, 1), (division, 2), (make_offset, 2),
    (reset_pointers, 1), (narrow_load, 5), (narrow_store, 4), (wide_load, 5), (wide_store, 4), (indexed, 3),
    (literal, 2), (several, 4), (exclusive, 1), (device, 1), (status, 1), (float_arithmetic, 3), (float_division, 1),
    (float_transfer, 3), (float_compare, 1),
)  # fmt: skip
KINDS = [kind for kind, weight in SINGLE for _ in range(weight)]
NOT_IN_IT = (status,)


# ---- pieces ----


def single(rng: random.Random) -> Piece:
    kind = rng.choice(KINDS)
    return Piece(kind(rng), name=kind.__name__)


def it_block(rng: random.Random) -> Piece:
    count, condition = rng.randrange(1, 5), rng.randrange(14)
    mask = 1
    for _ in range(count - 1):
        mask = mask << 1
    bits = "".join(str((condition & 1) ^ rng.randrange(2)) for _ in range(count - 1)) + "1"
    mask = int(bits.ljust(4, "0"), 2)
    halfwords: tuple[int, ...] = (0xBF00 | condition << 4 | mask,)
    for _ in range(count):
        kind = rng.choice([each for each in KINDS if each not in NOT_IN_IT])
        halfwords += kind(rng)
    return Piece(halfwords, name="it")


def branch(rng: random.Random) -> Piece:
    kind, condition, skips = rng.randrange(5), rng.randrange(14), rng.randrange(1, 5)
    if kind == 0:
        return Piece((0,), skips, lambda away: (0xE000 | (away - 4) // 2 & 0x7FF,), "b")
    if kind == 1:
        return Piece((0, 0), skips, lambda away: conditional_branch(condition, away), "b<c>.w")
    if kind == 2:
        first = rng.choice((0xB100, 0xB900)) | rng.randrange(4)

        def compare_zero(away: int) -> tuple[int, ...]:
            over = (away - 4) // 2
            return (first | (over & 0x1F) << 3 | (over >> 5) << 9,) if 0 <= over < 64 else (0xBF00,)

        return Piece((0,), skips, compare_zero, "cbz")
    return Piece((0,), skips, lambda away: (0xD000 | condition << 8 | (away - 4) // 2 & 0xFF,), "b<c>")


def stacked(rng: random.Random) -> Piece:
    registers = rng.randrange(1, 16)
    inner = [single(rng).halfwords for _ in range(rng.randrange(3))]
    return Piece((0xB400 | registers, *(half for each in inner for half in each), 0xBC00 | registers), name="push pop")


def far_branch(away: int, *, links: bool = False) -> tuple[int, ...]:
    return wide(0xF000 | (away - 4) >> 12 & 0x7FF, (0xF800 if links else 0xB800) | (away - 4) >> 1 & 0x7FF)


def conditional_branch(condition: int, away: int) -> tuple[int, ...]:
    over = away - 4
    first = 0xF000 | (over >> 20 & 1) << 10 | condition << 6 | over >> 12 & 0x3F
    return wide(first, 0x8000 | (over >> 18 & 1) << 13 | (over >> 19 & 1) << 11 | over >> 1 & 0x7FF)


CALL = Piece((0, 0), -1, lambda away: far_branch(away, links=True), "bl")


def pieces(rng: random.Random, count: int, *, calls: bool = True) -> tuple[Piece, ...]:
    found = []
    for _ in range(count):
        kind = rng.random()
        if kind < 0.72:
            found.append(single(rng))
        elif kind < 0.80:
            found.append(it_block(rng))
        elif kind < 0.92:
            found.append(branch(rng))
        elif kind < 0.96 or not calls:
            found.append(stacked(rng))
        else:
            found.append(CALL)
    return tuple(found)


def random_program(seed: int, count: int = 60, *, interrupts: bool = False) -> Program:
    rng = random.Random(seed)
    registers = [rng.getrandbits(32) >> rng.randrange(32) for _ in range(13)]
    return Program(
        pieces(rng, count),
        pieces(rng, 6, calls=False),
        pieces(rng, 5, calls=False) if interrupts else (),
        rng.randrange(200, 700) if interrupts else 0,
        0,
        registers=tuple(registers),
    )
