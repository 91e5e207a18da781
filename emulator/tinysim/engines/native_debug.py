"""The debug port of the native engine.

Not here: access to the core's own registers (System Control Space), a reset of the peripherals after the start.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from tinysim.engines.debug import XPSR, Hit, WatchKind
from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim._core import Machine

_LARGEST_TRANSFER_BYTES = 4


class NativeDebugPort:
    """`reason_of` names a stop of the core as the engine does; `ticks_of` turns nanoseconds into ticks."""

    def __init__(
        self, core: Machine, vector_table: int, ticks_of: Callable[[int], int], reason_of: Callable[[str], str]
    ) -> None:
        self._core, self._vector_table = core, vector_table
        self._ticks_of, self._reason_of = ticks_of, reason_of
        core.stops_at_breakpoint = True

    def close(self) -> None:
        self._core.stops_at_breakpoint = False

    def set_breakpoint(self, address: int) -> None:
        self._core.set_breakpoint(address)

    def clear_breakpoint(self, address: int) -> None:
        self._core.clear_breakpoint(address)

    def set_watchpoint(self, address: int, size: int, kind: WatchKind) -> None:
        self._core.set_watchpoint(address, size, kind)

    def clear_watchpoint(self, address: int, size: int, kind: WatchKind) -> None:
        self._core.clear_watchpoint(address, size, kind)

    def hit(self) -> Hit:
        return Hit(*self._core.hit)

    def step(self, until_ns: int) -> str:
        before = self._core.instructions
        reason = self._reason_of(self._core.step(self._ticks_of(until_ns)))
        return "step" if reason == "time" and self._core.instructions != before else reason

    def asleep(self) -> bool:
        return self._core.sleeping

    def instructions(self) -> int:
        return self._core.instructions

    def exception(self) -> int:
        return self._core.exception

    def registers(self) -> Sequence[int]:
        return self._core.registers

    def set_register(self, index: int, value: int) -> None:
        if index == XPSR:
            self._core.set_xpsr(value)
        else:
            self._core.set_register(index, value)

    def fp_registers(self) -> Sequence[int]:
        return self._core.fp_registers

    def set_fp_register(self, index: int, value: int) -> None:
        values = self._core.fp_registers
        values[index] = value
        self._core.fp_registers = values

    def special_registers(self) -> Mapping[str, int]:
        return {name: int(value) for name, value in self._core.special_registers.items()}

    def set_special_register(self, name: str, value: int) -> None:
        """As MSR would. Raises KeyError when there is none of that name."""
        if not self._core.set_special_register(name, value):
            raise KeyError(name)

    def read_core(self, address: int, size: int) -> bytes:
        return b"".join(
            self._core.core_read(at, width).to_bytes(width, "little") for at, width in _transfers(address, size)
        )

    def write_core(self, address: int, content: bytes) -> None:
        for at, width in _transfers(address, len(content)):
            part = content[at - address : at - address + width]
            self._core.core_write(at, int.from_bytes(part, "little"), width)

    def read_device(self, address: int, size: int) -> bytes:
        """Registers of devices, each read once with its side effects. Raises InputError where there are none."""
        try:
            values = [
                self._core.bus_read(at, width).to_bytes(width, "little") for at, width in _transfers(address, size)
            ]
        except ValueError as error:
            raise InputError(f"{address:#010x}: {error}") from None
        return b"".join(values)

    def write_device(self, address: int, content: bytes) -> None:
        """Registers of devices, each written once. Raises InputError where there are none."""
        try:
            for at, width in _transfers(address, len(content)):
                part = content[at - address : at - address + width]
                self._core.bus_write(at, int.from_bytes(part, "little"), width)
        except ValueError as error:
            raise InputError(f"{address:#010x}: {error}") from None

    def reset(self) -> str:
        at_power_on = self._core.now == 0
        self._core.power_on(self._vector_table)
        return "reset" if at_power_on else "the CPU is reset, peripherals keep their state"


def _transfers(address: int, size: int) -> list[tuple[int, int]]:
    """Naturally aligned words, halfwords and bytes that make up a range."""
    found = []
    end = address + size
    while address < end:
        width = _LARGEST_TRANSFER_BYTES
        while address % width or address + width > end:
            width //= 2
        found.append((address, width))
        address += width
    return found
