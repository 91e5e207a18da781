"""The cases of firmware/fixtures/timing cost what the facts say, on each chip, in each place, cold and warm.

The expected counts and their facts are in timing_expectations.py and timing_places.py.
"""

from __future__ import annotations

from functools import cache

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from timing_places import CHIPS, FIRST, SECOND, Row
from timing_runs import DidNotEnd, Results, gaps_of, image_of, results_of

from tinysim import _core
from tinysim.errors import InputError
from tinysim.platform import load_platform

KNOWN_MECHANISMS = frozenset(_core.timing_ranges())
RAN = ("first", "second")
ALL = [pytest.param(chip, row, id=f"{chip}-{row.id}") for chip, (_, rows) in CHIPS.items() for row in rows]
# Long enough that the bracket, which waits as well, does not matter.
LONG_CASES = ("straight_wide_64", "straight_narrow_128", "loop_small", "loop_large")
SLOWER_PLACES = (("nrf52840", "system_ram", "code_ram"), ("nrf52840", "flash", "flash_cached"))


@cache
def run_once(chip: str) -> Results | DidNotEnd:
    try:
        return results_of(chip)
    except DidNotEnd as error:
        return error


def measured(chip: str) -> Results:
    results = run_once(chip)
    if isinstance(results, DidNotEnd):
        pytest.fail(str(results), pytrace=False)
    return results


def needs_chip(chip: str) -> None:
    try:
        load_platform(chip)
    except InputError as error:
        pytest.skip(f"there is no platform {chip}: {error}")
    if not image_of(chip).exists():
        pytest.skip(f"{image_of(chip).name} is not built for {chip}: run make -C firmware prebuilt")


def needs_mechanism(name: str | None) -> None:
    if name is not None and "fetch_queue" not in KNOWN_MECHANISMS:
        pytest.skip(f"the model of this engine has no {name}")


@pytest.mark.parametrize("chip, row", ALL)
def test_a_case_costs_what_the_fact_says(chip: str, row: Row) -> None:
    needs_chip(chip)
    needs_mechanism(row.expected.needs)
    expected = row.expected
    cycles = measured(chip)[row.place, expected.name]
    wrong = [f"{cycles[i]} in the {RAN[i]} run" for i in row.passes if not expected.low <= cycles[i] <= expected.high]
    bounds = f"{expected.low}..{expected.high}" if expected.low != expected.high else f"{expected.low}"
    assert not wrong, f"{expected.name} at {row.place}: {', '.join(wrong)}, expected {bounds}: {expected.fact}"


@pytest.mark.parametrize("chip, slow, fast", SLOWER_PLACES)
def test_slower_fetches_make_no_case_cheaper(chip: str, slow: str, fast: str) -> None:
    needs_chip(chip)
    results = measured(chip)
    for name in LONG_CASES:
        assert results[slow, name][SECOND] >= results[fast, name][SECOND], name


def test_wait_states_never_make_a_case_cheaper() -> None:
    needs_chip("stm32f4")
    results = measured("stm32f4")
    for (place, name), cycles in results.items():
        if "ws_" not in place or name not in LONG_CASES:
            continue
        slower = results.get((f"flash_{int(place[6]) + 1}ws{place[9:]}", name))
        if slower is not None:
            assert slower[FIRST] >= cycles[FIRST] and slower[SECOND] >= cycles[SECOND], (place, name)


@pytest.mark.parametrize("chip", CHIPS)
def test_the_cases_touch_nothing_that_is_not_modelled(chip: str) -> None:
    needs_chip(chip)
    assert gaps_of(chip) == []


@pytest.mark.skipif(not hasattr(_core.Machine, "set_exact"), reason="this engine has no exact path")
@pytest.mark.parametrize("chip", CHIPS)
def test_the_fast_and_the_exact_path_give_the_same_counts(chip: str) -> None:
    needs_chip(chip)
    fast, exact = measured(chip), results_of(chip, exact=True)
    assert {key: (fast[key], exact[key]) for key in fast if fast[key] != exact[key]} == {}


def test_every_case_has_an_expectation() -> None:
    for chip, (_, rows) in CHIPS.items():
        needs_chip(chip)
        named = {row.expected.name for row in rows}
        assert {name for _, name in measured(chip)} - named <= {"empty_0", "half_0"}, chip
