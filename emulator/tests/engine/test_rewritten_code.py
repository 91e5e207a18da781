"""Code in RAM at both addresses, rewritten code, flash programmed and executed. nRF52840 PS: Memory, NVMC."""

from __future__ import annotations

import exception_fixtures
import pytest

BOTH = {
    "ram.called": 0xB,
    "alias.called": 0xB,
    "ram.rewritten": 0x16,
    "alias.rewritten": 0x16,
    "ram.written_by_alias": 0x21,
    "alias.written_by_alias": 0x21,
    "rewritten_200_times.differing": 0,
    "one_byte_rewritten": 0x63,
}
# (1 + 1) + (1 + 16) + 2 * (16 + 16)
LOOP = {
    "loop_that_rewrites_itself": 0x53,
}
# 55 written over by 32 leaves the bits that both have.
FLASH = {
    "flash.programmed": 0x2C,
    "flash.erased_reads": 0xFFFFFFFF,
    "flash.programmed_again": 0x37,
    "flash.overwritten_clears_bits": 0x20,
    "flash.faults": 0,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("rewritten_code")


def test_code_in_ram_runs_at_both_addresses_and_can_be_rewritten(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in BOTH} == BOTH


def test_a_loop_may_rewrite_itself_ahead_and_behind(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in LOOP} == LOOP


def test_programmed_flash_is_executed(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in FLASH} == FLASH
