"""LIS3MDL: three-axis magnetometer.

Names and limits only, as recalled from ST's data sheet; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import MAGNETIC_FLUX_DENSITY, TEMPERATURE

PART = SensorPart(
    name="lis3mdl",
    title="ST LIS3MDL magnetometer",
    type_names=("Sensors.LIS3MDL",),
    plays=(MAGNETIC_FLUX_DENSITY, TEMPERATURE),
    resolution_bits=16,
    rates_hz=(0.625, 1.25, 2.5, 5.0, 10.0, 20.0, 40.0, 80.0, 155.0, 300.0, 560.0, 1000.0),
    i2c_addresses=(0x1C, 0x1E),
    source="ST LIS3MDL data sheet, recalled",
)
