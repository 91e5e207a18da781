"""The STM32L4's DMA on the engine: a copy, and a text through DMAMUX1 to LPUART1 (fixtures/stm32l4/stm32l4_dma.c)."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, prebuilt

from tinysim.machine import Machine

WORDS, CYCLES_PER_ITEM, POLL_CYCLES = 256, 5, 60
TEXT_BYTES, BAUD, BITS_PER_FRAME = 12, 115_200, 10


@pytest.fixture(scope="module")
def lines() -> list[str]:
    with Machine("stm32l4") as machine:
        machine.load(prebuilt("nucleo_l4r5zi", "stm32l4_dma"))
        assert machine.run_for(0.02) == "time"
        assert machine.gaps == [] and machine.record().manifest["warnings"] == []
        return console_text(machine.record(), "lpuart1").splitlines()


def test_a_copy_takes_five_cycles_a_word(lines: list[str]) -> None:
    found = re.fullmatch(r"TS copy cycles=(\d+) wrong=0", lines[0])
    assert found is not None
    assert 0 <= int(found[1]) - WORDS * CYCLES_PER_ITEM <= POLL_CYCLES


def test_the_text_goes_out_at_the_baud_rate(lines: list[str]) -> None:
    assert lines[1] == "sent by dma"
    found = re.fullmatch(r"TS send us=(\d+) left=0", lines[2])
    assert found is not None
    assert abs(int(found[1]) - TEXT_BYTES * BITS_PER_FRAME * 1_000_000 // BAUD) <= 3
