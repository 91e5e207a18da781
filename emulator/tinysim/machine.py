"""Machine: a board with firmware and recorded streams; the session object of the Python API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tinysim import __version__
from tinysim.console import ConsoleCursor, Hit, Line, Uart
from tinysim.engines import make_engine
from tinysim.engines.base import Engine, Gap
from tinysim.errors import InputError
from tinysim.faults import decode_fault
from tinysim.firmware import Firmware, load_firmware
from tinysim.host.ports import HostPorts, split_marks
from tinysim.platform import Platform, load_platform
from tinysim.record import Record
from tinysim.registers import check_svd, register_names
from tinysim.sensors import find_sensor
from tinysim.snapshot import Identity, Snapshot, check_fits, identity_of, read_snapshot, write_snapshot
from tinysim.streams import read_recording
from tinysim.streams.recording import Recording

if TYPE_CHECKING:
    from tinysim.gdb import GdbServer

__all__ = ["Hit", "Line", "Machine", "Uart"]

NANOSECONDS_PER_SECOND = 1_000_000_000
FAULT_REASONS = ("fault", "lockup")


class Led:
    """A light on the board."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self.name = engine, name

    @property
    def state(self) -> bool:
        """Whether it is lit now."""
        return self._engine.led_state(self.name)


class Machine:
    """A board by name or `.repl` file. `svd` names registers in the record's gaps.

    Raises InputError for an unknown platform or a missing SVD, EngineMissing for an engine that is not there.
    """

    def __init__(self, platform: str | Path, *, engine: str = "native", svd: Path | None = None) -> None:
        if svd is not None:
            check_svd(svd)
        self.platform: Platform = load_platform(platform)
        self._engine = make_engine(engine, self.platform)
        self.host = HostPorts(self._engine, self.platform, self.symbol)
        self._svd = svd
        self._firmware: Firmware | None = None
        self._streams: list[tuple[str, Recording]] = []
        self._stages: list[dict[str, str]] = []
        self._uarts: dict[str, Uart] = {}
        self.stop_reason: str | None = None

    def __enter__(self) -> Machine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up what the engine holds."""
        self._engine.close()

    # ---- setting up ----

    def load(self, firmware: str | Path, *, address: int | None = None) -> None:
        """Load an ELF, Intel HEX or binary (with `address`, or `fw.bin@0x08000000`) and reset the machine to it."""
        self._firmware = load_firmware(firmware, address=address)
        self._engine.load(self._firmware)

    def attach_stream(
        self, sensor: str | None, path: str | Path, *, rate_hz: float | None = None, unit: str | None = None
    ) -> None:
        """Play a recording into a sensor of the board (None: its only one); stream time 0 is power-on."""
        name = self._sensor_name(sensor)
        recording = read_recording(Path(path), rate_hz=rate_hz, unit=unit)
        self._engine.play(name, recording)
        self._streams.append((name, recording))

    def _sensor_name(self, wanted: str | None) -> str:
        sensors = [device.name for device in self.platform.devices if _is_sensor(device.type)]
        if wanted is None and len(sensors) == 1:
            return sensors[0]
        if wanted in sensors:
            return wanted
        known = f"it has: {', '.join(sensors)}" if sensors else "it has none"
        problem = f"the platform has no sensor '{wanted}'" if wanted else "which sensor is to play the stream?"
        raise InputError(problem, remedy=known)

    def watch_stages(self, stages: Mapping[str, str]) -> None:
        """Measure stages, before running: name -> function symbol, or `itm:3` for the value 3 on ITM port 31."""
        functions, marks = split_marks(stages)
        addresses = {name: self.symbol(symbol) for name, symbol in functions.items()}
        first = len(self._stages)
        numbers = {name: first + i for i, name in enumerate(stages)}
        self._stages += [{"name": name, "symbol": symbol} for name, symbol in stages.items()]
        self._engine.watch_stages({address: numbers[name] for name, address in addresses.items()})
        if marks:
            self._engine.watch_marks({value: numbers[name] for name, value in marks.items()})

    # ---- running ----

    def run_for(self, seconds: float, *, stop_at_line: bool = False) -> str:
        """Run for a virtual time; returns why it stopped: time, line, deadlock, fault, lockup or off."""
        until = self._engine.time_ns() + round(seconds * NANOSECONDS_PER_SECOND)
        self.stop_reason = self._engine.run_until(until, stop_at_line=stop_at_line)
        return self.stop_reason

    def gdb(self, port: int = 3333, *, host: str = "127.0.0.1") -> GdbServer:
        """A GDB server that listens already (port 0: a free one); its `serve()` lets one GDB drive this machine."""
        from tinysim.gdb import GdbServer

        ports = self.host
        return GdbServer(
            self._engine, self.platform, host=host, port=port, note=self._note_stop, exit_code=lambda: ports.exit_code
        )

    def _note_stop(self, reason: str) -> None:
        self.stop_reason = reason

    @property
    def time(self) -> float:
        """Virtual seconds since power-on."""
        return self._engine.time_ns() / NANOSECONDS_PER_SECOND

    @property
    def cycles(self) -> int:
        """CPU cycles since power-on, sleep included."""
        return self._engine.cycles()

    @property
    def stream_duration_s(self) -> float | None:
        """The longest attached stream; None without one."""
        return max((recording.duration_s for _, recording in self._streams), default=None)

    # ---- what is seen ----

    def uart(self, name: str | None = None) -> Uart:
        """A UART by its name in the platform; None is the board's console."""
        chosen = name or self.platform.chip.console or next(iter(self._engine.uart_names()), None)
        names = self.host.reachable(self._engine.uart_names())
        if chosen not in names:
            known = ", ".join(uart for uart in names if not uart.startswith("itm")) or "none"
            raise InputError(f"the platform has no UART '{chosen}'", remedy=f"it has: {known}")
        if chosen not in self._uarts:
            self._uarts[chosen] = Uart(self, self._engine, chosen)
        return self._uarts[chosen]

    def led(self, name: str) -> Led:
        """A light of the board."""
        self.platform.device(name)
        return Led(self._engine, name)

    def press(self, button: str) -> None:
        """Hold a button of the board."""
        self.platform.device(button)
        self._engine.press(button, True)

    def release(self, button: str) -> None:
        """Let a button go."""
        self.platform.device(button)
        self._engine.press(button, False)

    @property
    def registers(self) -> dict[str, int]:
        """r0 to r12, sp, lr, pc and xpsr."""
        return self._engine.registers()

    @property
    def gaps(self) -> list[Gap]:
        """Accesses to what is not modelled, so far."""
        return self._engine.gaps()

    def read_memory(self, address: int, size: int) -> bytes:
        """Bytes of memory, without side effects. Raises InputError where there is none."""
        try:
            return self._engine.read_memory(address, size)
        except ValueError as error:
            raise InputError(f"cannot read {size} bytes at {address:#010x}: {error}") from None

    def write_memory(self, address: int, content: bytes) -> None:
        """Change memory. Raises InputError where there is none."""
        try:
            self._engine.write_memory(address, content)
        except ValueError as error:
            raise InputError(f"cannot write {len(content)} bytes at {address:#010x}: {error}") from None

    def symbol(self, name: str) -> int:
        """Address of a symbol of the firmware. Raises InputError with near names."""
        if self._firmware is None:
            raise InputError(f"there is no symbol '{name}' without firmware", remedy="load one first")
        return self._firmware.symbol(name)

    # ---- snapshots ----

    def snapshot(self) -> Snapshot:
        """The complete state now, with the record so far. Of the set-up, streams and stages are named, not kept."""
        consoles = {name: uart.cursor() for name, uart in self._uarts.items()}
        return Snapshot(self._identity(), self._engine.snapshot(), consoles, self.stop_reason)

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot; UARTs are read on from there, too. Raises InputError if it is of another machine."""
        check_fits(snapshot.identity, self._identity())
        self._engine.restore(snapshot.state)
        for name in {*self._uarts, *snapshot.consoles}:
            self.uart(name).go_back(snapshot.consoles.get(name, ConsoleCursor()))
        self.stop_reason = snapshot.stop_reason

    def save_snapshot(self, path: str | Path) -> None:
        """Take a snapshot and write it to a file."""
        write_snapshot(self.snapshot(), Path(path))

    def load_snapshot(self, path: str | Path) -> None:
        """Go on from a file, on a machine with the same platform, firmware and streams. Raises InputError else."""
        self.restore(read_snapshot(Path(path), self._engine, self._identity()))

    def _identity(self) -> Identity:
        return identity_of(self._engine.name, self.platform, self._firmware, self._streams, self._stages)

    # ---- the record ----

    def record(self) -> Record:
        """What the run has left behind up to now."""
        arrays = self._engine.arrays()
        engine = self._engine
        manifest: dict[str, Any] = {
            "tinysim": __version__,
            "engine": engine.name,
            "platform": self._platform_entry(),
            "firmware": self._firmware_entry(),
            "streams": [_stream_entry(sensor, recording) for sensor, recording in self._streams],
            "timing": engine.timing(),
            "stages": self._stages,
            "irq_names": {str(16 + number): name for number, name in self.platform.chip.irq_names.items()},
            "counters": engine.counters(),
            "gaps": self._gap_entries(),
            "warnings": [{"time_ns": time_ns, "text": text} for time_ns, text in engine.warnings()],
            "stop": self._stop_entry(),
            "virtual_time_ns": engine.time_ns(),
            **engine.names(),
        }
        return Record(manifest, arrays)

    def _platform_entry(self) -> dict[str, Any]:
        files = [{"name": file.path, "sha256": file.sha256} for file in self.platform.files]
        cpu = self.platform.cpu.type
        return {"name": self.platform.name, "files": files, "cpu": cpu, "clock_hz": self._engine.clock_hz}

    def _firmware_entry(self) -> dict[str, Any]:
        return {"name": self._firmware.name, "sha256": self._firmware.sha256} if self._firmware else {}

    def _gap_entries(self) -> list[dict[str, Any]]:
        gaps = self._engine.gaps()
        names = register_names(self._svd) if self._svd is not None and gaps else {}
        return [self._gap_entry(gap, names.get(gap.address & ~3)) for gap in gaps]

    def _gap_entry(self, gap: Gap, register: str | None) -> dict[str, Any]:
        function = self._firmware.function_at(gap.pc) if self._firmware else None
        place = {"pc": gap.pc, "function": function.name if function else None}
        return {"address": gap.address, "register": register, **place, "access": gap.access, "count": gap.count}

    def _stop_entry(self) -> dict[str, Any]:
        fault = self._engine.fault() if self.stop_reason in FAULT_REASONS else None
        decoded = {**decode_fault(fault), **self.host.hint(fault.pc)} if fault else None
        code = self.host.exit_code if self.stop_reason == "exit" else None
        detail = None if code is None else f"exit code {code}"
        return {"reason": self.stop_reason, "detail": detail, "fault": decoded, "exit_code": code}


def _is_sensor(type_name: str) -> bool:
    try:
        find_sensor(type_name)
    except InputError:
        return False
    return True


def _stream_entry(sensor: str, recording: Recording) -> dict[str, Any]:
    return {
        "sensor": sensor,
        "file": recording.file_name,
        "sha256": recording.sha256,
        "samples": len(recording),
        "rate_hz": recording.rate_hz,
        "duration_s": recording.duration_s,
    }
