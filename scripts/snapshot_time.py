"""How long a snapshot and a restore of the nRF52840 take, in the middle of the tap demo. Nothing asserts these times.

Usage: PYTHONPATH=emulator python scripts/snapshot_time.py
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from tinysim.machine import Machine

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 50
EVERY_S = 0.02


def milliseconds(action: Callable[[], object]) -> float:
    """Wall-clock time of one call."""
    begin = perf_counter()
    action()
    return 1e3 * (perf_counter() - begin)


def main() -> None:
    """Print the first snapshot alone: it has no pages to share."""
    machine = Machine("nrf52840")
    machine.load(ROOT / "firmware" / "prebuilt" / "nrf52840dk" / "tap.elf")
    machine.attach_stream("accelerometer", ROOT / "models" / "tap" / "data" / "tap_demo.csv")
    machine.run_for(0.5)
    print(f"first snapshot  {milliseconds(machine.snapshot):6.3f} ms")
    snapshots, taken, restored = [machine.snapshot()], [], []
    for _ in range(ROUNDS):
        machine.run_for(EVERY_S)
        taken.append(milliseconds(lambda: snapshots.append(machine.snapshot())))
    for snapshot in reversed(snapshots):
        restored.append(milliseconds(lambda chosen=snapshot: machine.restore(chosen)))  # type: ignore[misc]
    for name, times in (("next snapshots", taken), ("restore", restored)):
        print(f"{name:15s} {statistics.median(times):6.3f} ms median, {max(times):.3f} ms most, of {len(times)}")
    print(f"as a file       {len(bytes(snapshots[-1].state)) / 1e6:6.3f} MB before compression")


if __name__ == "__main__":
    main()
