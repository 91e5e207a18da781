"""Guest memory as GDB reads, writes and flashes it.

Device registers are refused until `monitor devices on`: reading one can change it, and what a debugger looks at must
not change the run. The core's own registers (0xE000E000 and around) are read without side effects.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.gdb.memory_map import areas

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.engines.debug import DebugPort
    from tinysim.platform import Platform

ERASED = b"\xff"
CORE_START, CORE_END = 0xE000_0000, 0xE010_0000  # the private peripheral bus, DDI 0403 B3.1


class GuestMemory:
    """`devices` says whether device registers may be accessed; `changed` is told of every write and side effect."""

    def __init__(self, engine: Engine, port: DebugPort, platform: Platform, changed: Callable[[], None]) -> None:
        self._engine, self._port, self._changed = engine, port, changed
        self._flash = [area for area in areas(platform) if area.kind == "flash"]
        self.devices = False

    def read(self, address: int, size: int) -> bytes:
        """As many of the bytes as can be read, from the first one on. Raises InputError when that one cannot be."""
        try:
            return self._read(address, size)
        except InputError:
            if size <= 1:
                raise
        head = self.read(address, size // 2)
        if len(head) < size // 2:
            return head
        try:
            return head + self.read(address + size // 2, size - size // 2)
        except InputError:
            return head

    def _read(self, address: int, size: int) -> bytes:
        try:
            return self._engine.read_memory(address, size)
        except ValueError:
            pass
        if is_of_core(address, size):
            return self._port.read_core(address, size)
        self._check_device(address)
        self._changed()
        return self._port.read_device(address, size)

    def write(self, address: int, content: bytes) -> None:
        """All of the bytes. Raises InputError where there is no memory."""
        self._changed()
        try:
            self._engine.write_memory(address, content)
        except ValueError:
            if is_of_core(address, len(content)):
                self._port.write_core(address, content)
                return
            self._check_device(address)
            self._port.write_device(address, content)

    def _check_device(self, address: int) -> None:
        if not self.devices:
            raise InputError(f"there is no memory at {address:#010x}", remedy="for devices: monitor devices on")

    def erase(self, address: int, size: int) -> None:
        """Flash, at once and without its erase time. Raises InputError outside of flash."""
        self._check_flash(address, size)
        self._changed()
        self._engine.write_memory(address, ERASED * size)

    def program(self, address: int, content: bytes) -> None:
        """Flash, at once and without its programming time. Raises InputError outside of flash."""
        self._check_flash(address, len(content))
        self._changed()
        self._engine.write_memory(address, content)

    def _check_flash(self, address: int, size: int) -> None:
        if not any(area.start <= address and address + size <= area.start + area.size for area in self._flash):
            raise InputError(f"{size} bytes at {address:#010x} are not in flash")


def is_of_core(address: int, size: int) -> bool:
    """Tell whether the bytes are registers of the core, or what the chip has among them (DBGMCU)."""
    return address >= CORE_START and address + size <= CORE_END
