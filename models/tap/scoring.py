"""Judges events against labels: at each phase of the window grid, each labelled tap once.

The firmware's grid starts when its sampling starts, so nothing may depend on the phase: all 40 are
tried. A detection belongs to a labelled event when its window ends 0-1.1 s after the event's start.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from models.tap.decision import events_of, window_class
from models.tap.litert import TapInterpreter
from models.tap.preprocessing import (
    CLASS_NAMES,
    HOP_SAMPLES,
    WINDOW_SAMPLES,
    Int8Array,
    every_start,
    magnitudes,
    quantise,
    to_counts,
    windows_of,
)
from models.tap.recordings import RATE_HZ, Event, Recording

LATEST_ANSWER_S = 1.1


@dataclass
class Score:
    """Sums over phases and recordings; delays are from the last tap to the window's end."""

    expected: int = 0
    hits: int = 0
    confused: int = 0
    missed: int = 0
    false_alarms: int = 0
    expected_walking: int = 0
    hits_walking: int = 0
    delays_s: list[float] = field(default_factory=list)
    mistakes: Counter[str] = field(default_factory=Counter)

    @property
    def errors(self) -> int:
        """Return the number of events that were missed, of the wrong class, or not there."""
        return self.confused + self.missed + self.false_alarms


def outputs_at_every_start(recording: Recording, interpreter: TapInterpreter) -> Int8Array:
    """Return the model's output for the window at every sample; shape (starts, 3)."""
    windows = windows_of(to_counts(recording.acceleration_g), every_start(recording))
    return interpreter.run(quantise(magnitudes(windows), interpreter.input_scaling))


def judge(recording: Recording, outputs: Int8Array, reject_q: int, score: Score) -> None:
    """Run the decision at all 40 phases of one recording and add to the score."""
    for phase in range(HOP_SAMPLES):
        classes = [window_class(row, reject_q) for row in outputs[phase::HOP_SAMPLES].tolist()]
        found = [
            ((phase + index * HOP_SAMPLES + WINDOW_SAMPLES) / RATE_HZ, CLASS_NAMES[kind])
            for index, kind in events_of(classes)
        ]
        _match(recording.events, found, score)


def _match(labelled: tuple[Event, ...], found: list[tuple[float, str]], score: Score) -> None:
    left = list(found)
    for event in labelled:
        if not event.onsets_s:
            continue
        score.expected += 1
        score.expected_walking += event.while_walking
        near = [each for each in left if 0.0 <= each[0] - event.start_s <= LATEST_ANSWER_S]
        if not near:
            score.missed += 1
            score.mistakes[f"{event.kind} at {event.start_s:.2f} s missed"] += 1
            continue
        left.remove(near[0])
        score.delays_s.append(near[0][0] - event.onsets_s[-1])
        if near[0][1] == event.kind:
            score.hits += 1
            score.hits_walking += event.while_walking
        else:
            score.confused += 1
            score.mistakes[f"{event.kind} at {event.start_s:.2f} s read as {near[0][1]}"] += 1
    score.false_alarms += len(left)
    score.mistakes.update(f"false {kind} about {int(moment_s)} s" for moment_s, kind in left)


def score_all(recordings: list[Recording], outputs: list[Int8Array], reject_q: int) -> Score:
    """Return the score over all recordings and phases at one reject threshold."""
    score = Score()
    for recording, each in zip(recordings, outputs, strict=True):
        judge(recording, each, reject_q, score)
    return score


def choose_reject_q(recordings: list[Recording], outputs: list[Int8Array]) -> int:
    """Return the highest threshold from p = 0.5 on that has the fewest event errors."""
    candidates = range(0, 121, 10)
    return min(candidates, key=lambda q: (score_all(recordings, outputs, q).errors, -q))
