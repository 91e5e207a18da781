"""One run of the tap application on the native engine, with all it logged about its windows."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from tinysim.console import Line
from tinysim.machine import Machine
from tinysim.record import Record

ROOT = Path(__file__).resolve().parents[3]
PREBUILT = ROOT / "firmware" / "prebuilt"
FIRMWARE = PREBUILT / "nrf52840dk"
STREAMS = ROOT / "models" / "tap" / "data"

# tap_window_entry of firmware/apps/tap/tap.h: number, input, output, class.
_ENTRY = struct.Struct("<I80s3sb")
_LOG_ENTRIES = 128
_READ_EVERY_S = 5.0  # 25 windows of 200 ms: far from 128


@dataclass(frozen=True)
class Window:
    """What the firmware inferred: window number, quantised input, softmax output."""

    number: int
    input: bytes
    output: bytes


@dataclass(frozen=True)
class TapRun:
    """A run over a whole stream."""

    record: Record
    lines: list[Line]
    windows: list[Window]


def run_tap(firmware: str, stream: str, board: str = "nrf52840dk") -> TapRun:
    """Run an ELF of the board over a stream of models/tap, reading the window log as it fills."""
    with Machine(board) as machine:
        machine.load(PREBUILT / board / firmware)
        machine.attach_stream("accelerometer", STREAMS / stream)
        windows: list[Window] = []
        duration_s = machine.stream_duration_s or 0.0
        while machine.time < duration_s:
            assert machine.run_for(min(_READ_EVERY_S, duration_s - machine.time)) == "time"
            windows += _new_windows(machine, len(windows))
        return TapRun(machine.record(), machine.uart().read_new(), windows)


def _new_windows(machine: Machine, seen: int) -> list[Window]:
    count = int.from_bytes(machine.read_memory(machine.symbol("tap_window_count"), 4), "little")
    log = machine.read_memory(machine.symbol("tap_window_log"), _LOG_ENTRIES * _ENTRY.size)
    entries = [_ENTRY.unpack_from(log, index % _LOG_ENTRIES * _ENTRY.size) for index in range(seen, count)]
    return [Window(number, values, output) for number, values, output, _ in entries]
