"""The shape of a sensor description: what command line, stream checks and engines need to know of a part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tinysim.streams.quantities import Quantity


@dataclass(frozen=True)
class SensorPart:
    """One sensor as data.

    name: our stem (`lis2dw12`). type_names: types a .repl file may use for it. plays: the quantities that
    streams may hold for it. full_scales_g (of acceleration), rates_hz: what the part can be set to; empty is not said.
    noise_density_ug_per_sqrt_hz: typical.
    registers: address to the datasheet's name. source: the document all this is from.
    """

    name: str
    title: str
    type_names: tuple[str, ...]
    plays: tuple[Quantity, ...]
    resolution_bits: int
    source: str
    full_scales_g: tuple[float, ...] = ()
    rates_hz: tuple[float, ...] = ()
    noise_density_ug_per_sqrt_hz: float | None = None
    i2c_addresses: tuple[int, ...] = ()
    registers: Mapping[int, str] = field(default_factory=dict, hash=False)
