"""Lines for Renode's Monitor in a platform file: tags and silent ranges become gaps, some lines are run at creation.

A machine runs the init lines that begin with a word of RUN_AT_CREATION (tinysim.monitor.lines) and says which failed.
"""

from __future__ import annotations

from collections.abc import Iterator

from tinysim.platform.model import MonitorLine, Omission, Platform, Tag
from tinysim.platform.sizes import areas_of

RUN_AT_CREATION = frozenset({
    "WriteByte", "WriteWord", "WriteDoubleWord", "WriteQuadWord", "LoadELF", "LoadBinary", "LoadHEX",
    "PC", "SP", "LR", "SetRegister", "SetRegisterUnsafe", "VectorTableOffset", "PerformanceInMips", "IsHalted",
    "AccelerationX", "AccelerationY", "AccelerationZ", "Press", "Release",
})  # fmt: skip
_NAMES_ONLY = "ApplySVD"  # gives registers their names, which --svd does here


def left_lines(platform: Platform) -> Iterator[Omission]:
    """Yield an omission for each line that an engine of ours does not obey, and for each tag a gap of its name."""
    modelled = list(_modelled_areas(platform))
    for tag in platform.tags:
        if not any(first <= tag.address < first + size for first, size in modelled):
            yield _of_tag(tag)
    for line in platform.monitor_lines:
        if not is_run(line):
            yield _of_line(line)


def is_run(line: MonitorLine) -> bool:
    """Whether a machine runs the line when it is made."""
    return line.phase == "init" and is_understood(line)


def is_understood(line: MonitorLine) -> bool:
    """Whether a machine can run the line, of whatever phase."""
    return line.text.split(maxsplit=1)[0] in RUN_AT_CREATION


def _modelled_areas(platform: Platform) -> Iterator[tuple[int, int]]:
    for memory in platform.memories:
        yield from ((address, memory.size) for address in memory.addresses)
    for device in platform.devices:
        yield from areas_of(device, otherwise=1)


def _of_tag(tag: Tag) -> Omission:
    area = ((tag.address, tag.size),)
    if tag.silent:
        return Omission("hint", "SilenceRange", "accesses to it are reported as gaps", tag.place, area)
    if tag.value is None:
        return Omission("hint", tag.name, "a tag; accesses to it are reported as gaps", tag.place, area)
    text = f"a tag whose value 0x{tag.value:X} is not read back; accesses to it are reported as gaps"
    return Omission("line", tag.name, text, tag.place, area)


def _of_line(line: MonitorLine) -> Omission:
    if line.variable == "sysbus" and line.text.split(maxsplit=1)[:1] == [_NAMES_ONLY]:
        return Omission("hint", line.variable, f"{_NAMES_ONLY} is not obeyed; --svd names registers", line.place)
    when = "is run at `machine Reset` of the Monitor only" if _at_reset(line) else "is not run"
    return Omission("line", line.variable, f"the {line.phase} line {line.text[:60]!r} {when}", line.place)


def _at_reset(line: MonitorLine) -> bool:
    return line.phase == "reset" and is_understood(line)
