"""The native engine: our C++ core, built from a Platform. The only module that imports tinysim._core."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.engines.base import ConsoleByte, Fault, Gap, StopReason
from tinysim.engines.debug import CORE_REGISTERS
from tinysim.engines.native_build import INTERRUPT_CONTROLLER, build_machine
from tinysim.engines.native_clock import NativeClock
from tinysim.engines.native_debug import NativeDebugPort
from tinysim.engines.native_devices import ticks_per_second
from tinysim.engines.native_host import NativeHost, NativeState, split_state
from tinysim.engines.native_numbers import check_numbers
from tinysim.engines.native_profile import NativeProfile
from tinysim.engines.native_record import collect_arrays, last_fault, memory_words, timing_model
from tinysim.engines.native_stimuli import NativeStimuli
from tinysim.engines.native_trace import NativeTracing
from tinysim.errors import EngineMissing, InputError
from tinysim.firmware import Firmware, MemoryRange
from tinysim.platform import Platform, with_parameters
from tinysim.platform.scripts import PYTHON
from tinysim.platform.sizes import DEFAULT_BLOCK_BYTES, areas_of
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim.engines.host import CallService, PollService
    from tinysim.streams.recording import Recording

try:
    from tinysim import _core
except ImportError as error:  # pragma: no cover - a broken installation
    raise EngineMissing(f"the native engine is not built ({error}): run `pip install .` in the checkout") from error

CPU_TYPES = frozenset({"cortex-m4", "cortex-m4f"})
STOP_REASONS: dict[str, StopReason] = {
    "time": "time", "host": "line", "deadlock": "deadlock", "fault": "fault", "lockup": "lockup",
    "breakpoint": "breakpoint", "watchpoint": "watchpoint",
}  # fmt: skip


def known_types() -> frozenset[str]:
    """The `.repl` types that this engine has a model for."""
    return frozenset((*_core.known_types(), INTERRUPT_CONTROLLER, PYTHON))


class NativeEngine:
    """A machine on our own core. Raises InputError when the platform cannot be built."""

    name = "native"

    def __init__(self, platform: Platform, parameters: Mapping[str, int] | None = None) -> None:
        self.parameters: Mapping[str, int] = dict(parameters or {})
        platform = self._platform = with_parameters(platform, self.parameters, tuple(_core.timing_ranges()))
        chip = platform.chip
        check_numbers(chip, _core.timing_ranges(), _core.bus_ranges())
        self._ticks_per_second = ticks_per_second(chip)
        self._core = _core.Machine(self._ticks_per_second, chip.integers())
        self.tracing = NativeTracing(self._core, _core)
        self.stimuli = NativeStimuli(self._core)
        self._vector_table = 0
        self.inputs_put_in = 0
        build_machine(self._core, platform, known_types())
        self._settings_at_reset = self._core.memory_settings()
        self._host = NativeHost(self._core, self._tick, self.time_ns, self._reason)

    # ---- before the run ----

    def load(self, firmware: Firmware) -> None:
        """Put an image into memory and reset to its vector table. Raises InputError when it does not fit."""
        misfit = firmware.does_not_fit(list(self._loadable(firmware)))
        if misfit is not None:
            raise misfit
        for segment in firmware.segments:
            self._core.poke(segment.address, segment.data)
        self._vector_table = firmware.vector_table_address or 0
        self._core.power_on(self._vector_table)

    def _loadable(self, firmware: Firmware) -> Iterable[MemoryRange]:
        for memory in self._platform.memories:
            for address in memory.addresses:
                yield MemoryRange(memory.name, address, memory.size)
        for device in self._platform.devices:
            if device.is_flash:
                for first, size in areas_of(device, otherwise=DEFAULT_BLOCK_BYTES):
                    yield MemoryRange(device.name, first, size)

    def play(self, sensor: str, recording: Recording) -> None:
        """Let a sensor sample and hold a recording whose time 0 is power-on, or what the recording says."""
        ticks = self._ticks(np.asarray(recording.time_ns, dtype=np.int64) + recording.start_ns)
        end_ns = recording.start_ns + round(recording.duration_s * NANOSECONDS_PER_SECOND)
        end = self._ticks(np.asarray([end_ns], dtype=np.int64))[0]
        values = np.ascontiguousarray(recording.values, dtype=np.int32)
        try:
            self._core.play(sensor, np.ascontiguousarray(ticks), values, int(end), recording.quantity)
        except ValueError as error:
            raise InputError(str(error), remedy="see `tinysim platforms` for the sensors of a board") from None

    def watch_stages(self, addresses: Mapping[int, int]) -> None:
        """Observe functions: address -> stage number."""
        for address, stage in addresses.items():
            self._core.watch_stage(address, stage)

    # ---- running ----

    def run_until(self, time_ns: int, *, stop_at_line: bool = False, stop_at_notice: bool = False) -> StopReason:
        """Run to a virtual time; "line" is the end of a console line.

        Or with `stop_at_notice` any byte of a UART, change of a line that is recorded, warning or new gap.
        """
        return self._host.run_until(time_ns, stop_at_line, stop_at_notice)

    def _reason(self, stop: str) -> StopReason:
        if stop == "semihosting":
            return self._host.serve()
        return "off" if self._core.is_off else STOP_REASONS[stop]

    def _tick(self, time_ns: int) -> int:
        return int(self._ticks(np.asarray([time_ns], dtype=np.int64))[0])

    def _ticks(self, time_ns: NDArray[np.int64]) -> NDArray[np.int64]:
        """Nanoseconds to ticks, rounded down, exact beyond 2**63 / ticks_per_second."""
        seconds, rest = np.divmod(time_ns, NANOSECONDS_PER_SECOND)
        common = gcd(self._ticks_per_second, NANOSECONDS_PER_SECOND)
        fraction = rest * (self._ticks_per_second // common) // (NANOSECONDS_PER_SECOND // common)
        ticks: NDArray[np.int64] = seconds * self._ticks_per_second + fraction
        return ticks

    def _nanoseconds(self, ticks: int) -> int:
        return ticks * NANOSECONDS_PER_SECOND // self._ticks_per_second

    def time_ns(self) -> int:
        return self._nanoseconds(self._core.now)

    @property
    def clock_hz(self) -> int:
        """The CPU's clock now. All stamps of a record are in its cycles, whatever it was at the time."""
        return round(self._ticks_per_second / self._core.ticks_per_cycle)

    def cycles(self) -> int:
        """CPU cycles since power-on, sleep included."""
        return self._core.cycles

    def debug(self) -> NativeDebugPort:
        """The CPU as a debugger sees it."""
        return NativeDebugPort(self._core, self._vector_table, self._tick, self._reason)

    # ---- snapshots ----

    def snapshot(self) -> NativeState:
        """The complete state of the core; pages that did not change are shared with the snapshot before."""
        return NativeState(self._core.snapshot(), self._host.state())

    def restore(self, state: NativeState) -> None:
        """Back to that state. Raises InputError, and nothing has changed, when it is of another platform."""
        try:
            self._host.check(state.services)
            self._core.restore(state.core)
        except ValueError as error:
            raise InputError(str(error)) from None
        self._host.restore(state.services)

    def state_from_bytes(self, flat: bytes) -> NativeState:
        """The inverse of bytes(snapshot). Raises ValueError when it is cut short."""
        services, core = split_state(flat)
        return NativeState(_core.Snapshot.from_bytes(core), services)

    # ---- what the host does for the guest ----

    def serve_calls(self, service: CallService) -> None:
        self._host.serve_calls(service)

    def poll(self, service: PollService) -> None:
        self._host.poll(service)

    def say(self, uart: str, content: bytes) -> None:
        self._host.say(uart, content)

    def warn(self, text: str) -> None:
        self._core.warn(text)

    def enable_trace(self) -> None:
        self._core.enable_trace()

    def watch_marks(self, marks: Mapping[int, int]) -> None:
        """Stages by the value written to ITM port 31: value -> stage number."""
        for value, stage in marks.items():
            self._core.name_mark(value, stage)

    # ---- what is seen from outside ----

    def console_since(self, first: int) -> list[ConsoleByte]:
        names, cycle_of = self._core.uart_names, self._core.cycle_of
        return [
            ConsoleByte(self._nanoseconds(at), cycle_of(at), names[uart], byte)
            for at, uart, byte in self._core.uart_since(first)
        ]

    def uart_names(self) -> list[str]:
        return self._core.uart_names

    def serial_write(self, uart: str, content: bytes, *, fault: str = "", baud_hz: int = 0) -> None:
        self.inputs_put_in += 1
        if self._host.receive(uart, content):
            return
        try:
            self._core.serial_write(uart, content, fault, baud_hz)
        except ValueError as error:
            raise InputError(str(error)) from None

    def led_state(self, name: str) -> bool:
        return self._core.led_state(name)

    def press(self, button: str, pressed: bool) -> None:
        self.inputs_put_in += 1
        if pressed:
            self._core.press(button)
        else:
            self._core.release(button)

    def read_memory(self, address: int, size: int) -> bytes:
        return self._core.peek(address, size)

    def write_memory(self, address: int, content: bytes) -> None:
        self._core.poke(address, content)

    def reset_system(self) -> None:
        self._core.reset_system()

    def registers(self) -> dict[str, int]:
        return dict(zip(CORE_REGISTERS, self._core.registers, strict=True))

    def gaps(self) -> list[Gap]:
        return [
            Gap(address, pc, "write" if is_write else "read", count)
            for address, pc, is_write, count in self._core.gaps()
        ]

    def fault(self) -> Fault | None:
        return last_fault(self._core)

    # ---- the record ----

    def arrays(self) -> dict[str, NDArray[Any]]:
        self._core.settle()
        clock = NativeClock.of(self._core, self._ticks_per_second)
        return {**collect_arrays(self._core, clock), **self.profile().arrays()}

    def profile(self) -> NativeProfile:
        return NativeProfile(self._core)

    def names(self) -> dict[str, list[str]]:
        core = self._core
        return {
            "lines": core.line_names,
            "levels": core.level_names,
            "dma_masters": core.master_names,
            "bus_slaves": core.bus_slaves,
            "bus_masters": core.bus_masters,
        }

    def counters(self) -> dict[str, int]:
        counters = dict(self._core.counters)
        counters["cpu.instructions"] = self._core.instructions
        counters["cpu.active_cycles"] = self._core.active_cycles
        counters["cpu.elapsed_cycles"] = self.cycles()
        counters["cpu.system_resets"] = self._core.resets
        return counters

    def warnings(self) -> list[tuple[int, str]]:
        return [(self._nanoseconds(at), text) for at, text in self._core.warnings()]

    def warning_places(self) -> list[int]:
        return self._core.warning_places()

    def timing(self) -> dict[str, Any]:
        return timing_model(self.parameters, memory_words(self._settings_at_reset, self._core.memory_settings()))

    def close(self) -> None:
        self._host.close()
