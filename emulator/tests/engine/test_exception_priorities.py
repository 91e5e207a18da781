"""Pre-emption, PRIGROUP, order of pending exceptions, masks, PendSV and SVC. DDI 0403 B1.4.3, B1.5.4, B3.4."""

from __future__ import annotations

import exception_fixtures
import pytest

# An order has a digit per step: 1 and 3 are A's begin and end, 2 is B, which A pends; A alone notes 0xA.
PREEMPTION = {
    "preempted_by_higher": 0x123,
    "not_by_equal": 0x132,
    "not_by_lower": 0x132,
    "not_within_group": 0x132,
    "preempted_across_groups": 0x123,
    "preempted_in_smaller_group": 0x123,
    "one_group_never_preempts": 0x132,
    "prigroup_reads_back": 0xFA050700,
    "subpriority_orders_pending": 0x2A,
    "aircr_without_key": 5,
}
# C (0xC) is the most urgent, then A (0xA, IRQ 20) before B (2, IRQ 21); PendSV is 0xE, SysTick 5.
PENDING = {
    "pending_order": 0xCA2,
    "system_exceptions_before_interrupts": 0xE5A,
    "disabled_is_not_taken": 0,
    "disabled_stays_pending": 1,
    "cleared_is_not_taken": 0,
    "stir_pends": 0xA,
    "pendsv_and_systick_cleared": 0,
}
# In A (exception 36, alone: RETTOBASE) and in B (37), which pre-empts it; C (38) waits. Three priority bits.
STATE = {
    "outer.icsr": 0x824,
    "outer.vectpending": 0x26,
    "outer.isrpending": 1,
    "inner.ipsr": 0x25,
    "inner.icsr": 0x25,
    "inner.iabr": 0x300000,
    "inner.ispr": 0x400000,
    "outer.iabr_after": 0x100000,
    "thread.icsr": 0,
    "thread.iabr": 0,
    "lowest_ran_last": 0xC,
    "priority_lowered_while_active": 0x1324,
    "implemented_priority_bits": 0xE0,
    "implemented_system_priority_bits": 0xE0,
    "reserved_priority_reads_zero": 0,
}
BASEPRI = {
    "basepri_masks_equal": 0,
    "basepri_lets_higher": 2,
    "basepri_raised_lets_run": 0xA,
    "basepri_max_keeps_stricter": 0x20,
    "basepri_max_takes_stricter": 0x20,
    "basepri_max_ignores_zero": 0x20,
    "basepri_max_from_zero": 0xA0,
    "basepri_unimplemented_bits": 0,
    "basepri_unimplemented_masks_nothing": 0xA,
}
PENDSV = {
    "pendsv_waits_for_basepri": 0,
    "pendsv_taken_at_the_barrier": 0xE,
}
# NMI notes 9.
FAULTMASK = {
    "faultmask_masks": 0,
    "faultmask_lets_nmi": 9,
    "faultmask_survives_nmi": 1,
    "faultmask_cleared": 0,
    "faultmask_cleared_lets_run": 0xA,
    "faultmask_cleared_by_msr": 0,
    "faultmask_cleared_by_return": 0,
    "faultmask_until_return": 0x12,
}
SVC = {
    "svc_immediate": 0x5A,
    "svc_escalated.handler_ran": 0,
    "svc_escalated.exception": 3,
    "svc_escalated.hfsr": 0x40000000,
    "svc_escalated.pc": 2,
    "svc_under_basepri.exception": 3,
    "svc_under_basepri.count": 2,
}


@pytest.fixture(scope="module")
def checks() -> dict[str, int]:
    return exception_fixtures.checks_of("exception_priorities")


def test_a_handler_is_preempted_by_a_more_urgent_group_only(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PREEMPTION} == PREEMPTION


def test_pending_exceptions_run_by_priority_then_number(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PENDING} == PENDING


def test_the_state_registers_tell_what_is_active_and_pending(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in STATE} == STATE


def test_basepri_masks_its_own_priority_and_below(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in BASEPRI} == BASEPRI


def test_pendsv_is_taken_at_the_barrier_behind_the_lowered_basepri(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in PENDSV} == PENDSV


def test_faultmask_lets_nmi_through_and_ends_with_the_handler(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in FAULTMASK} == FAULTMASK


def test_svc_has_its_immediate_in_front_of_the_stacked_pc_and_escalates_when_masked(checks: dict[str, int]) -> None:
    assert {name: checks[name] for name in SVC} == SVC
