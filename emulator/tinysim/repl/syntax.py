"""What a `.repl` file says, before entries of the same name are merged. Every part knows its place in the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal, TypeAlias

from tinysim.repl.complaints import Place


class Special(Enum):
    """`none` removes an attribute; `empty` asks for the default of the parameter's type."""

    NONE = "none"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Range:
    """`<begin, end>`: `end` is the first address that does not belong to it."""

    begin: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class EnumValue:
    """`A.B.Member`, or the shorthand `.Member` (then `name` begins with the dot)."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of another variable."""

    name: str
    place: Place = field(compare=False)


@dataclass(frozen=True, slots=True)
class ObjectValue:
    """`new Type { name: value; ... }`."""

    type: str
    attributes: Mapping[str, Value]
    place: Place = field(compare=False)


Scalar: TypeAlias = str | int | float | bool | EnumValue | Reference
Value: TypeAlias = "Scalar | Range | ObjectValue | Special | tuple[Value, ...] | Mapping[Scalar, Value]"


@dataclass(frozen=True, slots=True)
class Registration:
    """`@ parent point`; the point is None when none is written."""

    parent: str
    point: Value | None
    place: Place


@dataclass(frozen=True, slots=True)
class Setting:
    """`name: value`. An upper-case first letter means a property, else a constructor parameter."""

    name: str
    value: Value
    place: Place


Phase: TypeAlias = Literal["preinit", "init", "reset"]


@dataclass(frozen=True, slots=True)
class MonitorLines:
    """`init:` and its like: lines for the Monitor; `add` appends to what stands already."""

    phase: Phase
    add: bool
    lines: tuple[tuple[str, Place], ...]
    place: Place


Output: TypeAlias = str | int | None


@dataclass(frozen=True, slots=True)
class Destination:
    """`target#local@inputs`."""

    target: str
    local: int | None
    inputs: tuple[int, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Wiring:
    """`sources -> destinations`; no destination means `none`; a source None is the default output."""

    sources: tuple[Output, ...]
    destinations: tuple[Destination, ...]
    place: Place


Attribute: TypeAlias = Setting | MonitorLines | Wiring


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry. `registrations` is None when nothing is said, empty for `@ none`."""

    name: str
    place: Place
    local: bool
    type: str | None
    registrations: tuple[Registration, ...] | None
    alias: str | None
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class Using:
    """`using "path"`."""

    path: str
    place: Place


@dataclass(frozen=True, slots=True)
class Description:
    """One parsed file."""

    file: str
    usings: tuple[Using, ...]
    entries: tuple[Entry, ...]
