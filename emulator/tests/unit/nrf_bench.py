"""An nRF52840 without a CPU: some of its blocks on a bus, for unit tests of the native core."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

core = pytest.importorskip("tinysim._core", reason="the native core is not built (pip install -e .)")

TICKS_PER_SECOND = 512_000_000
CYCLE_16M = TICKS_PER_SECOND // 16_000_000
CYCLE_32K = TICKS_PER_SECOND // 32_768

INTENSET, INTENCLR, SHORTS = 0x304, 0x308, 0x200


@dataclass(frozen=True)
class Block:
    """One block: its type in a .repl file, its address, its bus size in bytes, and its parameters."""

    type: str
    address: int
    size: int = 0x1000
    numbers: Mapping[str, int] = field(default_factory=dict)
    references: Mapping[str, str] = field(default_factory=dict)


def timer(address: int, compares: int = 4) -> Block:
    """A TIMER with `compares` CC registers."""
    return Block("Timers.NRF52840_Timer", address, numbers={"numberOfEvents": compares})


def rtc(address: int, compares: int = 4) -> Block:
    """An RTC with `compares` CC registers."""
    return Block("Timers.NRF52840_RTC", address, numbers={"numberOfEvents": compares})


BLOCKS = {
    "gpio0": Block("GPIOPort.NRF52840_GPIO", 0x50000500, 0x300),
    "gpio1": Block("GPIOPort.NRF52840_GPIO", 0x50000800, 0x300, {"numberOfPins": 16}),
    "gpiote": Block("GPIOPort.NRF52840_GPIOTasksEvents", 0x40006000, references={"port0": "gpio0", "port1": "gpio1"}),
    "timer0": timer(0x40008000),
    "timer1": timer(0x40009000),
    "timer3": timer(0x4001A000, 6),
    "rtc0": rtc(0x4000B000, 3),
    "rtc1": rtc(0x40011000),
    "egu0": Block("Miscellaneous.NRF52840_EGU", 0x40014000),
    "ppi": Block("Miscellaneous.NRF52840_PPI", 0x4001F000),
}


class Chip:
    """Registers by block name and offset; time in ticks of 1/512 MHz."""

    def __init__(self, *names: str) -> None:
        self.machine: Any = core.Machine(ticks_per_second=TICKS_PER_SECOND, chip={"cpu_hz": 64_000_000})
        for name in names:
            block = BLOCKS[name]
            self.machine.add_device(
                type=block.type, name=name, addresses=[block.address], size=block.size,
                numbers=dict(block.numbers), references=dict(block.references),
            )  # fmt: skip

    def read(self, name: str, offset: int) -> int:
        """The 32-bit register at `offset` of block `name`."""
        return int(self.machine.bus_read(BLOCKS[name].address + offset, 4))

    def write(self, name: str, offset: int, value: int = 1) -> None:
        """Writes a 32-bit register; 1 triggers a task."""
        self.machine.bus_write(BLOCKS[name].address + offset, value, 4)

    def advance(self, ticks: int) -> None:
        """Lets time pass, events included."""
        self.machine.advance_ticks(ticks)

    def advance_to(self, ticks: int) -> None:
        """Lets time pass until `ticks` since power-on."""
        self.advance(ticks - self.machine.now)

    def drive(self, name: str, pin: int, level: bool) -> None:
        """Drives an input of a block from outside."""
        self.machine.drive(name, pin, level)

    def level(self, name: str, output: str | int) -> bool:
        """The level of a line: "IRQ", "DETECT", or a pin number."""
        return bool(self.machine.line_level(name, str(output)))

    def connect(self, channel: int, event: tuple[str, int], task: tuple[str, int]) -> None:
        """Sets and enables a PPI channel; both ends are (block, offset)."""
        for offset, (name, register) in ((0x510, event), (0x514, task)):
            self.write("ppi", offset + 8 * channel, BLOCKS[name].address + register)
        self.write("ppi", 0x504, 1 << channel)
