"""One run of a low-power fixture (firmware/fixtures/stm32_low_power.inc): its lines, and when the LED followed."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prebuilt_firmware import console_text, numbers, prebuilt

from tinysim.machine import Machine

UNTIL_PRESS_S, HELD_S, REST_S, STEP_S = 0.3, 0.01, 0.5, 1e-6
MOST_STEPS = 100


@dataclass(frozen=True)
class LowPowerRun:
    """`lines` by tag; `led_after_us` counts from the press; both of `snapshot_lines` begin asleep in a Stop."""

    lines: dict[str, dict[str, int]]
    led_after_us: float
    gaps: int
    again: dict[str, dict[str, int]]
    own_warnings: list[str]


def lines_of(machine: Machine, uart: str) -> dict[str, dict[str, int]]:
    lines = re.findall(r"^TS (\w+)(.*)$", console_text(machine.record(), uart), flags=re.MULTILINE)
    return {tag: numbers(rest) for tag, rest in lines}


def press_and_finish(machine: Machine) -> float:
    """Microseconds from the press to the LED."""
    changes = len(machine.record().arrays["line.id"])
    begin_s = machine.time
    machine.press("UserButton")
    for _ in range(MOST_STEPS):
        machine.run_for(STEP_S)
        if len(machine.record().arrays["line.id"]) != changes:
            break
    led_after_us = (machine.time - begin_s) * 1e6
    machine.run_for(HELD_S)
    machine.release("UserButton")
    machine.run_for(REST_S)
    return led_after_us


def low_power_run(board: str, image: str, uart: str) -> LowPowerRun:
    """The whole run, twice from a snapshot in the Stop that waits for the button."""
    path = prebuilt(board, image)
    with Machine(board) as machine:
        machine.load(path)
        machine.run_for(UNTIL_PRESS_S)
        asleep = machine.snapshot()
        led_after_us = press_and_finish(machine)
        lines = lines_of(machine, uart)
        texts = [str(each["text"]) for each in machine.record().manifest["warnings"]]
        machine.restore(asleep)
        press_and_finish(machine)
        blocks = ("rcc", "pwr", "rtc", "exti", "flash_controller")
        own = [text for text in texts if text.startswith(blocks)]
        return LowPowerRun(lines, led_after_us, len(machine.gaps), lines_of(machine, uart), own)
