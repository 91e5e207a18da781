"""Platform descriptions for both engines: `load_platform("nrf52840dk")` reads `.repl` and the chip's `.toml`."""

from __future__ import annotations

from tinysim.platform.chip_file import ChipFile, GapRange, Parameter
from tinysim.platform.files import find_platform, platform_directories, platform_names
from tinysim.platform.load import load_platform
from tinysim.platform.model import (
    Attachment,
    BusRegistration,
    Connection,
    CpuSpec,
    DeviceSpec,
    MemorySpec,
    MonitorLine,
    Platform,
    PlatformFile,
    Tag,
)

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
    "Parameter",
    "Platform",
    "PlatformFile",
    "Tag",
    "find_platform",
    "load_platform",
    "platform_directories",
    "platform_names",
]
