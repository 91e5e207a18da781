"""LPS22HB: barometer.

Names and limits only, as recalled from ST's data sheet; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import PRESSURE, TEMPERATURE

PART = SensorPart(
    name="lps22hb",
    title="ST LPS22HB pressure sensor",
    type_names=("Sensors.LPS22HB",),
    plays=(PRESSURE, TEMPERATURE),
    resolution_bits=24,
    rates_hz=(1.0, 10.0, 25.0, 50.0, 75.0),
    i2c_addresses=(0x5C, 0x5D),
    source="ST LPS22HB data sheet, recalled",
)
