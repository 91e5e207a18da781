"""Holds entries against what is known of their types: parameters, outputs, who can take an interrupt or carry a part.

Renode's own check knows every property by reflection. Here a parameter of the constructor (lower case) that the type
lacks is an error; a property (upper case) is not judged, because the table does not list them all.
"""

from __future__ import annotations

from tinysim.platform.renode_types import ANY_NUMBER, RenodeType, find_type, short_type
from tinysim.repl.complaints import complaint, nearest
from tinysim.repl.merge import BUILT_IN, Variable, Variables, Wire

# An entry with one of these is written for our models alone, which hold it against what they have themselves.
OF_OUR_KIND = frozenset({"rcc", "gate"})
_TAKES_NOTHING = ("Memory.MappedMemory", "Memory.ArrayMemory")  # neither an interrupt nor a part


def verify(variables: Variables) -> None:
    """Raise InputError: E05 parent, E12 receiver, E13 to E16 outputs, E25 parameters; each at its line."""
    for variable in variables:
        for registration in variable.registrations:
            parent = variables.find(registration.parent, registration.place.file)
            if parent is not None and short_type(parent.type) in _TAKES_NOTHING:
                problem = f"{variable.name} is registered on {parent.name}, a memory"
                raise complaint(5, problem, registration.place, "write @ sysbus and an address")
        for wires in variable.wires.values():
            _check_receivers(variables, wires)
        known = find_type(short_type(variable.type))
        if known is not None and not OF_OUR_KIND & variable.settings.keys():
            _check_parameters(variable, known)
            _check_outputs(variable, known)


def _check_receivers(variables: Variables, wires: tuple[Wire, ...]) -> None:
    for wire in wires:
        target = variables.find(wire.target, wire.place.file)
        if target is None:
            continue
        if target.name in BUILT_IN or short_type(target.type) in _TAKES_NOTHING:
            remedy = "name an interrupt controller or a port"
            raise complaint(12, f"{target.name} takes no interrupts", wire.place, remedy)


def _check_parameters(variable: Variable, known: RenodeType) -> None:
    kind = short_type(variable.type)
    for name, setting in variable.settings.items():
        if name[:1].islower() and name not in known.parameters:
            near = nearest(name, known.parameters)
            takes = ", ".join(sorted(known.parameters)) or "no parameters"
            remedy = f"did you mean {near[0]}?" if near else f"it takes {takes}"
            raise complaint(25, f"{kind} has no parameter {name}", setting.place, remedy)
    if known.own & variable.settings.keys():
        return  # what it lacks, our model has from elsewhere
    missing = sorted(known.needed - variable.settings.keys())
    if missing:
        problem = f"{variable.name}: {kind} needs {', '.join(missing)}"
        raise complaint(25, problem, variable.place, f"add {missing[0]}: ...")


def _check_outputs(variable: Variable, known: RenodeType) -> None:
    kind = short_type(variable.type)
    for output, wires in variable.wires.items():
        place = wires[0].place
        if isinstance(output, int):
            if ANY_NUMBER not in known.outputs:
                remedy = f"it has {', '.join(sorted(known.outputs)) or 'none'}"
                raise complaint(14, f"{kind} has no numbered outputs", place, remedy)
        elif output is None:
            _check_default(variable, known, wires)
        elif output not in known.outputs:
            named = sorted(known.outputs - {ANY_NUMBER})
            near = nearest(output, named)
            remedy = f"did you mean {near[0]}?" if near else f"it has {', '.join(named) or 'none of a name'}"
            raise complaint(13, f"{kind} has no output {output}", place, remedy)


def _check_default(variable: Variable, known: RenodeType, wires: tuple[Wire, ...]) -> None:
    kind, place, default = short_type(variable.type), wires[0].place, known.default_output()
    if not known.outputs or known.outputs == {ANY_NUMBER}:
        problem = f"{kind} has no default output" if known.outputs else f"{kind} has no output"
        raise complaint(13, problem, place, "write the output's number" if known.outputs else "remove the line")
    if default is None:
        remedy = f"write one of {', '.join(sorted(known.outputs))} in front of the arrow"
        raise complaint(15, f"{kind} has several outputs", place, remedy)
    if default in variable.wires:
        problem = f"the default output of {variable.name} is {default}, which is wired as well"
        raise complaint(16, problem, variable.wires[default][0].place, "join them: -> a@1 | b@2")
