"""Finds two things at one address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinysim.platform.conditions import Access, can_meet
from tinysim.platform.model import DeviceSpec, MemorySpec
from tinysim.platform.sizes import occupied_bytes
from tinysim.repl.complaints import Place, complaint


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
            end = registration.address + occupied_bytes(device, registration, otherwise=1)
            areas.append(_Area(device.name, registration.address, end, registration.access, registration.place))
    areas.sort(key=lambda area: (area.begin, area.end, area.name))
    open_areas: list[_Area] = []  # those that reach beyond the beginning of the next
    for area in areas:
        open_areas = [earlier for earlier in open_areas if earlier.end > area.begin]
        for earlier in open_areas:
            if can_meet(area.access, earlier.access):
                raise complaint(39, f"{area} overlaps {earlier}", area.place, "move one of them or correct its size")
        open_areas.append(area)
