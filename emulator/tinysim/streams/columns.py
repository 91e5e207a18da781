"""Column names of a stream file: which column is the time, which is an axis of a quantity, and in what unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tinysim.streams.quantities import ACCELERATION, IN_COLUMNS, Quantity

MICRO_G_PER_UNIT = ACCELERATION.per_unit
NS_PER_UNIT = {"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1.0}

_TIME_SPELLINGS = {
    "s": "s", "sec": "s", "seconds": "s", "ms": "ms", "millis": "ms", "milliseconds": "ms",
    "us": "us", "micros": "us", "microseconds": "us", "ns": "ns", "nanoseconds": "ns",
}  # fmt: skip
_TIME_NAMES = {"t", "time", "timestamp", "timestamps"}
_BRACKETED = re.compile(r"^(?P<name>.*?)[\s_]*[\[(]\s*(?P<unit>.*?)\s*[\])]$")


@dataclass(frozen=True)
class Column:
    """One named column: `role` is "t", an axis of the quantity ("x") or None (not used).

    `unit` is None when not stated.
    """

    index: int
    name: str
    role: str | None
    unit: str | None


def acceleration_unit(text: str) -> str | None:
    """The canonical unit (g, mg, ug, m_s2) of a spelling, or None when it is not known."""
    return unit_of(text, ACCELERATION)


def unit_of(text: str, quantity: Quantity) -> str | None:
    """The canonical unit of a spelling, or None when the quantity has none such."""
    return quantity.spellings.get(_plain(text))


def time_unit(text: str) -> str | None:
    """The canonical unit (s, ms, us, ns) of a spelling, or None when it is not known."""
    return _TIME_SPELLINGS.get(_plain(text))


def parse_column(index: int, name: str, quantity: Quantity = ACCELERATION) -> Column:
    """Read a header cell such as `ax_g`, `acc_x [mg]`, `aX`, `t_ms` or `time (s)` as a column of the quantity.

    A role with an unknown unit in brackets raises ValueError with the reason.
    """
    plain = _plain(name)
    bracketed = _BRACKETED.match(plain)
    stem, unit_text = (bracketed["name"], bracketed["unit"]) if bracketed else _split_suffix(plain, quantity)
    role = _role(stem, quantity)
    if role is None:
        return Column(index, name.strip(), None, None)
    unit = None
    if unit_text:
        unit = time_unit(unit_text) if role == "t" else unit_of(unit_text, quantity)
        if unit is None:
            known = "s, ms, us, ns" if role == "t" else ", ".join(quantity.per_unit)
            raise ValueError(f"unit '{unit_text}' of column '{name.strip()}' is not known (known: {known})")
    return Column(index, name.strip(), role, unit)


def quantities_named(names: Sequence[str]) -> tuple[Quantity, ...]:
    """Those of which all axes are among the names of a header, with their units unless they are acceleration."""
    return tuple(quantity for quantity in IN_COLUMNS if _are_named(names, quantity))


def _are_named(names: Sequence[str], quantity: Quantity) -> bool:
    try:
        columns = [parse_column(index, name, quantity) for index, name in enumerate(names)]
    except ValueError:
        return False
    named = {column.role for column in columns if column.unit is not None or quantity is ACCELERATION}
    return named.issuperset(quantity.axes)


def _plain(text: str) -> str:
    return text.strip().lower().replace("\u00b5", "u").replace("\u03bc", "u").replace("\u00b2", "2")


def _split_suffix(plain: str, quantity: Quantity) -> tuple[str, str]:
    for unit in sorted({*quantity.spellings, *_TIME_SPELLINGS}, key=len, reverse=True):
        for joint in ("_", " ", "."):
            if plain.endswith(joint + unit):
                return plain[: -len(unit) - 1], unit
    return plain, ""


def _role(stem: str, quantity: Quantity) -> str | None:
    squashed = re.sub(r"[\s_.\-]+", "", stem)
    return "t" if squashed in _TIME_NAMES else quantity.role(squashed)
