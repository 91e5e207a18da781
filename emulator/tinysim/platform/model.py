"""What a platform is: its CPUs, memories, devices and the lines between them, each with its place in the `.repl`.

Types that no engine knows are kept: the engine decides what to do with them. Values are those of `tinysim.repl.syntax`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from tinysim.errors import InputError
from tinysim.platform.chip_file import ChipFile
from tinysim.platform.conditions import Access
from tinysim.platform.scripts import Script
from tinysim.repl.complaints import Place, complaint, nearest
from tinysim.repl.syntax import Output, Phase, Value

MemoryKind: TypeAlias = Literal["flash", "rom", "ram"]


@dataclass(frozen=True, slots=True)
class CpuSpec:
    """A CPU: `type` is what `cpuType` says (`cortex-m4`), `nvic` the name of its interrupt controller."""

    name: str
    type: str
    nvic: str | None
    parameters: Mapping[str, Value]
    place: Place


@dataclass(frozen=True, slots=True)
class MemorySpec:
    """A memory of `size` bytes that appears at each of `addresses`; `accesses` says for each who sees it there."""

    name: str
    size: int
    addresses: tuple[int, ...]
    kind: MemoryKind
    place: Place
    accesses: tuple[tuple[Access, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class BusRegistration:
    """A device's place on the system bus. `size` None: only the type knows.

    `initiator` is the text that limits who sees it, `access` what it means; empty: everybody does.
    """

    address: int
    size: int | None
    region: str | None
    initiator: str | None
    place: Place
    access: tuple[Access, ...] = ()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A device on another device: `twi0 0x19`, `gpio0 13`, or `spi2` with no point."""

    parent: str
    point: Value | None
    place: Place


@dataclass(frozen=True, slots=True)
class DeviceSpec:
    """Everything that is neither CPU nor memory."""

    name: str
    type: str
    registrations: tuple[BusRegistration, ...]
    attachments: tuple[Attachment, ...]
    parameters: Mapping[str, Value]
    place: Place

    @property
    def parent(self) -> str | None:
        """The device this one is attached to first; None for one on the system bus or nowhere."""
        return self.attachments[0].parent if self.attachments else None

    @property
    def point(self) -> Value | None:
        """Where on `parent`: an address, a pin, or None."""
        return self.attachments[0].point if self.attachments else None

    @property
    def is_flash(self) -> bool:
        """Whether its registers are flash that an image may hold bytes for: nRF's UICR."""
        return self.type.endswith("_UICR")


@dataclass(frozen=True, slots=True)
class Connection:
    """Output of device `source` wired to input of `target`; output None is the default, `local` a pin of the target."""

    source: str
    output: Output
    target: str
    local: int | None
    input: int
    place: Place


@dataclass(frozen=True, slots=True)
class Tag:
    """Named addresses without a model, from `sysbus: init: Tag <a, b> "NAME" value`; `silent`: SilenceRange."""

    name: str
    address: int
    size: int
    value: int | None
    silent: bool
    place: Place


@dataclass(frozen=True, slots=True)
class MonitorLine:
    """A line of a preinit, init or reset section that the platform reader does not evaluate itself."""

    variable: str
    phase: Phase
    text: str
    place: Place


OmissionKind: TypeAlias = Literal["cpu", "type", "line", "wire", "hint"]


@dataclass(frozen=True, slots=True)
class Omission:
    """What of the description an engine leaves out, and how it shows. `areas`: (first, size) that became a gap.

    A "hint" is without effect on firmware that keeps to the chip's manual, so `--strict` passes it.
    """

    kind: OmissionKind
    name: str
    text: str
    place: Place
    areas: tuple[tuple[int, int], ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {self.text} ({self.place})"


class PlatformFile(NamedTuple):
    """A file the platform was read from: path below the board's or the platforms' folder, SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Platform:
    """A complete machine description, ready for an engine. `scripts`: of its PythonPeripherals, by name."""

    name: str
    cpus: tuple[CpuSpec, ...]
    memories: tuple[MemorySpec, ...]
    devices: tuple[DeviceSpec, ...]
    connections: tuple[Connection, ...]
    tags: tuple[Tag, ...]
    monitor_lines: tuple[MonitorLine, ...]
    aliases: Mapping[str, str]
    files: tuple[PlatformFile, ...]
    chip: ChipFile
    omissions: tuple[Omission, ...] = ()
    scripts: Mapping[str, Script] = field(default_factory=dict)

    @property
    def cpu(self) -> CpuSpec:
        """The first CPU, which is the only one on a single-core chip."""
        return self.cpus[0]

    def device(self, name: str) -> DeviceSpec:
        """Return the device of this name. Raises InputError with near names."""
        for device in self.devices:
            if device.name == name:
                return device
        near = nearest(name, [device.name for device in self.devices], 3)
        remedy = f"did you mean {', '.join(near)}?" if near else f"`tinysim platforms {self.name}` lists them"
        raise InputError(f"platform {self.name} has no device {name}", remedy=remedy)

    def gap_name(self, address: int) -> str | None:
        """Return `radio+0x50C` for an address of something that the engine left out."""
        for omission in self.omissions:
            for first, size in omission.areas:
                if first <= address < first + size:
                    return f"{omission.name}+0x{address - first:X}"
        return None

    def left_out(self) -> list[tuple[str, str]]:
        """Return (name, reason) of each thing without a model that firmware can notice."""
        return [(one.name, one.text) for one in self.omissions if one.kind != "hint"]

    def unknown_types(self, known: Set[str]) -> list[InputError]:
        """Return one error for each device whose type is not in `known`, naming its line and the nearest known type."""
        errors = []
        for device in self.devices:
            if device.type not in known:
                near = nearest(device.type, known, 1, 0.5)
                remedy = f"nearest known type: {near[0]}" if near else "remove the device, or use an engine that has it"
                errors.append(complaint(4, f"{device.name}: unknown type {device.type}", device.place, remedy))
        return errors
