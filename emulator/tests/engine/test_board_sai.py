"""Two I2S microphones on SAI1 of the STM32F446 and STM32F429 by DMA (fixtures/stm32f4_boards/board_sai.c)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from prebuilt_firmware import board_with, prebuilt
from sound_fixtures import MICROPHONE_PAIR, signed_24, tone, two_moments, write_wav

from tinysim.machine import Machine

WORDS = 8000
LEFT, RIGHT, RIGHT_PERIOD = tone(0.2, 440.0, 0.4), tone(0.3, 1000.0, 0.4), 16


@pytest.mark.parametrize(("board", "console"), [("nucleo_f446re", "usart2"), ("stm32f429i_disc1", "usart1")])
def test_each_word_is_the_sound_and_a_stop_of_dma_loses_words(board: str, console: str, tmp_path: Path) -> None:
    image = prebuilt(board, "board_sai")
    with Machine(board_with(board, MICROPHONE_PAIR, tmp_path)) as machine:
        machine.load(image)
        machine.attach_stream("left", write_wav(tmp_path / "left.wav", LEFT))
        machine.attach_stream("right", write_wav(tmp_path / "right.wav", RIGHT))
        assert machine.uart(console).wait_for(rb"TS recorded words=8000 overrun=0", timeout=0.4)
        words = signed_24(np.frombuffer(machine.read_memory(machine.symbol("recorded"), 4 * WORDS), dtype="<u4"))
        assert machine.uart(console).wait_for(rb"TS late overrun=1", timeout=0.1)
        assert machine.gaps == []
        manifest = machine.record().manifest
    error, behind = two_moments(words[0::2], LEFT, words[1::2], RIGHT, RIGHT_PERIOD)
    assert error < 2
    assert behind < 1e-4
    assert manifest["counters"]["sai1.a.samples_lost"] > 0
    assert any("sai1 block A loses a received word" in warning["text"] for warning in manifest["warnings"])
