"""The I2C fixtures of both STM32 generations: their images, and a platform whose two I2C blocks stand on one wire."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tinysim.machine import Machine

ROOT = Path(__file__).resolve().parents[3]
# One bus, and a hand on its lines.
JOINED = """
jumper: Miscellaneous.I2cJumper @ none
    first: i2c1
    second: i2c2

sda_low: Miscellaneous.Button @ i2c1 1
    -> i2c1@1

misplaced_start: Miscellaneous.Button @ i2c1 2
    -> i2c1@2
"""


@dataclass(frozen=True)
class I2cBoard:
    """A board, how its fixtures' names begin, its console, what its DMA calls receiver and sender, its SCL period."""

    platform: str
    prefix: str
    console: str
    receiver: str
    sender: str
    scl_us: float

    def machine(self, fixture: str) -> Machine:
        """With the fixture's firmware; skips when that is not built."""
        return self._load(Machine(self.platform), fixture)

    def joined_machine(self, fixture: str, folder: Path) -> Machine:
        """The same with I2C1 and I2C2 on one wire."""
        joined = folder / f"{self.platform}_joined.repl"
        board = ROOT / "platforms" / "boards" / f"{self.platform}.repl"
        joined.write_text(f'using "{board}"\n{JOINED}', encoding="utf-8")
        return self._load(Machine(joined), fixture)

    def _load(self, machine: Machine, fixture: str) -> Machine:
        image = ROOT / "firmware" / "prebuilt" / self.platform / f"{self.prefix}_{fixture}.elf"
        if not image.exists():
            pytest.skip(f"{image.name} is not built: run make -C firmware prebuilt")
        machine.load(image)
        return machine


BOARDS = (
    I2cBoard("stm32f4_discovery", "stm32", "usart2", "dma1 stream 0", "dma1 stream 6", 2.5),  # 42 MHz / (3 * 35)
    I2cBoard("nucleo_l4r5zi", "stm32l4", "lpuart1", "dma1 channel 1", "dma1 channel 2", 301 / 120),
)
each_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.prefix)


def numbers(words: str) -> dict[str, int]:
    """`name=value` words of a console line."""
    return {name: int(value, 0) for name, _, value in (word.partition("=") for word in words.split())}
