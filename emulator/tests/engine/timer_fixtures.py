"""The timer fixtures of both STM32 generations: images, and a platform that wires their channels to each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from prebuilt_firmware import board_with, prebuilt

from tinysim.machine import Machine

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
        image = prebuilt(self.platform, f"{self.prefix}_{fixture}")
        machine = Machine(board_with(self.platform, WIRES, folder))
        machine.load(image)
        return machine


BOARDS = (
    TimerBoard("stm32f4_discovery", "stm32", "usart2", 168_000_000, 84_000_000),
    TimerBoard("nucleo_l4r5zi", "stm32l4", "lpuart1", 120_000_000, 120_000_000),
)
