"""Sleep, Stop and Standby of the STM32F407 with their wake-up times (fixtures/stm32/stm32_low_power.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from low_power_runs import LowPowerRun, low_power_run

HSI, PLL = 0, 2
ASLEEP_US, READING_US = 10_000, 120  # 20 periods of 16 cycles of LSI; the fixture reads the calendar in step
STANDBY_WAKE_US, HSE_START_US = 375, 2_000
LOW_POWER_REGULATOR_US, LED_US = 17, 15  # tWUSTOP, then about 60 cycles of 16 MHz to the LED


@pytest.fixture(scope="module")
def run() -> LowPowerRun:
    return low_power_run("stm32f4_discovery", "stm32_low_power", "usart2")


def test_in_sleep_timer_and_systick_go_on_and_the_cpu_counts_no_cycles(run: LowPowerRun) -> None:
    sleep = run.lines["sleep"]
    assert ASLEEP_US <= sleep["rtc_us"] <= ASLEEP_US + READING_US
    assert ASLEEP_US <= sleep["timer_us"] <= ASLEEP_US + READING_US
    assert abs(sleep["systick"] - 168 * sleep["timer_us"]) < 168
    assert sleep["cycles"] < 168 * READING_US
    assert sleep["sws"] == PLL


@pytest.mark.parametrize("mode", ["stop0", "stop1"])
def test_in_stop_only_the_rtc_goes_on_and_the_cpu_wakes_on_hsi(run: LowPowerRun, mode: str) -> None:
    stop = run.lines[mode]
    assert ASLEEP_US <= stop["rtc_us"] <= ASLEEP_US + READING_US
    assert stop["timer_us"] < READING_US
    assert stop["systick"] < 16 * READING_US and stop["cycles"] < 16 * READING_US
    assert stop["sws"] == HSI


def test_the_button_wakes_from_stop_after_the_regulators_time(run: LowPowerRun) -> None:
    assert LOW_POWER_REGULATOR_US < run.led_after_us < LOW_POWER_REGULATOR_US + LED_US
    assert run.lines["button"]["sws"] == HSI


def test_standby_ends_in_a_reset_that_calendar_and_backup_registers_survive(run: LowPowerRun) -> None:
    standby = run.lines["standby"]
    least_us = ASLEEP_US + STANDBY_WAKE_US + HSE_START_US
    assert least_us <= standby["rtc_us"] <= least_us + 300
    assert standby["lost"] == 1 and standby["kept"] == 0
    assert (standby["time"], standby["date"]) == (0x235959, 0x246228)


def test_a_snapshot_in_stop_goes_on_the_same_and_nothing_is_missing(run: LowPowerRun) -> None:
    assert run.again == run.lines
    assert run.gaps == 0 and run.own_warnings == []
