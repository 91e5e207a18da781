"""[bus] of a chip's `.toml`: the slaves of the bus matrix, and the masters in the order of their priority.

A slave: `ram0 = { kind = "ram", at = [0x20000000], size = 0x2000, source = "...", uncertainty = "V" }`. Kinds: ram,
flash, ahb (devices on the matrix), apb (devices behind a bridge), local (the CPU's alone). May follow: `block` (memory
block for load pipelining), `clock` (of a bridge's slow side, a name of [clocks]; without it as the firmware programs
it), `behind` (the slave through which the CPU comes to a bridge). A master: `uart0 = { value = 5, unit = "priority",
source = ..., uncertainty = ... }`, the lowest number goes first. All other numbers of [bus] are plain parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from tinysim.errors import InputError

KINDS = ("ram", "flash", "ahb", "apb", "local")
GRANULE_BYTES = 0x100
_NEEDED = ("kind", "at", "size", "source", "uncertainty")
_OPTIONAL = ("block", "clock", "behind")
LARGEST_BLOCK = LARGEST_PRIORITY = 255

Complain = Callable[[str, str, str], InputError]  # name, problem, remedy


@dataclass(frozen=True, slots=True)
class BusSlave:
    """One slave: `ranges` are (first, last) addresses, last included; aliases are further ranges."""

    name: str
    kind: str
    ranges: tuple[tuple[int, int], ...]
    block: int
    clock: str | None
    behind: str | None
    source: str
    uncertainty: str


@dataclass(frozen=True, slots=True)
class BusDescription:
    """Slaves in the order of the file; masters -> priority."""

    slaves: tuple[BusSlave, ...] = ()
    masters: Mapping[str, int] = field(default_factory=dict)


def take_slaves(
    tables: Mapping[str, Any], clocks: Collection[str], complain: Complain, base: tuple[BusSlave, ...] = ()
) -> tuple[BusSlave, ...]:
    """The slaves of [bus.slaves] behind those of `base`; one of the same name takes the place of that there.

    Raises InputError by the slave's name: see the module's text.
    """
    slaves = {each.name: each for each in base}
    for name, entry in tables.items():
        slave = _slave(name, entry, clocks, complain)
        if slave.behind is not None and slave.behind not in slaves:
            raise complain(f"bus.slaves.{name}", f"behind the unknown slave {slave.behind}", "write that slave first")
        slaves[name] = slave
        for other in slaves.values():
            overlaps = any(a[0] <= b[1] and b[0] <= a[1] for a in slave.ranges for b in other.ranges)
            if other is not slave and overlaps:
                raise complain(f"bus.slaves.{name}", f"overlaps {other.name}", "an address has one slave")
    return tuple(slaves.values())


def _slave(name: str, entry: Any, clocks: Collection[str], complain: Complain) -> BusSlave:
    full = f"bus.slaves.{name}"
    entry = entry if isinstance(entry, dict) else {}
    missing = [part for part in _NEEDED if part not in entry]
    unknown = sorted(set(entry) - {*_NEEDED, *_OPTIONAL})
    if missing or unknown:
        problem = f"no {' and '.join(missing)} given" if missing else f"unknown key {unknown[0]}"
        raise complain(full, problem, "write { kind = ..., at = [...], size = ..., source = ..., uncertainty = ... }")
    for part in ("source", "uncertainty", "clock", "behind"):
        if part in entry and (not isinstance(entry[part], str) or not entry[part].strip()):
            raise complain(f"{full}.{part}", "not a text", f'write {part} = "..."')
    if entry["kind"] not in KINDS:
        raise complain(f"{full}.kind", f"{entry['kind']!r} is no kind of slave", f"write {', '.join(KINDS)}")
    if entry["uncertainty"][0] not in "VRH":
        raise complain(f"{full}.uncertainty", f"uncertainty {entry['uncertainty']!r}", "begin it with V, R or H")
    clock = entry.get("clock")
    if clock is not None and (entry["kind"] != "apb" or clock not in clocks):
        raise complain(f"{full}.clock", f"{clock!r} is no clock of a bridge", "name one of [clocks], at kind apb")
    block = _whole(entry.get("block", 0), f"{full}.block", (0, LARGEST_BLOCK), complain)
    ranges = _ranges(entry["at"], entry["size"], full, complain)
    return BusSlave(
        name, entry["kind"], ranges, block, clock, entry.get("behind"), entry["source"], entry["uncertainty"]
    )


def _ranges(at: Any, size: Any, full: str, complain: Complain) -> tuple[tuple[int, int], ...]:
    size = _whole(size, f"{full}.size", (GRANULE_BYTES, 1 << 32), complain)
    if not isinstance(at, list) or not at:
        raise complain(f"{full}.at", "not a list of addresses", "write at = [0x20000000]")
    starts = [_whole(address, f"{full}.at", (0, (1 << 32) - size), complain) for address in at]
    if any(number % GRANULE_BYTES for number in (size, *starts)):
        raise complain(full, f"address and size are multiples of {GRANULE_BYTES:#x}", "round them")
    return tuple((start, start + size - 1) for start in starts)


def take_masters(values: Mapping[str, Any], complain: Complain) -> dict[str, int]:
    """The priorities of [bus.masters]: name -> value of its parameter."""
    return {
        name: _whole(value, f"bus.masters.{name}", (0, LARGEST_PRIORITY), complain) for name, value in values.items()
    }


def _whole(value: Any, name: str, limits: tuple[int, int], complain: Complain) -> int:
    least, most = limits
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise complain(name, f"{value!r} is out of range", f"give a whole number from {least} to {most}")
    return value
