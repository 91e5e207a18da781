"""What a row of the manual's tables means: the encodings of ARMv7E-M with FPv4-SP-D16 in DDI 0403 A5, A6 and A7.7.

A pattern is written as in encoding.py; `-` is a bit that should be zero and `+` one that should be one (the manual's
(0) and (1)). The tables stand in manual_*.py, independent of the generator's rows and of the core's decoder: a word
that no row takes is UNDEFINED. Not here: what depends on the place of an instruction (inside an IT block).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import CodeType

from encoding import NAMES_IN_RULES, Run, field_runs, fields_at, mask_of, pattern_bits

SP, PC = 13, 15


def is_bad(register: int) -> bool:
    """BadReg() of the manual's pseudocode."""
    return register in (SP, PC)


RULE_NAMES = {**NAMES_IN_RULES, "bad": is_bad}


@dataclass(frozen=True)
class Clause:
    """One UNPREDICTABLE clause of a row: when it holds, and what tinysim does then ("executes" or "UNDEFINED")."""

    rule: str
    choice: str

    @cached_property
    def code(self) -> CodeType:
        return compile(self.rule, "<clause>", "eval")

    def holds(self, fields: Mapping[str, int]) -> bool:
        return bool(eval(self.code, RULE_NAMES, dict(fields)))


def executes(rule: str) -> Clause:
    return Clause(rule, "executes")


def faults(rule: str) -> Clause:
    return Clause(rule, "UNDEFINED")


@dataclass(frozen=True)
class Row:
    """One encoding: the title of its section, T1 to T4, the pattern and the conditions of its pseudocode.

    variant: which part of the encoding, where it is split. see: when this holds the word belongs to another row.
    undefined: when this holds it is UNDEFINED. bad: fields that may name neither SP nor PC; no_pc, no_sp: fields that
    may not name the one; writes: the fields whose register is written (what tinysim does with SP depends on it).
    clauses: other UNPREDICTABLE conditions. takes: the UsageFault that the encoding is there for.
    ignores_should_bits: what tinysim does when a bit is not as it should be.
    """

    title: str
    encoding: str
    pattern: str
    variant: str = ""
    see: str = ""
    undefined: str = ""
    bad: str = ""
    no_pc: str = ""
    no_sp: str = ""
    writes: str = "d"
    clauses: tuple[Clause, ...] = ()
    takes: str = ""
    ignores_should_bits: bool = True

    @property
    def name(self) -> str:
        return " ".join(part for part in (self.title, self.variant, self.encoding) if part)

    @cached_property
    def bits(self) -> str:
        return pattern_bits(self.name, self.pattern)

    @property
    def size_bytes(self) -> int:
        return len(self.bits) // 8

    @cached_property
    def mask(self) -> int:
        return mask_of(self.bits, "01")

    @cached_property
    def value(self) -> int:
        return mask_of(self.bits, "1")

    @cached_property
    def should_mask(self) -> int:
        return mask_of(self.bits, "+-")

    @cached_property
    def should_value(self) -> int:
        return mask_of(self.bits, "+")

    @cached_property
    def runs(self) -> dict[str, list[Run]]:
        return field_runs(self.bits, sorted(set(self.bits) - set("01+-")))

    @cached_property
    def see_code(self) -> CodeType:
        return compile(self.see, "<see>", "eval")

    @cached_property
    def undefined_code(self) -> CodeType:
        return compile(self.undefined, "<undefined>", "eval")

    @cached_property
    def all_clauses(self) -> tuple[Clause, ...]:
        """Register rules first, then the row's own. tinysim: PC is UNDEFINED; SP is read, and UNDEFINED if written."""
        no_pc, no_sp = sorted({*self.bad, *self.no_pc}), sorted({*self.bad, *self.no_sp})
        rules = [faults(f"{letter} == {PC}") for letter in no_pc]
        rules += [
            faults(f"{letter} == {SP}") if letter in self.writes else executes(f"{letter} == {SP}") for letter in no_sp
        ]
        return (*rules, *self.clauses)

    def fields_of(self, word: int) -> dict[str, int]:
        return fields_at(self.runs, word)

    def takes_word(self, word: int) -> bool:
        if word & self.mask != self.value:
            return False
        return not self.see or not eval(self.see_code, RULE_NAMES, self.fields_of(word))


@dataclass(frozen=True)
class Verdict:
    """What the manual says of a word: its row (None: unallocated), and "defined", "UNDEFINED", "NOCP", "UNPREDICTABLE".

    clauses: the clauses that make it UNPREDICTABLE; choices: what tinysim does, "UNDEFINED" before "executes".
    """

    row: Row | None
    status: str
    clauses: tuple[str, ...] = ()
    choice: str = ""


def judge(row: Row | None, word: int) -> Verdict:
    """The manual's word on an instruction that `row` takes."""
    if row is None:
        return Verdict(None, "UNDEFINED")
    if row.takes:
        return Verdict(row, row.takes)
    fields = row.fields_of(word)
    if row.undefined and eval(row.undefined_code, RULE_NAMES, dict(fields)):
        return Verdict(row, "UNDEFINED")
    held = [clause for clause in row.all_clauses if clause.holds(fields)]
    if word & row.should_mask != row.should_value:
        held.append(Clause("should bits", "executes" if row.ignores_should_bits else "UNDEFINED"))
    if not held:
        return Verdict(row, "defined")
    choice = "UNDEFINED" if any(clause.choice == "UNDEFINED" for clause in held) else "executes"
    return Verdict(row, "UNPREDICTABLE", tuple(clause.rule for clause in held), choice)
