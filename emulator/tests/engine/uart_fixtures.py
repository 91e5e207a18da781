"""The UART fixtures of both STM32 generations: their boards and images."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from prebuilt_firmware import prebuilt

from tinysim.machine import Machine

PORT = "usart1"  # the UART under test; the console is another


@dataclass(frozen=True)
class UartBoard:
    """A board of the platforms, and how its fixtures' names begin."""

    platform: str
    prefix: str
    console: str
    cpu_hz: int

    def image(self, fixture: str) -> Path:
        """Skips when it is not built."""
        return prebuilt(self.platform, f"{self.prefix}_{fixture}")

    def machine(self, fixture: str) -> Machine:
        """With the fixture's firmware."""
        machine = Machine(self.platform)
        machine.load(self.image(fixture))
        return machine


BOARDS = (
    UartBoard("stm32f4_discovery", "stm32", "usart2", 168_000_000),
    UartBoard("nucleo_l4r5zi", "stm32l4", "lpuart1", 120_000_000),
)
each_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.prefix)
