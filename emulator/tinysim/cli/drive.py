"""Run a machine in slices of virtual time, so that lines, progress, --until and Ctrl-C come through."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinysim.cli.console import RunDisplay
    from tinysim.machine import Machine

SLICE_S = 0.05
TIME_OVER, LINE_OVER = "time", "line"


class Interruption:
    """Whether Ctrl-C was pressed; asked between slices, so that the machine is never torn."""

    def __init__(self) -> None:
        self.pressed = False

    def press(self, _signal: int, _frame: FrameType | None) -> None:
        """The first Ctrl-C asks politely, the second one breaks off."""
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@contextmanager
def interruptible() -> Iterator[Interruption]:
    """Catch SIGINT meanwhile (only possible in the main thread; elsewhere it stays with its owner)."""
    interruption = Interruption()
    try:
        before = signal.signal(signal.SIGINT, interruption.press)
    except ValueError:
        yield interruption
        return
    try:
        yield interruption
    finally:
        signal.signal(signal.SIGINT, before)


def drive(machine: Machine, duration_s: float, display: RunDisplay, *, uart: str | None, until: str | None) -> str:
    """Run until the time is over, the text came, the machine stopped, or Ctrl-C; returns the stop reason."""
    with interruptible() as interruption:
        start_s, number = machine.time, 0
        while True:
            number += 1
            ahead_s = min(duration_s, number * SLICE_S)
            reason = _run_slice(machine, start_s + ahead_s, display, uart, until)
            display.reached(machine.time)
            if reason != TIME_OVER:
                return reason
            if interruption.pressed:
                return "interrupted"
            if ahead_s >= duration_s:
                return TIME_OVER


def _run_slice(machine: Machine, end_s: float, display: RunDisplay, uart: str | None, until: str | None) -> str:
    """Run to a virtual time; with a text to wait for, stop at the last byte of its line and return "until"."""
    reason = LINE_OVER
    while reason == LINE_OVER:
        reason = machine.run_for(max(0.0, end_s - machine.time), stop_at_line=until is not None)
        if show_lines(machine, display, uart, until):
            return "until"
    return reason


def show_lines(machine: Machine, display: RunDisplay, uart: str | None, until: str | None) -> bool:
    """Show what came since on the UART and on those of the probe; whether the wanted text was in it."""
    found = False
    names = [uart] if uart else [None, *machine.host.uarts]
    for line in sorted(
        (line for name in names for line in machine.uart(name).read_new()), key=lambda line: line.time_s
    ):
        display.line(line.time_s, line.text)
        found = found or (until is not None and until in line.text)
    return found
