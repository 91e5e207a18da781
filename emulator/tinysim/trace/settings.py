"""Clock, wait states and caches of a trace: which registers say so, and how a user sets them for the trace's begin.

Writes to these registers that the trace shows are followed. Register facts: nRF52840 PS 4.3 (ICACHECNF), RM0090 3.9.1
and RM0351 3.7.1 (FLASH_ACR). The clock tree of an STM32 follows its own registers, with its own start-up times.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.engines.tracing import TracePort
    from tinysim.platform import Platform


class FlashRegister(NamedTuple):
    """Offset in the flash controller; masks of the wait states (0: none to set) and of all caches' enables."""

    offset: int
    latency: int
    caches: int
    reset: int


# By the type in the .repl; STM32: LATENCY, and PRFTEN, ICEN, DCEN.
_FLASH_REGISTERS = {
    "MTD.NRF52840_NVMC": FlashRegister(0x540, 0, 1 << 0, 0),
    "MTD.STM32F4_FlashController": FlashRegister(0x00, 0x7, 0x700, 0),
    "MTD.STM32L4_FlashController": FlashRegister(0x00, 0xF, 0x700, 0x600),
}
# The blocks whose every register may change the clock.
_CLOCK_TREES = {
    "Miscellaneous.STM32F4_RCC",
    "Miscellaneous.STM32L4_RCC",
    "Miscellaneous.STM32_PWR",
    "Miscellaneous.STM32L4_PWR",
}
_REGISTER_BYTES, _BLOCK_BYTES = 4, 0x400


@dataclass(frozen=True)
class TraceSettings:
    """What the user knows of the chip when the trace begins; None: the platform's reset state."""

    clock_hz: int | None = None
    wait_states: int | None = None
    caches: bool | None = None


def followed_registers(platform: Platform) -> tuple[tuple[int, int], ...]:
    """(address, bytes) of the registers whose traced writes matter."""
    found = [(address, _REGISTER_BYTES) for address, _ in _registers(platform)]
    trees = [device for device in platform.devices if device.type in _CLOCK_TREES]
    return (*found, *((one.address, _BLOCK_BYTES) for device in trees for one in device.registrations))


def apply_settings(settings: TraceSettings, platform: Platform, port: TracePort) -> None:
    """Set the flash of the machine up. Raises InputError when the chip has nothing to set."""
    if settings.wait_states is None and settings.caches is None:
        return
    registers = list(_registers(platform))
    if not registers:
        raise InputError(f"platform {platform.name} has no flash controller to set --wait-states or --caches of")
    for address, register in registers:
        port.set_register(address, _value(settings, register, platform.name))


def _registers(platform: Platform) -> Iterator[tuple[int, FlashRegister]]:
    for device in platform.devices:
        register = _FLASH_REGISTERS.get(device.type)
        if register is not None:
            for registration in device.registrations:
                yield registration.address + register.offset, register


def _value(settings: TraceSettings, register: FlashRegister, name: str) -> int:
    value = register.reset
    if settings.wait_states is not None:
        if not 0 <= settings.wait_states <= register.latency:
            known = f"it has 0 to {register.latency}" if register.latency else "they are not set by a register there"
            raise InputError(f"platform {name} has no {settings.wait_states} wait states", remedy=known)
        value = value & ~register.latency | settings.wait_states
    if settings.caches is not None:
        value = value | register.caches if settings.caches else value & ~register.caches
    return value
