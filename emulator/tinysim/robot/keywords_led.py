"""LED keywords with Renode's names. Times are virtual; a change is seen within the instruction that made it.

The default timeout is 0: the state is asked at once. Stretches that the test's ends cut off only must not be too long.
"""

from __future__ import annotations

from robot.api.deco import keyword

from tinysim.robot.errors import InvalidOperationException, KeywordException
from tinysim.robot.led import LedTester, Observation, Stretch
from tinysim.robot.session import Session
from tinysim.robot.testers import number_for, tester_of


class LedKeywords:
    """Create a tester, then assert states and rhythms."""

    session: Session

    @keyword
    def set_default_led_timeout(self, timeout: float) -> None:
        """For testers created from now on."""
        self.session.led_timeout_s = timeout

    @keyword
    def create_led_tester(self, led: str, defaultTimeout: float | None = None, machine: str | None = None) -> int:
        """Watch an LED (`sysbus.gpio0.led1` or `led1`); returns the tester's number, the same for the same LED."""
        board, testers = self.session.board(machine), self.session.leds
        name = led.rsplit(".", 1)[-1]
        with self.session.emulation.lock:
            names = [device.name for device in board.platform.devices if device.type == "Miscellaneous.LED"]
        if name not in names:
            known = ", ".join(names)
            raise KeywordException(
                f"Peripheral for machine '{board.name}' not found or of wrong type: '{led}'. Available LEDs: [{known}]"
            )
        timeout_s = self.session.led_timeout_s if defaultTimeout is None else defaultTimeout
        number = number_for(testers, board, name)
        testers[number] = LedTester(name, board, timeout_s)
        return number

    @keyword
    def assert_led_state(
        self, state: bool, timeout: float | None = None, testerId: int | None = None, pauseEmulation: bool = False
    ) -> None:
        """Wait until the LED is in the state; fails when it is not within the timeout."""
        tester = self._led(testerId)
        timeout_s = tester.timeout_s if timeout is None else timeout
        if not self._reaches(tester, state, timeout_s, pause=pauseEmulation):
            wanted = "lit" if state else "dark"
            raise _not_met(f"{tester.name} was not {wanted} {self.session.why_not(tester.board, timeout_s)}")

    @keyword
    def assert_and_hold_led_state(
        self,
        initialState: bool,
        timeoutAssert: float,
        timeoutHold: float,
        testerId: int | None = None,
        pauseEmulation: bool = False,
    ) -> None:
        """Wait for a state, which then must hold for a time."""
        tester = self._led(testerId)
        if not self._reaches(tester, initialState, timeoutAssert, pause=True):
            raise _not_met(f"{tester.name} did not reach its state {self.session.why_not(tester.board, timeoutAssert)}")
        if self._reaches(tester, not initialState, timeoutHold, pause=pauseEmulation):
            raise _not_met(f"{tester.name} did not hold its state for {timeoutHold:g} s")

    @keyword
    def assert_led_is_blinking(
        self,
        testDuration: float,
        onDuration: float,
        offDuration: float,
        tolerance: float = 0.05,
        testerId: int | None = None,
        pauseEmulation: bool = False,
    ) -> None:
        """Run for a time in which the LED must be lit and dark for these times, to a part of them."""
        tester = self._led(testerId)
        stretches = self._observe(tester, testDuration, pause=pauseEmulation)
        if len(stretches) == 1:
            raise _not_met(f"{tester.name} did not change in {testDuration:g} s")
        for number, stretch in enumerate(stretches):
            wanted_s = onDuration if stretch.is_lit else offDuration
            is_cut_off = number in (0, len(stretches) - 1)
            too_short = stretch.seconds < wanted_s * (1 - tolerance) and not is_cut_off
            if too_short or stretch.seconds > wanted_s * (1 + tolerance):
                state = "lit" if stretch.is_lit else "dark"
                raise _not_met(f"{tester.name} was {state} for {stretch.seconds:.6f} s instead of {wanted_s:g} s")

    @keyword
    def assert_led_duty_cycle(
        self,
        testDuration: float,
        expectedDutyCycle: float,
        tolerance: float = 0.05,
        testerId: int | None = None,
        pauseEmulation: bool = False,
    ) -> None:
        """Run for a time of which the LED must be lit for this part, to a part of it."""
        tester = self._led(testerId)
        stretches = self._observe(tester, testDuration, pause=pauseEmulation)
        whole_s = sum(stretch.seconds for stretch in stretches)
        lit = sum(stretch.seconds for stretch in stretches if stretch.is_lit) / whole_s if whole_s else 0.0
        if abs(lit - expectedDutyCycle) > tolerance * expectedDutyCycle:
            raise _not_met(f"{tester.name} was lit for {lit:.4f} of the time instead of {expectedDutyCycle:g}")

    def _reaches(self, tester: LedTester, state: bool, timeout_s: float, *, pause: bool) -> bool:
        found = self.session.wait(tester.board, timeout_s, lambda: tester.is_lit() == state or None, pause=pause)
        return found is not None

    def _observe(self, tester: LedTester, duration_s: float, *, pause: bool) -> list[Stretch]:
        self.session.emulation.pause()
        observation = Observation(tester)
        self.session.wait(tester.board, duration_s, observation.look, pause=pause)
        return observation.stretches()

    def _led(self, number: int | None) -> LedTester:
        return tester_of(self.session.leds, number, "LED")


def _not_met(why: str) -> InvalidOperationException:
    return InvalidOperationException(f"LED assertion not met.\n{why}")
