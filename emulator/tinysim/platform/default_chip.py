"""Numbers for a description that names no chip of ours: a Cortex-M4 at a round clock, said in a hint."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from tinysim.platform.chip_uses import load_chip_file
from tinysim.platform.files import platform_directories
from tinysim.platform.model import Omission, Platform, PlatformFile

ANY_CHIP = "any_cortex_m4.toml"


def with_some_chip(platform: Platform) -> Platform:
    """Return the platform as it is when it has numbers, else with those of ANY_CHIP."""
    path = next((folder / ANY_CHIP for folder in platform_directories()), None)
    if platform.chip.parameters or path is None or not path.is_file():
        return platform
    chip, files = load_chip_file(path)
    clock_mhz = chip.integer("clocks.cpu_hz") // 1_000_000
    text = f"no chip's .toml belongs to this description: {clock_mhz} MHz, no wait states"
    hint = Omission("hint", platform.cpu.name, text, platform.cpu.place)
    used = [
        PlatformFile(f"{one.parent.name}/{one.name}", hashlib.sha256(content).hexdigest()) for one, content in files
    ]
    return replace(platform, chip=chip, files=(*platform.files, *used), omissions=(*platform.omissions, hint))
