"""`sysbus`, and the registers of any device by offset: memory at once, devices by a read or write with its effects.

Not here: hooks, watchpoints, peripherals other than by address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.loading import LOADING_METHODS
from tinysim.monitor.methods import methods
from tinysim.monitor.target import Target
from tinysim.monitor.values import Range, integer

if TYPE_CHECKING:
    from tinysim.machine import Machine

BYTE, WORD, DOUBLE_WORD, QUAD_WORD = 1, 2, 4, 8
_ACCESS_NAMES = {BYTE: "Byte", WORD: "Word", DOUBLE_WORD: "DoubleWord", QUAD_WORD: "QuadWord"}
LARGEST_READ_BYTES = 1 << 20
ADDRESSES = 1 << 32
_BYTES_PER_LINE = 10


def read(here: Target, address: int, size_bytes: int) -> bytes:
    """Bytes from memory or a device; zeros and a line in the log where there is neither, as Renode does."""
    _check(address, size_bytes)
    engine = here.machine.engine
    try:
        return engine.read_memory(address, size_bytes)
    except ValueError:
        pass
    port = engine.debug()
    try:
        return port.read_device(address, size_bytes)
    except InputError:
        here.session.note(f"sysbus: Read{_access(size_bytes)} from non existing peripheral at 0x{address:X}.")
        return bytes(size_bytes)
    finally:
        port.close()


def write(here: Target, address: int, content: bytes) -> None:
    """Bytes into memory or a device; a line in the log where there is neither."""
    _check(address, len(content))
    here.do(lambda machine: _put(here, machine, address, content))


def _put(here: Target, machine: Machine, address: int, content: bytes) -> None:
    try:
        machine.engine.write_memory(address, content)
        return
    except ValueError:
        pass
    port = machine.engine.debug()
    try:
        port.write_device(address, content)
    except InputError:
        value = int.from_bytes(content, "little")
        here.session.note(
            f"sysbus: Write{_access(len(content))} to non existing peripheral at 0x{address:X}, value 0x{value:X}."
        )
    finally:
        port.close()


def _access(size_bytes: int) -> str:
    return _ACCESS_NAMES.get(size_bytes, "Bytes")


def _check(address: int, size_bytes: int) -> None:
    if not 0 <= address <= address + size_bytes <= ADDRESSES:
        raise MonitorError(f"0x{address:X} is no 32-bit address", remedy="give 0x0 to 0xFFFFFFFF")


def _reader(size_bytes: int) -> Callable[..., str | None]:
    def read_number(here: Target, address: int) -> str:
        """The number at an address (of a device: an offset)."""
        return integer(int.from_bytes(read(here, _at(here, address), size_bytes), "little"), size_bytes)

    return read_number


def _writer(size_bytes: int) -> Callable[..., str | None]:
    def write_number(here: Target, address: int, value: int) -> None:
        """Write a number to an address (of a device: an offset)."""
        if not -(1 << 8 * size_bytes - 1) <= value < 1 << 8 * size_bytes:
            raise MonitorError(f"0x{value:X} does not fit into {size_bytes} bytes", remedy="use a wider write")
        write(here, _at(here, address), (value % (1 << 8 * size_bytes)).to_bytes(size_bytes, "little"))

    return write_number


def _at(here: Target, address: int) -> int:
    return address if here.name == "sysbus" else here.base + address


def read_bytes(here: Target, address: int, count: int) -> str:
    """So many bytes from an address."""
    if not 0 <= count <= LARGEST_READ_BYTES:
        raise MonitorError(f"{count} bytes are too many", remedy=f"read up to {LARGEST_READ_BYTES}")
    found = read(here, _at(here, address), count)
    lines = [found[at : at + _BYTES_PER_LINE] for at in range(0, count, _BYTES_PER_LINE)]
    return "\n".join(["[", *("".join(f"0x{byte:02X}, " for byte in line) for line in lines), "]"])


def what_is_at(here: Target, address: int) -> str:
    """The device or memory at an address."""
    name, kind = _owner(here, address)
    return f"{name} ({kind})"


def what_peripheral_is_at(here: Target, address: int) -> str:
    """The type of what is at an address, under Renode's name."""
    return f"Antmicro.Renode.Peripherals.{_owner(here, address)[1]}"


def _owner(here: Target, address: int) -> tuple[str, str]:
    from tinysim.platform.sizes import DEFAULT_BLOCK_BYTES, areas_of

    platform = here.machine.platform
    for memory in platform.memories:
        if any(first <= address < first + memory.size for first in memory.addresses):
            return memory.name, "Memory.MappedMemory"
    for device in platform.devices:
        areas = areas_of(device, otherwise=DEFAULT_BLOCK_BYTES)
        if any(first <= address < first + size for first, size in areas):
            return device.name, device.type
    gap = platform.gap_name(address)
    raise MonitorError(f"nothing is at 0x{address:X}" + (f": {gap} has no model" if gap else ""))


def tag(here: Target, range: Range, name: str, value: int | None = None, pausing: bool | None = None) -> None:
    """Name addresses without a model; accesses to them stay gaps, a value is not read back."""
    here.session.note(f"sysbus: the tag {name} names <0x{range.begin:X}, 0x{range.end - 1:X}> for readers only")


def silence_range(here: Target, range: Range) -> None:
    """Accepted; accesses there are reported as gaps all the same."""
    here.session.note(f"sysbus: <0x{range.begin:X}, 0x{range.end - 1:X}> is not silenced, gaps are always reported")


REGISTERS = methods(
    ReadByte=_reader(BYTE), ReadWord=_reader(WORD), ReadDoubleWord=_reader(DOUBLE_WORD),
    ReadQuadWord=_reader(QUAD_WORD), ReadBytes=read_bytes, WriteByte=_writer(BYTE), WriteWord=_writer(WORD),
    WriteDoubleWord=_writer(DOUBLE_WORD), WriteQuadWord=_writer(QUAD_WORD),
)  # fmt: skip
SYSTEM_BUS_METHODS = (
    REGISTERS
    | LOADING_METHODS
    | methods(
        WhatIsAt=what_is_at, WhatPeripheralIsAt=what_peripheral_is_at, Tag=tag, SilenceRange=silence_range,
    )
)  # fmt: skip
