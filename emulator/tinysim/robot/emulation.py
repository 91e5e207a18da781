"""The state behind the keywords: one machine, its testers, and running it in small steps until something is so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from tinysim.machine import Machine
    from tinysim.robot.led import LedTester
    from tinysim.robot.terminal import TerminalTester

STEP_S = 0.001  # how much later than its cause a wait may end that is not for a line
DEFAULT_UART_TIMEOUT_S = 8.0
DEFAULT_LED_TIMEOUT_S = 0.0
RUNNING = (None, "time", "line")

Found = TypeVar("Found")


class Emulation:
    """One machine and the testers that watch it. Numbers of testers start at 0, as Renode's do."""

    def __init__(self) -> None:
        self._machine: Machine | None = None
        self._forget()

    def _forget(self) -> None:
        self.uart_timeout_s = DEFAULT_UART_TIMEOUT_S
        self.led_timeout_s = DEFAULT_LED_TIMEOUT_S
        self.default_terminal: int | None = None
        self.terminals: dict[int, TerminalTester] = {}
        self.leds: dict[int, LedTester] = {}

    def create(self, platform: str | Path) -> None:
        """Make the machine; a second one is refused, for nothing runs two."""
        if self._machine is not None:
            raise AssertionError("there is a machine already: use Reset Emulation first (tinysim runs one at a time)")
        from tinysim.machine import Machine

        self._machine = Machine(platform)

    @property
    def machine(self) -> Machine:
        """The machine; an AssertionError that names the keyword when there is none."""
        if self._machine is None:
            raise AssertionError("there is no machine: use Create Machine    platform=nrf52840")
        return self._machine

    def reset(self) -> None:
        """Throw machine and testers away."""
        if self._machine is not None:
            self._machine.close()
        self._machine = None
        self._forget()

    def run_until(self, timeout_s: float, look: Callable[[], Found | None]) -> Found | None:
        """Look, then run a millisecond, until there is a find, the time is over, or the machine stopped for good."""
        start_s, steps = self.machine.time, 0
        while True:
            found = look()
            if found is not None:
                return found
            ahead_s = steps * STEP_S
            if ahead_s >= timeout_s or self.machine.stop_reason not in RUNNING:
                return None
            steps += 1
            target_s = start_s + min(timeout_s, steps * STEP_S)
            self.machine.run_for(max(0.0, target_s - self.machine.time))

    def run_until_line(self, timeout_s: float, look: Callable[[], Found | None]) -> Found | None:
        """As run_until, but stop only where a line ends, with its last byte."""
        deadline_s, reason = self.machine.time + timeout_s, "line"
        found = look()
        while found is None and reason == "line" and self.machine.stop_reason in RUNNING:
            reason = self.machine.run_for(max(0.0, deadline_s - self.machine.time), stop_at_line=True)
            found = look()
        return found

    def why_not(self, timeout_s: float) -> str:
        """The end of a failure's text: how long it was waited for, or why waiting is over."""
        reason = self.machine.stop_reason
        if reason in RUNNING:
            return f"within {timeout_s:g} s of virtual time (now {self.machine.time:.6f} s)"
        return f"and never will: the machine stopped with '{reason}' at {self.machine.time:.6f} s"
