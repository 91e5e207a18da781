"""Interrupts between any two instructions change nothing; they end exclusive accesses. DDI 0403 A3.4, B1.5."""

from __future__ import annotations

import exception_fixtures
import pytest

EXCLUSIVE = {
    "exclusive.undisturbed": 0,
    "exclusive.stored": 6,
    "exclusive.after_exception": 1,
    "exclusive.after_clrex": 1,
    "exclusive.not_stored": 6,
}
# Compare-and-branch pairs, IT blocks, LDM, STM, LDRD, UDIV, UMLAL, SMLAD.
CHECKSUMS = {
    "checksum": 0x1B495032,
    "checksums_that_differ": 0,
    "interrupted_often": 1,
    "every_37_cycles": 1,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("interrupted_code")


def test_a_store_exclusive_fails_after_an_exception(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in EXCLUSIVE} == EXCLUSIVE


def test_checksums_are_the_same_with_systick_at_many_periods(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in CHECKSUMS} == CHECKSUMS
