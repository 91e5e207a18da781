"""Units of several instructions: IT blocks, exclusive sequences; and the choice of a unit by its group."""

from __future__ import annotations

import random
from collections.abc import Sequence

from encoding import Encoding
from encodings_memory import CLEAR_EXCLUSIVE, EXCLUSIVE_LOADS, EXCLUSIVE_STORES
from flow_units import loop, skip
from instructions import BY_GROUP, SEQUENCE_ENCODINGS, WITHOUT_MEMORY, Unit, plain_unit, requirements

GROUPS: tuple[str, ...] = (*BY_GROUP, "it_block", "it_block_branch", "exclusive", "skip", "loop")
NO_ELSE_CONDITION = 14


def random_unit(rng: random.Random, group: str | None = None, *, round_to_nearest: bool = True) -> Unit:
    """A unit of the group, or of any group that can stand in a sequence. Round to nearest: see Encoding."""
    if group == "exclusive":
        return exclusive_unit(rng)
    if group == "it_block":
        return it_block(rng, rng.choice(SEQUENCE_ENCODINGS), round_to_nearest)
    if group == "it_block_branch":
        return it_block_branch(rng)
    if group == "skip":
        return skip(rng)
    if group == "loop":
        return loop(rng)
    rows: Sequence[Encoding] = SEQUENCE_ENCODINGS if group is None else BY_GROUP[group]
    row = rng.choice(rows)
    while row.nearest_only and not round_to_nearest:
        row = rng.choice(rows)
    return plain_unit(rng, row)


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
    return Unit(names, code, 1 + len(units), needs, memory_needs, any(unit.branches for unit in units), sure=1)


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
    return Unit(names, b"".join(parts), len(parts), needs, sure=len(parts))
