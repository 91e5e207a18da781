"""LIS3DSH: three-axis accelerometer.

Names and limits only, as recalled from ST's data sheet; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import ACCELERATION

PART = SensorPart(
    name="lis3dsh",
    title="ST LIS3DSH three-axis accelerometer",
    type_names=("Sensors.LIS3DSH",),
    plays=(ACCELERATION,),
    resolution_bits=16,
    full_scales_g=(2.0, 4.0, 6.0, 8.0, 16.0),
    rates_hz=(3.125, 6.25, 12.5, 25.0, 50.0, 100.0, 400.0, 800.0, 1600.0),
    i2c_addresses=(0x1D, 0x1E),
    source="ST LIS3DSH data sheet, recalled",
)
