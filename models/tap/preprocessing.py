"""From g to the model's int8 input, in the integers the firmware uses, and the labels of windows.

The firmware's twin is firmware/apps/tap; both must give the same bytes. The sensor is a LIS2DW12 at
200 Hz, +-4 g, high-performance mode, 14 bit: 0.488 mg per count (datasheet, table of mechanical
characteristics). Not modelled: its noise shaping and its low-pass filter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.tap.motions import FloatArray
from models.tap.recordings import RATE_HZ, Recording

IntArray = NDArray[np.int64]
Int8Array = NDArray[np.int8]

MICRO_G_PER_COUNT = 488
G_PER_COUNT = MICRO_G_PER_COUNT * 1e-6
COUNT_MIN, COUNT_MAX = -8192, 8191
WINDOW_SAMPLES, HOP_SAMPLES = 80, 40
NONE, SINGLE, DOUBLE = 0, 1, 2
CLASS_NAMES = ("none", "single", "double")
LEFT_OUT = -1

EARLIEST_COUNTED_ONSET = -5.0
LATEST_COUNTED_ONSET = 77.0
EARLIEST_DOUBTFUL_ONSET = -14.0


@dataclass(frozen=True)
class InputScaling:
    """The fixed-point step from counts to the model's input: see quantise()."""

    multiplier: int
    shift: int
    zero_point: int


def input_scaling(scale_g: float, zero_point: int) -> InputScaling:
    """Return the scaling for an input tensor of scale_g per step; the multiplier has 15 bits.

    A magnitude has 15 bits as well, so the product and its rounding fit 32 unsigned bits.
    """
    ratio, shift = G_PER_COUNT / scale_g, 0
    while round(ratio * (1 << (shift + 1))) < (1 << 15):
        shift += 1
    return InputScaling(round(ratio * (1 << shift)), shift, zero_point)


def to_counts(acceleration_g: FloatArray) -> IntArray:
    """Return what the sensor's registers hold: micro-g in counts of 488, halves away from zero, clipped to 14 bits."""
    micro_g = np.rint(acceleration_g * 1e6).astype(np.int64)
    return np.clip(rounded_mean(micro_g, MICRO_G_PER_COUNT), COUNT_MIN, COUNT_MAX)


def rounded_mean(total: IntArray, count: int) -> IntArray:
    """Return total / count, rounded half away from zero, in integers."""
    return np.asarray(np.sign(total) * ((2 * np.abs(total) + count) // (2 * count)))


def integer_square_root(square: IntArray) -> IntArray:
    """Return the floor of the square root; exact below 2**52."""
    root = np.sqrt(square.astype(np.float64)).astype(np.int64)
    root -= root * root > square
    root += (root + 1) * (root + 1) <= square
    return root


def magnitudes(windows: IntArray) -> IntArray:
    """Return |sample - mean| in counts; (..., samples, 3) becomes (..., samples)."""
    means = rounded_mean(windows.sum(axis=-2, keepdims=True), windows.shape[-2])
    offsets = windows - means
    return integer_square_root((offsets * offsets).sum(axis=-1))


def quantise(magnitude: IntArray, scaling: InputScaling) -> Int8Array:
    """Return the model's int8 input for magnitudes in counts."""
    product = magnitude * scaling.multiplier + (1 << (scaling.shift - 1))
    steps = (product >> scaling.shift) + scaling.zero_point
    return np.asarray(np.clip(steps, -128, 127), dtype=np.int8)


def windows_of(counts: IntArray, starts: IntArray) -> IntArray:
    """Cut windows of 80 samples at the given starts; shape (windows, 80, 3)."""
    return np.asarray(counts[starts[:, None] + np.arange(WINDOW_SAMPLES)[None, :]])


def every_start(recording: Recording, step: int = 1) -> IntArray:
    """Return the starts of all whole windows, step samples apart."""
    last = len(recording.acceleration_g) - WINDOW_SAMPLES
    return np.arange(0, last + 1, step, dtype=np.int64)


def label_windows(recording: Recording, starts: IntArray) -> IntArray:
    """Return the class of each window by the taps that can be seen in it, or LEFT_OUT.

    A tap counts when at least 3 samples of it lie before the window's end, or when it began at
    most 5 samples before the window's start, so that its ring is still seen. This makes the
    span of counted onsets 82 samples: more than two hops, so each tap counts in two windows at
    every phase of the window grid. Taps outside this span but not out of sight are doubtful:
    their windows are left out.
    """
    onsets = np.array([onset for event in recording.events for onset in event.onsets_s]) * RATE_HZ
    place = onsets[None, :] - starts[:, None]
    counted = (place >= EARLIEST_COUNTED_ONSET) & (place <= LATEST_COUNTED_ONSET)
    doubtful = (place > EARLIEST_DOUBTFUL_ONSET) & (place <= WINDOW_SAMPLES) & ~counted
    return np.where(doubtful.any(axis=1), LEFT_OUT, np.minimum(counted.sum(axis=1), DOUBLE))
