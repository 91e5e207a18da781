"""Calibration, shift and tamper detection of the STM32L4R5's RTC (fixtures/stm32l4/stm32l4_rtc_care.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from rtc_care_runs import CareRun, care_run, check_seconds, check_tamper


@pytest.fixture(scope="module")
def run() -> CareRun:
    return care_run("nucleo_l4r5zi", "nucleo_l4r5zi", "stm32l4_rtc_care", "lpuart1", "UserButton")


def test_calibration_and_shift_change_seconds_as_the_manual_says(run: CareRun) -> None:
    check_seconds(run)


def test_a_tamper_wakes_stamps_and_erases(run: CareRun) -> None:
    check_tamper(run)
