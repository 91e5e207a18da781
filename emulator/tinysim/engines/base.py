"""What an engine must do for tinysim.machine. Time is in nanoseconds outside and in the engine's own unit inside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim.firmware import Firmware
    from tinysim.streams.recording import Recording

StopReason: TypeAlias = Literal["time", "line", "deadlock", "fault", "lockup", "off"]


class ConsoleByte(NamedTuple):
    """A transmitted byte: when its stop bit was over, which UART, which byte."""

    time_ns: int
    cycle: int
    uart: str
    byte: int


@dataclass(frozen=True)
class Gap:
    """Accesses to something that is not modelled: the first pc, and how many there were."""

    address: int
    pc: int
    access: Literal["read", "write"]
    count: int


@dataclass(frozen=True)
class Fault:
    """The last fault exception that was taken, as the fault registers and the stacked state tell it."""

    exception: int
    pc: int
    cfsr: int
    hfsr: int
    address: int
    registers: tuple[int, ...]
    xpsr: int


class Engine(Protocol):
    """A machine with firmware in it."""

    name: str
    clock_hz: int

    def load(self, firmware: Firmware) -> None: ...
    def play(self, sensor: str, recording: Recording) -> None: ...
    def watch_stages(self, addresses: Mapping[int, int]) -> None: ...
    def run_until(self, time_ns: int, *, stop_at_line: bool = False) -> StopReason: ...
    def time_ns(self) -> int: ...
    def cycles(self) -> int: ...
    def console_since(self, first: int) -> list[ConsoleByte]: ...
    def uart_names(self) -> list[str]: ...
    def serial_write(self, uart: str, content: bytes) -> None: ...
    def led_state(self, name: str) -> bool: ...
    def press(self, button: str, pressed: bool) -> None: ...
    def read_memory(self, address: int, size: int) -> bytes: ...
    def write_memory(self, address: int, content: bytes) -> None: ...
    def registers(self) -> dict[str, int]: ...
    def gaps(self) -> list[Gap]: ...
    def fault(self) -> Fault | None: ...
    def arrays(self) -> dict[str, NDArray[Any]]: ...
    def names(self) -> dict[str, list[str]]: ...
    def counters(self) -> dict[str, int]: ...
    def warnings(self) -> list[tuple[int, str]]: ...
    def timing(self) -> dict[str, Any]: ...
    def close(self) -> None: ...
