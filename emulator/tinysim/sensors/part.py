"""The shape of a sensor description: what command line, stream checks and engines need to know of a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SensorPart:
    """One sensor as data.

    name: our stem (`lis2dw12`). type_names: types a .repl file may use for it. quantity, columns, unit: what a
    stream must hold. full_scales_g and rates_hz: what the part can be set to. noise_density_ug_per_sqrt_hz: typical.
    registers: address to the datasheet's name. source: the document all this is from.
    """

    name: str
    title: str
    type_names: tuple[str, ...]
    quantity: str
    columns: tuple[str, ...]
    unit: str
    full_scales_g: tuple[float, ...]
    rates_hz: tuple[float, ...]
    resolution_bits: int
    noise_density_ug_per_sqrt_hz: float
    i2c_addresses: tuple[int, ...]
    source: str
    registers: Mapping[int, str] = field(hash=False)

    def lsb_ug(self, full_scale_g: float) -> float:
        """The step of the finest mode, in micro-g, at one of the full scales."""
        return 2e6 * full_scale_g / float(1 << self.resolution_bits)
