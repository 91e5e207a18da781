"""The chip's `.toml` beside its `.repl`: what `.repl` cannot say, each number with its unit, source and certainty.

Form of a number: `name = { value = 12, unit = "cycles", source = "...", uncertainty = "V" }`. The uncertainty begins
with V (checked against the source), R (recalled from it) or H (hypothesis); a range may follow: "H: 0..2".

`uses = ["cortex_m4.toml"]` takes what chips share from other files, relative to this one. They are read in this order
and this file last; name by name a later value wins. Of gap ranges those of a later file stand in front of the others.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from tinysim.errors import InputError
from tinysim.platform.bus_file import BusDescription, take_masters, take_slaves
from tinysim.repl.complaints import nearest

ParameterValue: TypeAlias = "int | float | bool | tuple[int | float, ...]"
_PARTS = ("value", "unit", "source", "uncertainty")


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number (or table of numbers) of the chip with where it comes from."""

    value: ParameterValue
    unit: str
    source: str
    uncertainty: str


@dataclass(frozen=True, slots=True)
class GapRange:
    """Addresses `begin` up to and without `end` where an access to nothing is a gap and not a bus fault."""

    name: str
    begin: int
    end: int
    source: str


@dataclass(frozen=True, slots=True)
class ChipFile:
    """The chip's parameters by dotted name (`timing.exception_entry`) and its names. Empty when no file exists."""

    name: str
    svd: str | None = None
    console: str | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    irq_names: Mapping[int, str] = field(default_factory=dict)
    gap_ranges: tuple[GapRange, ...] = ()
    memory_kinds: Mapping[str, str] = field(default_factory=dict)
    bus: BusDescription = field(default_factory=BusDescription)
    file: str | None = None

    def parameter(self, name: str) -> Parameter:
        """Return a parameter. Raises InputError naming the file and the nearest parameter."""
        if name in self.parameters:
            return self.parameters[name]
        near = nearest(name, self.parameters)
        remedy = (
            f"did you mean {near[0]}?" if near else "add it to the chip's .toml with value, unit, source, uncertainty"
        )
        raise InputError(f"chip {self.name or '(without .toml)'} has no parameter {name}", self.file, remedy=remedy)

    def number(self, name: str) -> int | float:
        """Return a parameter that is one number. Raises InputError when absent or a table."""
        value = self.parameter(name).value
        if isinstance(value, tuple):
            raise InputError(f"{name} is a table, a single number is wanted", self.file, remedy="give one value")
        return value

    def integers(self, section: str | None = None) -> dict[str, int]:
        """Return the whole numbers by their name without section (it is unique), of one section or of all."""
        return {
            name.rpartition(".")[2]: parameter.value
            for name, parameter in self.parameters.items()
            if isinstance(parameter.value, int) and section in (None, name.partition(".")[0])
        }

    def integer(self, name: str) -> int:
        """Return a parameter that is a whole number. Raises InputError otherwise."""
        value = self.number(name)
        if int(value) != value:
            raise InputError(f"{name} = {value} is not a whole number", self.file, remedy="give an integer")
        return int(value)


NOTHING = ChipFile("")
Use: TypeAlias = Callable[[str, ChipFile], ChipFile]  # a name in `uses`, what was read before -> both together


def parse_chip_file(content: bytes, file: str, base: ChipFile = NOTHING, use: Use | None = None) -> ChipFile:
    """Read the bytes of a `.toml` on top of `base`; `file` is its name in errors, `use` reads what it uses.

    Raises InputError: syntax with line, a number without source by its name, wrong kinds. A file without [chip] is one
    to be used by others; the name is then that of `base`.
    """
    try:
        tables = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"not valid TOML: {error}", file, remedy="correct the syntax at this place") from None
    reader = _Reader(file)
    for name in reader.names(tables.pop("uses", []), "uses"):
        if use is None:
            raise reader.error("uses", f"{name} cannot be used here", "give the chip's numbers in a file")
        base = use(name, base)
    is_chip = "chip" in tables
    chip = reader.table(tables.pop("chip", {}), "chip")
    irqs = reader.table(tables.pop("irqs", {}), "irqs")
    gaps = tables.pop("gap_ranges", [])
    kinds = reader.table(tables.pop("memory_kinds", {}), "memory_kinds")
    bus = reader.bus(tables, base)
    return ChipFile(
        name=reader.text(chip.get("name"), "chip.name") if is_chip else base.name,
        svd=reader.optional_text(chip.get("svd"), "chip.svd") or base.svd,
        console=reader.optional_text(chip.get("console"), "chip.console") or base.console,
        parameters=reader.parameters(tables, base.parameters),
        irq_names={**base.irq_names, **reader.irq_names(irqs)},
        gap_ranges=(*(reader.gap_range(gap) for gap in (gaps if isinstance(gaps, list) else [gaps])), *base.gap_ranges),
        memory_kinds={**base.memory_kinds, **{name: reader.memory_kind(kind, name) for name, kind in kinds.items()}},
        bus=bus,
        file=file,
    )


