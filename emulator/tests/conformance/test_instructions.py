"""Random valid instructions of every group leave the same registers, flags and memory on tinysim and on Unicorn.

TINYSIM_LONG=1 runs ten million instructions in all instead of 200 000, TINYSIM_LONG=n runs n. Needs unicorn and the
built core.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import pytest
from cases import Case, random_case
from comparison import Run, report, shrink
from core_under_test import CoreUnderTest
from instructions import GROUPS
from regressions import CASES

pytest.importorskip("unicorn", reason="unicorn is not installed (pip install tinysim[dev])")
from unicorn_oracle import Rejected, UnicornOracle

SHORT_FORM, LONG_FORM = 200_000, 10_000_000
WANTED = int(os.environ.get("TINYSIM_LONG") or 0)
INSTRUCTIONS = {0: SHORT_FORM, 1: LONG_FORM}.get(WANTED, WANTED)
ANY_GROUP = "any group mixed"
# Branches run one by one, so they get fewer.
BRANCH_SHARE = 0.1


@pytest.fixture
def oracle() -> Run:
    return UnicornOracle().run


@pytest.fixture
def core() -> Run:
    """A machine of its own for each group: it keeps all code it has decoded until a branch finds its arena full."""
    try:
        return CoreUnderTest().run
    except ImportError as missing:
        pytest.skip(f"the C++ core is not built: {missing}")


def cases_of(group: str) -> Iterator[Case]:
    """Cases with about the group's share of the instructions; the same ones in each run."""
    rng = random.Random(f"tinysim {group}")
    remaining = int(INSTRUCTIONS / (len(GROUPS) + 1) * (BRANCH_SHARE if "branch" in group else 1))
    while remaining > 0:
        case = random_case(rng, None if group == ANY_GROUP else group, sequence=rng.random() < 0.98)
        remaining -= case.instructions
        yield case


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.names[-1]} {case.code.hex()}")
def test_an_old_failure_stays_mended(case: Case, oracle: Run, core: Run) -> None:
    assert oracle(case) == core(case), report(case, oracle, core)


@pytest.mark.parametrize("group", [*GROUPS, ANY_GROUP])
def test_group_agrees_with_unicorn(group: str, oracle: Run, core: Run) -> None:
    for case in cases_of(group):
        try:
            expected = oracle(case)
        except Rejected:
            if not case.branches:
                raise
            continue
        if core(case) != expected:
            small = shrink(case, oracle, core)
            pytest.fail(report(small, oracle, core), pytrace=False)
