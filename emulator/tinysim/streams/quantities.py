"""What a stream can hold: quantities with the unit of their recordings (RESD's) and what columns of a file call them.

A file may hold several. A prefix that another quantity shares (a bare `x`) belongs to the one whose unit it carries;
without a unit it is acceleration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

STANDARD_GRAVITY_M_S2 = 9.80665
"""Standard acceleration of gravity, by definition (3rd CGPM, 1901)."""
_TEN_MICRO_RAD = 1e5
AXES = ("x", "y", "z")


@dataclass(frozen=True)
class Quantity:
    """`per_unit`: how many of the recording's `unit` a unit of a file is, by its canonical name; `spellings` of those.

    `axes` are the columns' names without their `prefixes`; a quantity of one axis has none but its prefix.
    `usual_sensor`: what a board calls the sensor that is meant when a stream does not name one.
    """

    name: str
    unit: str
    prefixes: tuple[str, ...]
    per_unit: Mapping[str, float]
    spellings: Mapping[str, str] = field(hash=False)
    axes: tuple[str, ...] = AXES
    usual_sensor: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The usual names of its columns."""
        return tuple(f"{next(iter(self.prefixes))}{axis if len(self.axes) > 1 else ''}" for axis in self.axes)

    @property
    def example(self) -> str:
        """The usual names with the first unit: "ax_g, ay_g, az_g"."""
        return ", ".join(f"{column}_{next(iter(self.per_unit))}" for column in self.columns)

    @property
    def units(self) -> str:
        """The canonical units in words: "g, mg, ug or m_s2"."""
        *most, last = self.per_unit
        return f"{', '.join(most)} or {last}" if most else last

    def role(self, stem: str) -> str | None:
        """The axis that a column's name without its unit stands for."""
        if len(self.axes) == 1:
            return self.axes[0] if stem in self.prefixes else None
        axis = stem[-1:]
        return axis if axis in self.axes and stem[:-1] in (*self.prefixes, "") else None


def _spelled(names: Mapping[str, str]) -> dict[str, str]:
    """`{"dps": "dps deg/s"}`: each spelling to its canonical name."""
    return {spelling.replace("~", " "): unit for unit, listed in names.items() for spelling in listed.split()}


ACCELERATION = Quantity(
    "acceleration", "micro_g", ("a", "acc", "accel", "acceleration", "accelerometer", "linearacceleration"),
    {"g": 1e6, "mg": 1e3, "ug": 1.0, "m_s2": 1e6 / STANDARD_GRAVITY_M_S2},
    _spelled({
        "m_s2": "m_s2 m_s_2 m/s2 m/s^2 m/s**2 m/s/s ms2 ms-2 m~s-2",
        "g": "g", "mg": "mg milli-g milli_g", "ug": "ug micro-g micro_g",
    }), usual_sensor="accelerometer",
)  # fmt: skip
ANGULAR_RATE = Quantity(
    "angular_rate", "ten_micro_rad_s", ("g", "gyr", "gyro", "gyroscope", "angularrate", "angularvelocity", "rate", "w"),
    {"dps": math.radians(_TEN_MICRO_RAD), "mdps": math.radians(_TEN_MICRO_RAD) / 1e3, "rad_s": _TEN_MICRO_RAD},
    _spelled({"dps": "dps deg/s deg_s °/s", "mdps": "mdps", "rad_s": "rad_s rad/s rads"}), usual_sensor="gyroscope",
)  # fmt: skip
MAGNETIC_FLUX_DENSITY = Quantity(
    "magnetic_flux_density", "nanotesla", ("m", "mag", "magnetic", "magnetometer", "b"),
    {"ut": 1e3, "nt": 1.0, "mt": 1e6, "gauss": 1e5, "mgauss": 1e2},
    _spelled({"ut": "ut", "nt": "nt", "mt": "mt", "gauss": "gauss gs", "mgauss": "mgauss mg"}),
    usual_sensor="magnetometer",
)  # fmt: skip
TEMPERATURE = Quantity(
    "temperature", "milli_celsius", ("temperature", "temp"), {"c": 1e3, "mc": 1.0},
    _spelled({"c": "c degc °c celsius", "mc": "mc millicelsius"}), ("temperature",), "thermometer",
)  # fmt: skip
HUMIDITY = Quantity(
    "humidity", "milli_percent", ("humidity", "relativehumidity", "rh"), {"percent": 1e3},
    _spelled({"percent": "percent % %rh rh"}), ("humidity",), "hygrometer",
)  # fmt: skip
PRESSURE = Quantity(
    "pressure", "millipascal", ("pressure", "press"), {"hpa": 1e5, "pa": 1e3, "kpa": 1e6, "mbar": 1e5},
    _spelled({"hpa": "hpa", "pa": "pa", "kpa": "kpa", "mbar": "mbar"}), ("pressure",), "barometer",
)  # fmt: skip
VOLTAGE = Quantity(
    "voltage", "microvolt", ("voltage", "v", "u"), {"v": 1e6, "mv": 1e3, "uv": 1.0},
    _spelled({"v": "v volt", "mv": "mv millivolt", "uv": "uv microvolt"}), ("voltage",),
)  # fmt: skip
SOUND = Quantity("sound", "micropascal", ("sound",), {"pa": 1e6}, {}, ("sound",), "microphone")
"""Of .wav files; no columns of it are read."""

IN_COLUMNS = (ACCELERATION, ANGULAR_RATE, MAGNETIC_FLUX_DENSITY, HUMIDITY, PRESSURE, TEMPERATURE, VOLTAGE)
"""Those that a text file can hold, the first one present is what it is read as."""
QUANTITIES = {each.name: each for each in (*IN_COLUMNS, SOUND)}
