"""What one row of the instruction tables means: a bit pattern, register constraints, and an addressing rule.

Patterns are written as in the ARMv7-M Architecture Reference Manual (DDI 0403), chapters A5 and A7:
`11111011 0000 nnnn 1111 dddd 0000 mmmm`, one letter per field; bits of one letter join in the order written.
Not described here: UNDEFINED encodings, and everything the manual calls UNPREDICTABLE (constraints exclude it).
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType
from typing import Any

REGISTER_CLASSES: Mapping[str, frozenset[int]] = {
    "plain": frozenset(range(13)) | {14},
    "not_pc": frozenset(range(15)),
    "any": frozenset(range(16)),
}
REGISTER_FIELDS = "dnmatuhl"
ATTEMPTS = 10_000
# Bits that lie side by side: shift in the word, mask, shift in the value.
Run = tuple[int, int, int]


def bit_count(value: int) -> int:
    """Number of set bits; registers in a register list."""
    return value.bit_count()


def in_list(register: int, register_list: int) -> int:
    """1 if the register is named in the register list."""
    return register_list >> register & 1


NAMES_IN_RULES = {"count": bit_count, "listed": in_list}


@dataclass(frozen=True)
class Access:
    """How an encoding addresses memory: `base` and `index` are field letters, "sp" or "pc"; offset is an expression.

    address = base + offset (+ index << scale). Alignment 1 means that the Cortex-M4 allows any address.
    """

    base: str
    offset: str = "0"
    index: str | None = None
    scale: str = "0"
    alignment_bytes: int = 1

    @cached_property
    def offset_code(self) -> CodeType:
        return compile(self.offset, "<offset>", "eval")

    @cached_property
    def scale_code(self) -> CodeType:
        return compile(self.scale, "<scale>", "eval")


@dataclass(frozen=True)
class Encoding:
    """One row: name as the disassembler prints it, group, pattern, and the constraints on its fields.

    classes: field letter -> REGISTER_CLASSES name, where it is not the default. The default is "plain" (not SP,
    not PC) for four-bit fields whose letter is in REGISTER_FIELDS, and no constraint for every other field.
    where: expression over the field letters that must hold.
    target: what the word at the address must be: see encodings_branch.py; "word" is a multiple of four.
    nearest_only: the oracle deviates unless FPSCR rounds to nearest (see oracle_deviations.UNICORN).
    alone: is not put between other instructions, because it branches or changes the rounding of all that follow.
    """

    name: str
    group: str
    pattern: str
    where: str = "True"
    classes: Mapping[str, str] = field(default_factory=dict)
    access: Access | None = None
    target: str | None = None
    alone: bool = False
    in_it_block: bool = True
    nearest_only: bool = False

    @cached_property
    def bits(self) -> str:
        return pattern_bits(self.name, self.pattern)

    @property
    def size_bytes(self) -> int:
        return len(self.bits) // 8

    @cached_property
    def fixed_bits(self) -> int:
        return mask_of(self.bits, "1")

    @cached_property
    def free_mask(self) -> int:
        return (1 << len(self.bits)) - 1 - mask_of(self.bits, "01")

    @cached_property
    def positions(self) -> dict[str, list[Run]]:
        return field_runs(self.bits, sorted(set(self.bits) - {"0", "1"}))

    @cached_property
    def allowed_registers(self) -> list[tuple[str, frozenset[int]]]:
        widths = {letter: self.bits.count(letter) for letter in self.positions}
        four_bit = [letter for letter, width in widths.items() if width == 4]
        named = [letter for letter in four_bit if letter in REGISTER_FIELDS]
        chosen = {letter: self.classes.get(letter, "plain") for letter in named}
        return [(letter, REGISTER_CLASSES[name]) for letter, name in chosen.items() if name != "any"]

    def random_word(self, rng: random.Random) -> tuple[int, dict[str, int]]:
        """An instruction word that keeps all constraints, with its fields."""
        found = self.sampler(rng.getrandbits)
        if found is None:
            raise ValueError(f"{self.name}: no word satisfies '{self.where}' in {ATTEMPTS} attempts")
        return found

    @cached_property
    def sampler(self) -> Callable[[Callable[[int], int]], tuple[int, dict[str, int]] | None]:
        """The row as a function from random bits to a word: made once, since millions of words are drawn from it."""
        allowed = dict(self.allowed_registers)
        lines = [
            "def sample(getrandbits):",
            f" for _ in range({ATTEMPTS}):",
            f"  word = {self.fixed_bits} | getrandbits({len(self.bits)}) & {self.free_mask}",
        ]
        for letter, runs in self.positions.items():
            value = " | ".join(f"(word >> {shift} & {mask}) << {to}" for shift, mask, to in runs)
            lines.append(f"  {letter} = {value}")
            if letter in allowed:
                lines.append(f"  if {letter} not in {set(allowed[letter])}: continue")
        fields = ", ".join(f"'{letter}': {letter}" for letter in self.positions)
        lines += [f"  if {self.where}: return word, {{{fields}}}", " return None"]
        names: dict[str, Any] = dict(NAMES_IN_RULES)
        exec("\n".join(lines), names)
        return names["sample"]  # type: ignore[no-any-return]

    def to_bytes(self, word: int) -> bytes:
        if self.size_bytes == 2:
            return word.to_bytes(2, "little")
        return (word >> 16).to_bytes(2, "little") + (word & 0xFFFF).to_bytes(2, "little")


def evaluate(code: CodeType, fields: Mapping[str, int]) -> int:
    """Value of a rule or offset of the tables for the given fields."""
    return int(eval(code, NAMES_IN_RULES, dict(fields)))


def pattern_bits(name: str, pattern: str) -> str:
    """A pattern without its spaces. Raises ValueError unless it has 16 or 32 bits."""
    bits = pattern.replace(" ", "")
    if len(bits) not in (16, 32):
        raise ValueError(f"{name}: pattern '{pattern}' has {len(bits)} bits, expected 16 or 32")
    return bits


def mask_of(bits: str, letters: str) -> int:
    """The number with a one at each bit of the pattern that is among the letters."""
    return int("".join("1" if bit in letters else "0" for bit in bits), 2)


def field_runs(bits: str, letters: Iterable[str]) -> dict[str, list[Run]]:
    """Field letter -> its runs of bits; the bits of one letter join in the order written."""
    runs = {}
    for letter in letters:
        width = bits.count(letter)
        places = [len(bits) - 1 - i for i, bit in enumerate(bits) if bit == letter]
        runs[letter] = _joined([(place, 1, width - 1 - order) for order, place in enumerate(places)])
    return runs


def fields_at(positions: Mapping[str, Sequence[Run]], word: int) -> dict[str, int]:
    """The fields' values in an instruction word."""
    fields = {}
    for letter, runs in positions.items():
        value = 0
        for shift, mask, to in runs:
            value |= (word >> shift & mask) << to
        fields[letter] = value
    return fields


def _joined(places: list[Run]) -> list[Run]:
    """Single bits that lie side by side become one run (shift, mask, shift in value)."""
    runs: list[Run] = []
    for place, _, order in places:
        if runs and runs[-1][0] == place + 1 and runs[-1][2] == order + 1:
            _, mask, _ = runs.pop()
            runs.append((place, mask << 1 | 1, order))
        else:
            runs.append((place, 1, order))
    return runs
