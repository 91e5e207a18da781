"""How many bytes of the system bus a device takes: stated, or its type's (renode_types.py), or its family's block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinysim.platform.renode_types import find_type

if TYPE_CHECKING:
    from tinysim.platform.model import BusRegistration, DeviceSpec

DEFAULT_BLOCK_BYTES = 0x1000  # what the native engine gives a device whose size nobody says
SMALLEST_BLOCK_BYTES = 0x400  # of such a device without a model: what stands closer keeps its addresses
_FAMILY_BLOCK_BYTES = {"NRF": 0x1000, "STM32": 0x400}  # by the beginning of a type's name


def device_size(device_type: str) -> int | None:
    """Return the bytes a device of this type occupies, None where only the engine can know."""
    known = find_type(device_type)
    if known is not None and known.size_bytes is not None:
        return known.size_bytes
    short = device_type.rpartition(".")[2]
    return next((size for start, size in _FAMILY_BLOCK_BYTES.items() if short.startswith(start)), None)


def occupied_bytes(device: DeviceSpec, registration: BusRegistration, *, otherwise: int) -> int:
    """Return the bytes at one of its places, as stated there, by its own `size` or by its type; else `otherwise`."""
    own = device.parameters.get("size")
    stated = own if isinstance(own, int) and own > 0 else None
    return registration.size or stated or device_size(device.type) or otherwise


def areas_of(device: DeviceSpec, *, otherwise: int) -> list[tuple[int, int]]:
    """Return (first address, bytes) of each of its places."""
    return [(one.address, occupied_bytes(device, one, otherwise=otherwise)) for one in device.registrations]
