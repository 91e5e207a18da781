"""The tap model's export to C, and that the committed model finds each committed event once."""

from __future__ import annotations

import math

import numpy as np
import pytest

from models.tap import c_source
from models.tap.files import FIRMWARE_FOLDER, TFLITE_FILE, reject_q
from models.tap.fixed_point import quantised_multiplier, softmax_scaling
from models.tap.graph import Layer, Tensor
from models.tap.recordings import committed_recordings

FILES = ("tap_model.h", "tap_model.c", "tap_golden.h", "tap_golden.c")


@pytest.mark.parametrize(
    ("real", "expected"),
    [
        (0.0, (0, 0)),
        (1.0, (1 << 30, 1)),
        (0.5, (1 << 30, 0)),
        (0.75, (3 << 29, 0)),
        (0.001, (1099511628, -9)),
        (3.0, (3 << 29, 2)),
        (1.0 - 2.0**-40, (1 << 30, 1)),
        (2.0**-40, (0, 0)),
    ],
)
def test_a_real_multiplier_becomes_a_q31_mantissa_and_a_shift(real: float, expected: tuple[int, int]) -> None:
    assert quantised_multiplier(real) == expected


def test_a_multiplier_and_its_shift_give_the_real_number_back() -> None:
    for real in np.exp(np.linspace(-20.0, 8.0, 500)).tolist():
        multiplier, shift = quantised_multiplier(real)
        assert (1 << 30) <= multiplier < (1 << 31)
        assert math.isclose(multiplier * 2.0 ** (shift - 31), real, rel_tol=1e-9)


def test_softmax_differences_that_vanish_are_cut_off() -> None:
    multiplier, shift, diff_min = softmax_scaling(0.25, 1.0)
    assert (multiplier, shift) == (1 << 30, 25)
    assert diff_min == -62


def test_the_arena_holds_the_largest_pair_of_neighbours() -> None:
    wide = Tensor((1, 1, 80, 1), (0.1,), 0, None)
    narrow = Tensor((1, 1, 9, 1), (0.1,), 0, None)
    flat = Tensor((1, 3), (0.1,), 0, None)
    layers = [Layer("MAX_POOL_2D", wide, narrow), Layer("SOFTMAX", narrow, flat)]
    assert c_source.arena_bytes(layers) == 80 + 12


@pytest.mark.parametrize("name", FILES)
def test_the_committed_c_is_what_the_export_makes_of_the_committed_model(name: str) -> None:
    pytest.importorskip("ai_edge_litert", reason="needs the extra `models` (ai-edge-litert)")
    from models.tap.export import exported_files

    committed = (FIRMWARE_FOLDER / name).read_text()
    assert committed == exported_files()[name], "run python -m models.tap.export"


def test_the_model_finds_each_committed_event_once_at_every_phase() -> None:
    pytest.importorskip("ai_edge_litert", reason="needs the extra `models` (ai-edge-litert)")
    from models.tap.litert import TapInterpreter
    from models.tap.scoring import outputs_at_every_start, score_all

    recordings = list(committed_recordings().values())
    interpreter = TapInterpreter(TFLITE_FILE)
    outputs = [outputs_at_every_start(each, interpreter) for each in recordings]
    score = score_all(recordings, outputs, reject_q())
    assert score.errors == 0, dict(score.mistakes)
    assert score.hits == score.expected == 40 * 11
