"""`tinysim platforms [NAME]`: what boards there are, and what is on one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tinysim.cli.options import repl_path_option, strict_option

if TYPE_CHECKING:
    from tinysim.platform import DeviceSpec, Platform


@click.command()
@click.argument("name", required=False)
@repl_path_option
@strict_option
def platforms(name: str | None, repl_path: tuple[Path, ...], strict: bool) -> int:
    """List the platforms, or show what NAME (a board, a chip or a .repl file) consists of and what has no model."""
    from tinysim.machine import fitted_platform
    from tinysim.platform import load_platform, platform_names, refuse_omissions

    if name is None:
        for known in platform_names():
            platform = load_platform(known)
            click.echo(f"{known:<20} {platform.cpu.type}, {_memory_text(platform)}, {len(platform.devices)} devices")
        return 0
    platform = fitted_platform(name, repl_path)
    for line in (*_lines(platform), *_omission_lines(platform)):
        click.echo(line)
    if strict:
        refuse_omissions(platform, strict=True)
    return 0


def _omission_lines(platform: Platform) -> Iterator[str]:
    left = [omission for omission in platform.omissions if omission.kind != "hint"]
    hints = [omission for omission in platform.omissions if omission.kind == "hint"]
    for title, omissions in (("without a model", left), ("to know", hints)):
        if omissions:
            yield title
            yield from (f"  {omission}" for omission in omissions)


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
