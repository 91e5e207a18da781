"""The integer preprocessing and the window labels of models/tap."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.tap.preprocessing import (
    COUNT_MAX,
    COUNT_MIN,
    DOUBLE,
    LEFT_OUT,
    NONE,
    SINGLE,
    WINDOW_SAMPLES,
    InputScaling,
    input_scaling,
    integer_square_root,
    label_windows,
    magnitudes,
    quantise,
    rounded_mean,
    to_counts,
)
from models.tap.recordings import RATE_HZ, Event, Recording

SCALING = input_scaling(2.0 / 255.0, -128)


@pytest.mark.parametrize(
    ("total", "mean"),
    [
        (0, 0),
        (39, 0),
        (40, 1),
        (-39, 0),
        (-40, -1),
        (119, 1),
        (120, 2),
        (-120, -2),
        (655_280, 8191),
    ],
)
def test_the_mean_is_rounded_half_away_from_zero(total: int, mean: int) -> None:
    assert rounded_mean(np.array([total]), WINDOW_SAMPLES).tolist() == [mean]


def test_the_square_root_is_the_floor_around_every_square() -> None:
    roots = np.arange(0, 28_400, dtype=np.int64)
    for step in (-1, 0, 1):
        squares = np.maximum(roots * roots + step, 0)
        assert integer_square_root(squares).tolist() == [math.isqrt(each) for each in squares]


def test_a_sensor_at_rest_gives_magnitude_zero_in_any_orientation() -> None:
    window = np.tile(np.array([[-1183, 1183, 1204]]), (WINDOW_SAMPLES, 1))
    assert not magnitudes(window).any()


def test_the_largest_possible_swing_fits_32_bits_and_saturates_the_input() -> None:
    window = np.full((WINDOW_SAMPLES, 3), COUNT_MIN)
    window[0] = COUNT_MAX
    magnitude = magnitudes(window)
    assert magnitude.max() * SCALING.multiplier + (1 << (SCALING.shift - 1)) < 1 << 32
    assert quantise(magnitude, SCALING)[0] == 127
    assert quantise(np.array([0]), SCALING)[0] == -128


def test_the_fixed_point_scaling_is_within_half_a_step_of_the_real_one() -> None:
    magnitude = np.arange(0, 4_200, dtype=np.int64)
    real = magnitude * 0.000488 / (2.0 / 255.0) - 128
    assert np.abs(quantise(magnitude, SCALING) - np.minimum(real, 127)).max() <= 0.51


def test_quantising_rounds_half_up_in_the_shift() -> None:
    assert quantise(np.array([1, 2, 3]), InputScaling(1, 1, 0)).tolist() == [1, 1, 2]


def test_counts_are_rounded_and_clipped_to_14_bits() -> None:
    values_g = np.array([0.0, 0.000488, 0.0007, -0.0008, 5.0, -5.0])
    assert to_counts(values_g).tolist() == [0, 1, 1, -2, COUNT_MAX, COUNT_MIN]


def recording_with(onsets: tuple[float, ...]) -> Recording:
    onsets_s = tuple(onset / RATE_HZ for onset in onsets)
    events = (Event("single", onsets_s[0], onsets_s[-1] + 0.06, onsets_s),)
    return Recording(np.zeros((600, 3)), events)


@pytest.mark.parametrize(
    ("onset", "label"),
    [
        (20, NONE),
        (85, NONE),
        (90, LEFT_OUT),
        (95, SINGLE),
        (177, SINGLE),
        (178, LEFT_OUT),
        (181, NONE),
    ],
)
def test_a_window_is_labelled_by_the_taps_seen_in_it(onset: float, label: int) -> None:
    assert label_windows(recording_with((onset,)), np.array([100])).tolist() == [label]


def test_two_taps_make_a_double_and_one_in_doubt_leaves_the_window_out() -> None:
    assert label_windows(recording_with((110, 150)), np.array([100])).tolist() == [DOUBLE]
    assert label_windows(recording_with((140, 179)), np.array([100])).tolist() == [LEFT_OUT]


def test_each_tap_counts_in_two_or_three_windows_at_every_phase() -> None:
    for phase in range(40):
        labels = label_windows(recording_with((300.0,)), np.arange(phase, 520, 40))
        assert 2 <= int(np.isin(labels, (SINGLE, LEFT_OUT)).sum()) <= 3
        assert int((labels == SINGLE).sum()) >= 2
