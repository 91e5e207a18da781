"""The words that test_system_instructions.py executes, made once from fixed seeds: the encoding table counts them."""

from __future__ import annotations

import random

from manual import judge
from manual_tables import ROWS
from special_registers import Program, random_program

PROGRAM_COUNT, WORDS_PER_ROW = 60, 12
# Not put to QEMU: its stub takes BKPT for its own, and neither sleep ends there.
CORE_ONLY = ("BKPT", "WFE", "WFI")
TITLES = ("SVC", "UDF", "BKPT", "WFE", "WFI", "YIELD", "SEV")


def system_words() -> dict[str, list[int]]:
    """Row name -> words of it that are as the manual wants them."""
    rng = random.Random("system words")
    found = {}
    for row in ROWS:
        if row.title not in TITLES and row.takes != "NOCP":
            continue
        words: list[int] = []
        while len(words) < WORDS_PER_ROW:
            word = row.value | rng.getrandbits(8 * row.size_bytes) & ~row.mask
            word = word & ~row.should_mask | row.should_value
            if row.takes_word(word) and judge(row, word).status != "UNPREDICTABLE":
                words.append(word)
        found[row.name] = words
    return found


PROGRAMS: tuple[Program, ...] = tuple(
    random_program(random.Random(f"special registers {number}")) for number in range(PROGRAM_COUNT)
)
SYSTEM_WORDS = system_words()
