"""LSM6DSL: three-axis accelerometer and gyroscope.

Names and limits only, as recalled from ST's data sheet; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import ACCELERATION, ANGULAR_RATE, TEMPERATURE

PART = SensorPart(
    name="lsm6dsl",
    title="ST LSM6DSL accelerometer and gyroscope",
    type_names=("Sensors.LSM6DSL",),
    plays=(ACCELERATION, ANGULAR_RATE, TEMPERATURE),
    resolution_bits=16,
    full_scales_g=(2.0, 4.0, 8.0, 16.0),
    rates_hz=(1.6, 12.5, 26.0, 52.0, 104.0, 208.0, 416.0, 833.0, 1660.0, 3330.0, 6660.0),
    i2c_addresses=(0x6A, 0x6B),
    source="ST LSM6DSL data sheet, recalled",
)
