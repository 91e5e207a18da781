"""Measure the committed tap model and write MODEL_CARD.md with the numbers.

`python -m models.tap.evaluate`; needs ai-edge-litert. Exit code 1 if the demo stream's events are
not all found exactly once at every phase of the window grid.
"""

from __future__ import annotations

import sys

import numpy as np

from models.tap.c_source import arena_bytes
from models.tap.files import FLOAT_FILE, MODEL_CARD_FILE, TFLITE_FILE, reject_q
from models.tap.graph import Layer, read_layers
from models.tap.litert import TapInterpreter
from models.tap.model_card import Cost, WindowResult, card
from models.tap.preprocessing import Int8Array, quantise
from models.tap.recordings import Recording, committed_recordings
from models.tap.scoring import Score, outputs_at_every_start, score_all
from models.tap.sessions import WindowSet, labelled_windows, sessions


def measure_windows(windows: WindowSet) -> WindowResult:
    """Compare float, int8 reference and int8 optimised kernels on the same windows."""
    reference = TapInterpreter(TFLITE_FILE, reference=True)
    inputs = quantise(windows.magnitude, reference.input_scaling)
    outputs = reference.run(inputs)
    other = TapInterpreter(TFLITE_FILE, reference=False).run(inputs)
    steps = np.abs(outputs.astype(np.int64) - other)
    chosen = outputs.argmax(axis=1)
    expected = TapInterpreter(FLOAT_FILE).run_float(windows.model_input).argmax(axis=1)
    confusion = np.zeros((3, 3), np.int64)
    np.add.at(confusion, (windows.labels, chosen), 1)
    return WindowResult(
        windows=len(inputs),
        float_accuracy=float((expected == windows.labels).mean()),
        int8_accuracy=float((chosen == windows.labels).mean()),
        agreement=float((chosen == expected).mean()),
        confusion=confusion,
        kernels_differ=int((steps > 0).any(axis=1).sum()),
        kernels_largest_step=int(steps.max()),
    )


def measure_cost(layers: list[Layer]) -> Cost:
    """Sum up the model's bytes and multiply-accumulates."""
    weights = sum(each.weights.size for each in layers if each.weights is not None)
    channels = sum(len(each.multiplier) for each in layers)
    return Cost(
        tflite_bytes=TFLITE_FILE.stat().st_size,
        constant_bytes=weights + channels * (4 + 4 + 1),
        parameters=weights + channels,
        macs=sum(each.macs for each in layers),
        arena_bytes=arena_bytes(layers),
        operators=", ".join(each.kind for each in layers),
    )


def score_recordings(recordings: list[Recording]) -> Score:
    """Return the event score of the int8 reference model over all phases."""
    interpreter = TapInterpreter(TFLITE_FILE, reference=True)
    outputs: list[Int8Array] = [outputs_at_every_start(each, interpreter) for each in recordings]
    return score_all(recordings, outputs, reject_q())


def main() -> int:
    """Measure, write the card, say in one line whether the demo holds."""
    committed = committed_recordings()
    scores = {stem: score_recordings([recording]) for stem, recording in committed.items()}
    test = sessions("test")
    scores["test sessions"] = score_recordings(test)
    windows = measure_windows(labelled_windows(test, step=4))
    cost = measure_cost(read_layers(TFLITE_FILE))
    MODEL_CARD_FILE.write_text(card(cost, windows, scores, reject_q(), len(test)))
    failed = [stem for stem in committed if scores[stem].errors]
    print(f"windows: float {windows.float_accuracy:.2%}, int8 {windows.int8_accuracy:.2%}")
    for stem, score in scores.items():
        print(f"{stem}: {score.hits} of {score.expected} events, {score.false_alarms} false")
    print(f"failed: {', '.join(failed)}" if failed else "every committed event found once")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
