"""Merges the entries of all files into variables: a later entry without a type updates an earlier one.

Rules after Renode: attributes merge by name, irqs by output (the later wins), a registration replaces the old one,
init lines replace unless `add` is written, `none` removes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tinysim.repl.complaints import Place, complaint
from tinysim.repl.syntax import (
    Description,
    Destination,
    Entry,
    MonitorLines,
    Output,
    Phase,
    Registration,
    Setting,
    Special,
    Wiring,
)

BUILT_IN = ("machine", "sysbus")
_REPEATED_SECTION = {"init": 19, "reset": 48, "preinit": 50}


@dataclass(frozen=True, slots=True)
class Wire:
    """One output wired to one input of `target`."""

    target: str
    local: int | None
    input: int
    place: Place


@dataclass(slots=True)
class Variable:
    """What all entries of one name say together. `file` is set for a `local`; `type` is empty for a built-in one."""

    name: str
    type: str
    place: Place
    file: str | None = None
    alias: str | None = None
    registrations: tuple[Registration, ...] = ()
    settings: dict[str, Setting] = field(default_factory=dict)
    wires: dict[Output, tuple[Wire, ...]] = field(default_factory=dict)
    lines: dict[Phase, list[tuple[str, Place]]] = field(default_factory=dict)


class Variables:
    """All variables by name; a local one hides a global one in its file."""

    def __init__(self, root: str) -> None:
        start = Place(root, 1, 1)
        self._global = {name: Variable(name, "", start) for name in BUILT_IN}
        self._local: dict[tuple[str, str], Variable] = {}

    def find(self, name: str, file: str) -> Variable | None:
        return self._local.get((file, name)) or self._global.get(name)

    def names(self, file: str) -> list[str]:
        return sorted({*self._global, *(name for place, name in self._local if place == file)})

    def __iter__(self) -> Iterator[Variable]:
        yield from self._global.values()
        yield from self._local.values()

    def declare(self, entry: Entry) -> None:
        """Make the variable of an entry with a type. Raises InputError E02 if it is there already."""
        assert entry.type is not None
        file = entry.place.file
        earlier = self._local.get((file, entry.name)) if entry.local else self.find(entry.name, file)
        if earlier is not None:
            where = "built in" if earlier.name in BUILT_IN else f"declared at {earlier.place}"
            remedy = "leave the type out to change it, or take another name"
            raise complaint(2, f"{entry.name} is already {where}", entry.place, remedy)
        variable = Variable(entry.name, entry.type, entry.place, file if entry.local else None)
        if entry.local:
            self._local[file, entry.name] = variable
        else:
            self._global[entry.name] = variable


def merge(descriptions: Sequence[Description]) -> Variables:
    """Merge files that stand in the order of use. Raises InputError with Renode's code and both places."""
    variables = Variables(descriptions[-1].file)
    entries = [entry for description in descriptions for entry in description.entries]
    for entry in entries:
        if entry.type is not None:
            variables.declare(entry)
    for description in descriptions:
        _check_order(description)
    for entry in entries:
        _check(entry)
        variable = variables.find(entry.name, entry.place.file)
        if variable is None:
            problem = f"{entry.name} has no type and is declared nowhere"
            raise complaint(1, problem, entry.place, f"write {entry.name}: Type.Name @ ..., or correct the name")
        _apply(entry, variable)
    return variables


def _check_order(description: Description) -> None:
    """Within one file a variable is declared before it is changed; between files the order is free."""
    updated: dict[str, Entry] = {}
    for entry in description.entries:
        if entry.type is None:
            updated.setdefault(entry.name, entry)
        elif entry.name in updated:
            early = updated[entry.name].place.line
            problem = f"{entry.name} is changed in line {early}, before its declaration"
            raise complaint(1, problem, entry.place, f"move this entry in front of line {early}")


def _check(entry: Entry) -> None:
    if entry.type is None and entry.registrations is None and not entry.attributes:
        raise complaint(3, f"entry {entry.name} is empty", entry.place, "give a type, a registration or an attribute")
    if entry.alias is not None and not entry.registrations:
        code = 33 if entry.registrations is None else 34
        raise complaint(code, f"alias of {entry.name} without registration", entry.place, "add @ where it is attached")
    _check_repeated((a.name, a.place) for a in entry.attributes if isinstance(a, Setting))
    for phase, code in _REPEATED_SECTION.items():
        sections = [a for a in entry.attributes if isinstance(a, MonitorLines) and a.phase == phase]
        if len(sections) > 1:
            raise complaint(code, f"more than one {phase} section in {entry.name}", sections[1].place, "join them")


def _check_repeated(names: Iterable[tuple[str, Place]]) -> None:
    seen: set[str] = set()
    for name, place in names:
        if name in seen:
            raise complaint(9, f"attribute {name} is used more than once", place, "keep one of them")
        seen.add(name)


def _apply(entry: Entry, variable: Variable) -> None:
    if entry.registrations is not None:
        variable.registrations = entry.registrations
    if entry.alias is not None:
        variable.alias = entry.alias
    for attribute in entry.attributes:
        if isinstance(attribute, Setting):
            if attribute.value is Special.NONE:
                variable.settings.pop(attribute.name, None)
            else:
                variable.settings[attribute.name] = attribute
        elif isinstance(attribute, MonitorLines):
            kept = variable.lines.get(attribute.phase, []) if attribute.add else []
            variable.lines[attribute.phase] = [*kept, *attribute.lines]
    _apply_wirings([a for a in entry.attributes if isinstance(a, Wiring)], variable)


def _apply_wirings(wirings: list[Wiring], variable: Variable) -> None:
    wires: defaultdict[Output, list[Wire]] = defaultdict(list)
    for wiring in wirings:
        for position, output in enumerate(wiring.sources):
            if output in wires:
                shown_output = "the default output" if output is None else f"output {output}"
                remedy = "write the destinations in one line: -> a@1 | b@2"
                raise complaint(16, f"{shown_output} is wired more than once", wiring.place, remedy)
            wires[output] = [_wire(destination, position) for destination in wiring.destinations]
    for output, found in wires.items():
        if found:
            variable.wires[output] = tuple(found)
        else:
            variable.wires.pop(output, None)


def _wire(destination: Destination, position: int) -> Wire:
    return Wire(destination.target, destination.local, destination.inputs[position], destination.place)
