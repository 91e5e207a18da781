"""Writes a fitted platform as one `.repl` for Renode: no `using`, nothing from the network, tags for what has gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from tinysim.engines.renode_text import quoted
from tinysim.platform import Platform
from tinysim.platform.model import BusRegistration, Connection, DeviceSpec, MonitorLine, Tag
from tinysim.repl.syntax import EnumValue, ObjectValue, Range, Reference, Special, Value

INDENT = "    "
_NUMBERS_IN_HEX_FROM = 0x1000


def renode_repl(platform: Platform) -> str:
    """The text of a platform that `renode_fit` has fitted."""
    wires = defaultdict[str, list[Connection]](list)
    for wire in platform.connections:
        wires[wire.source].append(wire)
    lines = defaultdict[str, list[MonitorLine]](list)
    for line in platform.monitor_lines:
        lines[line.variable].append(line)
    entries = [_sysbus(platform.tags, lines.pop("sysbus", []))]
    for cpu in platform.cpus:
        nvic = {"nvic": Reference(cpu.nvic, cpu.place)} if cpu.nvic else {}
        parameters = {"cpuType": cpu.type, **nvic, **cpu.parameters}
        entries.append(_entry(f"{cpu.name}: CPU.CortexM @ sysbus", _attributes(parameters), lines[cpu.name]))
    for memory in platform.memories:
        places = "; ".join(f"sysbus 0x{address:08X}" for address in memory.addresses)
        entries.append(_entry(f"{memory.name}: Memory.MappedMemory @ {{ {places} }}", [f"size: 0x{memory.size:X}"], []))
    for device in platform.devices:
        body = [*_attributes(device.parameters), *(_wire(wire) for wire in _joined(wires[device.name]))]
        entries.append(_entry(f"{device.name}: {device.type}{_places(device)}", body, lines[device.name]))
    return "\n\n".join(filter(None, entries)) + "\n"


def peripheral_path(platform: Platform, name: str) -> str:
    """A device as Renode's testers want it: `sysbus.gpio0.led1`."""
    device = platform.device(name)
    if device.parent is None or device.registrations:
        return f"sysbus.{name}"
    return f"{peripheral_path(platform, device.parent)}.{name}"


def _entry(head: str, body: list[str], lines: list[MonitorLine]) -> str:
    texts = [head, *(INDENT + line for line in body)]
    for phase in ("preinit", "init", "reset"):
        section = [line.text for line in lines if line.phase == phase]
        if section:
            texts += [f"{INDENT}{phase}:", *(INDENT * 2 + text for text in section)]
    return "\n".join(texts)


def _sysbus(tags: tuple[Tag, ...], lines: list[MonitorLine]) -> str:
    told = [line.text for line in lines if line.phase == "init"]
    told += [_tag(tag) for tag in tags]
    return "\n".join(["sysbus:", f"{INDENT}init:", *(INDENT * 2 + text for text in told)]) if told else ""


def _tag(tag: Tag) -> str:
    last = tag.address + tag.size - 1
    if tag.silent:
        return f"SilenceRange <0x{tag.address:08X} 0x{tag.size:X}>"
    value = "" if tag.value is None else f" 0x{tag.value:X}"
    return f'Tag <0x{tag.address:08X}, 0x{last:08X}> "{tag.name}"{value}'


def _places(device: DeviceSpec) -> str:
    points = [_on_the_bus(each) for each in device.registrations]
    for attachment in device.attachments:
        point = "" if attachment.point is None else f" {_text(attachment.point)}"
        points.append(attachment.parent + point)
    if not points:
        return ""
    return f" @ {points[0]}" if len(points) == 1 else f" @ {{ {'; '.join(points)} }}"


def _on_the_bus(place: BusRegistration) -> str:
    if place.region is not None:
        size = f"; size: 0x{place.size:X}" if place.size else ""
        return (
            f'sysbus new Bus.BusMultiRegistration {{ address: 0x{place.address:08X}{size}; region: "{place.region}" }}'
        )
    if place.size is not None:
        return f"sysbus <0x{place.address:08X}, +0x{place.size:X}>"
    return f"sysbus 0x{place.address:08X}"


def _attributes(parameters: Mapping[str, Value]) -> list[str]:
    return [f"{name}: {_text(value)}" for name, value in parameters.items()]


def _joined(wires: list[Connection]) -> Iterator[list[Connection]]:
    """The lines of one output together: a source stands once in an entry, its ends are joined with |."""
    ends: dict[str | int | None, list[Connection]] = {}
    for wire in wires:
        ends.setdefault(wire.output, []).append(wire)
    return iter(ends.values())


def _wire(ends: list[Connection]) -> str:
    output = "" if ends[0].output is None else f"{ends[0].output} "
    places = (f"{end.target}{'' if end.local is None else f'#{end.local}'}@{end.input}" for end in ends)
    return f"{output}-> {' | '.join(places)}"


def _text(value: Value) -> str:
    """A value as the language of `.repl` has it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"0x{value:X}" if value >= _NUMBERS_IN_HEX_FROM else str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, EnumValue | Reference):
        return value.name
    if isinstance(value, Range):
        return f"<0x{value.begin:X}, 0x{value.end:X}>"
    if isinstance(value, Special):
        return value.value
    if isinstance(value, ObjectValue):
        return f"new {value.type} {{ {'; '.join(_attributes(value.attributes))} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(_text(each) for each in value)}]"
    if isinstance(value, Mapping):
        return f"{{ {' '.join(f'{_text(key)}: {_text(each)};' for key, each in value.items())} }}"
    return str(value)
