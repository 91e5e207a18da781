"""Fits a platform to an engine: what has no model there becomes a gap with the name of its entry, and is listed.

Nothing disappears silently: each thing left out is an Omission, which `tinysim platforms` shows and a record keeps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace

from tinysim.platform.chip_file import GapRange
from tinysim.platform.conditions import Access, can_meet
from tinysim.platform.lines_left import left_lines
from tinysim.platform.model import BusRegistration, Connection, DeviceSpec, Omission, Platform
from tinysim.platform.renode_types import ANY_NUMBER, NOT_GIVEN, RENAMED
from tinysim.platform.script_language import parse_script
from tinysim.platform.scripts import PYTHON
from tinysim.platform.sizes import SMALLEST_BLOCK_BYTES, areas_of, occupied_bytes
from tinysim.repl.complaints import Place, complaint, nearest

COMBINED_INPUT = "Miscellaneous.CombinedInput"
IN_THE_CORE = {"Miscellaneous.DWT": "is part of the core here and counts the CPU's cycles"}
BIT_BAND = "Miscellaneous.BitBanding"


@dataclass(slots=True)
class _Fitting:
    """The walk over one platform: what stays, and what is left out."""

    platform: Platform
    known: Set[str]
    kept: list[DeviceSpec] = field(default_factory=list)
    omissions: list[Omission] = field(default_factory=list)

    def omit(self, name: str, text: str, place: Place, areas: Iterable[tuple[int, int]] = ()) -> None:
        self.omissions.append(Omission("type", name, text, place, tuple(areas)))

    def sort_devices(self) -> None:
        devices = [replace(d, type=RENAMED.get(d.type, d.type)) for d in self.platform.devices]
        lacking = {device.name: device for device in devices if not self._has_model(device)}
        for device in devices:
            parents = [attachment.parent for attachment in device.attachments]
            if device.name in lacking:
                self._leave_out(device)
            elif parents and not device.registrations and all(parent in lacking for parent in parents):
                lacking[device.name] = device
                self.omit(device.name, f"sits on {parents[0]}, which has no model", device.place)
            else:
                self._keep(device)

    @property
    def _cpu(self) -> tuple[Access, ...]:
        return (Access(self.platform.cpu.name),)

    def _has_model(self, device: DeviceSpec) -> bool:
        if device.type == PYTHON and device.name not in self.platform.scripts:
            return False
        return device.type in self.known or self._is_in_the_core(device.type)

    def _is_in_the_core(self, kind: str) -> bool:
        bit_band = self.platform.chip.parameters.get("bus.bit_band")
        return kind in IN_THE_CORE or (kind == BIT_BAND and bit_band is not None and bool(bit_band.value))

    def _leave_out(self, device: DeviceSpec) -> None:
        areas = areas_of(device, otherwise=SMALLEST_BLOCK_BYTES)
        self.omit(device.name, self._reason(device), device.place, areas)

    def _reason(self, device: DeviceSpec) -> str:
        if device.type == PYTHON and device.type in self.known:
            return f"the script file {device.parameters.get('filename')} is not found; accesses are reported as gaps"
        near = nearest(device.type, self.known, 1, 0.8)
        return f"{device.type} has no model" + (f", the nearest is {near[0]}" if near else "")

    def _keep(self, device: DeviceSpec) -> None:
        if device.type not in self.known:
            text = IN_THE_CORE.get(device.type, "is part of the bus here")
            self.omissions.append(Omission("hint", device.name, text, device.place))
            return
        frequency = device.parameters.get("systickFrequency")
        if frequency is not None:
            text = f"systickFrequency {frequency} is not used: SysTick counts the CPU's cycles"
            self.omissions.append(Omission("hint", device.name, text, device.place))
        mine = [r for r in device.registrations if can_meet(r.access, self._cpu)]
        if device.registrations and not mine:
            text = f"belongs to another CPU ({device.registrations[0].initiator})"
            self.omit(device.name, text, device.place)
            return
        if device.type == PYTHON:
            parse_script(self.platform.scripts[device.name])  # what it cannot be is refused before anything is built
        registrations = [r for r in mine if self._is_seen(device, r)]
        self.kept.append(replace(device, registrations=tuple(registrations)))

    def _is_seen(self, device: DeviceSpec, registration: BusRegistration) -> bool:
        """Tell whether the one CPU meets the device's registers here, whatever its state."""
        size = occupied_bytes(device, registration, otherwise=SMALLEST_BLOCK_BYTES)
        area = [(registration.address, size)]
        if registration.region is not None:
            text = f"the region {registration.region} at 0x{registration.address:08X} has no model"
            self.omit(f"{device.name}.{registration.region}", text, registration.place, area)
            return False
        mine = [access for access in registration.access if can_meet((access,), self._cpu)]
        if mine and all(access.states for access in mine):
            text = f"0x{registration.address:08X} depends on the CPU's state ({registration.initiator})"
            self.omit(device.name, text, registration.place, area)
            return False
        return True

    def wires(self) -> list[Connection]:
        here: dict[str, DeviceSpec | None] = {device.name: device for device in self.kept}
        here[self.platform.cpu.name] = None
        kept = []
        for wire in self.platform.connections:
            source = here.get(wire.source)
            if wire.source not in here or wire.target not in here:
                continue
            problem = None if source is None else _wire_problem(wire, source.type)
            if problem is None:
                kept.append(wire)
            else:
                self.omissions.append(Omission("wire", wire.source, problem, wire.place))
        return kept

    def check_cpus(self, cpu_types: Set[str]) -> None:
        first, *others = self.platform.cpus
        if first.type not in cpu_types:
            text = f"{first.type} has no model; there is {', '.join(sorted(cpu_types))}"
            self.omissions.append(Omission("cpu", first.name, text, first.place))
        for cpu in others:
            self.omit(cpu.name, "a second CPU has no model", cpu.place)


