"""Four microphones on the PDM interface of the STM32L4R5's SAI1 by DMA (fixtures/stm32l4/stm32l4_sai_pdm.c).

Their bits are taken out of the words and filtered with SciPy; what remains of the tones is the modulators' noise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from prebuilt_firmware import board_with, prebuilt
from sound_fixtures import filtered, fit_tone, tone, write_wav

from tinysim.analyses.samples import SensorSamples, analyse_samples
from tinysim.machine import Machine
from tinysim.record import Record

BOARD, WORDS, CLOCK_HZ, DECIMATION = "nucleo_l4r5zi", 25_000, 2_000_000, 125
PLACES = {"left1": 1, "right1": 9, "left2": 2, "right2": 10}  # in the order of a word's bytes
TONES = {"left1": (0.25, 1000.0), "left2": (0.25, 1000.0), "right1": (0.5, 440.0)}  # right2 hears nothing
DELAY_CLOCKS = 5  # of left2
LATE_WORDS = 100e-6 * CLOCK_HZ / 8
LEAST_SNR_DB = 60.0
SNAPSHOT_S = 0.05  # in the middle of the recording


@dataclass(frozen=True)
class Run:
    """The words recorded by DMA, the record up to then, that of the whole run; the words from a snapshot on."""

    words: NDArray[np.uint32]
    by_dma: Record
    whole: Record
    again: NDArray[np.uint32]

    def bits(self, name: str) -> NDArray[np.floating]:
        """+1 and -1 of one microphone, without the first frame, which the interface has not filled."""
        octets = self.words.astype(">u4").view(np.uint8).reshape(-1, 4)[1:, list(PLACES).index(name)]
        return 2.0 * np.unpackbits(octets) - 1.0


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    image, folder = prebuilt(BOARD, "stm32l4_sai_pdm"), tmp_path_factory.mktemp("sai_pdm")
    microphones = [f"\n{name}: Sensors.PDMMicrophone @ sai1 {place}\n" for name, place in PLACES.items()]
    with Machine(board_with(BOARD, "".join(microphones), folder)) as machine:
        machine.load(image)
        for name, (part, tone_hz) in TONES.items():
            machine.attach_stream(name, write_wav(folder / f"{name}.wav", tone(part, tone_hz, 0.3)))
        machine.run_for(SNAPSHOT_S)
        middle = machine.snapshot()
        assert machine.uart("lpuart1").wait_for(rb"TS recorded words=25000 overrun=0", timeout=0.2)
        by_dma, words = machine.record(), recorded(machine)
        assert machine.uart("lpuart1").wait_for(rb"TS late overruns=5", timeout=0.1)
        assert machine.gaps == []
        whole, end_s = machine.record(), machine.time
        machine.restore(middle)
        machine.run_for(end_s - machine.time)
        return Run(words, by_dma, whole, recorded(machine))


def recorded(machine: Machine) -> NDArray[np.uint32]:
    return np.frombuffer(machine.read_memory(machine.symbol("recorded"), 4 * WORDS), dtype="<u4")


@pytest.mark.parametrize("name", TONES)
def test_the_filtered_bits_are_the_tone(run: Run, name: str) -> None:
    part, tone_hz = TONES[name]
    amplitude, snr_db = fit_tone(filtered(run.bits(name), CLOCK_HZ, DECIMATION), tone_hz, CLOCK_HZ / DECIMATION)
    assert amplitude == pytest.approx(part, rel=0.02)  # straight lines between the samples of the file
    assert snr_db > LEAST_SNR_DB


def test_the_delayed_microphone_is_so_many_clocks_behind_its_twin(run: Run) -> None:
    twin, delayed = run.bits("left1"), run.bits("left2")
    assert np.array_equal(delayed[DELAY_CLOCKS:], twin[:-DELAY_CLOCKS])
    assert not np.array_equal(delayed, twin)


def test_a_microphone_in_silence_has_as_many_ones_as_zeroes(run: Run) -> None:
    assert abs(int(run.bits("right2").sum())) <= 4
    assert run.words[0] == 0  # the first frame, which the interface has not filled


def counted(record: Record) -> SensorSamples:
    return next(one for one in analyse_samples(record).sensors if one.sensor == "sai1.a")


def test_by_dma_nothing_is_lost_and_by_a_late_reader_it_is_told(run: Run) -> None:
    by_dma, whole = counted(run.by_dma), counted(run.whole)
    assert (by_dma.lost, by_dma.overruns) == (0, 0)
    assert WORDS <= by_dma.read <= WORDS + 16  # while the last block is copied
    assert 5 * (LATE_WORDS - 9) <= whole.lost <= 5 * (LATE_WORDS - 7)
    assert any("sai1 block A loses a received word" in warning["text"] for warning in run.whole.manifest["warnings"])


def test_a_snapshot_in_the_middle_leads_to_the_same_recording(run: Run) -> None:
    assert np.array_equal(run.again, run.words)
