"""The devices of a platform in the order and the form in which the core takes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tinysim.errors import InputError
from tinysim.platform import DeviceSpec, Platform
from tinysim.repl.syntax import Reference, Value


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


def check_timing(platform: Platform, known: Sequence[str]) -> None:
    """A timing parameter that the model does not know would be a knob that turns nothing."""
    for name in platform.chip.integers("timing"):
        if name not in known:
            import difflib

            near = ", ".join(difflib.get_close_matches(name, known, n=3)) or "see docs/timing.md"
            raise InputError(f"unknown timing parameter {name}", platform.chip.file, remedy=f"known ones: {near}")


def misplaced(place: Any, problem: str) -> InputError:
    """An error at a place of a platform file."""
    return InputError(problem, place.file, f"{place.line}:{place.column}")
