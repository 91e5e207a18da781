"""Units that branch within themselves, so that a sequence runs on: an instruction skipped, and a loop.

Unlike the group "branch" they run at full speed and more than once, so they meet the core's resolved branches and its
fused pairs of compare and branch. DDI 0403 A7.7.12, A7.7.18, A7.7.21.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from instructions import BY_GROUP, ENCODINGS, WITHOUT_MEMORY, Unit, plain_unit

# Whatever sets flags just before a branch; the first six are those that the core fuses with it.
BEFORE_A_BRANCH = [
    row
    for name in ("cmp", "cmp reg", "cmp high", "adds imm8", "subs imm8", "subs imm3", "adds", "tst reg", "movs")
    for row in ENCODINGS
    if row.name == name and row.size_bytes == 2
] + [row for row in ENCODINGS if row.name in ("cmp imm", "sub imm", "add imm", "cmp shifted")]
LOOP_BODIES = BY_GROUP["modified_immediate"]
LONGEST_LOOP = 4


def skip(rng: random.Random) -> Unit:
    """Perhaps an instruction that sets flags, a branch, and an instruction that it may skip."""
    setter = plain_unit(rng, rng.choice(BEFORE_A_BRANCH)) if rng.random() < 0.7 else None
    if setter is not None and setter.needs:
        setter = None
    skipped = plain_unit(rng, rng.choice(WITHOUT_MEMORY))
    while skipped.needs:
        skipped = plain_unit(rng, rng.choice(WITHOUT_MEMORY))
    name, branch = rng.choice(BRANCHES)
    first = (*setter.names, name) if setter else (name,)
    code = (setter.code if setter else b"") + branch(rng, len(skipped.code)) + skipped.code
    return Unit((*first, *skipped.names), code, len(first), sure=len(first))


def halves(*values: int) -> bytes:
    return b"".join(value.to_bytes(2, "little") for value in values)


def conditional(rng: random.Random, skipped: int) -> bytes:
    return halves(0xD000 | rng.randrange(14) << 8 | (skipped - 2) // 2)


def conditional_wide(rng: random.Random, skipped: int) -> bytes:
    return halves(0xF000 | rng.randrange(14) << 6, 0x8000 | skipped // 2)


def compare_zero(rng: random.Random, skipped: int) -> bytes:
    return halves(0xB100 | rng.getrandbits(1) << 11 | (skipped - 2) // 2 << 3 | rng.randrange(8))


def always(rng: random.Random, skipped: int) -> bytes:
    return halves(0xE000 | (skipped - 2) // 2)


def always_wide(rng: random.Random, skipped: int) -> bytes:
    return halves(0xF000, 0xB800 | skipped // 2)


def link(rng: random.Random, skipped: int) -> bytes:
    return halves(0xF000, 0xF800 | skipped // 2)


BRANCHES: list[tuple[str, Callable[[random.Random, int], bytes]]] = [
    ("b conditional", conditional), ("b conditional", conditional), ("b.w conditional", conditional_wide),
    ("cbz", compare_zero), ("b", always), ("b.w", always_wide), ("bl", link),
]  # fmt: skip


def loop(rng: random.Random) -> Unit:
    """MOVS counter, #n; then n times one instruction that leaves the counter alone, SUBS counter, #1, BNE."""
    counter, times = rng.randrange(8), rng.randint(1, LONGEST_LOOP)
    row = rng.choice(LOOP_BODIES)
    word, fields = row.random_word(rng)
    while fields.get("d") in (counter, 13):
        word, fields = row.random_word(rng)
    body = row.to_bytes(word) + halves(0x3801 | counter << 8)
    back = -(len(body) + 4) // 2 & 0xFF
    code = halves(0x2000 | counter << 8 | times) + body + halves(0xD100 | back)
    return Unit(("movs", row.name, "subs imm8", "b conditional"), code, 1 + 3 * times, sure=4)
