"""One run of a fixture of firmware/fixtures/shared/sleep_gates.inc and what it must show."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from low_power_runs import lines_of
from prebuilt_firmware import prebuilt

from tinysim.analyses.timebase import timebase
from tinysim.machine import Machine

RUN_S = 0.15
ASLEEP_US, READING_US = 10_000, 200
HELD = b"TS held"


@dataclass(frozen=True)
class GateRun:
    """`longest_pause_s` between two bytes of the line that was on its way as the console was held."""

    lines: dict[str, dict[str, int]]
    longest_pause_s: float
    gaps: int
    warnings: list[str]


def gate_run(board: str, image: str, uart: str) -> GateRun:
    path = prebuilt(board, image)
    with Machine(board) as machine:
        machine.load(path)
        machine.run_for(RUN_S)
        record = machine.record()
        text = record.arrays[f"uart.{uart}.byte"].tobytes()
        begin = text.index(HELD)
        stamps_s = timebase(record).seconds(record.arrays[f"uart.{uart}.cycle"][begin : begin + len(HELD)])
        pause_s = float(np.diff(stamps_s).max())
        warnings = [str(each["text"]) for each in record.manifest["warnings"]]
        return GateRun(lines_of(machine, uart), pause_s, len(machine.gaps), warnings)


def check_gates(run: GateRun) -> None:
    """A held timer counts what the CPU is awake for; a held console ends its line behind the sleep."""
    for each in run.lines.values():
        if each:
            assert ASLEEP_US <= each["rtc_us"] <= ASLEEP_US + READING_US
    assert ASLEEP_US <= run.lines["open"]["timer_us"] <= ASLEEP_US + READING_US
    assert run.lines["timer"]["timer_us"] < READING_US
    assert ASLEEP_US <= run.lines["console"]["timer_us"] <= ASLEEP_US + READING_US
    assert ASLEEP_US * 1e-6 <= run.longest_pause_s <= (ASLEEP_US + READING_US) * 1e-6
    assert run.gaps == 0 and run.warnings == []