def fit(platform: Platform, known_types: Set[str], cpu_types: Set[str]) -> Platform:
    """Return the platform as an engine with these models can build it, with what that leaves out in `omissions`."""
    fitting = _Fitting(platform, known_types)
    fitting.check_cpus(cpu_types)
    fitting.sort_devices()
    wires = fitting.wires()
    fitting.omissions += left_lines(platform)
    devices, wires = combine_inputs(fitting.kept, wires)
    ranges = [
        GapRange(omission.name, first, first + size, str(omission.place))
        for omission in fitting.omissions
        for first, size in omission.areas
    ]
    chip = replace(platform.chip, gap_ranges=(*ranges, *platform.chip.gap_ranges))
    return replace(
        platform,
        devices=tuple(devices),
        connections=tuple(wires),
        chip=chip,
        omissions=(*fitting.omissions, *platform.omissions),
    )


def refuse_omissions(platform: Platform, *, strict: bool) -> None:
    """Raise InputError for a CPU without model and, if `strict`, for anything left out but hints."""
    for omission in platform.omissions:
        if omission.kind == "cpu":
            raise complaint(4, f"{omission.name}: {omission.text}", omission.place, "take a platform of another chip")
    left = [omission for omission in platform.omissions if omission.kind != "hint"]
    if strict and left:
        more = f"; {len(left) - 1} more like it" if len(left) > 1 else ""
        problem = f"{left[0].name}: {left[0].text}{more}"
        raise complaint(4, problem, left[0].place, "run without --strict to have it reported as a gap")


def combine_inputs(
    devices: Iterable[DeviceSpec], wires: Iterable[Connection]
) -> tuple[list[DeviceSpec], list[Connection]]:
    """Put an OR in front of each input that several lines lead to, as Renode does."""
    found, kept = list(devices), list[Connection]()
    by_input: defaultdict[tuple[str, int], list[Connection]] = defaultdict(list)
    for wire in wires:
        by_input[wire.target, wire.input].append(wire)
    for (target, number), ends in by_input.items():
        if len(ends) == 1:
            kept += ends
            continue
        name, place = f"{target}@{number}", ends[-1].place
        found.append(DeviceSpec(name, COMBINED_INPUT, (), (), {"numberOfInputs": len(ends)}, place))
        kept += [replace(wire, target=name, input=position) for position, wire in enumerate(ends)]
        kept.append(Connection(name, None, target, None, number, place))
    return found, kept


def _wire_problem(wire: Connection, source_type: str) -> str | None:
    if wire.local is not None:
        return f"the alternate function of pin {wire.local} of {wire.target} has no model"
    missing = NOT_GIVEN.get(source_type, frozenset())
    if wire.output in missing or (isinstance(wire.output, int) and ANY_NUMBER in missing):
        return f"output {wire.output} of {source_type} has no model"
    return None
