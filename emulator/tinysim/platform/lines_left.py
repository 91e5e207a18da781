"""Lines for Renode's Monitor in a platform file: tags and silent ranges become gaps, other lines are not run."""

from __future__ import annotations

from collections.abc import Iterator

from tinysim.platform.model import MonitorLine, Omission, Platform, Tag
from tinysim.platform.overlaps import device_size

_NAMES_ONLY = "ApplySVD"  # gives registers their names, which --svd does here


def left_lines(platform: Platform) -> Iterator[Omission]:
    """Yield an omission for each line that an engine of ours does not obey, and for each tag a gap of its name."""
    modelled = list(_modelled_areas(platform))
    for tag in platform.tags:
        if not any(first <= tag.address < first + size for first, size in modelled):
            yield _of_tag(tag)
    for line in platform.monitor_lines:
        yield _of_line(line)


def _modelled_areas(platform: Platform) -> Iterator[tuple[int, int]]:
    for memory in platform.memories:
        yield from ((address, memory.size) for address in memory.addresses)
    for device in platform.devices:
        yield from ((r.address, r.size or device_size(device.type) or 1) for r in device.registrations)


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
    return Omission("line", line.variable, f"the {line.phase} line {line.text[:60]!r} is not run", line.place)
