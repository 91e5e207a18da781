"""How often the tests execute each encoding of the manual's tables, by the oracle that judges it.

Counted is what is executed for certain: not what stands inside an IT block or behind a branch that may skip it, and not
the code that puts addresses in place. The counts of the short form are committed (encoding_counts.json); each test
checks its own part of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path

from cases import Case
from conformance_run import ALL_GROUPS, SHORT_FORM, cases_of
from manual import Row
from manual_control import SPECIAL_REGISTERS
from manual_tables import ROWS, row_of, words_in
from second_oracle_cases import GROUP_CASES, IT_CASES, ROUNDED_CASES, STACK_POINTER_WORDS, UNALIGNED_WORDS
from system_programs import CORE_ONLY, PROGRAMS, SYSTEM_WORDS

COUNTS_FILE = Path(__file__).parent / "encoding_counts.json"
UNICORN, QEMU, MANUAL = "Unicorn", "QEMU", "manual"
STALE = "the committed counts are not this run's: run scripts/list_encodings.py"
Counts = dict[str, dict[str, int]]


def executed(cases: Iterable[Case]) -> Counter[str]:
    """Row name -> how often the cases execute it for certain."""
    found: Counter[str] = Counter()
    for case in cases:
        found.update(executed_by(case.code, case.boundaries, case.sure))
    return found


@lru_cache(maxsize=1)
def executed_by(code: bytes, boundaries: tuple[int, ...], sure: tuple[int, ...]) -> Mapping[str, int]:
    found: Counter[str] = Counter()
    for start, end, certain in zip(boundaries, boundaries[1:], sure, strict=False):
        found.update(name_of(word) for word in islice(words_in(code[start:end]), certain))
    return found


def name_of(word: int) -> str:
    row = row_of(word)
    if row is None:
        raise ValueError(f"{word:#x} is executed but stands in no table of manual_*.py")
    return special_name(row, word)


def special_name(row: Row, word: int) -> str:
    """MRS and MSR are counted for each special register."""
    return f"{row.name} {SPECIAL_REGISTERS[word & 0xFF]}" if row.title in ("MRS", "MSR") else row.name


def counted(words: Iterable[int]) -> dict[str, int]:
    return dict(sorted(Counter(name_of(word) for word in words).items()))


def group_counts(group: str) -> dict[str, int]:
    return dict(sorted(executed(cases_of(group, SHORT_FORM)).items()))


def system_words() -> Iterator[int]:
    for words in SYSTEM_WORDS.values():
        yield from words
    for program in PROGRAMS:
        yield from program.words


def qemu_words() -> Iterator[int]:
    for name, words in SYSTEM_WORDS.items():
        if not name.startswith(CORE_ONLY):
            yield from words
    for program in PROGRAMS:
        yield from program.words
    for aligned in UNALIGNED_WORDS.values():
        yield from () if aligned.qemu_does_not_fault else aligned.words
    for stack_words in STACK_POINTER_WORDS.values():
        yield from stack_words


def other_counts() -> Counts:
    """What the tests execute beside the differential test: fixed lists, so no run is needed to count them."""
    cases = [case for group in GROUP_CASES.values() for case in group]
    qemu = executed([*cases, *IT_CASES, *ROUNDED_CASES]) + Counter(counted(qemu_words()))
    aligned = (word for each in UNALIGNED_WORDS.values() for word in each.words)
    manual = Counter(counted(system_words())) + Counter(counted(aligned))
    return {QEMU: dict(sorted(qemu.items())), MANUAL: dict(sorted(manual.items()))}


def all_counts() -> Counts:
    """Generates the short form anew, without running it."""
    return {**{group: group_counts(group) for group in ALL_GROUPS}, **other_counts()}


def read_counts() -> Counts:
    return dict(json.loads(COUNTS_FILE.read_text(encoding="utf-8")))


def written(counts: Counts) -> str:
    """As text, a group per line."""
    lines = [f"{json.dumps(group)}: {json.dumps(counts[group])}" for group in counts]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def totals(counts: Counts) -> dict[str, Counter[str]]:
    """Oracle -> counts over all of its groups."""
    unicorn: Counter[str] = Counter()
    for group in ALL_GROUPS:
        unicorn.update(counts[group])
    return {UNICORN: unicorn, QEMU: Counter(counts[QEMU]), MANUAL: Counter(counts[MANUAL])}


def names() -> list[str]:
    """Every name that is counted, in the tables' order."""
    found = []
    for row in ROWS:
        if row.title in ("MRS", "MSR"):
            found += [f"{row.name} {special}" for special in SPECIAL_REGISTERS.values()]
        else:
            found.append(row.name)
    return found
