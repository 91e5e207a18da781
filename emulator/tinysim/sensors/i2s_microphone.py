"""Microphones with an I2S output: TDK INMP441 and ICS-43434, as recalled from their data sheets.

A stream is sound pressure; what the part makes of it is in the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import SOUND

PART = SensorPart(
    name="i2s_microphone",
    title="TDK INMP441, ICS-43434 and the like: I2S microphone, -26 dBFS at 94 dB SPL, 120 dB SPL at most",
    type_names=("Sensors.I2SMicrophone",),
    plays=(SOUND,),
    resolution_bits=24,
    source="TDK data sheets of INMP441 and ICS-43434, recalled",
)
