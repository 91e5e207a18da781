"""How many instructions a run of the differential test executes, and which cases: the same ones each time."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

from cases import Case, random_cases
from units import GROUPS

SHORT_FORM, LONG_FORM = 5_000_000, 1_000_000_000
WANTED = int(os.environ.get("TINYSIM_LONG") or 0)
INSTRUCTIONS = {0: SHORT_FORM, 1: LONG_FORM}.get(WANTED, WANTED)
ANY_GROUP = "any group mixed"
ALL_GROUPS = (*GROUPS, ANY_GROUP)
# Branches run one by one, at a hundred times the cost of an instruction in a sequence, so they get fewer.
ALONE_SHARE = 0.1
SEQUENCE_SHARE = 0.98


def share_of(group: str) -> float:
    """The group's part of the instructions."""
    return (ALONE_SHARE if "branch" in group else 1.0) / len(ALL_GROUPS)


def cases_of(group: str, instructions: int) -> Iterator[Case]:
    """The group's cases of a run of so many instructions."""
    rng = random.Random(f"tinysim {group}")
    remaining = int(instructions * share_of(group))
    while remaining > 0:
        sequence = rng.random() < SEQUENCE_SHARE
        for case in random_cases(rng, None if group == ANY_GROUP else group, sequence=sequence):
            remaining -= case.instructions
            yield case
