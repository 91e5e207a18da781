"""Column names of a stream file: which column is the time, which is an axis, and in what unit.

Known quantity: acceleration. Angular rate and magnetic field columns are named by the reader and not used.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

STANDARD_GRAVITY_M_S2 = 9.80665
"""Standard acceleration of gravity, by definition (3rd CGPM, 1901)."""

MICRO_G_PER_UNIT = {"g": 1e6, "mg": 1e3, "ug": 1.0, "m_s2": 1e6 / STANDARD_GRAVITY_M_S2}
NS_PER_UNIT = {"s": 1e9, "ms": 1e6, "us": 1e3, "ns": 1.0}

_METRE_PER_SECOND_SQUARED = ("m_s2", "m_s_2", "m/s2", "m/s^2", "m/s**2", "m/s/s", "ms2", "ms-2", "m s-2")
_ACCELERATION_SPELLINGS = dict.fromkeys(_METRE_PER_SECOND_SQUARED, "m_s2") | {
    "g": "g", "mg": "mg", "milli-g": "mg", "milli_g": "mg", "ug": "ug", "micro-g": "ug", "micro_g": "ug",
}  # fmt: skip
_TIME_SPELLINGS = {
    "s": "s", "sec": "s", "seconds": "s", "ms": "ms", "millis": "ms", "milliseconds": "ms",
    "us": "us", "micros": "us", "microseconds": "us", "ns": "ns", "nanoseconds": "ns",
}  # fmt: skip
_TIME_NAMES = {"t", "time", "timestamp", "timestamps"}
_AXIS_PREFIXES = ("", "a", "acc", "accel", "acceleration", "accelerometer", "linearacceleration")
_AXIS_NAMES = {f"{prefix}{axis}": axis for prefix in _AXIS_PREFIXES for axis in "xyz"}
_BRACKETED = re.compile(r"^(?P<name>.*?)[\s_]*[\[(]\s*(?P<unit>.*?)\s*[\])]$")


@dataclass(frozen=True)
class Column:
    """One named column: `role` is "t", "x", "y", "z" or None (not used); `unit` is None when not stated."""

    index: int
    name: str
    role: str | None
    unit: str | None


def acceleration_unit(text: str) -> str | None:
    """The canonical unit (g, mg, ug, m_s2) of a spelling, or None when it is not known."""
    return _ACCELERATION_SPELLINGS.get(_plain(text))


def time_unit(text: str) -> str | None:
    """The canonical unit (s, ms, us, ns) of a spelling, or None when it is not known."""
    return _TIME_SPELLINGS.get(_plain(text))


def parse_column(index: int, name: str) -> Column:
    """Read a header cell such as `ax_g`, `acc_x [mg]`, `aX`, `t_ms` or `time (s)`.

    A role with an unknown unit in brackets raises ValueError with the reason.
    """
    plain = _plain(name)
    bracketed = _BRACKETED.match(plain)
    stem, unit_text = (bracketed["name"], bracketed["unit"]) if bracketed else _split_suffix(plain)
    role = _role(stem)
    if role is None:
        return Column(index, name.strip(), None, None)
    unit = None
    if unit_text:
        unit = time_unit(unit_text) if role == "t" else acceleration_unit(unit_text)
        if unit is None:
            known = "s, ms, us, ns" if role == "t" else "g, mg, ug, m_s2"
            raise ValueError(f"unit '{unit_text}' of column '{name.strip()}' is not known (known: {known})")
    return Column(index, name.strip(), role, unit)


def _plain(text: str) -> str:
    return text.strip().lower().replace("\u00b5", "u").replace("\u03bc", "u").replace("\u00b2", "2")


def _split_suffix(plain: str) -> tuple[str, str]:
    for unit in sorted({*_ACCELERATION_SPELLINGS, *_TIME_SPELLINGS}, key=len, reverse=True):
        for joint in ("_", " ", "."):
            if plain.endswith(joint + unit):
                return plain[: -len(unit) - 1], unit
    return plain, ""


def _role(stem: str) -> str | None:
    squashed = re.sub(r"[\s_.\-]+", "", stem)
    return "t" if squashed in _TIME_NAMES else _AXIS_NAMES.get(squashed)
