"""Firmware measures LSI by TIM5's channel 4, as ST's watchdog examples do: fixture stm32/stm32_lsi_measure.c."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, prebuilt, tagged_lines

from tinysim.machine import Machine
from tinysim.platform import load_platform

BOARD = "stm32f4_discovery"
TIMER_HZ, EDGES = 84_000_000, 8


def test_the_frequency_is_that_of_the_chip() -> None:
    lsi_hz = load_platform(BOARD).chip.number("clocks.lsi_hz")
    with Machine(BOARD) as machine:
        machine.load(prebuilt(BOARD, "stm32_lsi_measure"))
        machine.run_for(0.02)
        record = machine.record()
        assert machine.gaps == []
    lines = tagged_lines(console_text(record, "usart2"), "lsi")
    assert [line["clocks"] for line in lines] == [TIMER_HZ * EDGES // lsi_hz] * 4
    assert {line["hz"] for line in lines} == {lsi_hz}
