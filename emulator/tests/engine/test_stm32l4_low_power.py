"""Sleep, Stop 0, Stop 1 and Standby of the STM32L4R5 with their times (fixtures/stm32l4/stm32l4_low_power.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from low_power_runs import LowPowerRun, low_power_run

MSI, PLL = 0, 3
ASLEEP_US, READING_US = 10_000, 130
STANDBY_WAKE_US = 20
STOP_1_US, LED_US = 6.3, 40  # tWUSTOP1, then about 60 cycles of the 4 MHz MSI to the LED


@pytest.fixture(scope="module")
def run() -> LowPowerRun:
    return low_power_run("nucleo_l4r5zi", "stm32l4_low_power", "lpuart1")


def test_in_sleep_timer_and_systick_go_on(run: LowPowerRun) -> None:
    sleep = run.lines["sleep"]
    assert ASLEEP_US <= sleep["timer_us"] <= ASLEEP_US + READING_US
    assert abs(sleep["systick"] - 120 * sleep["timer_us"]) < 120
    assert sleep["cycles"] < 120 * READING_US and sleep["sws"] == PLL


@pytest.mark.parametrize("mode", ["stop0", "stop1"])
def test_in_stop_only_the_rtc_goes_on_and_the_cpu_wakes_on_msi(run: LowPowerRun, mode: str) -> None:
    stop = run.lines[mode]
    assert ASLEEP_US <= stop["rtc_us"] <= ASLEEP_US + READING_US
    assert stop["timer_us"] < READING_US and stop["cycles"] < 4 * READING_US + 120 * 2
    assert stop["sws"] == MSI


def test_the_button_wakes_from_stop_1_after_its_time(run: LowPowerRun) -> None:
    assert STOP_1_US < run.led_after_us < STOP_1_US + LED_US


def test_standby_keeps_calendar_backup_registers_and_with_rrs_sram2(run: LowPowerRun) -> None:
    standby = run.lines["standby"]
    least_us = ASLEEP_US + STANDBY_WAKE_US
    assert least_us <= standby["rtc_us"] <= least_us + 600
    assert standby["lost"] == 1 and standby["kept"] == 1
    assert (standby["time"], standby["date"]) == (0x235959, 0x246228)


def test_a_snapshot_in_stop_goes_on_the_same_and_nothing_is_missing(run: LowPowerRun) -> None:
    assert run.again == run.lines
    assert run.gaps == 0 and run.own_warnings == []
