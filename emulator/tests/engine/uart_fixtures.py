"""The UART fixtures of both STM32 generations: where their images are, and the numbers of their console lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tinysim.machine import Machine

PREBUILT = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt"
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
        path = PREBUILT / self.platform / f"{self.prefix}_{fixture}.elf"
        if not path.exists():
            pytest.skip(f"{path.name} is not built: run make -C firmware prebuilt")
        return path

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


def numbers(line: str) -> dict[str, int]:
    """The `name=number` words of a line."""
    return {name: int(value, 0) for name, value in re.findall(r"(\w+)=(0x[0-9a-f]+|\d+)(?= |$)", line)}
