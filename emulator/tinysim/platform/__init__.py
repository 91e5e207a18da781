"""Platform descriptions for both engines: `load_platform("nrf52840dk")` reads `.repl` and the chip's `.toml`."""

from __future__ import annotations

from tinysim.platform.chip_file import ChipFile, GapRange, Parameter
from tinysim.platform.default_chip import with_some_chip
from tinysim.platform.files import find_platform, platform_directories, platform_names
from tinysim.platform.fitting import fit, refuse_omissions
from tinysim.platform.load import join_platform, load_platform
from tinysim.platform.model import (
    Attachment,
    BusRegistration,
    Connection,
    CpuSpec,
    DeviceSpec,
    MemorySpec,
    MonitorLine,
    Omission,
    Platform,
    PlatformFile,
    Tag,
)
from tinysim.platform.overrides import with_parameters

__all__ = [
    "Attachment",
    "BusRegistration",
    "ChipFile",
    "Connection",
    "CpuSpec",
    "DeviceSpec",
    "GapRange",
    "MemorySpec",
    "MonitorLine",
    "Omission",
    "Parameter",
    "Platform",
    "PlatformFile",
    "Tag",
    "find_platform",
    "fit",
    "join_platform",
    "load_platform",
    "platform_directories",
    "platform_names",
    "refuse_omissions",
    "with_parameters",
    "with_some_chip",
]
