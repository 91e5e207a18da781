"""The devices of a platform in the order and the form in which the core takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import lcm
from typing import TYPE_CHECKING, Any

from tinysim.errors import InputError
from tinysim.platform import DeviceSpec, Platform
from tinysim.platform.chip_file import ChipFile
from tinysim.repl.syntax import Reference, Value

if TYPE_CHECKING:
    from tinysim._core import Machine


def by_reference(devices: Iterable[DeviceSpec]) -> list[DeviceSpec]:
    """Devices in an order in which whoever is named by another, or carries it, comes first."""
    waiting = {device.name: device for device in devices}
    ordered: list[DeviceSpec] = []

    def place(device: DeviceSpec) -> None:
        if waiting.pop(device.name, None) is None:
            return
        needed = [value.name for value in device.parameters.values() if isinstance(value, Reference)]
        for name in (*needed, device.parent):
            if name in waiting:
                place(waiting[name])
        ordered.append(device)

    for device in list(waiting.values()):
        place(device)
    return ordered


def sorted_parameters(parameters: Mapping[str, Value]) -> tuple[dict[str, int], dict[str, str], dict[str, str]]:
    """Numbers (booleans are 0 and 1), texts, and names of other devices."""
    numbers = {name: int(value) for name, value in parameters.items() if isinstance(value, bool | int)}
    texts = {name: value for name, value in parameters.items() if isinstance(value, str)}
    references = {name: value.name for name, value in parameters.items() if isinstance(value, Reference)}
    return numbers, texts, references


def add_bus(core: Machine, platform: Platform) -> None:
    """The slaves and masters of the chip's matrix; in front of memories and devices."""
    bus, chip = platform.chip.bus, platform.chip
    for slave in bus.slaves:
        apb_hz = 0 if slave.clock is None else chip.integer(f"clocks.{slave.clock}")
        core.add_slave(slave.name, slave.kind, slave.ranges, slave.block, apb_hz, slave.behind or "")
    for master, priority in bus.masters.items():
        core.set_bus_priority(master, priority)


def ticks_per_second(chip: ChipFile) -> int:
    """The resolution of time: clocks.ticks_per_second where the chip says so, else the LCM of its clocks in Hz."""
    clocks = chip.integers("clocks")
    if "ticks_per_second" in clocks:
        return clocks["ticks_per_second"]
    return lcm(*(frequency for name, frequency in clocks.items() if name.endswith("_hz")))


def misplaced(place: Any, problem: str) -> InputError:
    """An error at a place of a platform file."""
    return InputError(problem, place.file, f"{place.line}:{place.column}")
