"""The list of `peripherals`, as Renode draws it: by name, with addresses, parts below what they sit on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinysim.platform import Platform


@dataclass(frozen=True)
class _Leaf:
    name: str
    kind: str
    places: Sequence[str]


def peripherals_tree(platform: Platform) -> str:
    """All of a platform, one below the other."""
    below = _leaves(platform)
    return "\n".join(["Available peripherals:", "", "  sysbus (SystemBus)", "  │   ", *_draw(below, None, "  ")])


def _leaves(platform: Platform) -> dict[str | None, list[_Leaf]]:
    from tinysim.platform.sizes import DEFAULT_BLOCK_BYTES, areas_of

    below: defaultdict[str | None, list[_Leaf]] = defaultdict(list)
    below[None] += [_Leaf(cpu.name, "CortexM", ["Slot: 0"]) for cpu in platform.cpus]
    for memory in platform.memories:
        places = [_range(first, memory.size) for first in memory.addresses]
        below[None].append(_Leaf(memory.name, "MappedMemory", places))
    for device in platform.devices:
        places = [_range(first, size) for first, size in areas_of(device, otherwise=DEFAULT_BLOCK_BYTES)]
        parent = None if places else device.parent
        if parent is not None and device.point is not None:
            places = [f"Address: {device.point}"]
        below[parent].append(_Leaf(device.name, device.type.rpartition(".")[2], places))
    return below


def _range(first: int, size: int) -> str:
    return f"<0x{first:08X}, 0x{first + size - 1:08X}>"


def _draw(below: dict[str | None, list[_Leaf]], parent: str | None, margin: str) -> Iterator[str]:
    leaves = sorted(below.get(parent, []), key=lambda leaf: leaf.name)
    for leaf in leaves:
        is_last = leaf is leaves[-1]
        inner = margin + ("    " if is_last else "│   ")
        bar = "│   " if below.get(leaf.name) else "    "
        yield f"{margin}{'└── ' if is_last else '├── '}{leaf.name} ({leaf.kind})"
        yield from (f"{inner}{bar}{place}" for place in leaf.places)
        yield f"{inner}{bar}"
        yield from _draw(below, leaf.name, inner)
