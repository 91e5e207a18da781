"""The sensors tinysim knows, one file per part. A new part is one file here and its name in `_STEMS`."""

from __future__ import annotations

import importlib

from tinysim.errors import InputError
from tinysim.sensors.part import SensorPart

__all__ = ["SensorPart", "find_sensor", "quantities_of", "sensor_names"]

_STEMS = (
    "lis2dw12", "pdm_microphone", "lsm6dsl", "lis3mdl", "hts221", "lps22hb", "lis3dsh", "lis302dl",
    "analog_signal", "i2s_microphone",
)  # fmt: skip


def sensor_names() -> tuple[str, ...]:
    """The names of all parts, sorted."""
    return tuple(sorted(_STEMS))


def find_sensor(name: str) -> SensorPart:
    """The part of a name (`lis2dw12`, any case) or of a .repl type (`Sensors.LIS2DW12`).

    Raises InputError with the nearest known name.
    """
    wanted = name.strip().lower()
    for stem in _STEMS:
        part = _load(stem)
        if wanted in (stem, *(type_name.lower() for type_name in part.type_names)):
            return part
    import difflib

    near = difflib.get_close_matches(wanted.removeprefix("sensors."), _STEMS, n=1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(sensor_names())}"
    raise InputError(f"unknown sensor '{name}'", remedy=hint)


def quantities_of(type_name: str) -> tuple[str, ...]:
    """What a type of a .repl file can play; none: it is no sensor."""
    try:
        return tuple(quantity.name for quantity in find_sensor(type_name).plays)
    except InputError:
        return ()


def _load(stem: str) -> SensorPart:
    part: SensorPart = importlib.import_module(f"tinysim.sensors.{stem}").PART
    return part
