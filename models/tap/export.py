"""Write the tap model and its golden vectors as C for the firmware.

`python -m models.tap.export`; needs ai-edge-litert (the extra `models`), not TensorFlow.
"""

from __future__ import annotations

import numpy as np

from models.tap import c_source
from models.tap.files import FIRMWARE_FOLDER, TFLITE_FILE, reject_q
from models.tap.graph import UnsupportedModel, read_layers
from models.tap.litert import TapInterpreter
from models.tap.preprocessing import Int8Array, quantise
from models.tap.sessions import labelled_windows, sessions


def golden_inputs(interpreter: TapInterpreter) -> Int8Array:
    """Return 8 quantised windows: of each class the least and a middling sure, then two extremes.

    Unsure windows have three outputs between the ends, where a wrong rounding shows.
    """
    windows = labelled_windows(sessions("test")[:8], step=7)
    inputs = quantise(windows.magnitude, interpreter.input_scaling)
    surest = interpreter.run(inputs).max(axis=1)
    chosen = []
    for kind in range(3):
        members = np.flatnonzero(windows.labels == kind)
        members = members[np.argsort(surest[members], kind="stable")]
        chosen += [members[0], members[len(members) // 100]]
    extremes = np.array([[-128], [127]], np.int8).repeat(inputs.shape[1], axis=1)
    return np.concatenate([inputs[chosen], extremes])


def exported_files() -> dict[str, str]:
    """Return the text of each generated file by name."""
    layers = read_layers(TFLITE_FILE)
    interpreter = TapInterpreter(TFLITE_FILE, reference=True)
    inputs = golden_inputs(interpreter)
    return {
        "tap_model.h": c_source.model_header(layers, interpreter.input_scaling, reject_q()),
        "tap_model.c": c_source.model_source(layers),
        "tap_golden.h": c_source.golden_header(len(inputs)),
        "tap_golden.c": c_source.golden_source(inputs, interpreter.run(inputs)),
    }


def main() -> None:
    """Write the four files into firmware/apps/tap/."""
    try:
        files = exported_files()
    except UnsupportedModel as error:
        raise SystemExit(f"models.tap.export: {error}") from None
    FIRMWARE_FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (FIRMWARE_FOLDER / name).write_text(text)
        print(f"firmware/apps/tap/{name}: {len(text)} characters")


if __name__ == "__main__":
    main()
