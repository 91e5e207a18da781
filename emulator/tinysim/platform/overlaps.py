"""Finds two things at one address. Renode knows a device's size from its type; so does the small table here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tinysim.platform.model import DeviceSpec, MemorySpec
from tinysim.repl.complaints import Place, complaint

# Bytes that a device occupies when its registration does not say, by its type's short name or, below, its beginning.
# GPIO: upstream registers the ports at their OUT block, P0 + 0x500 and P0 + 0x800.
SIZES_BYTES = {"NRF52840_GPIO": 0x300, "NVIC": 0x1000}
FAMILY_SIZES_BYTES = {"NRF": 0x1000, "STM32": 0x400}


def device_size(device_type: str) -> int | None:
    """Return the bytes a device of this type occupies, None where only the engine can know."""
    short = device_type.rpartition(".")[2]
    family = next((size for start, size in FAMILY_SIZES_BYTES.items() if short.startswith(start)), None)
    return SIZES_BYTES.get(short, family)


def _size(device: DeviceSpec) -> int:
    given = device.parameters.get("size")
    return given if isinstance(given, int) else device_size(device.type) or 1


@dataclass(frozen=True, slots=True)
class _Area:
    name: str
    begin: int
    end: int
    initiator: str | None
    place: Place

    def __str__(self) -> str:
        return f"{self.name} (0x{self.begin:08X}..0x{self.end - 1:08X}, {self.place})"


def check_overlaps(memories: Iterable[MemorySpec], devices: Iterable[DeviceSpec]) -> None:
    """Raise InputError naming both things, their addresses and their lines. Of a size unknown only the start counts."""
    areas = [
        _Area(memory.name, address, address + memory.size, None, memory.place)
        for memory in memories
        for address in memory.addresses
    ]
    for device in devices:
        for registration in device.registrations:
            end = registration.address + max(registration.size or _size(device), 1)
            areas.append(_Area(device.name, registration.address, end, registration.initiator, registration.place))
    areas.sort(key=lambda area: (area.begin, area.end, area.name))
    reaching: dict[str | None, _Area] = {}  # the area of each initiator that ends last
    for area in areas:
        for earlier in reaching.values():
            same = area.initiator is None or earlier.initiator in (None, area.initiator)
            if same and earlier.end > area.begin:
                raise complaint(39, f"{area} overlaps {earlier}", area.place, "move one of them or correct its size")
        last = reaching.get(area.initiator)
        if last is None or area.end > last.end:
            reaching[area.initiator] = area
