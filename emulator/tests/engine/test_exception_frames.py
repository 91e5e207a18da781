"""Stack frames, EXC_RETURN, the ways out of a handler, invalid returns. DDI 0403 B1.5.6 to B1.5.8."""

from __future__ import annotations

import exception_fixtures
import pytest

ALIGNMENT = {
    "aligned.bytes": 0x20,
    "aligned.xpsr_bit_9": 0,
    "aligned.exc_return": 0xFFFFFFF9,
    "aligned.control": 0,
    "padded.bytes": 0x24,
    "padded.xpsr_bit_9": 1,
    "padded.exc_return": 0xFFFFFFF9,
    "padded.control": 0,
    "unaligned_allowed.bytes": 0x20,
    "unaligned_allowed.xpsr_bit_9": 0,
    "unaligned_allowed.exc_return": 0xFFFFFFF9,
    "unaligned_allowed.control": 0,
}
STACKS = {
    "psp.exc_return": 0xFFFFFFFD,
    "psp.frame_bytes": 0x24,
    "psp.restored": 4,
    "psp.control_in_handler": 0,
    "psp.control_after": 0,
    "nested.outer_exc_return": 0xFFFFFFF9,
    "nested.inner_exc_return": 0xFFFFFFF1,
    "nested.stacked_ipsr": 0x24,
}
WAYS_OUT = {
    "changed_frame_is_used": 0x1234,
    "all_ways_out_return": 0,
}
# INVPC is 0x40000; INVSTATE, of a stacked xPSR without T, 0x20000.
INVALID = {
    "return_reserved.cfsr": 0x40000,
    "return_reserved.lr": 0xFFFFFFF5,
    "return_reserved.stacked_again": 0,
    "return_to_handler_from_only_one.cfsr": 0x40000,
    "return_to_handler_from_only_one.lr": 0xFFFFFFF1,
    "return_to_handler_from_only_one.stacked_again": 0,
    "return_valid.cfsr": 0,
    "return_valid.lr": 0,
    "return_valid.stacked_again": 0,
    "return_to_thread_while_nested.cfsr": 0x40000,
    "return_to_thread_while_nested.lr": 0xFFFFFFF9,
    "return_to_thread_while_nested.order": 1,
    "return_to_thread_while_nested.active": 0,
    "return_without_t.cfsr": 0x20000,
    "return_without_t.stacked_t": 0,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_frames")


def test_frames_are_aligned_to_eight_bytes_unless_stkalign_is_off(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in ALIGNMENT} == ALIGNMENT


def test_thread_and_handler_frames_lie_on_the_stack_that_exc_return_names(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in STACKS} == STACKS


def test_every_way_of_loading_the_pc_returns(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in WAYS_OUT} == WAYS_OUT


def test_an_invalid_return_is_a_usage_fault_in_the_same_frame(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in INVALID} == INVALID
