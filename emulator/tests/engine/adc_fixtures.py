"""The ADC fixtures of both STM32 generations: images, and a platform with signals on the channels of ADC1."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prebuilt_firmware import board_with, prebuilt

from tinysim.machine import Machine

REFERENCE_MICROVOLTS = 3_300_000
FULL_SCALE = 4096


@dataclass(frozen=True)
class AdcBoard:
    """A board of the platforms, and how its fixtures' names begin."""

    platform: str
    prefix: str
    console: str

    def machine(self, fixture: str, folder: Path, signals: str) -> Machine:
        """With the fixture's firmware and further entries of a .repl; skips when the firmware is not built."""
        image = prebuilt(self.platform, f"{self.prefix}_{fixture}")
        machine = Machine(board_with(self.platform, signals, folder))
        machine.load(image)
        return machine


F4_DISCOVERY = AdcBoard("stm32f4_discovery", "stm32", "usart2")
BOARDS = (F4_DISCOVERY, AdcBoard("nucleo_l4r5zi", "stm32l4", "lpuart1"))


def code_of(microvolts: int) -> int:
    """What 12 bits make of a voltage: rounded to the nearest of 4096 steps."""
    doubled = 2 * microvolts * FULL_SCALE + REFERENCE_MICROVOLTS
    return min(max(doubled // (2 * REFERENCE_MICROVOLTS), 0), FULL_SCALE - 1)


def checksum(codes: list[int]) -> int:
    """As the fixtures have it."""
    total = 0
    for code in codes:
        total = (total * 31 + code) & 0xFFFF_FFFF
    return total
