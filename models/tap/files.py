"""Where the tap model's files stand; its generated C belongs to the firmware's tap application."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent
TFLITE_FILE = FOLDER / "tap.tflite"
FLOAT_FILE = FOLDER / "tap_float.tflite"
TRAINING_FILE = FOLDER / "training.json"
MODEL_CARD_FILE = FOLDER / "MODEL_CARD.md"
FIRMWARE_FOLDER = FOLDER.parents[1] / "firmware" / "apps" / "tap"


def reject_q() -> int:
    """Return the reject threshold that the training chose."""
    return int(json.loads(TRAINING_FILE.read_text())["reject_q"])
