"""Run the fuzzers' rounds (emulator/tests/engine/test_fuzz_*.py) for a time, each in a child that may crash or hang.

A child prints a round before it begins it; when it dies or stands still, that round is the finding, and a new child
goes on behind it. Exit code 1 when there was a finding.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

ENGINE_TESTS = Path(__file__).resolve().parents[1] / "emulator" / "tests" / "engine"
KINDS = ("code", "devices", "machine")
HANG_S = 120.0  # of a round that takes well under a second on the sanitized core
LINES = 16  # of what a dying child wrote


@dataclass
class Tally:
    """What was run and what was found: (kind, seed, why)."""

    rounds: int = 0
    findings: list[tuple[str, int, str]] = field(default_factory=list)


def one_round(kind: str) -> Callable[[int], None]:
    """The round of a kind as a function of its seed."""
    sys.path.insert(0, str(ENGINE_TESTS))
    module = __import__(f"test_fuzz_{kind}")
    platform = module.load_platform("nrf52840")
    return lambda seed: module.one_round(platform, seed)


def child(first: int, kinds: tuple[str, ...]) -> None:
    """Rounds from a seed on, all kinds by turns, until killed."""
    rounds = {kind: one_round(kind) for kind in kinds}
    seed = first
    while True:
        for kind, run in rounds.items():
            print(f"{kind} {seed}", flush=True)
            run(seed)
        seed += 1


def fuzz(seconds: float, start: int, kinds: tuple[str, ...]) -> Tally:
    """Children one after the other until the time is over."""
    tally, seed, end = Tally(), start, time.monotonic() + seconds
    while time.monotonic() < end:
        kind, seed, why = watch_child(seed, kinds, end, tally)
        if why:
            tally.findings.append((kind, seed, why))
            print(f"FOUND {kind} {seed}: {why}", flush=True)
        seed += 1
    return tally


def watch_child(first: int, kinds: tuple[str, ...], end: float, tally: Tally) -> tuple[str, int, str]:
    """The last round of a child, and why it ended: empty when the time was over."""
    command = [sys.executable, __file__, "--child", "--start", str(first), *(f"--only={kind}" for kind in kinds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    lines: Queue[str | None] = Queue()
    errors: list[str] = []
    readers = (
        threading.Thread(target=_read_lines, args=(process, lines), daemon=True),
        threading.Thread(target=lambda: errors.extend(process.stderr or ()), daemon=True),
    )
    for reader in readers:
        reader.start()
    kind, seed, why = kinds[0], first, ""
    try:
        while time.monotonic() < end:
            line = lines.get(timeout=HANG_S)
            if line is None:
                process.wait()
                readers[1].join()
                sys.stderr.writelines([line for line in errors if is_telling(line)][:LINES])
                why = f"the process ended with {process.returncode}"
                break
            kind, number = line.split()
            seed = int(number)
            tally.rounds += 1
    except Empty:
        why = f"no end within {HANG_S:.0f} s"
    process.kill()
    process.wait()
    return kind, seed, why


def is_telling(line: str) -> bool:
    """The sanitizer's verdict and our own frames, or the end of a Python traceback."""
    words = ("runtime error", "ERROR: ", "SUMMARY: ", " tinysim::", "Error", "assert")
    return any(word in line for word in words)


def _read_lines(process: subprocess.Popen[str], lines: Queue[str | None]) -> None:
    for line in process.stdout or ():
        lines.put(line)
    lines.put(None)


def main() -> None:
    """The command line; see scripts/fuzz.sh."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seconds", nargs="?", type=float, default=600.0)
    parser.add_argument("--start", type=int, default=None, help="first seed; a random one by default")
    parser.add_argument("--only", action="append", choices=KINDS)
    parser.add_argument("--seed", type=int, default=None, help="this one round, in this process")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    kinds = tuple(options.only or KINDS)
    if options.seed is not None:
        for kind in kinds:
            one_round(kind)(options.seed)
            print(f"{kind} {options.seed}: fine")
        return
    start = secrets.randbelow(1 << 31) if options.start is None else options.start
    if options.child:
        child(start, kinds)
    print(f"fuzzing {', '.join(kinds)} for {options.seconds:g} s from seed {start}", flush=True)
    tally = fuzz(options.seconds, start, kinds)
    print(f"{tally.rounds} rounds, {len(tally.findings)} findings")
    for kind, seed, _ in tally.findings:
        print(f"again: scripts/fuzz.sh --only {kind} --seed {seed}")
    sys.exit(1 if tally.findings else 0)


if __name__ == "__main__":
    main()
