"""A Machine without an engine: it says given lines at given times, and stops when and as a test wants."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar

import numpy as np

from tinysim.errors import InputError
from tinysim.firmware import Firmware, MemoryRange, load_firmware
from tinysim.record import Record

CLOCK_HZ = 64_000_000
MEMORIES = (MemoryRange("flash", 0, 0x10_0000), MemoryRange("ram", 0x2000_0000, 0x4_0000))


@dataclass(frozen=True)
class Line:
    time_s: float
    cycles: int
    text: str


@dataclass
class Script:
    """What the next machines do. `said` are (time, line); `led_on_s` are spans in which led1 is lit."""

    said: list[tuple[float, str]] = field(default_factory=list)
    stop_at_s: float | None = None
    stop_reason: str = "deadlock"
    fault: dict[str, Any] | None = None
    interrupt_at_s: float | None = None
    stream_s: float = 2.0
    led_on_s: list[tuple[float, float]] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    symbols: dict[str, int] = field(default_factory=dict)


class Uart:
    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._read = 0
        self.written = b""

    def write(self, content: bytes) -> None:
        self.written += content

    def read_new(self) -> list[Line]:
        done = [Line(at_s, round(at_s * CLOCK_HZ), text) for at_s, text in self._machine.said_so_far()]
        new, self._read = done[self._read :], len(done)
        return new


@dataclass
class Led:
    state: bool


class Host:
    uarts = ()


class Machine:
    """The part of tinysim.machine.Machine that the command line and the Robot library use."""

    script: ClassVar[Script] = Script()
    made: ClassVar[list[Machine]] = []

    def __init__(
        self,
        platform: str | Path,
        *,
        engine: str = "native",
        svd: Path | None = None,
        parameters: Mapping[str, int] | None = None,
        repl_path: Sequence[Path] = (),
        strict: bool = False,
    ) -> None:
        if platform not in ("nrf52840", "nrf52840dk"):
            raise InputError(f"unknown platform '{platform}'", remedy="known: nrf52840dk")
        self.left_out: list[tuple[str, str]] = []
        self.time = 0.0
        self.stop_reason: str | None = None
        self.gaps: list[Any] = []
        self.stream_duration_s: float | None = None
        self.stages: dict[str, str] = {}
        self.firmware: Firmware | None = None
        self.console = Uart(self)
        self.host = Host()
        self.closed = False
        Machine.made.append(self)

    def __enter__(self) -> Machine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.closed = True

    @property
    def cycles(self) -> int:
        return round(self.time * CLOCK_HZ)

    def load(self, firmware: str | Path, *, address: int | None = None) -> None:
        self.firmware = load_firmware(firmware, address=address)
        misfit = self.firmware.does_not_fit(MEMORIES)
        if misfit is not None:
            raise misfit

    def attach_stream(
        self, sensor: str | None, path: str | Path, *, rate_hz: float | None = None, unit: str | None = None
    ) -> None:
        if sensor not in (None, "accelerometer"):
            raise InputError(f"the platform has no sensor '{sensor}'", remedy="it has: accelerometer")
        if not Path(path).read_bytes():
            raise InputError("the file is empty", file=path)
        self.stream_duration_s = self.script.stream_s

    def watch_stages(self, stages: Mapping[str, str]) -> None:
        self.stages = dict(stages)
        for symbol in stages.values():
            self.symbol(symbol)

    def symbol(self, name: str) -> int:
        if name in self.script.symbols:
            return self.script.symbols[name]
        assert self.firmware is not None
        return self.firmware.symbol(name)

    def run_for(self, seconds: float, *, stop_at_line: bool = False) -> str:
        target = self.time + seconds
        script = self.script
        if script.interrupt_at_s is not None and self.time <= script.interrupt_at_s < target:
            os.kill(os.getpid(), signal.SIGINT)
        if script.stop_at_s is not None and target >= script.stop_at_s:
            self.time, self.stop_reason = script.stop_at_s, script.stop_reason
            return script.stop_reason
        ends = [at_s for at_s, _ in script.said if stop_at_line and self.time < at_s <= target]
        self.time = ends[0] if ends else target
        self.stop_reason = "line" if ends else "time"
        return self.stop_reason

    def uart(self, name: str | None = None) -> Uart:
        if name not in (None, "uart0"):
            raise InputError(f"the platform has no UART '{name}'", remedy="it has: uart0")
        return self.console

    def led(self, name: str) -> Led:
        if not re.fullmatch(r"led\d", name):
            raise InputError(f"the platform has no LED '{name}'", remedy="it has: led1")
        return Led(any(start <= self.time < end for start, end in self.script.led_on_s))

    def said_so_far(self) -> list[tuple[float, str]]:
        return [(at_s, text) for at_s, text in self.script.said if at_s <= self.time + 1e-9]

    def record(self) -> Record:
        stamps: list[int] = []
        content = b""
        for at_s, text in self.said_so_far():
            raw = text.encode() + b"\r\n"
            stamps += [round(at_s * CLOCK_HZ)] * len(raw)
            content += raw
        manifest: dict[str, Any] = {
            "tinysim": "0.1.0",
            "engine": "native",
            "platform": {"name": "nrf52840dk", "cpu": "cortex-m4f", "clock_hz": CLOCK_HZ},
            "firmware": {"name": self.firmware.name if self.firmware else "", "sha256": "0" * 64},
            "timing": {"model": "stand-in", "version": "0", "calibrated": None, "assumptions": []},
            "stages": [{"name": name, "symbol": symbol} for name, symbol in self.stages.items()],
            "counters": {"cpu.elapsed_cycles": self.cycles, **self.script.counters},
            "stop": {"reason": self.stop_reason or "time", "detail": None, "fault": self.script.fault},
            "virtual_time_ns": round(self.time * 1e9),
        }
        arrays: dict[str, np.ndarray[Any, Any]] = {
            "clock.cycle": np.array([0], np.uint64),
            "clock.time_ns": np.array([0], np.uint64),
            "clock.hz": np.array([CLOCK_HZ], np.uint64),
            "uart.uart0.cycle": np.array(stamps, np.uint64),
            "uart.uart0.byte": np.frombuffer(content, np.uint8),
        }
        return Record(manifest, arrays)
