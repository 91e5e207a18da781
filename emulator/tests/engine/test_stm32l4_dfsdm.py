"""A microphone on the STM32L4R5's DFSDM by DMA (fixtures/stm32l4/stm32l4_dfsdm.c): the PCM against one made with SciPy.

The reference goes the way of the sound with library filters: the recording between its samples, four boxes of 125
samples at 2 MHz, every 125th value. What remains is the noise of a one-bit modulator of second order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from prebuilt_firmware import board_with, console_text, prebuilt
from sound_fixtures import RATE_HZ, write_wav

from tinysim.analyses.samples import SensorSamples, analyse_samples, sample_findings
from tinysim.machine import Machine
from tinysim.record import Record

CLOCK_HZ, OVERSAMPLING, ORDER, SHIFT, SAMPLES = 2_000_000, 125, 4, 12, 8000
TONES = {440.0: 0.2, 1000.0: 0.3}  # Hz: part of full scale
LEAST_SNR_DB = 60.0
SNAPSHOT_S = 0.3137  # in the middle of the recording


@dataclass(frozen=True)
class Run:
    """The PCM recorded by DMA, the record up to then, that of the whole run; the PCM from a snapshot on."""

    pcm: NDArray[np.int32]
    by_dma: Record
    whole: Record
    again: NDArray[np.int32]


def sound(seconds: float) -> NDArray[np.int16]:
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    mixed = sum(part * np.sin(2 * np.pi * tone_hz * at_s) for tone_hz, part in TONES.items())
    return np.rint(mixed * 32767).astype(np.int16)


@pytest.fixture(scope="module")
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """The board with a microphone that hears the tones, and the firmware, at power-on."""
    image = prebuilt("nucleo_l4r5zi", "stm32l4_dfsdm")
    folder = tmp_path_factory.mktemp("dfsdm")
    board = board_with("nucleo_l4r5zi", "\nmicrophone: Sensors.PDMMicrophone @ dfsdm1 2\n", folder)
    with Machine(board) as machine:
        machine.load(image)
        machine.attach_stream(None, write_wav(folder / "tones.wav", sound(0.6)))
        yield machine


def recorded(machine: Machine) -> NDArray[np.int32]:
    return np.frombuffer(machine.read_memory(machine.symbol("recorded"), 4 * SAMPLES), dtype="<i4")


@pytest.fixture(scope="module")
def run(heard: Machine) -> Run:
    heard.run_for(SNAPSHOT_S)
    middle = heard.snapshot()
    assert heard.uart("lpuart1").wait_for(rb"TS recorded samples=8000 overrun=0", timeout=1.0)
    by_dma, pcm = heard.record(), recorded(heard)
    assert heard.uart("lpuart1").wait_for(rb"TS late", timeout=0.2)
    assert heard.gaps == []
    whole, end_s = heard.record(), heard.time
    heard.restore(middle)
    heard.run_for(end_s - heard.time)
    return Run(pcm, by_dma, whole, recorded(heard))


def reference() -> NDArray[np.float64]:
    """The same sound at every clock of the microphone, filtered, in the units of RDATAR."""
    signal = pytest.importorskip("scipy.signal", reason="SciPy makes the reference")
    levels = sound(0.6) / 32768
    at_s = np.arange(round(0.55 * CLOCK_HZ)) / CLOCK_HZ
    heard = np.interp(at_s, np.arange(len(levels)) / RATE_HZ, levels)
    for _ in range(ORDER):
        heard = signal.lfilter(np.ones(OVERSAMPLING), 1.0, heard)
    return np.asarray(heard) / (1 << SHIFT)


def best_fit(pcm: NDArray[np.int32], made: NDArray[np.float64]) -> tuple[int, float]:
    """The clock of the reference at which it is nearest to the PCM, and the signal-to-noise ratio there, in dB."""

    def noise(first: int) -> float:
        return float(np.mean((made[first::OVERSAMPLING][: len(pcm)] - pcm) ** 2))

    # The tones repeat every 25 ms; the recording begins within the first.
    rough = min(range(0, CLOCK_HZ // 40, 10), key=noise)
    first = min(range(max(rough - 10, 0), rough + 11), key=noise)
    return first, 10 * float(np.log10(np.mean(made[first::OVERSAMPLING][: len(pcm)] ** 2) / noise(first)))


def test_the_recording_is_the_sound_as_scipy_filters_it(run: Run) -> None:
    first, snr_db = best_fit(run.pcm, reference())
    assert first > 0
    assert snr_db > LEAST_SNR_DB


def test_the_samples_come_every_125_clocks_to_the_cycle(run: Run) -> None:
    masters, arrays = run.by_dma.manifest["dma_masters"], run.by_dma.arrays
    mine = arrays["dma.master"] == masters.index("dma1 channel 1")
    ends = arrays["dma.end"][mine].astype(np.int64)
    periods = np.diff(ends)
    cycles = 120_000_000 // RATE_HZ
    assert abs(float(periods.mean()) - cycles * periods_per_row(arrays, mine)) < 1


def periods_per_row(arrays: dict[str, NDArray[np.generic]], mine: NDArray[np.bool_]) -> float:
    return float(np.asarray(arrays["dma.bytes"])[mine][1:].mean()) / 4


def counted(record: Record) -> SensorSamples:
    return next(one for one in analyse_samples(record).sensors if one.sensor == "dfsdm1.filter0")


def test_by_dma_nothing_is_lost_and_by_a_late_reader_it_is_told(run: Run) -> None:
    by_dma, whole = (counted(record) for record in (run.by_dma, run.whole))
    assert (by_dma.lost, by_dma.overruns) == (0, 0)
    assert SAMPLES <= by_dma.read <= SAMPLES + 1
    assert 5 * 8 <= whole.lost <= 5 * 10
    assert "samples lost" in sample_findings(analyse_samples(run.whole))[0].message
    assert any("dfsdm1: a result is lost" in warning["text"] for warning in run.whole.manifest["warnings"])


def test_each_result_names_its_channel(run: Run) -> None:
    assert "TS late overruns=5 channels=200" in console_text(run.whole, "lpuart1")


def test_a_snapshot_in_the_middle_leads_to_the_same_recording(run: Run) -> None:
    assert np.array_equal(run.again, run.pcm)
