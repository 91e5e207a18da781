"""The core's machine as a platform describes it: memories, devices, parts and their wires."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from tinysim.engines.native_devices import add_bus, by_reference, misplaced, sorted_parameters
from tinysim.engines.native_scripts import ScriptedRegisters
from tinysim.platform import DeviceSpec, Platform
from tinysim.platform.scripts import Script
from tinysim.platform.sizes import DEFAULT_BLOCK_BYTES, device_size

if TYPE_CHECKING:
    from tinysim._core import Machine

INTERRUPT_CONTROLLER = "IRQControllers.NVIC"


def build_machine(core: Machine, platform: Platform, known: Set[str]) -> None:
    """Put all of the platform into an empty machine. Raises InputError for what has no model or does not fit."""
    unknown = platform.unknown_types(known)
    if unknown:
        raise unknown[0]
    add_bus(core, platform)
    for memory in platform.memories:
        is_flash = memory.kind != "ram"
        core.add_memory(memory.name, memory.size, is_flash, 0xFF if is_flash else 0, memory.addresses)
    for device in by_reference(platform.devices):
        _add(core, device, platform.scripts.get(device.name))
    for gap in platform.chip.gap_ranges:
        core.add_gap(gap.begin, gap.end - 1)
    _connect(core, platform)


def _add(core: Machine, device: DeviceSpec, script: Script | None) -> None:
    if device.type == INTERRUPT_CONTROLLER:
        return
    numbers, texts, references = sorted_parameters(device.parameters)
    try:
        if device.registrations or device.parent is None:
            addresses = [registration.address for registration in device.registrations]
            sizes = [r.size for r in device.registrations if r.size is not None]
            size = sizes[0] if sizes else device_size(device.type)
            if script is not None:
                own_bytes, initable = numbers["size"], bool(numbers.get("initable"))
                registers = ScriptedRegisters(device.name, script, own_bytes, initable=initable)
                core.add_scripted_device(device.name, addresses, size or own_bytes, registers)
                return
            core.add_device(
                device.type, device.name, addresses, size or DEFAULT_BLOCK_BYTES, numbers, texts, references
            )
        else:
            point = device.point if isinstance(device.point, int) else 0
            core.add_part(device.type, device.name, device.parent, point, numbers, texts, references)
    except ValueError as error:
        raise misplaced(device.place, str(error)) from None


def _connect(core: Machine, platform: Platform) -> None:
    controllers = {d.name for d in platform.devices if d.type == INTERRUPT_CONTROLLER}
    for wire in platform.connections:
        if wire.source in controllers and wire.output != "InSleep":
            continue
        if wire.local is not None:
            raise misplaced(wire.place, "`#local` receivers are not supported by the native engine yet")
        output = "IRQ" if wire.output is None else str(wire.output)
        target = "nvic" if wire.target in controllers else wire.target
        try:
            source = "nvic" if wire.source in controllers else wire.source
            core.connect(source, output, target, wire.input)
        except ValueError as error:
            raise misplaced(wire.place, str(error)) from None
