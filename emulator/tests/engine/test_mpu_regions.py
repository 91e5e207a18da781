"""Regions of the MPU: permissions, sizes, sub-regions, priority, background, registers. DDI 0403 B3.5."""

from __future__ import annotations

import exception_fixtures
import pytest

# Bits: load, store, unprivileged load, unprivileged store, LDRT, STRT.
PERMISSIONS = {
    "access_permission.0": 0,
    "access_permission.1": 0b00_0011,
    "access_permission.2": 0b01_0111,
    "access_permission.3": 0b11_1111,
    "access_permission.5": 0b00_0001,
    "access_permission.6": 0b01_0101,
    "access_permission.7": 0b01_0101,
    "background": 0b00_0011,
    "no_background": 0,
    "disabled": 0b11_1111,
}
SIZES = {
    "sizes_that_are_wrong": 0,
    "sub_region_of_4_gb": 0,
    "sub_region_of_4_gb.others": 1,
    "sub_regions_of_32_bytes_that_are_wrong": 0,
    "sub_regions_that_are_wrong": 0,
}
PRIORITY = {
    "below_a_sub_region": 0b00_0001,
    "in_a_sub_region": 0b11_1111,
    "higher_allows": 0b11_1111,
    "lower_alone": 0,
    "third_decides": 0b01_0111,
    "disabled_does_not": 0b11_1111,
}
REGISTERS = {
    "type": 0x800,
    "control": 5,
    "rnr_after_valid": 6,
    "rbar": 0x20020066,
    "rasr": 0x13000009,
    "rbar_by_alias": 0x20020066,
    "rasr_by_alias": 0x13000009,
    "rbar_without_valid": 0x20020005,
    "rasr_implemented": 0x173FFF3E,
    "rnr_after_four": 6,
    "four_regions.0": 0,
    "four_regions.1": 0b11_1111,
    "four_regions.2": 0b00_0011,
    "four_regions.3": 0b01_0101,
    "rnr_reads_back": 2,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("mpu_regions")


def test_every_access_permission_holds_for_both_privilege_levels(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PERMISSIONS} == PERMISSIONS


def test_a_forbidden_access_is_a_mem_manage_fault_with_its_address(checks: dict[str, int]) -> None:
    assert "unexpected.cfsr" not in checks


def test_regions_have_all_sizes_from_32_bytes_to_4_gb_in_eight_parts(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in SIZES} == SIZES


def test_the_region_with_the_highest_number_decides(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PRIORITY} == PRIORITY


def test_the_registers_and_their_aliases_program_the_region_that_is_meant(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in REGISTERS} == REGISTERS
