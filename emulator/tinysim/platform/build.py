"""Turns merged `.repl` variables into the parts of a Platform: evaluates registrations, sizes, references and tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from tinysim.errors import InputError
from tinysim.platform.bus_points import ADDRESS_LIMIT, bus_registration, check_end, whole
from tinysim.platform.model import (
    Attachment,
    BusRegistration,
    Connection,
    CpuSpec,
    DeviceSpec,
    MemoryKind,
    MemorySpec,
    MonitorLine,
    Tag,
)
from tinysim.platform.renode_types import short_type
from tinysim.repl.complaints import Place, complaint, nearest
from tinysim.repl.merge import BUILT_IN, Variable, Variables
from tinysim.repl.syntax import ObjectValue, Reference, Registration, Value
from tinysim.repl.tokens import MAX_DIGITS

MEMORY_TYPES = ("Memory.MappedMemory", "Memory.ArrayMemory")
_NUMBER = r"(0x[0-9A-Fa-f]+|\d+)"
_TAG = re.compile(rf'Tag\s*<\s*{_NUMBER}\s*(,?)\s*{_NUMBER}\s*>\s*"([^"]*)"(?:\s+{_NUMBER})?', re.ASCII)
_SILENCE = re.compile(rf"SilenceRange\s*<\s*{_NUMBER}\s*(,?)\s*{_NUMBER}\s*>", re.ASCII)


class Builder:
    """Walks over the merged variables of one platform."""

    def __init__(self, variables: Variables, memory_kinds: Mapping[str, str]) -> None:
        self._variables = variables
        self._memory_kinds = memory_kinds
        self._names = _unique_names(variables)

    def name(self, name: str, file: str) -> str:
        """Return the platform-wide name of what `name` means in `file`."""
        variable = self._variables.find(name, file)
        assert variable is not None  # tinysim.repl.check has looked
        return self._names[id(variable)]

    def _own(self, kind: str) -> Iterator[tuple[str, Variable]]:
        for variable in self._variables:
            if variable.type and _kind_of_type(variable.type) == kind:
                yield self._names[id(variable)], variable

    def cpus(self) -> tuple[CpuSpec, ...]:
        return tuple(self._cpu(name, variable) for name, variable in self._own("cpu"))

    def _cpu(self, name: str, variable: Variable) -> CpuSpec:
        parameters = self.parameters(variable)
        cpu_type, nvic = parameters.get("cpuType"), parameters.get("nvic")
        if not isinstance(cpu_type, str):
            raise complaint(25, f"CPU {name} has no cpuType", variable.place, 'add cpuType: "cortex-m4"')
        if nvic is not None and not isinstance(nvic, Reference):
            raise complaint(6, f"nvic of {name} is not a device", variable.settings["nvic"].place, "write nvic: nvic")
        return CpuSpec(name, cpu_type, nvic.name if nvic else None, parameters, variable.place)

    def memories(self) -> tuple[MemorySpec, ...]:
        return tuple(self._memory(name, variable) for name, variable in self._own("memory"))

    def _memory(self, name: str, variable: Variable) -> MemorySpec:
        setting = variable.settings.get("size")
        if setting is None:
            raise complaint(25, f"memory {name} has no size", variable.place, "add size: 0x1000")
        size = whole(setting.value, f"size of {name}", setting.place)
        if size == 0:
            raise complaint(6, f"memory {name} has size 0", setting.place, "give the size in bytes")
        registrations = self.bus_registrations(variable)
        for registration in registrations:
            check_end(registration.address, size, name, registration.place)
        addresses = tuple(registration.address for registration in registrations)
        accesses = tuple(registration.access for registration in registrations)
        return MemorySpec(name, size, addresses, self._memory_kind(name), variable.place, accesses)

    def _memory_kind(self, name: str) -> MemoryKind:
        given = self._memory_kinds.get(name)
        guess = next((kind for kind in ("flash", "rom") if kind in name.lower()), "ram")
        return cast(MemoryKind, given or guess)

    def devices(self) -> tuple[DeviceSpec, ...]:
        return tuple(
            DeviceSpec(
                name,
                short_type(variable.type),
                self.bus_registrations(variable),
                self._attachments(variable),
                self.parameters(variable),
                variable.place,
            )
            for name, variable in self._own("device")
        )

    def _attachments(self, variable: Variable) -> tuple[Attachment, ...]:
        return tuple(
            Attachment(self.name(r.parent, r.place.file), self._point(r), r.place)
            for r in variable.registrations
            if r.parent not in BUILT_IN
        )

    def _point(self, registration: Registration) -> Value | None:
        return None if registration.point is None else self.evaluate(registration.point, registration.place.file)

    def parameters(self, variable: Variable) -> dict[str, Value]:
        return {name: self.evaluate(s.value, s.place.file) for name, s in variable.settings.items()}

    def evaluate(self, value: Value, file: str) -> Value:
        """Return the value with each reference under its platform-wide name."""
        if isinstance(value, Reference):
            return Reference(self.name(value.name, file), value.place)
        if isinstance(value, tuple):
            return tuple(self.evaluate(item, file) for item in value)
        if isinstance(value, ObjectValue):
            attributes = {name: self.evaluate(item, file) for name, item in value.attributes.items()}
            return ObjectValue(value.type, attributes, value.place)
        if isinstance(value, Mapping):
            return {key: self.evaluate(item, file) for key, item in value.items()}
        return value

    def bus_registrations(self, variable: Variable) -> tuple[BusRegistration, ...]:
        """Return where a variable is on the system bus. Raises InputError E21 for a point that is no address."""
        found = []
        for registration in variable.registrations:
            if registration.parent == "sysbus" and registration.point is not None:
                point = self.evaluate(registration.point, registration.place.file)
                one = bus_registration(point, variable.name, registration.place)
                self._check_initiators(one)
                found.append(one)
        return tuple(found)

    def _check_initiators(self, registration: BusRegistration) -> None:
        for access in registration.access:
            if access.initiator is not None and access.initiator not in self._names.values():
                near = nearest(access.initiator, self._names.values())
                remedy = f"did you mean {near[0]}?" if near else "name a CPU of the platform"
                raise complaint(20, f"{access.initiator} is declared nowhere", registration.place, remedy)

    def connections(self) -> tuple[Connection, ...]:
        return tuple(
            Connection(self._names[id(v)], output, self.name(w.target, w.place.file), w.local, w.input, w.place)
            for v in self._variables
            for output, wires in v.wires.items()
            for w in wires
        )

    def aliases(self) -> dict[str, str]:
        return {v.alias: self._names[id(v)] for v in self._variables if v.alias}

    def tags_and_lines(self) -> tuple[tuple[Tag, ...], tuple[MonitorLine, ...]]:
        tags: list[Tag] = []
        lines: list[MonitorLine] = []
        for variable in self._variables:
            for phase, section in variable.lines.items():
                for text, place in section:
                    tag = _tag(text, place) if (variable.name, phase) == ("sysbus", "init") else None
                    if tag is not None:
                        tags.append(tag)
                    else:
                        lines.append(MonitorLine(self._names[id(variable)], phase, text, place))
        return tuple(tags), tuple(lines)


def _kind_of_type(type_name: str) -> str:
    short = short_type(type_name)
    if short in MEMORY_TYPES:
        return "memory"
    return "cpu" if short.startswith("CPU.") else "device"


def _unique_names(variables: Variables) -> dict[int, str]:
    """Give each variable a name of its own; a local one whose name is taken gets its file's stem in front."""
    names: dict[int, str] = {}
    taken: set[str] = set()
    for variable in variables:
        name = variable.name
        if name in taken and variable.file is not None:
            stem = variable.file.rpartition("/")[2].partition(".")[0]
            name = f"{stem}.{name}"
        number = 2
        while name in taken:
            name = f"{name.partition('~')[0]}~{number}"
            number += 1
        taken.add(name)
        names[id(variable)] = name
    return names


def _tag(text: str, place: Place) -> Tag | None:
    """Read a Tag or SilenceRange line; `<a, b>` is begin..last, `<a b>` begin and size, as the Monitor has it."""
    found = _TAG.match(text)
    silence = None if found else _SILENCE.match(text)
    match = found or silence
    if match is None:
        return None
    if any(len(number) > MAX_DIGITS for number in (match[1], match[3], (found and found[5]) or "")):
        raise _bad_tag(text, place)
    begin, second = _monitor_number(match[1]), _monitor_number(match[3])
    size = second - begin + 1 if match[2] else second
    if size <= 0 or begin + size > ADDRESS_LIMIT:
        raise _bad_tag(text, place)
    value = _monitor_number(found[5]) if found and found[5] else None
    return Tag(found[4] if found else "", begin, size, value, found is None, place)


def _monitor_number(text: str) -> int:
    return int(text, 16) if text.startswith("0x") else int(text)


def _bad_tag(text: str, place: Place) -> InputError:
    return complaint(29, f"no address range in {text[:60]!r}", place, "write <begin, last> or <begin size>")
