"""Which sensor of a board a stream is for, and what of it that sensor measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.sensors import quantities_of
from tinysim.streams.quantities import QUANTITIES

if TYPE_CHECKING:
    from tinysim.platform import DeviceSpec


def target_of_stream(
    devices: Iterable[DeviceSpec], sensor: str | None, held: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """The sensor and those of the `held` quantities that it plays.

    Without a name it is the only sensor for the first quantity, or that which is called after it (`accelerometer`).
    Raises InputError with what the board has.
    """
    found = {device.name: quantities_of(device.type) for device in devices}
    sensors = {name: played for name, played in found.items() if played}
    remedy = f"it has: {', '.join(sensors)}" if sensors else "it has none"
    if sensor is None:
        sensor = _sensor_for(held[0], sensors, remedy)
    if sensor not in sensors:
        raise InputError(f"the platform has no sensor '{sensor}'", remedy=remedy)
    wanted = tuple(quantity for quantity in held if quantity in sensors[sensor])
    if not wanted:
        raise InputError(f"'{sensor}' plays {' and '.join(sensors[sensor])}, not {' or '.join(held)}", remedy=remedy)
    return sensor, wanted


def _sensor_for(quantity: str, sensors: dict[str, tuple[str, ...]], remedy: str) -> str:
    fitting = [name for name, played in sensors.items() if quantity in played]
    usual = QUANTITIES[quantity].usual_sensor if quantity in QUANTITIES else None
    if usual in fitting:
        return usual
    if len(fitting) == 1:
        return fitting[0]
    raise InputError(f"which sensor is to play the stream of {quantity}?", remedy=remedy)
