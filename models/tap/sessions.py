"""The split of the synthetic sessions: by session, so that no session is in two parts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from models.tap.motions import FloatArray
from models.tap.preprocessing import (
    G_PER_COUNT,
    LEFT_OUT,
    IntArray,
    every_start,
    label_windows,
    magnitudes,
    to_counts,
    windows_of,
)
from models.tap.recordings import Recording, draw_session

SESSION_COUNT = 140
SPLIT = {"train": range(0, 98), "validation": range(98, 119), "test": range(119, SESSION_COUNT)}
FULL_SCALE_G = 2.0


@dataclass(frozen=True)
class WindowSet:
    """Labelled windows: magnitudes in counts, shape (windows, 80), and classes 0..2."""

    magnitude: IntArray
    labels: IntArray

    @property
    def model_input(self) -> FloatArray:
        """Return the magnitudes in g, clipped at the model's full scale."""
        return np.clip(self.magnitude * G_PER_COUNT, 0.0, FULL_SCALE_G)


def sessions(part: str) -> list[Recording]:
    """Return the sessions of `train`, `validation` or `test`; always the same."""
    return [draw_session(1000 + number) for number in SPLIT[part]]


def labelled_windows(recordings: list[Recording], step: int) -> WindowSet:
    """Cut all recordings into windows, step samples apart, without the doubtful ones."""
    magnitude, labels = [], []
    for recording in recordings:
        starts = every_start(recording, step)
        classes = label_windows(recording, starts)
        kept = classes != LEFT_OUT
        magnitude.append(magnitudes(windows_of(to_counts(recording.acceleration_g), starts[kept])))
        labels.append(classes[kept])
    return WindowSet(np.concatenate(magnitude), np.concatenate(labels))
