"""The tables of micro-benchmarks in docs/timing.md: expected by the fact, and what the model gives."""

from __future__ import annotations

from functools import cache

from timing_expectations import CORE, Expected
from timing_places import CHIPS, SECOND, Row, flash_place
from timing_runs import Results, results_of
from timing_workloads import table

LATENCIES = range(8)
SWITCHES = (0, 1, 2, 3, 4, 7)  # prefetch 1, instruction cache 2, data cache 4
MATRIX_CASES = ("straight_wide_64", "straight_narrow_128", "loop_small", "loop_large", "literals_16")


@cache
def measured(chip: str) -> Results:
    return results_of(chip)


def bounds(expected: Expected) -> str:
    return str(expected.low) if expected.low == expected.high else f"{expected.low}..{expected.high}"


def case_row(results: Results, row: Row) -> list[str]:
    cycles = results[row.place, row.expected.name]
    seen = list(dict.fromkeys(str(cycles[i]) for i in row.passes))
    return [f"`{row.expected.name}`", row.place, bounds(row.expected), ", then ".join(seen), row.expected.fact]


def case_tables(chip: str) -> str:
    """One line per expectation. Of the STM32F4's flash settings only those without wait states: see flash_matrix."""
    results = measured(chip)
    rows = [case_row(results, row) for row in CHIPS[chip][1] if not is_in_matrix(row)]
    return table(("case", "place", "expected", "model", "fact"), rows)


def is_in_matrix(row: Row) -> bool:
    # The same cases once more: warm in the nRF52840's cache, or at one of the settings of the STM32F4's flash.
    return (row.place == "flash_cached" and row.expected in CORE) or "ws_" in row.place


def flash_matrix() -> str:
    """Second runs on the STM32F407: wait states across, prefetch and caches down."""
    results = measured("stm32f4")
    rows = []
    for name in MATRIX_CASES:
        for switches in SWITCHES:
            on = [bool(switches & bit) for bit in (1, 2, 4)]
            places = [flash_place(latency, *on) for latency in LATENCIES]
            rows.append([f"`{name}`", places[0][-3:], *(str(results[place, name][SECOND]) for place in places)])
    return table(("case", "on", *(f"{latency} WS" for latency in LATENCIES)), rows)
