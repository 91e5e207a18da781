"""HTS221: humidity and temperature.

Names and limits only, as recalled from ST's data sheet; the behaviour is the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import HUMIDITY, TEMPERATURE

PART = SensorPart(
    name="hts221",
    title="ST HTS221 humidity and temperature sensor",
    type_names=("Sensors.HTS221",),
    plays=(HUMIDITY, TEMPERATURE),
    resolution_bits=16,
    rates_hz=(1.0, 7.0, 12.5),
    i2c_addresses=(0x5F,),
    source="ST HTS221 data sheet, recalled",
)
