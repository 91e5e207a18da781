"""Fits a platform to Renode: upstream's types stay with upstream's parameters and lines; the rest is left out.

What only tinysim has (its own types, `rcc` and `gate`, the numbered requests of its DMA) goes; a device that goes is a
tag at its addresses, so that Renode's log names it. Numbers that Renode wants and our files do not have, because here
they come from the clock tree, are filled in from the CPU's. Types that nobody here knows are left to Renode.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import replace

from tinysim.engines.renode_shapes import name_in_renode, shape_of
from tinysim.platform import Platform
from tinysim.platform.model import Connection, CpuSpec, DeviceSpec, Omission, OmissionKind, Tag
from tinysim.platform.renode_types import ANY_NUMBER, RenodeType, find_type
from tinysim.platform.sizes import SMALLEST_BLOCK_BYTES, areas_of
from tinysim.repl.syntax import EnumValue, Reference, Value
from tinysim.units import HERTZ_PER_MEGAHERTZ

CPU_TYPE = "CPU.CortexM"
DEFAULT_MIPS = 100  # Renode's own
DEFAULT_OUTPUT = "IRQ"
_RECEIVERS = (
    "IRQControllers.", "GPIOPort.", "CPU.", "Miscellaneous.LED", "Miscellaneous.CombinedInput",
    "Miscellaneous.STM32_SYSCFG", "DMA.STM32F4_DMA",
)  # fmt: skip
_LSI_HZ, _LSE_HZ = 32_000, 32_768


def mips(platform: Platform) -> int:
    """What Renode divides instructions by to get time."""
    stated = platform.cpu.parameters.get("PerformanceInMips")
    return stated if isinstance(stated, int) else DEFAULT_MIPS


def _cpu_hz(platform: Platform) -> Value | None:
    return mips(platform) * HERTZ_PER_MEGAHERTZ


def _series(platform: Platform) -> Value | None:
    return EnumValue("STM32Series.F4") if platform.chip.name.lower().startswith("stm32f4") else None


def _rtc(platform: Platform) -> Value | None:
    return next((Reference("rtc", one.place) for one in platform.devices if one.name == "rtc"), None)


# What Renode's constructors want and the platform files here do not say.
_FILLED: Mapping[str, Mapping[str, Callable[[Platform], Value | None]]] = {
    "Timers.STM32_Timer": {"frequency": _cpu_hz},
    "Timers.STM32_IndependentWatchdog": {"frequency": lambda _: _LSI_HZ},
    "Timers.STM32L0_LpTimer": {"frequency": lambda _: _LSE_HZ},
    "UART.STM32F7_USART": {"frequency": _cpu_hz},
    "IRQControllers.NVIC": {"systickFrequency": _cpu_hz},
    "CRC.STM32_CRC": {"series": _series},
    "SPI.STM32SPI": {"series": _series},
    "Miscellaneous.STM32_RNG": {"series": _series},
    "Miscellaneous.STM32F4_RCC": {"rtcPeripheral": _rtc},
}


def fit_to_renode(platform: Platform, ours: Set[str], *, models: bool = False) -> Platform:
    """The platform as Renode can take it; `ours` are types of the native engine. `models`: our C# models go in.

    `omissions` is what is left out.
    """
    kept: dict[str, DeviceSpec] = {}
    omissions: list[Omission] = []
    for device in platform.devices:
        fitted, reason = _fit_device(device, platform, ours, models=models)
        if fitted is None:
            omissions.append(_omission("type", device, reason))
        else:
            kept[device.name] = fitted
    _drop_orphans(platform, kept, omissions)
    wires = [wire for wire in platform.connections if _is_wire(wire, kept, platform, models=models)]
    omissions += [_lost_wire(wire) for wire in platform.connections if wire.source in kept and wire not in wires]
    wires = [_named(wire, kept, models=models) for wire in wires]
    tags = [Tag(one.name, first, size, None, False, one.place) for one in omissions for first, size in one.areas]
    return replace(
        platform,
        cpus=tuple(_fit_cpu(cpu) for cpu in platform.cpus),
        devices=tuple(kept.values()),
        connections=tuple(wires),
        tags=(*platform.tags, *tags),
        monitor_lines=tuple(
            line for line in platform.monitor_lines if line.variable in (*kept, "sysbus", platform.cpu.name)
        ),
        omissions=(*platform.omissions, *omissions),
    )


def _fit_cpu(cpu: CpuSpec) -> CpuSpec:
    known = find_type(CPU_TYPE)
    assert known is not None
    return replace(cpu, parameters=_parameters(cpu.parameters, known))


def _fit_device(
    device: DeviceSpec, platform: Platform, ours: Set[str], *, models: bool
) -> tuple[DeviceSpec | None, str]:
    name = name_in_renode(device, models=models)
    known = shape_of(name, models=models)
    if known is None:
        return (None, f"{device.type} is a model of tinysim alone") if device.type in ours else (device, "")
    if any(registration.initiator for registration in device.registrations):
        return None, "is seen by one initiator alone, which is not passed on"
    parameters = _parameters(device.parameters, known)
    for key, fill in _FILLED.get(name, {}).items():
        if key not in parameters and (value := fill(platform)) is not None:
            parameters[key] = value
    missing = sorted(known.needed - set(parameters))
    if missing:
        return None, f"Renode's {name} wants {', '.join(missing)}, which the platform does not say"
    return replace(device, type=name, parameters=parameters), ""


def _parameters(given: Mapping[str, Value], known: RenodeType) -> dict[str, Value]:
    """Constructor parameters that Renode has, and properties (a capital first letter)."""
    upstream = known.needed | known.optional
    return {
        key: value for key, value in given.items() if key in upstream or (key[0].isupper() and key not in known.own)
    }


def _drop_orphans(platform: Platform, kept: dict[str, DeviceSpec], omissions: list[Omission]) -> None:
    """Without its parent, or a device that a parameter names, a device goes too; and so on."""
    fixed = {cpu.name for cpu in platform.cpus} | {memory.name for memory in platform.memories} | {"sysbus", "machine"}
    while True:
        here = fixed | set(kept)
        orphan = next((device for device in kept.values() if _needs(device) - here), None)
        if orphan is None:
            return
        del kept[orphan.name]
        lost = ", ".join(sorted(_needs(orphan) - here))
        omissions.append(_omission("type", orphan, f"needs {lost}, which Renode does not get"))


def _needs(device: DeviceSpec) -> set[str]:
    parents = {attachment.parent for attachment in device.attachments}
    return parents | {value.name for value in device.parameters.values() if isinstance(value, Reference)}


def _omission(kind: OmissionKind, device: DeviceSpec, reason: str) -> Omission:
    areas = areas_of(device, otherwise=SMALLEST_BLOCK_BYTES)
    return Omission(kind, device.name, f"{reason}; a tag in Renode", device.place, tuple(areas))


def _is_wire(wire: Connection, kept: Mapping[str, DeviceSpec], platform: Platform, *, models: bool) -> bool:
    """Whether Renode has both ends of a line."""
    cpus = {cpu.name for cpu in platform.cpus}
    if wire.source not in kept or (wire.target not in kept and wire.target not in cpus):
        return False
    known = shape_of(kept[wire.source].type, models=models)
    named = known is None or wire.output is None or _output_name(wire) in known.upstream_outputs
    receives = wire.target in cpus or kept[wire.target].type.startswith(_RECEIVERS)
    unknown_target = wire.target in kept and shape_of(kept[wire.target].type, models=models) is None
    return named and (receives or unknown_target)


def _named(wire: Connection, kept: Mapping[str, DeviceSpec], *, models: bool) -> Connection:
    """The default output of a device with several by its name: not every model there marks one as the default."""
    known = shape_of(kept[wire.source].type, models=models)
    several = known is not None and len(known.upstream_outputs) > 1 and DEFAULT_OUTPUT in known.upstream_outputs
    return replace(wire, output=DEFAULT_OUTPUT) if wire.output is None and several else wire


def _output_name(wire: Connection) -> str:
    return ANY_NUMBER if isinstance(wire.output, int) else str(wire.output)


def _lost_wire(wire: Connection) -> Omission:
    text = f"the line {wire.output if wire.output is not None else ''} -> {wire.target}@{wire.input} is not in Renode"
    return Omission("hint", wire.source, text, wire.place)
