"""A voltage on an analog input, for an ADC.

The behaviour is the core's part of the same name: straight between the rows of the stream, constant outside it.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import VOLTAGE

PART = SensorPart(
    name="analog_signal",
    title="a voltage on an analog input",
    type_names=("Sensors.AnalogSignal",),
    plays=(VOLTAGE,),
    resolution_bits=32,
    source="ours",
)
