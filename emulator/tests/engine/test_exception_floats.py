"""FP contexts: CONTROL.FPCA, extended frames, lazy stacking, default modes, no access. DDI 0403 B1.4.7, B1.5.7."""

from __future__ import annotations

import exception_fixtures
import pytest

# 0x5A5A5A5A lay there before. FPCCR: THREAD is 8; HFRDY, MMRDY, BFRDY are 0x10, 0x20, 0x40.
LAZY = {
    "fpca.before": 0,
    "fpca.after_float": 4,
    "fpccr.reset": 0xC0000000,
    "lazy.bytes": 0x68,
    "lazy.exc_return": 0xFFFFFFE9,
    "lazy.control_in_handler": 0,
    "lazy.control_after": 4,
    "lazy.lspact": 1,
    "lazy.fpcar_offset": 0x20,
    "lazy.floats_survive": 1,
    "lazy.lspact_after": 0,
    "lazy.fpccr_user_thread_ready": 0x78,
    "lazy_used.bytes": 0x68,
    "lazy_used.exc_return": 0xFFFFFFE9,
    "lazy_used.control_in_handler": 4,
    "lazy_used.control_after": 4,
    "lazy_used.lspact": 1,
    "lazy_used.fpcar_offset": 0x20,
    "lazy_used.floats_survive": 1,
    "lazy_used.lspact_after": 0,
    "lazy_used.area_before": 0x5A5A5A5A,
    "lazy_used.area_after": 0x8000000F,
    "lazy_used.fpscr_saved": 0x80000000,
    "lazy_used.lspact_in_handler": 0,
}
EAGER = {
    "eager.bytes": 0x68,
    "eager.exc_return": 0xFFFFFFE9,
    "eager.control_in_handler": 0,
    "eager.control_after": 4,
    "eager.lspact": 0,
    "eager.fpcar_offset": 0,
    "eager.floats_survive": 1,
    "eager.lspact_after": 0,
    "eager.saved_first": 0x80000000,
    "eager.saved_last": 0x8000000F,
    "eager.saved_fpscr": 0x80000000,
    "fpca_cleared.bytes": 0x20,
    "fpca_cleared.xpsr_bit_9": 0,
    "fpca_cleared.exc_return": 0xFFFFFFF9,
    "fpca_cleared.control": 0,
    "no_aspen.control": 0,
    "no_aspen.bytes": 0x20,
    "no_aspen.xpsr_bit_9": 0,
    "no_aspen.exc_return": 0xFFFFFFF9,
}
MODES = {
    "fpdscr.implemented": 0x7C00000,
    "fpdscr.new_context": 0xC00000,
    "fpdscr.old_context": 0,
}
NOCP = {
    "nocp.cfsr": 0x80000,
    "nocp.retried": 0x12345678,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_floats")


def test_lazy_stacking_reserves_the_area_and_fills_it_at_the_first_float(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in LAZY} == LAZY


def test_without_lspen_floats_are_stacked_at_once(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in EAGER} == EAGER


def test_a_new_fp_context_begins_with_the_default_modes(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in MODES} == MODES


def test_an_instruction_without_coprocessor_access_can_be_retried(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in NOCP} == NOCP
