"""Registration points on the system bus: a number, a range, or one of Renode's registration objects."""

from __future__ import annotations

from dataclasses import dataclass

from tinysim.platform.conditions import Access, parse_condition
from tinysim.platform.model import BusRegistration
from tinysim.platform.renode_types import short_type
from tinysim.repl.complaints import Place, complaint
from tinysim.repl.syntax import ObjectValue, Range, Reference, Special, Value

ADDRESS_LIMIT = 1 << 32


@dataclass(frozen=True, slots=True)
class _PointType:
    """Attributes of a registration object; of `one_of` any set must be complete."""

    attributes: frozenset[str]
    one_of: tuple[frozenset[str], ...]


_LIMITS = {"cpu", "cluster", "condition"}


def _point_type(*one_of: set[str], more: set[str] | None = None) -> _PointType:
    names = set[str]().union(*one_of, _LIMITS, more or set())
    return _PointType(frozenset(names), tuple(frozenset(needed) for needed in one_of))


BUS_OBJECTS = {
    "Bus.BusPointRegistration": _point_type({"address"}, more={"offset"}),
    "Bus.BusRangeRegistration": _point_type({"range"}, {"address", "size"}, more={"offset"}),
    "Bus.BusMultiRegistration": _point_type({"address", "size", "region"}),
    "Bus.BusParametrizedRegistration": _point_type({"address", "size"}, more={"offset"}),
}


def whole(value: Value | None, what: str, place: Place) -> int:
    """Return a whole number from 0 to 2^32. Raises InputError (E06) otherwise."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= ADDRESS_LIMIT:
        raise complaint(6, f"{what} is no whole number below 2^32", place, "write it as 0x1000")
    return value


def check_end(address: int, size: int, name: str, place: Place) -> None:
    """Raise InputError (E39) for an area that passes the end of the address space."""
    if address + size > ADDRESS_LIMIT:
        problem = f"{name} at 0x{address:08X} with size 0x{size:X} goes past the end of the address space"
        raise complaint(39, problem, place, "correct the address or the size")


def bus_registration(point: Value, name: str, place: Place) -> BusRegistration:
    """Return what `@ sysbus point` means. Raises InputError E21 for a point that is no address."""
    if isinstance(point, ObjectValue):
        return _object_registration(point, name)
    if isinstance(point, Range):
        address = whole(point.begin, f"address of {name}", place)
        if point.size == 0:
            raise complaint(6, f"the range of {name} is empty", place, "its end is the first address behind it")
        check_end(address, point.size, name, place)
        return BusRegistration(address, point.size, None, None, place)
    if isinstance(point, bool) or not isinstance(point, int) or not 0 <= point < ADDRESS_LIMIT:
        raise complaint(21, f"{name} is on sysbus at something that is no address", place, "write @ sysbus 0x40000000")
    return BusRegistration(point, None, None, None, place)


def _object_registration(point: ObjectValue, name: str) -> BusRegistration:
    _check_attributes(point)
    values = _given(point)
    area = values.get("range")
    if area is not None and not isinstance(area, Range):
        raise complaint(6, f"range of {name} is no range", point.place, "write range: <0x1000, +0x100>")
    address = area.begin if isinstance(area, Range) else values.get("address")
    size = area.size if isinstance(area, Range) else values.get("size")
    checked = whole(address, f"address of {name}", point.place)
    checked_size = None if size is None else whole(size, f"size of {name}", point.place)
    if checked_size == 0:
        raise complaint(6, f"size of {name} is 0", point.place, "give the size in bytes")
    check_end(checked, checked_size or 1, name, point.place)
    region = values.get("region")
    if region is not None and not isinstance(region, str):
        raise complaint(6, f"region of {name} is no text", point.place, 'write region: "name"')
    limits = [f"{key}={_shown_limit(values[key])}" for key in ("cpu", "cluster", "condition") if key in values]
    return BusRegistration(checked, checked_size, region, " ".join(limits) or None, point.place, _access(values, point))


def _check_attributes(point: ObjectValue) -> None:
    kind = BUS_OBJECTS.get(short_type(point.type))
    if kind is None:
        raise complaint(21, f"{point.type} is no registration on sysbus", point.place, f"use {', '.join(BUS_OBJECTS)}")
    values = _given(point)
    unknown = sorted(values.keys() - kind.attributes)
    if unknown:
        remedy = f"it has {', '.join(sorted(kind.attributes))}"
        raise complaint(21, f"{point.type} has no {unknown[0]}", point.place, remedy)
    if not any(needed <= values.keys() for needed in kind.one_of):
        forms = " or ".join(" and ".join(sorted(needed)) for needed in kind.one_of)
        missing = sorted(kind.one_of[-1] - values.keys())
        raise complaint(21, f"{point.type} lacks {', '.join(missing)}", point.place, f"it needs {forms}")
    if "cpu" in values and "cluster" in values:
        raise complaint(21, f"{point.type} has both cpu and cluster", point.place, "keep one of them")


def _given(point: ObjectValue) -> dict[str, Value]:
    return {name: value for name, value in point.attributes.items() if not isinstance(value, Special)}


def _access(values: dict[str, Value], point: ObjectValue) -> tuple[Access, ...]:
    """Who sees the device: by `cpu` or `cluster`, by `condition`, by both."""
    owner = values.get("cpu", values.get("cluster"))
    if owner is not None and not isinstance(owner, Reference):
        raise complaint(6, "cpu of a registration is no variable", point.place, "write cpu: cpu0")
    condition = values.get("condition")
    if condition is None:
        return () if owner is None else (Access(owner.name),)
    if not isinstance(condition, str):
        raise complaint(6, "condition of a registration is no text", point.place, 'write condition: "initiator == cpu"')
    found = parse_condition(condition, point.place)
    if owner is None:
        return found
    narrowed = [access.with_initiator(owner.name) for access in found]
    kept = tuple(access for access in narrowed if access is not None)
    if not kept:
        raise complaint(21, f"condition {condition!r} excludes {owner.name}", point.place, "drop cpu or correct it")
    return kept


def _shown_limit(value: Value) -> str:
    return value.name if isinstance(value, Reference) else str(value)
