"""The numbers of a chip's `.toml` against what the core takes: unknown ones and those out of range are refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from tinysim.errors import InputError
from tinysim.platform.chip_file import ChipFile
from tinysim.repl.complaints import nearest

Ranges: TypeAlias = Mapping[str, tuple[int, int]]  # name -> least and most

OF_DEVICES: Ranges = {"easy_dma_beat_bytes": (1, 4)}  # of [bus], read by devices and not by the matrix
MOST_DMA_CYCLES = 64
BELOW_ZERO = ("temperature", "celsius", "microvolts")  # quantities that may be


def check_numbers(chip: ChipFile, timing: Ranges, bus: Ranges) -> None:
    """Raise InputError for the first number that turns nothing or is out of the range that its model holds."""
    check_section(chip, "timing", timing)
    check_section(chip, "bus", {**bus, **OF_DEVICES})
    for full, parameter in chip.parameters.items():
        section, _, name = full.partition(".")
        value = parameter.value
        if isinstance(value, bool) or not isinstance(value, int) or section in ("timing", "bus"):
            continue
        if value < 0 and not any(word in name for word in BELOW_ZERO):
            raise InputError(f"{value} is out of range", chip.file, full, "give 0 or more")
        if section == "dma" and name.endswith("_cycles") and value > MOST_DMA_CYCLES:
            raise InputError(f"{value} is out of range", chip.file, full, f"give 0 to {MOST_DMA_CYCLES}")


def check_section(chip: ChipFile, section: str, ranges: Ranges) -> None:
    """A number that the model does not know would be a knob that turns nothing."""
    for name, value in chip.integers(section).items():
        if name not in ranges:
            known = ", ".join(nearest(name, ranges, 3) or sorted(ranges))
            raise InputError(f"unknown {section} parameter", chip.file, f"{section}.{name}", f"known ones: {known}")
        least, most = ranges[name]
        if not least <= value <= most:
            raise InputError(f"{value} is out of range", chip.file, f"{section}.{name}", f"give {least} to {most}")
