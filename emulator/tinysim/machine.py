"""Machine: a board with firmware and recorded streams; the session object of the Python API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from tinysim.console import ConsoleCursor, Hit, Line, Uart
from tinysim.engines import fitted_platform, make_engine, require_engine
from tinysim.engines.base import FAULT_REASONS, Engine, Gap
from tinysim.errors import InputError
from tinysim.firmware import Firmware, load_firmware
from tinysim.host.ports import HostPorts, split_marks
from tinysim.manifest import Run
from tinysim.monitor.lines import run_lines
from tinysim.platform import Platform, refuse_omissions
from tinysim.record import Record
from tinysim.registers import check_svd
from tinysim.sensors.on_board import target_of_stream
from tinysim.snapshot import Identity, Snapshot, check_fits, identity_of, read_snapshot, write_snapshot
from tinysim.streams import quantities_in, read_recording
from tinysim.streams.recording import Recording
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.gdb import GdbServer
    from tinysim.trace.recorder import TraceRecorder

__all__ = ["Hit", "Line", "Machine", "Uart", "fitted_platform", "require_engine"]


class Led:
    """A light on the board."""

    def __init__(self, engine: Engine, name: str) -> None:
        self._engine, self.name = engine, name

    @property
    def state(self) -> bool:
        """Whether it is lit now."""
        return self._engine.led_state(self.name)


class Machine:
    """A board by name, `.repl` file or description. `svd` names registers in the record's gaps.

    `parameters` replaces numbers of the chip's `.toml` for this run, e.g. {"branch_refill": 2}; the record says so.
    `repl_path`: folders for `using`, as Renode's `path`. What has no model is a gap and a warning; `strict`: an error.
    Raises InputError for an unknown platform or parameter or a missing SVD, EngineMissing without the engine.
    """

    def __init__(
        self,
        platform: str | Path | Platform,
        *,
        engine: str = "native",
        svd: Path | None = None,
        parameters: Mapping[str, int] | None = None,
        repl_path: Sequence[Path] = (),
        strict: bool = False,
    ) -> None:
        if svd is not None:
            check_svd(svd)
        self.platform: Platform = fitted_platform(platform, repl_path, engine=engine)
        refuse_omissions(self.platform, strict=strict)
        self._engine = make_engine(engine, self.platform, parameters)
        self.host = HostPorts(self._engine, self.platform, self.symbol)
        self._svd = svd
        self._firmware: Firmware | None = None
        self._streams: list[tuple[str, Recording]] = []
        self._stages: list[dict[str, str]] = []
        self._uarts: dict[str, Uart] = {}
        self.stop_reason: str | None = None
        # Renode runs the lines itself, with the rest of the description.
        failed = run_lines(self, "init", strict=strict) if engine == "native" else []
        self.left_out = [*self.platform.left_out(), *failed]
        for name, reason in self.left_out:
            self._engine.warn(f"{name}: {reason}")

    def __enter__(self) -> Machine:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up what the engine holds."""
        self._engine.close()

    @property
    def engine(self) -> Engine:
        """What runs the firmware, for those who drive it themselves, as Renode's Monitor does."""
        return self._engine

    @property
    def firmware(self) -> Firmware | None:
        """What was loaded last."""
        return self._firmware

    # ---- setting up ----

    def load(self, firmware: str | Path, *, address: int | None = None) -> None:
        """Load an ELF, Intel HEX or binary (with `address`, or `fw.bin@0x08000000`) and reset the machine to it."""
        self._firmware = load_firmware(firmware, address=address)
        self._engine.load(self._firmware)

    def attach_stream(
        self, sensor: str | None, path: str | Path, *, rate_hz: float | None = None, unit: str | None = None
    ) -> None:
        """Play a recording into a sensor of the board (None: its only one for such a recording); time 0 is power-on.

        A file of several quantities is played as far as the sensor measures them. Of several sensors it is the one that
        is called after the quantity (`accelerometer`).
        """
        sensor, quantities = target_of_stream(self.platform.devices, sensor, quantities_in(path))
        for quantity in quantities:
            recording = read_recording(path, rate_hz=rate_hz, unit=unit, quantity=quantity)
            self._engine.play(sensor, recording)
            self._streams.append((sensor, recording))

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

    def start_profile(self) -> None:
        """Charge every cycle from now on to its instruction and its cause: the record gets `profile.*` (slower)."""
        self._engine.profile().start(self._firmware.function_ranges if self._firmware else ())

    def trace(self, path: str | Path) -> TraceRecorder:
        """A context manager: what is executed inside goes to a file in Renode's binary trace format, .gz packed."""
        from tinysim.trace.recorder import TraceRecorder

        return TraceRecorder(self._engine.tracing, Path(path))

    # ---- running ----

    def run_for(self, seconds: float, *, stop_at_line: bool = False, stop_at_notice: bool = False) -> str:
        """Run for a virtual time; returns why it stopped: time, line, deadlock, fault, lockup or off.

        `stop_at_notice`: "line" then is any byte of a UART, change of a recorded line, warning or new gap.
        """
        until = self._engine.time_ns() + round(seconds * NANOSECONDS_PER_SECOND)
        self.stop_reason = self._engine.run_until(until, stop_at_line=stop_at_line, stop_at_notice=stop_at_notice)
        return self.stop_reason

    @property
    def has_faulted(self) -> bool:
        """Whether a fault without a handler, or a lock-up, has ended its run."""
        return self.stop_reason in FAULT_REASONS

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
        """Up to the end of the attached stream that ends last; None without one."""
        ends_s = (one.start_ns / NANOSECONDS_PER_SECOND + one.duration_s for _, one in self._streams)
        return max(ends_s, default=None)

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
        parameters = self._engine.parameters
        return identity_of(self._engine.name, self.platform, self._firmware, self._streams, self._stages, parameters)

    # ---- the record ----

    def record(self) -> Record:
        """What the run has left behind up to now."""
        arrays = self._engine.arrays()
        run = Run(
            engine=self._engine,
            host=self.host,
            platform=self.platform,
            firmware=self._firmware,
            streams=self._streams,
            stages=self._stages,
            svd=self._svd,
            stop_reason=self.stop_reason,
        )
        return Record(run.manifest(), arrays)
