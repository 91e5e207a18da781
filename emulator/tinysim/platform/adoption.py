"""A chip described for Renode gets from our description of it what Renode has no words for: clocks, gates, pins.

Devices meet by type and address. Only parameters of our own are taken, and only where the entry does not say them.
"""

from __future__ import annotations

from dataclasses import replace

from tinysim.platform.model import DeviceSpec, Omission, Platform
from tinysim.platform.renode_types import find_type
from tinysim.repl.syntax import Reference, Value

CRYSTAL = "hseFrequency"
USUAL_CRYSTAL_HZ = 8_000_000  # STM32 evaluation boards
FLASH_CONTROLLERS = "MTD."


def adopt(platform: Platform, own: Platform) -> Platform:
    """Return the platform with our parameters from `own`, the chip as we describe it; hints say what is assumed."""
    ours = {_key(device): device for device in own.devices if device.registrations}
    named = {device.name: key for key, device in ours.items()}
    theirs = {_key(device): device.name for device in platform.devices if device.registrations}

    def translated(value: Value) -> Value | None:
        if not isinstance(value, Reference):
            return value
        name = theirs.get(named.get(value.name, ("", 0)))
        return None if name is None else Reference(name, value.place)

    hints: list[Omission] = []
    devices = []
    for device in platform.devices:
        twin = ours.get(_key(device)) if device.registrations else None
        more = {} if twin is None else _missing(device, twin)
        taken = {name: found for name, value in more.items() if (found := translated(value)) is not None}
        if _lacks_crystal(device):
            taken[CRYSTAL] = USUAL_CRYSTAL_HZ
            text = f"{CRYSTAL} is not said, {USUAL_CRYSTAL_HZ // 1_000_000} MHz is assumed"
            hints.append(Omission("hint", device.name, text, device.place))
        devices.append(replace(device, parameters={**device.parameters, **taken}) if taken else device)
    hints += _flash_hints(platform, own)
    return replace(platform, devices=tuple(devices), omissions=(*platform.omissions, *hints))


def _key(device: DeviceSpec) -> tuple[str, int]:
    return device.type, device.registrations[0].address if device.registrations else 0


def _missing(device: DeviceSpec, twin: DeviceSpec) -> dict[str, Value]:
    known = find_type(device.type)
    wanted = frozenset[str]() if known is None else known.own - device.parameters.keys()
    return {name: value for name, value in twin.parameters.items() if name in wanted}


def _lacks_crystal(device: DeviceSpec) -> bool:
    known = find_type(device.type)
    return known is not None and CRYSTAL in known.own and CRYSTAL not in device.parameters


def _flash_hints(platform: Platform, own: Platform) -> list[Omission]:
    """Wait states and caches stand in the registers of the flash controller; without one there are none."""
    if any(device.type.startswith(FLASH_CONTROLLERS) for device in platform.devices):
        return []
    controllers = [device for device in own.devices if device.type.startswith(FLASH_CONTROLLERS)]
    return [
        Omission("hint", "flash", f"without {one.type} it has no wait states and no cache", platform.cpu.place)
        for one in controllers
    ]
