"""Random valid Thumb-2 instructions of every group of ARMv7E-M with FPv4-SP, with what each needs before it.

A unit is one instruction, or several that belong together (units.py); `needs` gives registers that must hold an
address. All constraints stand in the tables (encodings_*.py). Not generated: what Unicorn cannot judge, that is SVC,
BKPT, UDF, CPS, WFI, WFE, YIELD, coprocessors, MRS/MSR of anything but the flags: test_system_instructions.py.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

import encodings_branch
import encodings_dsp
import encodings_float
import encodings_hint
import encodings_integer
import encodings_memory
from encoding import Access, Encoding, evaluate

ENCODINGS: list[Encoding] = [
    *encodings_integer.ENCODINGS,
    *encodings_dsp.ENCODINGS,
    *encodings_hint.ENCODINGS,
    *encodings_memory.ENCODINGS,
    *encodings_float.ENCODINGS,
    *encodings_branch.ENCODINGS,
]
BY_GROUP: dict[str, list[Encoding]] = {}
for _row in ENCODINGS:
    BY_GROUP.setdefault(_row.group, []).append(_row)
SEQUENCE_ENCODINGS = [row for row in ENCODINGS if not row.alone]
WITHOUT_MEMORY = [row for row in SEQUENCE_ENCODINGS if row.access is None and row.in_it_block]

DATA_START = 0x2001_0000
DATA_BYTES = 1024
# Accesses start in the middle half, so that no list leaves the block in either direction.
TARGET_OFFSET_BYTES = range(DATA_BYTES // 4, DATA_BYTES * 3 // 4)
BRANCH_TARGETS = range(0x0002_0000, 0x0004_0000, 2)


@dataclass(frozen=True)
class Unit:
    """Machine code that runs as a whole, the registers it needs, and the words of the data block it needs.

    sure: how many of its instructions, from the first, are executed whatever the flags are.
    """

    names: tuple[str, ...]
    code: bytes
    instructions: int = 1
    needs: dict[int, int] = field(default_factory=dict)
    memory_needs: dict[int, int] = field(default_factory=dict)
    branches: bool = False
    sure: int = 1


def plain_unit(rng: random.Random, row: Encoding) -> Unit:
    """One instruction of one row."""
    word, fields = row.random_word(rng)
    needs, memory_needs = requirements(rng, row, fields)
    return Unit((row.name,), row.to_bytes(word), 1, needs, memory_needs, row.alone and row.group == "branch")


def requirements(rng: random.Random, row: Encoding, fields: dict[str, int]) -> tuple[dict[int, int], dict[int, int]]:
    """Register values and data words that keep the instruction inside the data block or on a branch target."""
    needs: dict[int, int] = {}
    memory_needs: dict[int, int] = {}
    if row.access is not None:
        target = access_target(rng, row.access)
        needs = address_registers(rng, row.access, fields, target)
        if row.target == "word":
            memory_needs[target] = rng.getrandbits(32) & ~3
        elif row.target == "memory":
            words = evaluate(LIST_WORDS, {"r": fields.get("r", 0)})
            memory_needs[target + 4 * words] = rng.choice(BRANCH_TARGETS) | 1
    if fields.get("d") == 13 and fields.get("m", 13) not in (13, 15):
        needs[fields["m"]] = rng.getrandbits(32) & ~3
    if row.target == "offset":
        needs[fields["m"]] = rng.randrange(0, 0x8000)
    elif row.target == "m":
        needs[fields["m"]] = rng.choice(BRANCH_TARGETS) | 1
    return needs, memory_needs


LIST_WORDS = compile("count(r)", "<list>", "eval")


def access_target(rng: random.Random, access: Access) -> int:
    offset = rng.choice(TARGET_OFFSET_BYTES)
    if access.alignment_bytes == 1 and rng.random() < 0.5:
        return DATA_START + offset
    return DATA_START + offset // max(access.alignment_bytes, 4) * max(access.alignment_bytes, 4)


def address_registers(rng: random.Random, access: Access, fields: dict[str, int], target: int) -> dict[int, int]:
    """Base and index so that the access falls on the target; the index may be huge, addresses wrap."""
    if access.base == "pc":
        return {fields[access.index or "m"]: rng.randrange(64)}
    base = 13 if access.base == "sp" else fields[access.base]
    remaining = target - evaluate(access.offset_code, fields)
    needs = {}
    if access.index is not None:
        # SP keeps its two low bits at zero, so a shifted index must not need them.
        index = rng.choice((rng.randrange(256), rng.getrandbits(32)))
        index = index & ~3 if base == 13 else index
        needs[fields[access.index]] = index
        remaining -= index << evaluate(access.scale_code, fields)
    if base == 13 and remaining % 4:
        remaining -= remaining % 4
    needs[base] = remaining & 0xFFFF_FFFF
    return needs
