"""Two I2S microphones on the STM32L4R5's SAI1 by DMA (fixtures/stm32l4/stm32l4_sai.c): words are the sound then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from prebuilt_firmware import board_with, prebuilt
from sound_fixtures import MICROPHONE_PAIR, signed_24, tone, two_moments, write_wav

from tinysim.analyses.samples import SensorSamples, analyse_samples, sample_findings
from tinysim.machine import Machine
from tinysim.record import Record

BOARD, WORDS = "nucleo_l4r5zi", 16_000
LEFT, RIGHT = tone(0.2, 440.0, 0.7), tone(0.3, 1000.0, 0.7)
RIGHT_PERIOD = 16  # samples
LATE_WORDS = 625e-6 * 32_000


@dataclass(frozen=True)
class Run:
    """The signed words of both microphones; the record up to the end of the DMA, and of the whole run."""

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    by_dma: Record
    whole: Record


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    image, folder = prebuilt(BOARD, "stm32l4_sai"), tmp_path_factory.mktemp("sai")
    with Machine(board_with(BOARD, MICROPHONE_PAIR, folder)) as machine:
        machine.load(image)
        machine.attach_stream("left", write_wav(folder / "left.wav", LEFT))
        machine.attach_stream("right", write_wav(folder / "right.wav", RIGHT))
        assert machine.uart("lpuart1").wait_for(rb"TS recorded words=16000 overrun=0", timeout=0.6)
        by_dma = machine.record()
        words = np.frombuffer(machine.read_memory(machine.symbol("recorded"), 4 * WORDS), dtype="<u4")
        assert machine.uart("lpuart1").wait_for(rb"TS late overruns=5", timeout=0.1)
        assert machine.gaps == []
        signed = signed_24(words)
        return Run(signed[0::2], signed[1::2], by_dma, machine.record())


def test_each_word_is_the_sound_at_its_frames_beginning(run: Run) -> None:
    error, behind = two_moments(run.left, LEFT, run.right, RIGHT, RIGHT_PERIOD)
    assert error < 2
    assert behind < 1e-4  # slots of one frame: both begin at once


def counted(record: Record) -> SensorSamples:
    return next(one for one in analyse_samples(record).sensors if one.sensor == "sai1.a")


def test_by_dma_nothing_is_lost(run: Run) -> None:
    assert (counted(run.by_dma).lost, counted(run.by_dma).overruns) == (0, 0)
    assert WORDS <= counted(run.by_dma).read <= WORDS + 2


def test_the_late_reader_is_told(run: Run) -> None:
    whole = counted(run.whole)
    assert 5 * (LATE_WORDS - 9) <= whole.lost <= 5 * (LATE_WORDS - 7)  # eight wait in the FIFO
    assert "samples lost" in sample_findings(analyse_samples(run.whole))[0].message
    assert any("sai1 block A loses a received word" in warning["text"] for warning in run.whole.manifest["warnings"])
