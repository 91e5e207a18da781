"""Keywords of tinysim's own that disturb a firmware: interrupt load, DMA traffic, faults. Native engine only.

Each is a real mechanism of the core (core/src/parts/paced.h, i2c_plug.h), not a number that is added to a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from robot.api.deco import keyword

from tinysim.console import encoded
from tinysim.emulation import Board
from tinysim.robot.errors import KeywordException
from tinysim.robot.keywords_timing import native_only
from tinysim.robot.session import Session

_NO_HOOK = "it has no part that does this"
_INTERRUPT_CONTROLLER = "IRQControllers.NVIC"
_DEFAULT_BUFFER_BYTES = 256
_BITS_PER_BYTE = 8
Value = TypeVar("Value")


class StimuliKeywords:
    """Loads have the names irq_load and dma_traffic in the record's counters."""

    session: Session

    # ---- load ----

    @keyword
    def inject_interrupt_load(self, interrupt: int | str, rate_hz: int, name: str = "irq_load") -> None:
        """Pulse an interrupt, by its number or the device that raises it, which the firmware has enabled.

        What a pulse costs is the firmware's own handler.
        """
        native_only(self.session, _NO_HOOK)
        with self.session.emulation.lock:
            board = self.session.board()
            number = interrupt if isinstance(interrupt, int) else _interrupt_of(board, interrupt)
            stimuli = board.machine.engine.stimuli
            if not stimuli.is_enabled(number):
                raise KeywordException(
                    f"interrupt {number} is not enabled at {board.machine.time:.6f} s: a load on it would cost nothing"
                )
            stimuli.load_interrupt(name, number, rate_hz)
            self.session.loads.append(name)

    @keyword
    def start_dma_traffic(
        self,
        rate_hz: int,
        address: int | None = None,
        size_bytes: int = _DEFAULT_BUFFER_BYTES,
        name: str = "dma_traffic",
    ) -> None:
        """Let a bus master of its own read words of a buffer in RAM (None: its begin) at a rate; nothing changes."""
        native_only(self.session, _NO_HOOK)
        with self.session.emulation.lock:
            board = self.session.board()
            start = _first_ram(board) if address is None else address
            board.machine.engine.stimuli.load_bus(name, start, size_bytes, rate_hz)
            self.session.loads.append(name)

    @keyword
    def stop_load(self, name: str) -> None:
        """End an interrupt load (irq_load) or DMA traffic (dma_traffic)."""
        native_only(self.session, _NO_HOOK)
        with self.session.emulation.lock:
            self.session.machine.engine.stimuli.hold(name, True)

    @keyword
    def counter(self, name: str) -> int:
        """A counter of the record, e.g. irq_load.pulses, dma_traffic.beats, accelerometer.samples_read."""
        with self.session.emulation.lock:
            counters: Mapping[str, int] = self.session.machine.engine.counters()
        if name not in counters:
            raise KeywordException(f"there is no counter '{name}': there is {', '.join(sorted(counters))}")
        return counters[name]

    # ---- faults ----

    @keyword
    def inject_fault(
        self,
        kind: str,
        part: str | None = None,
        address: int | None = None,
        bit: int = 0,
        pin: int | None = None,
        content: str = "",
    ) -> None:
        """One fault, now. The kinds:

        `bus-lost` part=: the part's I2C wires are off, until `bus-back`. `bit-flip` address= bit=: in memory.
        `glitch` part= pin=: a pulse on an input, e.g. of gpio0. `noise` part= content=: bytes on a UART's input.
        """
        native_only(self.session, _NO_HOOK)
        with self.session.emulation.lock:
            board = self.session.board()
            if kind in ("bus-lost", "bus-back"):
                board.machine.engine.stimuli.pull_out(_given(part, "part"), kind == "bus-lost")
            elif kind == "bit-flip":
                _flip(board, _given(address, "address"), bit)
            elif kind == "glitch":
                for level in (True, False):
                    board.machine.engine.stimuli.drive(_given(part, "part"), _given(pin, "pin"), level)
            elif kind == "noise":
                board.machine.uart(_given(part, "part")).write(encoded(content))
            else:
                raise KeywordException(f"there is no fault '{kind}': bus-lost, bus-back, bit-flip, glitch, noise")


def _given(value: Value | None, name: str) -> Value:
    if value is None:
        raise KeywordException(f"this fault needs {name}=")
    return value


def _flip(board: Board, address: int, bit: int) -> None:
    if not 0 <= bit < _BITS_PER_BYTE:
        raise KeywordException(f"a byte has bits 0 to 7, not {bit}")
    (byte,) = board.machine.read_memory(address, 1)
    board.machine.write_memory(address, bytes([byte ^ 1 << bit]))


def _interrupt_of(board: Board, device: str) -> int:
    """The interrupt that a device of the platform raises. Raises KeywordException for none or several."""
    platform = board.platform
    controllers = {one.name for one in platform.devices if one.type == _INTERRUPT_CONTROLLER}
    wires = [wire for wire in platform.connections if wire.source == device and wire.target in controllers]
    if len(wires) != 1:
        numbers = ", ".join(str(wire.input) for wire in wires) or "none"
        raise KeywordException(f"'{device}' has these interrupts: {numbers}; give a number")
    return wires[0].input


def _first_ram(board: Board) -> int:
    return next(memory.addresses[-1] for memory in board.platform.memories if memory.kind == "ram")
