"""The tap application's C stages equal their Python twins in models/tap: preprocessing, decision, window ring."""

from __future__ import annotations

import ctypes
import random
import re
from pathlib import Path

import numpy as np
import pytest
from host_firmware import FIRMWARE, build

preprocessing = pytest.importorskip("models.tap.preprocessing", reason="models/ is not importable here")
decision = pytest.importorskip("models.tap.decision", reason="models/ is not importable here")

RING_SLOTS = 128


@pytest.fixture
def library(tmp_path: Path) -> ctypes.CDLL:
    return ctypes.CDLL(str(build(tmp_path)))


def scaling() -> object:
    """The three constants of tap_model.h."""
    text = (FIRMWARE / "apps/tap/tap_model.h").read_text(encoding="utf-8")
    values = [
        int(re.search(rf"TAP_INPUT_{name} \(?(-?\d+)", text)[1])  # type: ignore[index]
        for name in ("MULTIPLIER", "SHIFT", "ZERO_POINT")
    ]
    return preprocessing.InputScaling(*values)


@pytest.mark.parametrize("spread", [3, 200, 3_000, 8_000])
def test_preprocessing_gives_the_same_bytes_as_python(library: ctypes.CDLL, spread: int) -> None:
    noise = np.random.default_rng(spread)
    for _ in range(50):
        centre = noise.integers(-4_000, 4_000, 3)
        window = np.clip(centre + noise.integers(-spread, spread + 1, (80, 3)), -8192, 8191)
        expected = preprocessing.quantise(preprocessing.magnitudes(window), scaling())
        counts, output = window.astype(np.int16), np.empty(80, np.int8)
        library.tap_preprocess(counts.ctypes.data_as(ctypes.c_void_p), output.ctypes.data_as(ctypes.c_void_p))
        np.testing.assert_array_equal(output, expected)


def test_extreme_windows_do_not_overflow(library: ctypes.CDLL) -> None:
    window = np.full((80, 3), -8192, np.int64)
    window[40:] = 8191
    window[79] = -8192
    expected = preprocessing.quantise(preprocessing.magnitudes(window), scaling())
    counts, output = window.astype(np.int16), np.empty(80, np.int8)
    library.tap_preprocess(counts.ctypes.data_as(ctypes.c_void_p), output.ctypes.data_as(ctypes.c_void_p))
    np.testing.assert_array_equal(output, expected)


def test_decisions_equal_python_on_random_sequences(library: ctypes.CDLL) -> None:
    pick = random.Random(3)
    machine, twin = (ctypes.c_int * 2)(), decision.Decision()
    for _ in range(5_000):
        window_class = pick.choice((0, 0, 1, 1, 2))
        assert library.decide_step(ctypes.byref(machine), window_class) == twin.step(window_class)


class Ring(ctypes.Structure):
    """window_ring of firmware/lib/window_ring.h."""

    _fields_ = [
        ("slots", ctypes.c_int16 * (3 * RING_SLOTS)),
        ("written", ctypes.c_uint32), ("lost", ctypes.c_uint32), ("contiguous", ctypes.c_uint32),
    ]  # fmt: skip


class Sample(ctypes.Structure):
    """lis2dw12_sample."""

    _fields_ = [("x", ctypes.c_int16), ("y", ctypes.c_int16), ("z", ctypes.c_int16)]


def copied(library: ctypes.CDLL, ring: Ring, end: int) -> list[int] | None:
    """The x values of the window of 80 that ends at a sample number, or None."""
    window = (Sample * 80)()
    library.window_ring_copy.restype = ctypes.c_bool
    if not library.window_ring_copy(ctypes.byref(ring), end, window, 80):
        return None
    return [sample.x for sample in window]


def test_windows_come_out_by_sample_number_across_the_wrap_and_never_across_a_loss(
    library: ctypes.CDLL,
) -> None:
    ring = Ring()
    library.window_ring_append.argtypes = [ctypes.c_void_p, Sample]

    def append(first: int, count: int) -> None:
        for number in range(first, first + count):
            library.window_ring_append(ctypes.byref(ring), Sample(number, -number, 0))

    append(0, 79)
    assert copied(library, ring, 80) is None, "one sample is still to come"
    append(79, 121)
    assert copied(library, ring, 200) == list(range(120, 200)), "two segments"
    assert copied(library, ring, 152) == list(range(72, 152)), "the oldest whole window"
    assert copied(library, ring, 151) is None, "its first sample is overwritten"
    library.window_ring_break(ctypes.byref(ring))
    library.window_ring_lose(ctypes.byref(ring), 12)
    append(212, 40)
    library.window_ring_lose(ctypes.byref(ring), 1)  # known late: what came after the loss is 213..
    append(253, 40)
    assert copied(library, ring, 293) == [*range(212, 252), *range(253, 293)], "80 samples since the loss"
    assert copied(library, ring, 292) is None, "would span the loss"
