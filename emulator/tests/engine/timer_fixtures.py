"""The timer fixtures of both STM32 generations: images, and a platform that wires their channels to each other."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from tinysim.machine import Machine

ROOT = Path(__file__).resolve().parents[3]
WIRES = """
pwm: Miscellaneous.LED @ gpioPortE 0

main: Miscellaneous.LED @ gpioPortE 1

complement: Miscellaneous.LED @ gpioPortE 2

timer1:
    Ch1 -> main@0
    Ch1N -> complement@0

timer3:
    Ch1 -> timer5@16
    Ch2 -> pwm@0 | timer4@20
    Ch3 -> timer4@16
    Ch4 -> timer4@17

timer4:
    Ch3 -> timer1@21
"""


@dataclass(frozen=True)
class TimerBoard:
    """A board of the platforms, how its fixtures' names begin, and the clock of its timers 2 to 5."""

    platform: str
    prefix: str
    console: str
    cpu_hz: int
    timer_hz: int

    def machine(self, fixture: str, folder: Path) -> Machine:
        """With the fixture's firmware and the wires; skips when the firmware is not built."""
        image = ROOT / "firmware" / "prebuilt" / self.platform / f"{self.prefix}_{fixture}.elf"
        if not image.exists():
            pytest.skip(f"{image.name} is not built: run make -C firmware prebuilt")
        wired = folder / f"{self.platform}_wired.repl"
        board = ROOT / "platforms" / "boards" / f"{self.platform}.repl"
        wired.write_text(f'using "{board}"\n{WIRES}', encoding="utf-8")
        machine = Machine(wired)
        machine.load(image)
        return machine


BOARDS = (
    TimerBoard("stm32f4_discovery", "stm32", "usart2", 168_000_000, 84_000_000),
    TimerBoard("nucleo_l4r5zi", "stm32l4", "lpuart1", 120_000_000, 120_000_000),
)


def numbers(line: str) -> dict[str, int]:
    """The `name=number` words of a console line."""
    return {name: int(value, 0) for name, value in re.findall(r"(\w+)=(0x[0-9a-f]+|\d+)(?= |$)", line)}
