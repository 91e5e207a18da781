"""Tones as WAV files, and a fit to what was recorded of them: for the tests of sound blocks."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RATE_HZ = 16_000
FULL_SCALE = 32768
MICROPHONE_PAIR = """
left: Sensors.I2SMicrophone @ sai1 0

right: Sensors.I2SMicrophone @ sai1 1
"""


def tone(part: float, tone_hz: float, seconds: float) -> NDArray[np.int16]:
    """A sine of `part` of full scale at RATE_HZ."""
    at_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return np.rint(part * (FULL_SCALE - 1) * np.sin(2 * np.pi * tone_hz * at_s)).astype(np.int16)


def write_wav(path: Path, levels: NDArray[np.int16]) -> Path:
    """A mono file of RATE_HZ."""
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(levels.astype("<i2").tobytes())
    return path


def filtered(bits: NDArray[np.floating], clock_hz: int, decimation: int) -> NDArray[np.floating]:
    """The sound in the +1 and -1 of a PDM microphone below 6 kHz, every `decimation`th value. Skips without SciPy."""
    signal = pytest.importorskip("scipy.signal", reason="SciPy is the decimation filter")
    low_pass = signal.firwin(2001, 6000, fs=clock_hz)
    return np.asarray(signal.fftconvolve(bits, low_pass, mode="valid"))[::decimation]


def fit_tone(pcm: NDArray[np.floating], tone_hz: float, rate_hz: float) -> tuple[float, float]:
    """The amplitude of a tone and the signal-to-noise ratio in dB; a constant is neither."""
    angle = 2 * np.pi * tone_hz * np.arange(len(pcm)) / rate_hz
    parts = np.stack((np.sin(angle), np.cos(angle), np.ones_like(angle)), axis=1)
    fit, *_ = np.linalg.lstsq(parts, pcm, rcond=None)
    rest = pcm - parts @ fit
    return float(np.hypot(fit[0], fit[1])), 10 * float(np.log10(np.var(pcm) / np.var(rest)))


def signed_24(words: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Words of 24 bits with their sign."""
    return (words << 8).view(np.int32) >> 8


def moment(words: NDArray[np.int32], sound: NDArray[np.int16]) -> tuple[float, float]:
    """Where the recording begins, in samples of the sound and parts of one; the largest error there, of 24 bits."""
    levels = sound / FULL_SCALE * (1 << 23)
    best = (0.0, np.inf)
    for first in range(RATE_HZ // 20):
        here, after = levels[first:][: len(words)], levels[first + 1 :][: len(words)]
        rise = after - here
        part = float(np.dot(words - here, rise) / np.dot(rise, rise))
        error = float(np.abs(here + part * rise - words).max())
        if 0 <= part < 1 and error < best[1]:
            best = (first + part, error)
    return best


def two_moments(
    left: NDArray[np.int32],
    left_sound: NDArray[np.int16],
    right: NDArray[np.int32],
    right_sound: NDArray[np.int16],
    period: int,
) -> tuple[float, float]:
    """The larger error of two recordings, and how many samples apart they begin; the right sound repeats itself."""
    (left_at, left_error), (right_at, right_error) = moment(left, left_sound), moment(right, right_sound)
    behind = (left_at - right_at) % period
    return max(left_error, right_error), min(behind, period - behind)
