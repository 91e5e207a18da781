"""`tinysim platforms [NAME]`: what boards there are, and what is on one of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tinysim.platform import DeviceSpec, Platform


@click.command()
@click.argument("name", required=False)
def platforms(name: str | None) -> int:
    """List the platforms, or show what NAME (a board, a chip or a .repl file) consists of."""
    from tinysim.platform import load_platform, platform_names

    if name is None:
        for known in platform_names():
            platform = load_platform(known)
            click.echo(f"{known:<20} {platform.cpu.type}, {_memory_text(platform)}, {len(platform.devices)} devices")
        return 0
    for line in _lines(load_platform(name)):
        click.echo(line)
    return 0


def _lines(platform: Platform) -> Iterator[str]:
    yield f"{platform.name}: {platform.cpu.type}" + (f", chip {platform.chip.name}" if platform.chip.name else "")
    if platform.chip.console:
        yield f"console  {platform.chip.console}"
    yield "memories"
    for memory in platform.memories:
        places = ", ".join(f"0x{address:08X}-0x{address + memory.size - 1:08X}" for address in memory.addresses)
        yield f"  {memory.name:<16}{memory.kind:<8}{memory.size // 1024:>6} KB  {places}"
    yield "devices"
    for device in platform.devices:
        yield f"  {device.name:<16}{device.type:<40}{_place_text(device)}"
    yield "files"
    for file in platform.files:
        yield f"  {file.path}  sha256 {file.sha256[:12]}"


def _place_text(device: DeviceSpec) -> str:
    """`0x40003000`, or `on twi0 0x19` for a part on another device."""
    registrations = [f"0x{one.address:08X}" for one in device.registrations]
    for one in device.attachments:
        point = "" if one.point is None else f" 0x{one.point:X}" if isinstance(one.point, int) else f" {one.point}"
        registrations.append(f"on {one.parent}{point}")
    return ", ".join(registrations)


def _memory_text(platform: Platform) -> str:
    return ", ".join(f"{memory.name} {memory.size // 1024} KB" for memory in platform.memories)
