"""The Renode engine: an installed Renode in a process of its own, driven over its robot server.

Its time is instructions divided by MIPS: the "cycles" of a record are instruction times at that rate, labelled so. It
cannot give sleep, interrupts, DMA, bus waits, stages and sensor counters: those are absent (renode_absent.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.engines.base import ConsoleByte, Fault, Gap, StopReason
from tinysim.engines.renode_absent import ABSENT, Absent
from tinysim.engines.renode_console import RenodeUart, refuse_line_faults
from tinysim.engines.renode_errors import CpuAborted
from tinysim.engines.renode_find import find_renode
from tinysim.engines.renode_fit import mips
from tinysim.engines.renode_log import LogWarning, RenodeLog
from tinysim.engines.renode_process import RenodeProcess
from tinysim.engines.renode_repl import peripheral_path, renode_repl
from tinysim.engines.renode_setup import compile_models, feed, load_image, registers_in
from tinysim.engines.renode_text import numbers_in, path_argument, seconds_text, virtual_time_ns
from tinysim.engines.renode_trace import RenodeTracing
from tinysim.errors import InputError
from tinysim.firmware import Firmware
from tinysim.platform import Platform
from tinysim.units import HERTZ_PER_MEGAHERTZ

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim.streams.recording import Recording

PIECE_NS = 100_000_000  # of a run: a limit of wall-clock time holds for each
SHORTEST_NS = 1_000  # RunFor counts microseconds
_MACHINE = "tinysim"
_READ_BYTES = 4096
_ASSUMPTIONS = (
    "time is Renode's: one instruction takes 1 / MIPS microseconds, whatever it is; cycles here are such instructions",
    "flash, caches, buses, DMA and wires take no time; Renode's timers and SysTick have fixed frequencies",
    "a console line has the time that Renode's terminal tester gives it",
)


class RenodeEngine(Absent):
    """A machine on a Renode. Raises EngineMissing without one, RenodeRefused when it does not take the platform."""

    name = "renode"

    def __init__(self, platform: Platform, parameters: Mapping[str, int] | None = None) -> None:
        if parameters:
            raise InputError("--parameter sets numbers of the native timing model", remedy="use --engine native")
        self.parameters: Mapping[str, int] = {}
        self.inputs_put_in = 0
        self._platform, self._now_ns, self._aborted = platform, 0, False
        self._console: list[ConsoleByte] = []
        self._leds: dict[str, int] = {}
        self._firmware: Firmware | None = None
        self._warned: list[LogWarning] = []
        self._process = RenodeProcess(find_renode())
        try:
            self._set_up()
        except BaseException:
            self._process.close()
            raise

    def _set_up(self) -> None:
        process, platform = self._process, self._platform
        described = process.folder / "platform.repl"
        described.write_text(renode_repl(platform), encoding="utf-8")
        process.execute(f'mach create "{_MACHINE}"')
        process.execute("using sysbus")
        compile_models(process, (device.type for device in platform.devices))
        process.execute(f"machine LoadPlatformDescription {path_argument(described)}")
        process.execute("emulation SetGlobalAdvanceImmediately true")
        self._cpu = f"sysbus.{platform.cpu.name}"
        self._log = RenodeLog(process.log_path)
        self.tracing = RenodeTracing(process, self._cpu)
        uarts = [device.name for device in platform.devices if device.type.startswith("UART.")]
        self._uarts = {name: RenodeUart(process, name, peripheral_path(platform, name)) for name in uarts}

    # ---- before the run ----

    def load(self, firmware: Firmware) -> None:
        """Let Renode load the image. Raises InputError for a second one, which Renode mixes up with the first."""
        if self._firmware is not None:
            raise InputError("the renode engine loads one firmware", remedy="make a new Machine for another")
        load_image(self._process, firmware, self._cpu)
        self._firmware = firmware

    def play(self, sensor: str, recording: Recording) -> None:
        """Feed a recording as RESD, by the sensor's method of that name."""
        feed(self._process, peripheral_path(self._platform, sensor), sensor, recording)

    # ---- running ----

    def run_until(self, time_ns: int, *, stop_at_line: bool = False, stop_at_notice: bool = False) -> StopReason:
        """Run to a virtual time, rounded to a microsecond; "line" is the end of a line of the board's console.

        Of the notices only that is seen. Renode stops at the end of a quantum, so the time may be overrun by some.
        """
        if self._aborted:
            return "fault"
        try:
            while time_ns - self._now_ns >= SHORTEST_NS:
                piece_ns = min(time_ns - self._now_ns, PIECE_NS)
                if self._run_piece(piece_ns, to_line=stop_at_line or stop_at_notice):
                    return "line"
        except CpuAborted:
            self._aborted = True
            self._log.read(self._now_ns)
            return "fault"
        return "time"

    def _run_piece(self, piece_ns: int, *, to_line: bool) -> bool:
        console = self._uarts.get(self._platform.chip.console or "") or next(iter(self._uarts.values()), None)
        found = False
        if to_line and console is not None:
            found = console.wait_for_line(piece_ns)
        else:
            self._process.execute(f"emulation RunFor {seconds_text(piece_ns)}")
        self._look()
        return found

    def _look(self) -> None:
        """Take in what the run has left: time, bytes, log."""
        self._now_ns = self._current_time_ns()
        new = [byte for uart in self._uarts.values() for byte in uart.new_bytes(self._now_ns)]
        self._now_ns = self._current_time_ns()
        last_ns = self._console[-1].time_ns if self._console else 0
        for byte in sorted(new, key=lambda byte: byte.time_ns):
            last_ns = max(last_ns, byte.time_ns)
            self._console.append(byte._replace(time_ns=last_ns, cycle=self._cycle(last_ns)))
        self._log.read(self._now_ns)

    def _current_time_ns(self) -> int:
        return virtual_time_ns(self._process.execute("currentTime"))

    def time_ns(self) -> int:
        return self._now_ns

    @property
    def clock_hz(self) -> int:
        """Instructions in a second of virtual time."""
        return mips(self._platform) * HERTZ_PER_MEGAHERTZ

    def cycles(self) -> int:
        """Instruction times since power-on, sleep included."""
        return self._cycle(self._now_ns)

    def _cycle(self, time_ns: int) -> int:
        return time_ns * mips(self._platform) // 1000

    # ---- what is seen from outside ----

    def console_since(self, first: int) -> list[ConsoleByte]:
        return self._console[first:]

    def uart_names(self) -> list[str]:
        return list(self._uarts)

    def serial_write(self, uart: str, content: bytes, *, fault: str = "", baud_hz: int = 0) -> None:
        refuse_line_faults(fault, baud_hz)
        self.inputs_put_in += 1
        self._uarts[uart].write(content)

    def led_state(self, name: str) -> bool:
        """Asked of a LED tester with no time to wait; one that fails may have let Renode run on."""
        if name not in self._leds:
            path = peripheral_path(self._platform, name)
            self._leds[name] = int(self._process.keyword("CreateLedTester", path))
        is_lit = self._process.passes("AssertLedState", "true", "timeout=0", f"testerId={self._leds[name]}")
        if not is_lit:
            self._process.execute("pause")
            self._look()
        return is_lit

    def press(self, button: str, pressed: bool) -> None:
        self.inputs_put_in += 1
        self._process.execute(f"{peripheral_path(self._platform, button)} {'Press' if pressed else 'Release'}")

    def read_memory(self, address: int, size: int) -> bytes:
        if not self._is_memory(address, size):
            raise ValueError("there is no memory")
        content = b""
        while len(content) < size:
            part = min(size - len(content), _READ_BYTES)
            answer = self._process.execute(f"sysbus ReadBytes 0x{address + len(content):X} {part}")
            content += bytes(numbers_in(answer)[:part])
        return content

    def write_memory(self, address: int, content: bytes) -> None:
        if not self._is_memory(address, len(content)):
            raise ValueError("there is no memory")
        file = self._process.folder / "memory.bin"
        file.write_bytes(content)
        self._process.execute(f"sysbus LoadBinary {path_argument(file)} 0x{address:X}")

    def _is_memory(self, address: int, size: int) -> bool:
        ranges = ((at, memory.size) for memory in self._platform.memories for at in memory.addresses)
        return any(at <= address and address + size <= at + length for at, length in ranges)

    def reset_system(self) -> None:
        self._process.execute("machine Reset")

    def registers(self) -> dict[str, int]:
        return registers_in(self._process.execute(f"{self._cpu} GetRegistersValues"))

    # ---- for the record ----

    def gaps(self) -> list[Gap]:
        self._log.read(self._now_ns)  # Renode writes its log a little behind
        return self._log.gaps

    def fault(self) -> Fault | None:
        """Renode does not decode faults; its log's line is among the warnings."""
        return None

    def warn(self, text: str) -> None:
        self._warned.append(LogWarning(self._now_ns, text, 0))

    def _warnings(self) -> list[LogWarning]:
        self._log.read(self._now_ns)
        return sorted((*self._warned, *self._log.warnings), key=lambda warning: warning.time_ns)

    def warnings(self) -> list[tuple[int, str]]:
        return [(warning.time_ns, warning.text) for warning in self._warnings()]

    def warning_places(self) -> list[int]:
        return [warning.pc for warning in self._warnings()]

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The clock, and the bytes of each UART that spoke."""
        clock = {"clock.cycle": 0, "clock.time_ns": 0, "clock.hz": self.clock_hz}
        arrays: dict[str, NDArray[Any]] = {name: np.array([value], np.uint64) for name, value in clock.items()}
        for name in self._uarts:
            own = [byte for byte in self._console if byte.uart == name]
            if own:
                arrays[f"uart.{name}.cycle"] = np.array([byte.cycle for byte in own], np.uint64)
                arrays[f"uart.{name}.byte"] = np.array([byte.byte for byte in own], np.uint8)
        return arrays

    def names(self) -> dict[str, list[str]]:
        """No names of masters and lines, but what the record does not have."""
        return {"absent": list(ABSENT)}

    def counters(self) -> dict[str, int]:
        """Instructions; nothing once the CPU has aborted and Renode does not answer."""
        if self._aborted:
            return {}
        return {"cpu.instructions": numbers_in(self._process.execute(f"{self._cpu} ExecutedInstructions"))[0]}

    def timing(self) -> dict[str, Any]:
        return {
            "model": "Renode's instruction time",
            "version": self._process.found.version_text,
            "calibrated": None,
            "assumptions": list(_ASSUMPTIONS),
            "memory": [f"no wait states and caches: {mips(self._platform)} million instructions per second"],
        }

    def transcript(self) -> str:
        """Everything for one who has to find out what went wrong: commands sent, platform, Renode's log."""
        return self._process.transcript()

    def close(self) -> None:
        self._process.close()
