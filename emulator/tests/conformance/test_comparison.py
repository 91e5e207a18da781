"""A wrong instruction is found, shrunk to itself, and printed in a form that can be pasted and fails again."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from cases import Case, State, random_case
from comparison import as_source, report, shrink
from regressions import memory_words, numbered

pytest.importorskip("unicorn", reason="unicorn is not installed (pip install tinysim[dev])")
from unicorn_oracle import UnicornOracle

STICKY_SATURATION = 1 << 27


def test_a_core_that_never_sets_q_is_caught_and_shrunk_to_one_instruction() -> None:
    oracle = UnicornOracle().run

    def forgetful_core(case: Case) -> State:
        state = oracle(case)
        kept = state.apsr & case.apsr & STICKY_SATURATION
        return replace(state, apsr=state.apsr & ~STICKY_SATURATION | kept)

    rng = random.Random(6)
    cases = (random_case(rng, "saturation") for _ in range(50))
    case = next(case for case in cases if oracle(case) != forgetful_core(case))
    small = shrink(case, oracle, forgetful_core)
    assert len(small.code) <= 6 and len(small.names) == 1
    assert "apsr: unicorn 0x08000000, tinysim 0x00000000" in report(small, oracle, forgetful_core)
    names = {"Case": Case, "memory_words": memory_words, "numbered": numbered}
    pasted: Case = eval(as_source(small).rstrip(","), names)
    assert oracle(pasted) != forgetful_core(pasted)
