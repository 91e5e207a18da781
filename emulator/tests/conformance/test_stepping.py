"""One instruction at a time or at full speed: the state is the same. Cycles may differ, since a step ends pairing."""

from __future__ import annotations

import random

import pytest
from cases import random_case, random_cases
from comparison import differences
from core_under_test import CoreUnderTest
from units import GROUPS

SEQUENCES_PER_GROUP = 6


@pytest.fixture(scope="module")
def core() -> CoreUnderTest:
    try:
        return CoreUnderTest()
    except ImportError as missing:
        pytest.skip(f"the C++ core is not built: {missing}")


@pytest.mark.parametrize("group", [group for group in GROUPS if "branch" not in group])
def test_stepping_gives_the_state_of_full_speed(core: CoreUnderTest, group: str) -> None:
    rng = random.Random(f"stepping {group}")
    for _ in range(SEQUENCES_PER_GROUP):
        for case in random_cases(rng, group, sequence=True):
            found = differences(core.run(case), core.step_through(case), "full speed")
            assert found == [], case.code.hex()


def test_a_sequence_counts_as_many_instructions_either_way(core: CoreUnderTest) -> None:
    rng = random.Random("counted")
    for _ in range(20):
        case = random_case(rng)
        counts = []
        for execute in (core.run, core.step_through):
            before = core.machine.instructions
            execute(case)
            counts.append(core.machine.instructions - before)
        # At full speed the BKPT behind the code ends the run; it is not executed either way.
        assert counts[0] == counts[1]
