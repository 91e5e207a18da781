"""Finds two things at one address. Renode knows a device's size from its type; so does the table in renode_types.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinysim.platform.conditions import Access, can_meet
from tinysim.platform.model import DeviceSpec, MemorySpec
from tinysim.platform.renode_types import find_type
from tinysim.repl.complaints import Place, complaint

# Bytes that a device occupies when neither its registration nor the table of types says, by its name's beginning.
FAMILY_SIZES_BYTES = {"NRF": 0x1000, "STM32": 0x400}


def device_size(device_type: str) -> int | None:
    """Return the bytes a device of this type occupies, None where only the engine can know."""
    known = find_type(device_type)
    if known is not None and known.size_bytes is not None:
        return known.size_bytes
    short = device_type.rpartition(".")[2]
    return next((size for start, size in FAMILY_SIZES_BYTES.items() if short.startswith(start)), None)


def _size(device: DeviceSpec) -> int:
    given = device.parameters.get("size")
    return given if isinstance(given, int) else device_size(device.type) or 1


@dataclass(frozen=True, slots=True)
class _Area:
    name: str
    begin: int
    end: int
    access: tuple[Access, ...]
    place: Place

    def __str__(self) -> str:
        return f"{self.name} (0x{self.begin:08X}..0x{self.end - 1:08X}, {self.place})"


def check_overlaps(memories: Iterable[MemorySpec], devices: Iterable[DeviceSpec]) -> None:
    """Raise InputError naming both things, their addresses and their lines. Of a size unknown only the start counts."""
    areas = [
        _Area(memory.name, address, address + memory.size, access, memory.place)
        for memory in memories
        for address, access in zip(memory.addresses, memory.accesses, strict=True)
    ]
    for device in devices:
        for registration in device.registrations:
            end = registration.address + max(registration.size or _size(device), 1)
            areas.append(_Area(device.name, registration.address, end, registration.access, registration.place))
    areas.sort(key=lambda area: (area.begin, area.end, area.name))
    open_areas: list[_Area] = []  # those that reach beyond the beginning of the next
    for area in areas:
        open_areas = [earlier for earlier in open_areas if earlier.end > area.begin]
        for earlier in open_areas:
            if can_meet(area.access, earlier.access):
                raise complaint(39, f"{area} overlaps {earlier}", area.place, "move one of them or correct its size")
        open_areas.append(area)
