"""The text of MODEL_CARD.md from measured numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.tap.preprocessing import CLASS_NAMES
from models.tap.scoring import Score


@dataclass(frozen=True)
class WindowResult:
    """Per-window numbers on the test sessions; confusion rows are the true classes."""

    windows: int
    float_accuracy: float
    int8_accuracy: float
    agreement: float
    confusion: NDArray[np.int64]
    kernels_differ: int
    kernels_largest_step: int


@dataclass(frozen=True)
class Cost:
    """What the int8 model costs; constant bytes are weights, biases, multipliers and shifts."""

    tflite_bytes: int
    constant_bytes: int
    parameters: int
    macs: int
    arena_bytes: int
    operators: str


def confusion_table(confusion: NDArray[np.int64]) -> str:
    """Return the confusion matrix with the recall of each class as a Markdown table."""
    rows = [
        "| true \\ read as | none | single | double | recall |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, row in zip(CLASS_NAMES, confusion.tolist(), strict=True):
        recall = row[CLASS_NAMES.index(name)] / sum(row)
        rows.append(f"| {name} | " + " | ".join(map(str, row)) + f" | {recall:.2%} |")
    return "\n".join(rows)


def event_table(scores: dict[str, Score]) -> str:
    """Return the event scores, summed over the 40 phases, as a Markdown table."""
    rows = [
        "| recording | expected | found | wrong class | missed | false | delay median | longest |",
        "| --- " * 8 + "|",
    ]
    for stem, score in scores.items():
        delays_ms = [1000.0 * delay_s for delay_s in score.delays_s] or [float("nan")]
        rows.append(
            f"| {stem} | {score.expected} | {score.hits} | {score.confused} | {score.missed}"
            f" | {score.false_alarms} | {np.median(delays_ms):.0f} ms | {max(delays_ms):.0f} ms |"
        )
    return "\n".join(rows).replace("nan ms", "-")


def walking_sentence(score: Score) -> str:
    """Say how taps while walking fare against taps of a device at rest."""
    still = score.expected - score.expected_walking
    still_hits = score.hits - score.hits_walking
    walking_share = score.hits_walking / score.expected_walking
    return (
        f"Of the test sessions' taps {score.hits_walking} of {score.expected_walking}"
        f" ({walking_share:.1%}) are found while walking,\nwhere a heel strike and a tap can share"
        f" a window, and {still_hits} of {still} ({still_hits / still:.1%}) otherwise."
    )


def card(cost: Cost, windows: WindowResult, scores: dict[str, Score], reject_q: int, test_sessions: int) -> str:
    """Return the whole model card."""
    return f"""# Model card: tap

Written by `python -m models.tap.evaluate`; do not edit.

**The data are synthetic.** Every recording comes from `models/tap/recordings.py`. No real sensor,
finger or table stands behind these numbers; they say that the pipeline is sound, not how well it
would work on a desk.

- Task: none, single tap or double tap in a window of 80 samples (400 ms at 200 Hz), hop 40.
- Input: distance of each sample from the window's mean, int8, 0 to 2 g.
- Network: {cost.operators}.
- {cost.parameters} parameters, {cost.macs} MACs per window.
- {cost.tflite_bytes} bytes of .tflite; {cost.constant_bytes} bytes of constants in C.
- {cost.arena_bytes} bytes of arena.
- Reject threshold: q >= {reject_q} (p >= {(reject_q + 128) / 256:.2f}), by validation events.

## Windows of {test_sessions} unseen sessions

{windows.windows} windows, every 4th sample; windows with a tap in doubt at an edge are left out.

| | accuracy |
| --- | --- |
| float | {windows.float_accuracy:.2%} |
| int8 | {windows.int8_accuracy:.2%} |
| int8 equals float | {windows.agreement:.2%} |

int8, before the reject threshold:

{confusion_table(windows.confusion)}

LiteRT's optimised kernels (XNNPACK) differ from its reference kernels in
{windows.kernels_differ} of {windows.windows} windows, by at most {windows.kernels_largest_step} of
256 steps: one step of a logit is many steps of a probability near one half. The firmware is held
equal to the reference kernels.

## Events

Each recording at all 40 phases of the window grid, so each event counts 40 times. The delay runs
from the last tap to the end of the window that decides; a single waits until no second tap can
follow.

{event_table(scores)}

{walking_sentence(scores["test sessions"])}
"""