class _Reader:
    """Takes TOML values apart and complains by name."""

    def __init__(self, file: str) -> None:
        self.file = file

    def error(self, name: str, problem: str, remedy: str) -> InputError:
        return InputError(problem, self.file, name, remedy)

    def table(self, value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self.error(name, "not a table", f"write [{name}]")
        return value

    def text(self, value: Any, name: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.error(name, "missing or not a text", f'write {name.rpartition(".")[2]} = "..."')
        return value

    def names(self, value: Any, name: str) -> list[str]:
        if not isinstance(value, list):
            raise self.error(name, "not a list of texts", f'write {name} = ["..."]')
        return [self.text(each, name) for each in value]

    def optional_text(self, value: Any, name: str) -> str | None:
        return None if value is None else self.text(value, name)

    def parameter(self, name: str, entry: Any) -> Parameter:
        entry = entry if isinstance(entry, dict) else {}
        missing = [part for part in _PARTS if part not in entry]
        unknown = sorted(set(entry) - set(_PARTS))
        if missing or unknown:
            problem = f"no {' and '.join(missing)} given" if missing else f"unknown key {unknown[0]}"
            raise self.error(name, problem, "write { value = ..., unit = ..., source = ..., uncertainty = ... }")
        uncertainty = self.text(entry["uncertainty"], f"{name}.uncertainty")
        if uncertainty[0] not in "VRH":
            raise self.error(name, f"uncertainty {uncertainty!r}", "begin it with V, R or H")
        source = self.text(entry["source"], f"{name}.source")
        return Parameter(
            self.value(entry["value"], name), self.text(entry["unit"], f"{name}.unit"), source, uncertainty
        )

    def value(self, value: Any, name: str) -> ParameterValue:
        if isinstance(value, int | float):
            return value
        if isinstance(value, list) and value and all(isinstance(v, int | float) for v in value):
            return tuple(value)
        raise self.error(name, "value is neither a number nor a list of numbers", "give a number")

    def parameters(self, tables: dict[str, Any], base: Mapping[str, Parameter]) -> dict[str, Parameter]:
        """The numbers of all sections behind those of `base`; the last part of a name is unique."""
        parameters = dict(base)
        names = {full.rpartition(".")[2]: full for full in parameters}
        for section, table in tables.items():
            for name, entry in self.table(table, section).items():
                full = f"{section}.{name}"
                if names.setdefault(name, full) != full:
                    raise self.error(full, "this name stands in another section already", "rename it")
                parameters[full] = self.parameter(full, entry)
        return parameters

    def bus(self, tables: dict[str, Any], base: ChipFile) -> BusDescription:
        """Takes what is no plain parameter out of [bus]."""
        bus = self.table(tables.get("bus", {}), "bus")
        slaves = self.table(bus.pop("slaves", {}), "bus.slaves")
        masters = self.table(bus.pop("masters", {}), "bus.masters")
        priorities = {name: self.parameter(f"bus.masters.{name}", entry).value for name, entry in masters.items()}
        known = {name.partition(".")[2] for name in base.parameters if name.startswith("clocks.")}
        clocks = known | set(self.table(tables.get("clocks", {}), "clocks"))
        return BusDescription(
            take_slaves(slaves, clocks, self.error, base.bus.slaves),
            {**base.bus.masters, **take_masters(priorities, self.error)},
        )

    def address(self, value: Any, name: str) -> int:
        if not isinstance(value, int) or not 0 <= value <= 1 << 32:
            raise self.error(name, f"{value!r} is no 32-bit address", "write it as 0x40000000")
        return value

    def gap_range(self, gap: Any) -> GapRange:
        gap = self.table(gap, "gap_ranges")
        name = self.text(gap.get("name"), "gap_ranges.name")
        begin, end = (self.address(gap.get(key), f"gap_ranges.{key}") for key in ("begin", "end"))
        if end <= begin:
            raise self.error("gap_ranges", f"range {name} is empty", "end is the first address behind it")
        return GapRange(name, begin, end, self.text(gap.get("source"), "gap_ranges.source"))

    def irq_names(self, irqs: dict[str, Any]) -> dict[int, str]:
        if not irqs:
            return {}
        self.text(irqs.get("source"), "irqs.source")
        names = self.table(irqs.get("names"), "irqs.names")
        wrong = [key for key in names if not (key.isascii() and key.isdigit()) or len(key) > 4]
        if wrong:
            raise self.error(f"irqs.names.{wrong[0]}", "not an irq number", 'write 3 = "NAME"')
        return {int(key): self.text(value, f"irqs.names.{key}") for key, value in names.items()}

    def memory_kind(self, kind: Any, name: str) -> str:
        if kind not in ("flash", "rom", "ram"):
            raise self.error(f"memory_kinds.{name}", f"{kind!r} is no memory kind", "write flash, rom or ram")
        return str(kind)
