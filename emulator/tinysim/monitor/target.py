"""What a line names: `sysbus`, `sysbus.cpu`, `uart0`, `gpio0.led1`; looked up in the platform of a machine."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from tinysim.monitor.errors import MonitorError, unknown
from tinysim.monitor.values import File

if TYPE_CHECKING:
    from tinysim.firmware import Firmware
    from tinysim.machine import Machine
    from tinysim.platform import DeviceSpec, Platform
    from tinysim.streams.recording import Recording

SYSTEM_BUS = "sysbus"


@dataclass
class Done:
    """What commands have done to machines, as far as later ones ask for it."""

    fed: dict[tuple[str, str, str], Recording] = field(default_factory=dict)  # by machine, path and quantity
    held: set[tuple[str, str]] = field(default_factory=set)  # buttons, by machine and path
    symbol_files: dict[str, list[Firmware]] = field(default_factory=dict)  # by machine, beside its firmware's symbols


class Session(Protocol):
    """What is around a machine: files by name, what prints and keeps UARTs, what commands have done, the log."""

    done: Done

    def find(self, file: File) -> Path: ...
    def place_to_write(self, file: File) -> Path: ...
    def keep_uart(self, machine: Machine, uart: str, path: Path) -> None: ...
    def forget_uart(self, uart: str, path: Path) -> None: ...
    def execution_mode(self, machine: Machine) -> str: ...
    def set_execution_mode(self, machine: Machine, mode: str) -> None: ...
    def note(self, text: str) -> None: ...


@dataclass(frozen=True)
class Target:
    """A named thing of a machine. `do` sets something up so that it is done again when the machine is rebuilt."""

    owner: str  # the machine's name
    machine: Machine
    name: str
    path: str
    session: Session
    do: Callable[[Callable[[Machine], None]], None]

    @property
    def key(self) -> tuple[str, str]:
        """Its name among all machines."""
        return self.owner, self.path

    @property
    def device(self) -> DeviceSpec:
        """Its entry in the platform, of one that is a device."""
        return self.machine.platform.device(self.name)

    @property
    def base(self) -> int:
        """Its first address. Raises MonitorError for what is not on the system bus."""
        platform = self.machine.platform
        places = [address for one in platform.memories if one.name == self.name for address in one.addresses]
        places = places or [one.address for one in self.device.registrations]
        if not places:
            raise MonitorError(f"{self.path} is not on the system bus", remedy="it has no addresses")
        return places[0]


def paths(platform: Platform) -> dict[str, str]:
    """Name to full path of everything: `led1` is `sysbus.gpio0.led1`, as Renode's tree has it."""
    parents = {device.name: _parent(device) for device in platform.devices}
    names = [*(cpu.name for cpu in platform.cpus), *(memory.name for memory in platform.memories)]
    found = {name: f"{SYSTEM_BUS}.{name}" for name in names}
    for name in parents:
        found[name] = ".".join([SYSTEM_BUS, *reversed(list(_ancestors(name, parents)))])
    return found


def _parent(device: DeviceSpec) -> str | None:
    return None if device.registrations else device.parent


def _ancestors(name: str | None, parents: dict[str, str | None]) -> Iterator[str]:
    seen: set[str] = set()
    while name is not None and name not in seen:
        yield name
        seen.add(name)
        name = parents.get(name)


def resolve(platform: Platform, typed: str) -> tuple[str, str] | None:
    """(name, full path) of what was typed, with or without `sysbus.`; None when it is nothing of this platform."""
    if typed == SYSTEM_BUS:
        return SYSTEM_BUS, SYSTEM_BUS
    known = paths(platform)
    parts = typed.removeprefix(f"{SYSTEM_BUS}.").split(".")
    name = platform.aliases.get(parts[-1], parts[-1])
    full = known.get(name)
    if full is None:
        return None
    *given, _ = parts
    above = full.split(".")[1:-1]
    return (name, full) if given == above[len(above) - len(given) :] else None


def no_such(platform: Platform, typed: str, commands: Iterable[str] = ()) -> MonitorError:
    """The error for what is neither a device nor, at the beginning of a line, a command."""
    known = paths(platform)
    short = [path.removeprefix(f"{SYSTEM_BUS}.") for path in known.values()]
    listing = "`peripherals` lists the devices" + (", `help` the commands" if commands else "")
    return unknown(f"No such command or device: {typed}", typed, [*commands, *known, *known.values(), *short], listing)
