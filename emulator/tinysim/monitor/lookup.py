"""From what was typed to methods: which table a device answers to, and the answer when it does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tinysim.monitor.bus import REGISTERS, SYSTEM_BUS_METHODS
from tinysim.monitor.cpu import CPU_METHODS
from tinysim.monitor.errors import MonitorError, refused, unknown
from tinysim.monitor.methods import Method
from tinysim.monitor.parts import BUTTON_METHODS, LED_METHODS, UART_METHODS
from tinysim.monitor.refusals import METHODS as REFUSED
from tinysim.monitor.sensors import sensor_methods
from tinysim.monitor.target import SYSTEM_BUS, Target
from tinysim.monitor.values import Value
from tinysim.sensors import find_sensor, quantities_of

if TYPE_CHECKING:
    from tinysim.machine import Machine

LED, BUTTON = "Miscellaneous.LED", "Miscellaneous.Button"


def kind_and_methods(machine: Machine, name: str) -> tuple[str, Mapping[str, Method]]:
    """What kind of thing a name is, and what it answers to."""
    platform = machine.platform
    if name == SYSTEM_BUS:
        return "sysbus", SYSTEM_BUS_METHODS
    if any(cpu.name == name for cpu in platform.cpus):
        return "cpu", CPU_METHODS
    if any(memory.name == name for memory in platform.memories):
        return "memory", REGISTERS
    device = platform.device(name)
    if name in machine.engine.uart_names():
        return "uart", REGISTERS | UART_METHODS
    if device.type in (LED, BUTTON):
        return "part", LED_METHODS if device.type == LED else BUTTON_METHODS
    if quantities_of(device.type):
        return "sensor", sensor_methods(find_sensor(device.type))
    return "device", REGISTERS if device.registrations else {}


def call(target: Target, name: str, values: Sequence[Value]) -> str | None:
    """Run a method, or get or set a property. Raises MonitorError for what the target does not have."""
    kind, known = kind_and_methods(target.machine, target.name)
    return call_in(target, kind, known, target.path, name, values)


def call_in(
    here: object, kind: str, known: Mapping[str, Method], path: str, name: str, values: Sequence[Value]
) -> str | None:
    """As `call`, in a table."""
    if name in known:
        return known[name].call(here, path, values)
    if name in REFUSED.get(kind, {}):
        raise refused(f"{path} {name}", REFUSED[kind][name])
    problem = f"{path} does not provide a field, method or property {name}."
    raise unknown(problem, name, known, f"`{path}` lists what it provides")


def listing(path: str, known: Mapping[str, Method]) -> str:
    """What a thing answers to."""
    if not known:
        raise MonitorError(f"{path} has no methods in tinysim", remedy="`tinysim platforms NAME` shows what it is")
    width = max(len(method.usage) for method in known.values())
    rows = [f" - {method.usage:<{width}}  {method.meaning}" for method in known.values()]
    return "\n".join(["The following methods are available:", *rows, "", "Usage:", f" {path} MethodName param1 ..."])
