"""Records for tests, written by hand: a 64 MHz clock and the rows that a test names, in seconds."""

from __future__ import annotations

from typing import Any

import numpy as np

from tinysim.record import ARRAYS, Record

CLOCK_HZ = 64_000_000
BYTE_CYCLES = 5556  # 10 bits at 115200 baud


class RecordBuilder:
    """Collects rows; `build` makes the record."""

    def __init__(self, seconds: float = 1.0) -> None:
        self.seconds = seconds
        self.rows: dict[str, list[int]] = {name: [] for name in ARRAYS}
        self.uart: dict[str, tuple[list[int], bytearray]] = {}
        self.manifest: dict[str, Any] = {
            "tinysim": "0.1.0",
            "engine": "native",
            "platform": {"name": "nrf52840dk", "cpu": "cortex-m4f", "clock_hz": CLOCK_HZ, "files": []},
            "firmware": {"name": "tap.elf", "sha256": "ab" * 32},
            "streams": [],
            "options": {},
            "timing": {"model": "m4", "version": "1", "calibrated": None, "assumptions": ["flash without wait states"]},
            "stages": [],
            "dma_masters": [],
            "lines": [],
            "levels": [],
            "counters": {"cpu.elapsed_cycles": cycles(seconds)},
            "irq_names": {},
            "gaps": [],
            "stop": {"reason": "time", "detail": None, "fault": None},
            "virtual_time_ns": round(seconds * 1e9),
        }

    def say(self, at_s: float, text: str, uart: str = "uart0") -> RecordBuilder:
        """Bytes one after the other; the last one is over at `at_s`."""
        stamps, content = self.uart.setdefault(uart, ([], bytearray()))
        raw = text.encode()
        stamps += [cycles(at_s) - BYTE_CYCLES * (len(raw) - 1 - index) for index in range(len(raw))]
        content += raw
        return self

    def stage(self, name: str, enter_s: float, exit_s: float) -> RecordBuilder:
        names = [stage["name"] for stage in self.manifest["stages"]]
        if name not in names:
            self.manifest["stages"].append({"name": name, "symbol": f"{name}_function"})
            names.append(name)
        self.row("stage", id=names.index(name), enter=cycles(enter_s), exit=cycles(exit_s))
        return self

    def sleep(self, enter_s: float, exit_s: float) -> RecordBuilder:
        self.row("sleep", enter=cycles(enter_s), exit=cycles(exit_s))
        return self

    def row(self, group: str, **values: int) -> RecordBuilder:
        for name, value in values.items():
            self.rows[f"{group}.{name}"].append(value)
        return self

    def count(self, **counters: int) -> RecordBuilder:
        """Counters of the sensor `accelerometer`."""
        self.manifest["counters"].update({f"accelerometer.{name}": value for name, value in counters.items()})
        return self

    def build(self) -> Record:
        if not self.rows["clock.cycle"]:
            self.row("clock", cycle=0, time_ns=0, hz=CLOCK_HZ)
        arrays = {name: np.array(values, ARRAYS[name]) for name, values in self.rows.items()}
        for uart, (stamps, content) in self.uart.items():
            arrays[f"uart.{uart}.cycle"] = np.array(stamps, np.uint64)
            arrays[f"uart.{uart}.byte"] = np.frombuffer(bytes(content), np.uint8)
        return Record(self.manifest, arrays)


def cycles(seconds: float) -> int:
    return round(seconds * CLOCK_HZ)
