"""Random valid instructions of every group leave the same registers, flags and memory on tinysim and on Unicorn.

Five million instructions; TINYSIM_LONG=1 runs a billion, TINYSIM_LONG=n runs n. Measured: a million takes 5 s on one
core of the machine it was written on, so a billion about 80 minutes (pytest -n splits by group). Needs unicorn and the
built core.
"""

from __future__ import annotations

from collections import Counter

import pytest
from cases import Case
from comparison import Run, is_known, report, shrink
from conformance_run import ALL_GROUPS, INSTRUCTIONS, SHORT_FORM, cases_of
from core_under_test import CoreUnderTest
from encoding_counts import STALE, executed, read_counts
from regressions import CASES, UNICORN_IS_WRONG

pytest.importorskip("unicorn", reason="unicorn is not installed (pip install tinysim[dev])")
from unicorn_oracle import UnicornOracle


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.names[-1]} {case.code.hex()}")
def test_an_old_failure_stays_mended(case: Case, oracle: Run, core: Run) -> None:
    assert oracle(case) == core(case), report(case, oracle, core)


@pytest.mark.parametrize("case", UNICORN_IS_WRONG, ids=lambda case: case.names[-1])
def test_what_the_billion_found_wrong_with_unicorn_is_known(case: Case, oracle: Run, core: Run) -> None:
    assert oracle(case) != core(case)
    assert is_known(case, oracle, core)


@pytest.mark.parametrize("group", ALL_GROUPS)
def test_group_agrees_with_unicorn(group: str, oracle: Run, core: Run) -> None:
    counts: Counter[str] = Counter()
    for case in cases_of(group, INSTRUCTIONS):
        if core(case) != oracle(case):
            small = shrink(case, oracle, core)
            if not is_known(small, oracle, core):
                pytest.fail(report(small, oracle, core), pytrace=False)
        if INSTRUCTIONS == SHORT_FORM:
            counts.update(executed([case]))
    assert INSTRUCTIONS != SHORT_FORM or counts == read_counts()[group], STALE
