"""Turns what the grammar recognised into the objects of syntax.py: one method per rule of the grammar."""

from __future__ import annotations

import re
from typing import Any, cast

from tinysim.repl.complaints import Place, complaint
from tinysim.repl.syntax import (
    Attribute,
    Description,
    Destination,
    Entry,
    EnumValue,
    MonitorLines,
    ObjectValue,
    Output,
    Phase,
    Range,
    Reference,
    Registration,
    Scalar,
    Setting,
    Special,
    Using,
    Value,
    Wiring,
)
from tinysim.repl.tokens import Token

MAX_PINS = 1024


def unquoted(token: Token) -> str:
    """Return the text of a string without quotes and escapes."""
    if token.text.startswith("'''"):
        return token.text[3:-3].replace("\\'''", "'''")
    return re.sub(r'\\(["\\])', r"\1", token.text[1:-1])


class SyntaxBuilder:
    """One method per rule of make_tables.GRAMMAR, called with the rule's parts in order."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._near = Place(file, 1, 1)  # of the scalar that was read last

    def _natural(self, token: Token) -> int:
        """Read a decimal or 0x number; `_` may separate digits, a decimal with leading zeros is decimal."""
        text = token.text.replace("_", "")
        if "." in text:
            raise complaint(0, f"{text} is not a whole number", token.place, "write an integer")
        return int(text, 16) if text.startswith("0x") else int(text)

    # The file and its entries

    def start(self, usings: tuple[Using, ...], entries: tuple[Entry, ...]) -> Description:
        return Description(self.file, usings, entries)

    def usings(self, *usings: Using) -> tuple[Using, ...]:
        return usings

    def entries(self, *entries: Entry) -> tuple[Entry, ...]:
        return entries

    def using(self, path: Token) -> Using:
        return Using(unquoted(path), path.place)

    def entry(
        self,
        local: bool,
        name: Token,
        type_name: str | None,
        registrations: tuple[Registration, ...] | None,
        alias: str | None,
        attributes: tuple[Attribute, ...],
    ) -> Entry:
        return Entry(name.text, name.place, local, type_name, registrations, alias, attributes)

    def scope(self, local: Token | None = None) -> bool:
        return local is not None

    def type_name(self, name: str | None = None) -> str | None:
        return name

    def dotted(self, *parts: Token) -> str:
        return ".".join(part.text for part in parts)

    def alias(self, name: Token | None = None) -> str | None:
        return None if name is None else unquoted(name)

    def registrations(self, registered: Any = None) -> tuple[Registration, ...] | None:
        if isinstance(registered, Registration):
            return (registered,)
        return () if isinstance(registered, Token) else registered

    def registration_list(self, *registrations: Registration) -> tuple[Registration, ...]:
        return registrations

    def registration(self, parent: Token, point: Value | None) -> Registration:
        return Registration(parent.text, point, parent.place)

    def point(self) -> None:
        return None

    # Attributes

    def attributes(self, *attributes: Attribute) -> tuple[Attribute, ...]:
        return attributes

    def setting(self, name: Token, value: Value) -> Setting:
        return Setting(name.text, value, name.place)

    def monitor_lines(self, phase: Token, add: bool, *lines: Token) -> MonitorLines:
        return MonitorLines(cast(Phase, phase.text), add, tuple((line.text, line.place) for line in lines), phase.place)

    def addition(self, add: Token | None = None) -> bool:
        return add is not None

    # Values

    def special(self, token: Token) -> Special:
        return Special(token.text)

    def string(self, token: Token) -> str:
        self._near = token.place
        return unquoted(token)

    def number(self, *parts: Token) -> int | float:
        token = parts[-1]
        self._near = parts[0].place
        sign = -1 if len(parts) > 1 else 1
        return sign * (float(token.text.replace("_", "")) if "." in token.text else self._natural(token))

    def boolean(self, token: Token) -> bool:
        self._near = token.place
        return token.text in ("true", "True")

    def named(self, *parts: Token) -> Reference | EnumValue:
        self._near = parts[0].place
        if len(parts) == 1:
            return Reference(parts[0].text, parts[0].place)
        return EnumValue(self.dotted(*parts))

    def member(self, name: Token) -> EnumValue:
        self._near = name.place
        return EnumValue(f".{name.text}")

    def range(self, begin: Token, *end: Token) -> Range:
        self._near = begin.place
        first = self._natural(begin)
        last = self._natural(end[-1]) + (first if len(end) > 1 else 0)
        if last < first:
            raise complaint(0, "range ends before it begins", begin.place, "write <begin, end> or <begin, +size>")
        return Range(first, last)

    def object(self, keyword: Token, type_name: str, attributes: tuple[Attribute, ...]) -> ObjectValue:
        values: dict[str, Value] = {}
        for attribute in attributes:
            if not isinstance(attribute, Setting):
                raise complaint(0, "only name: value can stand in an object", attribute.place, "move it to an entry")
            if attribute.name in values:
                raise complaint(9, f"{attribute.name} is used more than once", attribute.place, "keep one of them")
            values[attribute.name] = attribute.value
        return ObjectValue(type_name, values, keyword.place)

    def list(self, *values: Value) -> tuple[Value, ...]:
        return values

    def dictionary(self, *pairs: tuple[tuple[Scalar, Place], Value]) -> dict[Scalar, Value]:
        found: dict[Scalar, Value] = {}
        for (key, place), value in pairs:
            if key in found:
                raise complaint(9, "a key is used more than once", place, "keep one of them")
            found[key] = value
        return found

    def pair(self, key: tuple[Scalar, Place], value: Value) -> tuple[tuple[Scalar, Place], Value]:
        return key, value

    def key(self, key: Value) -> tuple[Scalar, Place]:
        if not isinstance(key, str | int | float | EnumValue | Reference):
            raise complaint(0, "a dictionary key is a single value", self._near, "use a string or number")
        return key, self._near

    # Interrupt lines: an end is a tuple of outputs or inputs, a list of ends a list of them

    def wiring(self, arrow_source: Any, arrow: Token, destinations: tuple[tuple[Destination, bool], ...]) -> Wiring:
        outputs, listed = arrow_source
        for destination, inputs_listed in destinations:
            if inputs_listed != listed:
                problem = "a list of irqs is wired to a single one" if listed else "a single irq is wired to a list"
                raise complaint(0, problem, destination.place, "write [a, b] on both sides of the arrow")
            if len(destination.inputs) != len(outputs):
                problem = f"wrong irq arity: {len(outputs)} outputs are wired to {len(destination.inputs)} inputs"
                raise complaint(8, problem, destination.place, "give as many inputs as outputs")
        return Wiring(outputs, tuple(destination for destination, _ in destinations), arrow.place)

    def source(self, outputs: Any = None) -> tuple[tuple[Output, ...], bool]:
        if isinstance(outputs, Token):
            return (outputs.text,), False
        if isinstance(outputs, list):
            return tuple(outputs), True
        return (None,) if outputs is None else outputs, False

    def output_list(self, *ends: Any) -> Any:
        return [output for end in ends for output in ((end.text,) if isinstance(end, Token) else end)]

    def targets(self, *targets: Any) -> tuple[tuple[Destination, bool], ...]:
        return tuple(target for target in targets if not isinstance(target, Token))

    def destination(self, name: Token, local: int | None, inputs: Any) -> tuple[Destination, bool]:
        return Destination(name.text, local, tuple(inputs), name.place), isinstance(inputs, list)

    def local(self, number: Token | None = None) -> int | None:
        return None if number is None else self._natural(number)

    def pin_list(self, *ends: tuple[int, ...]) -> Any:
        return [pin for end in ends for pin in end]

    def pins(self, first: Token, *rest: Token) -> tuple[int, ...]:
        begin = self._natural(first)
        if not rest:
            return (begin,)
        end = self._natural(rest[-1])
        if begin == end or abs(end - begin) >= MAX_PINS:
            problem = "an irq range needs two different numbers" if begin == end else f"more than {MAX_PINS} irqs"
            raise complaint(0, problem, first.place, "check the numbers")
        step = 1 if end > begin else -1
        return tuple(range(begin, end + step, step))
