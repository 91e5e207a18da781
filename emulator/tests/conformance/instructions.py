"""Random valid Thumb-2 instructions of every group of ARMv7E-M with FPv4-SP, with what each needs before it.

A unit is one instruction, one IT block, or one exclusive sequence; `needs` gives registers that must hold an
address. All constraints stand in the tables (encodings_*.py). Not generated: what Unicorn cannot judge, that is SVC,
BKPT, UDF, CPS, WFI, WFE, YIELD, coprocessors, MRS/MSR of anything but the flags: test_system_instructions.py.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import encodings_branch
import encodings_dsp
import encodings_float
import encodings_hint
import encodings_integer
import encodings_memory
from encoding import Access, Encoding, evaluate
from encodings_memory import CLEAR_EXCLUSIVE, EXCLUSIVE_LOADS, EXCLUSIVE_STORES

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
GROUPS: tuple[str, ...] = (*BY_GROUP, "it_block", "it_block_branch", "exclusive")

DATA_START = 0x2001_0000
DATA_BYTES = 1024
# Accesses start in the middle half, so that no list leaves the block in either direction.
TARGET_OFFSET_BYTES = range(DATA_BYTES // 4, DATA_BYTES * 3 // 4)
BRANCH_TARGETS = range(0x0002_0000, 0x0004_0000, 2)
NO_ELSE_CONDITION = 14


@dataclass(frozen=True)
class Unit:
    """Machine code that runs as a whole, the registers it needs, and the words of the data block it needs."""

    names: tuple[str, ...]
    code: bytes
    instructions: int = 1
    needs: dict[int, int] = field(default_factory=dict)
    memory_needs: dict[int, int] = field(default_factory=dict)
    branches: bool = False


def random_unit(rng: random.Random, group: str | None = None, *, round_to_nearest: bool = True) -> Unit:
    """A unit of the group, or of any group that can stand in a sequence. Round to nearest: see Encoding."""
    if group == "exclusive":
        return exclusive_unit(rng)
    if group == "it_block":
        return it_block(rng, rng.choice(SEQUENCE_ENCODINGS), round_to_nearest)
    if group == "it_block_branch":
        return it_block_branch(rng)
    rows: Sequence[Encoding] = SEQUENCE_ENCODINGS if group is None else BY_GROUP[group]
    row = rng.choice(rows)
    while row.nearest_only and not round_to_nearest:
        row = rng.choice(rows)
    return plain_unit(rng, row)


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


def it_instruction(rng: random.Random, length: int) -> bytes:
    """IT with a random condition; AL has no else part, condition 15 does not exist."""
    condition = rng.randrange(15)
    pattern = 0
    for _ in range(length - 1):
        bit = condition & 1 if condition == NO_ELSE_CONDITION else rng.getrandbits(1)
        pattern = pattern << 1 | bit
    mask = (pattern << 1 | 1) << (4 - length)
    return (0xBF00 | condition << 4 | mask).to_bytes(2, "little")


def it_block(rng: random.Random, first: Encoding, round_to_nearest: bool) -> Unit:
    """One to four instructions; only the first may need registers, since the others could lose theirs."""
    while not first.in_it_block or (first.nearest_only and not round_to_nearest):
        first = rng.choice(SEQUENCE_ENCODINGS)
    rest = [rng.choice(WITHOUT_MEMORY) for _ in range(rng.randrange(4))]
    rest = [row for row in rest if round_to_nearest or not row.nearest_only]
    others = [unit for unit in (plain_unit(rng, row) for row in rest) if not unit.needs]
    units = [plain_unit(rng, first), *others]
    return joined(it_instruction(rng, len(units)), units)


def it_block_branch(rng: random.Random) -> Unit:
    """A branch may stand last in an IT block; the others must leave its registers alone."""
    rows = [row for row in BY_GROUP["branch"] if row.in_it_block]
    last = plain_unit(rng, rng.choice(rows))
    fillers: list[Unit] = []
    for _ in range(rng.randrange(4)):
        row = rng.choice(BY_GROUP["modified_immediate"])
        word, fields = row.random_word(rng)
        if fields.get("d", 0) not in (*last.needs, 13):
            fillers.append(Unit((row.name,), row.to_bytes(word)))
    units = [*fillers, last]
    return joined(it_instruction(rng, len(units)), units)


def joined(prefix: bytes, units: Sequence[Unit]) -> Unit:
    needs = {register: value for unit in reversed(units) for register, value in unit.needs.items()}
    memory_needs = {address: value for unit in units for address, value in unit.memory_needs.items()}
    names = ("it", *(name for unit in units for name in unit.names))
    code = prefix + b"".join(unit.code for unit in units)
    return Unit(names, code, 1 + len(units), needs, memory_needs, any(unit.branches for unit in units))


def exclusive_unit(rng: random.Random) -> Unit:
    """Load and store exclusive on one address, sometimes with CLREX between, so that the store fails."""
    size = rng.choice((1, 2, 4))
    load, store = EXCLUSIVE_LOADS[size], EXCLUSIVE_STORES[size]
    word, fields = load.random_word(rng)
    needs, _ = requirements(rng, load, fields)
    second, store_fields = store.random_word(rng)
    while store_fields["n"] != fields["n"]:
        second, store_fields = store.random_word(rng)
    if size == 4:
        second = second & ~0xFF | fields["i"]
    parts = [load.to_bytes(word)]
    if rng.random() < 0.3:
        parts.append(CLEAR_EXCLUSIVE.to_bytes(CLEAR_EXCLUSIVE.fixed_bits))
    parts.append(store.to_bytes(second))
    names = (load.name, *(["clrex"] if len(parts) == 3 else []), store.name)
    return Unit(names, b"".join(parts), len(parts), needs)
