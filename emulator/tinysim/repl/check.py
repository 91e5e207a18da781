"""Checks that hold once all files are merged: every name leads somewhere and nothing depends on itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

from tinysim.repl.complaints import Place, complaint, nearest
from tinysim.repl.merge import Variable, Variables
from tinysim.repl.syntax import ObjectValue, Reference, Value


def references(value: Value | None) -> Iterator[Reference]:
    """Yield each reference inside a value."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from references(item)
    elif isinstance(value, ObjectValue):
        for item in value.attributes.values():
            yield from references(item)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from references(key)
            yield from references(item)


def check(variables: Variables) -> None:
    """Raise InputError for the first name that is declared nowhere (E11, E20) and for cycles (E24, E45)."""
    for variable in variables:
        for setting in variable.settings.values():
            for reference in references(setting.value):
                _find(variables, reference.name, reference.place, 20)
        for registration in variable.registrations:
            _find(variables, registration.parent, registration.place, 20)
            for reference in references(registration.point):
                _find(variables, reference.name, reference.place, 20)
        for wires in variable.wires.values():
            for wire in wires:
                _find(variables, wire.target, wire.place, 11)
    _check_order(variables, {id(v): list(_constructor_needs(v)) for v in variables}, 24, "creation")
    parents = {id(v): [(r.parent, r.place) for r in v.registrations] for v in variables}
    _check_order(variables, parents, 45, "registration")


def _find(variables: Variables, name: str, place: Place, code: int) -> Variable:
    variable = variables.find(name, place.file)
    if variable is None:
        near = nearest(name, variables.names(place.file))
        remedy = f"did you mean {near[0]}?" if near else f"declare {name}, or correct the name"
        raise complaint(code, f"{name} is declared nowhere", place, remedy)
    return variable


def _constructor_needs(variable: Variable) -> Iterator[tuple[str, Place]]:
    for name, setting in variable.settings.items():
        if not name[:1].isupper():
            yield from ((reference.name, reference.place) for reference in references(setting.value))


def _check_order(variables: Variables, needs: dict[int, list[tuple[str, Place]]], code: int, what: str) -> None:
    by_id = {id(variable): variable for variable in variables}
    graph = {node: [id(_find(variables, name, place, 20)) for name, place in found] for node, found in needs.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = [by_id[node] for node in reversed(error.args[1])]
        chain = " -> ".join(variable.name for variable in cycle)
        raise complaint(code, f"cycle in the order of {what}: {chain}", cycle[0].place, "break the cycle") from None
