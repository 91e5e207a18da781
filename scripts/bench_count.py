"""How many instructions the benchmark images execute: counted once by Unicorn (slow), kept beside the images.

The native engine does not count instructions, which would cost time in every one of them. The cycle model and these
counts are independent of each other. `python scripts/bench_count.py` renews the file after `make firmware`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from bench_unicorn import UnicornRun

IMAGES = Path(__file__).resolve().parent.parent / "firmware" / "bench" / "prebuilt"
COUNTS = IMAGES / "instructions.json"
WITHOUT_INTERRUPTS = {"bench_without_interrupts": 1}
RUNS: dict[str, tuple[str, dict[str, int]]] = {
    "convolution": ("convolution", {}),
    "features": ("features", {}),
    "integer": ("integer", {}),
    "interrupts": ("interrupts", {}),
    "handler in a loop": ("interrupts", WITHOUT_INTERRUPTS),
}


def sha256_of(image: str) -> str:
    return hashlib.sha256((IMAGES / f"{image}.elf").read_bytes()).hexdigest()


def instructions_of(run: str, iterations: int | None) -> int:
    """Instructions of a run: from the file for the image's own iterations, else counted now (slow)."""
    image, parameters = RUNS[run]
    if iterations is not None:
        return UnicornRun(IMAGES / f"{image}.elf", parameters | {"bench_iterations": iterations}).count_instructions()
    entry = json.loads(COUNTS.read_text())[run]
    if entry["sha256"] != sha256_of(image):
        raise ValueError(f"{COUNTS.name}: counts another {image}.elf; run python scripts/bench_count.py")
    return int(entry["instructions"])


def main() -> None:
    """Count all runs and write the file."""
    counts = {}
    for run, (image, parameters) in RUNS.items():
        instructions = UnicornRun(IMAGES / f"{image}.elf", parameters).count_instructions()
        counts[run] = {"sha256": sha256_of(image), "instructions": instructions}
        print(f"{run}: {instructions} instructions")
    COUNTS.write_text(json.dumps(counts, indent=2) + "\n")


if __name__ == "__main__":
    main()
