"""The platform's memories as GDB's memory map (GDB manual, E.14): flash has pages and gets hardware breakpoints.

GDB refuses addresses outside of the map by itself, so device space stands in it as "ram", GDB's word for the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from tinysim.platform.sizes import DEFAULT_BLOCK_BYTES, areas_of

if TYPE_CHECKING:
    from tinysim.platform import Platform

DEFAULT_PAGE_BYTES = 4096
# ARMv7-M address map (DDI 0403, B3.1): Peripheral, Private Peripheral Bus.
DEVICE_SPACES = ((0x4000_0000, 0x2000_0000), (0xE000_0000, 0x0010_0000))


class Area(NamedTuple):
    """A range with GDB's word for its kind: ram, rom or flash."""

    kind: str
    start: int
    size: int


def areas(platform: Platform) -> list[Area]:
    """Memories, flash behind registers (UICR), then device space; none overlaps another."""
    found: list[Area] = []
    for area in (*_memories(platform), *_devices(platform)):
        if not any(area.start < other.start + other.size and other.start < area.start + area.size for other in found):
            found.append(area)
    return found


def _memories(platform: Platform) -> Iterator[Area]:
    for memory in platform.memories:
        for address in memory.addresses:
            yield Area(memory.kind, address, memory.size)


def _devices(platform: Platform) -> Iterator[Area]:
    for start, size in DEVICE_SPACES:
        yield Area("ram", start, size)
    for device in platform.devices:
        kind = "flash" if device.is_flash else "ram"
        for start, size in areas_of(device, otherwise=DEFAULT_BLOCK_BYTES):
            yield Area(kind, start, size)


def page_bytes(platform: Platform) -> int:
    """The erase block that GDB rounds to; parts of unequal sectors are described by the default."""
    return platform.chip.integers().get("flash_page_bytes", DEFAULT_PAGE_BYTES)


def memory_map_xml(platform: Platform) -> str:
    """The document that GDB reads as the memory map."""
    block = f'<property name="blocksize">{page_bytes(platform):#x}</property>'
    lines = [
        '<?xml version="1.0"?>',
        '<!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" '
        '"http://sourceware.org/gdb/gdb-memory-map.dtd">',
        "<memory-map>",
    ]
    for kind, start, size in areas(platform):
        content = block if kind == "flash" else ""
        lines.append(f'<memory type="{kind}" start="{start:#x}" length="{size:#x}">{content}</memory>')
    return "\n".join([*lines, "</memory-map>"])
