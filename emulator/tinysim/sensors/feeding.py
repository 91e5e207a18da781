"""What Renode's sensors call their feeding, upstream's own typos included, and the unit that is typed there.

Of a quantity with the stem `Acceleration`: FeedAccelerationSample, FeedAccelerationSamplesFromRESD, AccelerationX.
"""

from __future__ import annotations

from dataclasses import dataclass

from tinysim.streams.quantities import (
    ACCELERATION,
    ANGULAR_RATE,
    HUMIDITY,
    MAGNETIC_FLUX_DENSITY,
    PRESSURE,
    TEMPERATURE,
    VOLTAGE,
)


@dataclass(frozen=True)
class Feeding:
    """`unit`: of typed values, a key of Quantity.per_unit. `misspelt`: a second stem. `is_upstream`: Renode has it."""

    stem: str
    unit: str
    misspelt: str | None = None
    is_upstream: bool = True

    @property
    def stems(self) -> tuple[str, ...]:
        """All spellings, the right one first."""
        return (self.stem,) if self.misspelt is None else (self.stem, self.misspelt)


def sample_method(stem: str) -> str:
    """The method that takes one sample."""
    return f"Feed{stem}Sample"


def resd_method(stem: str) -> str:
    """The method that takes a RESD file."""
    return f"Feed{stem}SamplesFromRESD"


FEEDINGS = {
    ACCELERATION.name: Feeding("Acceleration", "g"),
    ANGULAR_RATE.name: Feeding("AngularRate", "dps", misspelt="AgularRate"),
    MAGNETIC_FLUX_DENSITY.name: Feeding("Magnetic", "gauss"),
    TEMPERATURE.name: Feeding("Temperature", "c"),
    HUMIDITY.name: Feeding("Humidity", "percent"),
    PRESSURE.name: Feeding("Pressure", "hpa"),
    VOLTAGE.name: Feeding("Voltage", "v", is_upstream=False),
}
