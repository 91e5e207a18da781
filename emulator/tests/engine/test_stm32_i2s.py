"""The STM32F4DISCOVERY's microphone over I2S2 by DMA (fixtures/stm32/stm32_i2s.c): its bits, filtered with SciPy."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import prebuilt
from sound_fixtures import filtered, fit_tone, tone, write_wav

from tinysim.machine import Machine
from tinysim.record import Record

CLOCK_HZ, DECIMATION, WORDS = 2_000_000, 125, 20_000
TONE_HZ, PART = 1000.0, 0.25
LEAST_SNR_DB = 60.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[NDArray[np.uint16], Record]:
    """The words that the firmware recorded, and the record of the run."""
    image = prebuilt("stm32f4_discovery", "stm32_i2s")
    sound = write_wav(tmp_path_factory.mktemp("i2s") / "tone.wav", tone(PART, TONE_HZ, 0.25))
    with Machine("stm32f4_discovery") as machine:
        machine.load(image)
        machine.attach_stream(None, sound)  # the board's only sensor for sound
        assert machine.uart("usart2").wait_for(rb"TS recorded words=20000 overrun=0", timeout=0.3)
        assert machine.uart("usart2").wait_for(rb"TS late overrun=1 left=0", timeout=0.1)
        assert machine.gaps == []
        words = np.frombuffer(machine.read_memory(machine.symbol("recorded"), 2 * WORDS), dtype="<u2")
        return words, machine.record()


def test_the_filtered_bits_are_the_tone(run: tuple[NDArray[np.uint16], Record]) -> None:
    bits = np.unpackbits(run[0].astype(">u2").view(np.uint8))  # the highest bit came first
    part, snr_db = fit_tone(filtered(2.0 * bits - 1.0, CLOCK_HZ, DECIMATION), TONE_HZ, CLOCK_HZ / DECIMATION)
    assert part == pytest.approx(PART, rel=0.02)  # straight lines between 16 samples a period
    assert snr_db > LEAST_SNR_DB


def test_the_late_reader_is_told(run: tuple[NDArray[np.uint16], Record]) -> None:
    counters = run[1].manifest["counters"]
    late_words = 100e-6 * CLOCK_HZ / 16
    assert 1 <= counters["spi2.samples_lost"] <= late_words
    assert any("spi2: a received frame is lost (SR.OVR)" in warning["text"] for warning in run[1].manifest["warnings"])
