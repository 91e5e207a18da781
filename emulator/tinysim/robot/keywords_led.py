"""LED keywords with Renode's names. The default timeout is 0: the state is asked at once."""

from __future__ import annotations

from robot.api.deco import keyword

from tinysim.robot.emulation import Emulation
from tinysim.robot.led import LedTester


class LedKeywords:
    """Create a tester, then assert states."""

    emulation: Emulation

    @keyword
    def create_led_tester(self, led: str, defaultTimeout: float | None = None, machine: str | None = None) -> int:
        """Watch an LED (`led1`, or Renode's `sysbus.gpio0.led1`); returns the tester's number."""
        name = led.rsplit(".", 1)[-1]
        board = self.emulation.machine
        _ = board.led(name).state  # an unknown LED fails here, not at the first assertion
        number = len(self.emulation.leds)
        timeout_s = self.emulation.led_timeout_s if defaultTimeout is None else defaultTimeout
        self.emulation.leds[number] = LedTester(name, lambda: board.led(name).state, timeout_s)
        return number

    @keyword
    def set_default_led_timeout(self, timeout: float) -> None:
        """For testers created from now on."""
        self.emulation.led_timeout_s = timeout

    @keyword
    def assert_led_state(
        self, state: bool, timeout: float | None = None, testerId: int | None = None, pauseEmulation: bool = False
    ) -> None:
        """Wait until the LED is in the state; fails when it is not within the timeout."""
        tester = self._led(testerId)
        timeout_s = tester.timeout_s if timeout is None else timeout
        reached = self.emulation.run_until(timeout_s, lambda: True if tester.is_lit() == state else None)
        if reached is None:
            wanted = "lit" if state else "dark"
            raise AssertionError(f"{tester.name} was not {wanted} {self.emulation.why_not(timeout_s)}")

    def _led(self, number: int | None) -> LedTester:
        testers = self.emulation.leds
        if number is None and len(testers) == 1:
            return next(iter(testers.values()))
        if number is None or number not in testers:
            raise AssertionError(
                f"there is no LED tester {number}: there are {sorted(testers) or 'none'}; give testerId="
            )
        return testers[number]
