"""PDM microphones with a one-bit output: ST MP34DT01 and MP45DT02, as recalled from their data sheets.

A stream is sound pressure; what the part makes of it is in the core's part of the same name.
"""

from __future__ import annotations

from tinysim.sensors.part import SensorPart
from tinysim.streams.quantities import SOUND

PART = SensorPart(
    name="pdm_microphone",
    title="ST MP34DT01, MP45DT02 and the like: PDM microphone, -26 dBFS at 94 dB SPL, 120 dB SPL at most",
    type_names=("Sensors.PDMMicrophone",),
    plays=(SOUND,),
    resolution_bits=1,
    source="ST data sheets of MP34DT01 and MP45DT02, recalled",
)
