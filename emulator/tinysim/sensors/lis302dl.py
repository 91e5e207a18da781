"""LIS302DL: three-axis accelerometer of 8 bits.

Names and limits only, as recalled from ST's data sheet; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import ACCELERATION

PART = SensorPart(
    name="lis302dl",
    title="ST LIS302DL three-axis accelerometer",
    type_names=("Sensors.LIS302DL",),
    plays=(ACCELERATION,),
    resolution_bits=8,
    full_scales_g=(2.3, 9.2),
    rates_hz=(100.0, 400.0),
    i2c_addresses=(0x1C, 0x1D),
    source="ST LIS302DL data sheet, recalled",
)
