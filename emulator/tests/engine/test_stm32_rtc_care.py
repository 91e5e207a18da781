"""Calibration, shift and tamper detection of the STM32F407's RTC (fixtures/stm32/stm32_rtc_care.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import board_with
from rtc_care_runs import CareRun, care_run, check_seconds, check_tamper

BOARD = "stm32f4_discovery"
LID = """
Lid: Miscellaneous.Button @ gpioPortC 13
    -> gpioPortC@13
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> CareRun:
    """The board has nothing on PC13: here a lid with a switch."""
    guarded = board_with(BOARD, LID, tmp_path_factory.mktemp("board"))
    return care_run(guarded, BOARD, "stm32_rtc_care", "usart2", "Lid")


def test_calibration_and_shift_change_seconds_as_the_manual_says(run: CareRun) -> None:
    check_seconds(run)


def test_a_tamper_wakes_stamps_and_erases(run: CareRun) -> None:
    check_tamper(run)
