"""UART keywords with Renode's names, arguments and results. Timeouts are virtual seconds.

Arguments keep Renode's spelling, since suites name them. Not here yet: binary mode, failing strings, key-wise echo.
"""

from __future__ import annotations

from collections.abc import Callable

from robot.api.deco import keyword

from tinysim.robot.emulation import Emulation
from tinysim.robot.terminal import MILLISECONDS_PER_SECOND, Options, TerminalTester, UartMatch, matcher

_LINE_FEED = (None, "TreatLineFeedAsEndLine")
_CARRIAGE_RETURN = b"\r"

Look = Callable[[], "UartMatch | None"]


class UartKeywords:
    """Create a tester, then wait, write and forbid."""

    emulation: Emulation

    @keyword
    def create_terminal_tester(
        self,
        uart: str,
        timeout: float | None = None,
        machine: str | None = None,
        endLineOption: str | None = None,
        defaultPauseEmulation: bool | None = None,
        defaultWaitForEcho: bool | None = None,
        defaultMatchNextLine: bool | None = None,
        binaryMode: bool = False,
    ) -> int:
        """Watch a UART (`uart0` or `sysbus.uart0`); returns the tester's number. The machine always pauses."""
        if binaryMode or endLineOption not in _LINE_FEED:
            raise AssertionError("tinysim's terminal tester has neither binaryMode nor another endLineOption yet")
        options = Options(
            timeout_s=self.emulation.uart_timeout_s if timeout is None else timeout,
            wait_for_echo=defaultWaitForEcho is not False,
            match_next_line=bool(defaultMatchNextLine),
        )
        board = self.emulation.machine
        name = uart.removeprefix("sysbus.")
        number = len(self.emulation.terminals)
        self.emulation.terminals[number] = TerminalTester(name, board.uart(name), options, lambda: board.time)
        return number

    @keyword
    def set_default_uart_timeout(self, timeout: float) -> None:
        """For testers created from now on (8 s without this)."""
        self.emulation.uart_timeout_s = timeout

    @keyword
    def set_default_tester(self, id: int | None) -> None:
        """The tester of keywords without testerId."""
        self.emulation.default_terminal = id

    @keyword
    def wait_for_line_on_uart(
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        includeUnfinishedLine: bool = False,
        pauseEmulation: bool | None = None,
        matchNextLine: bool | None = None,
    ) -> UartMatch:
        """Wait for a line that contains (or, as a regex, matches) the content; returns line, timestamp (ms), groups."""
        tester = self._terminal(testerId)
        matches = matcher(content, as_regex=treatAsRegex)
        next_only = tester.options.match_next_line if matchNextLine is None else matchNextLine
        return self._wait(
            tester,
            timeout,
            f"the line '{content}'",
            lambda: tester.take_line(matches, next_only=next_only, unfinished=includeUnfinishedLine),
            whole_lines=not includeUnfinishedLine,
        )

    @keyword
    def wait_for_next_line_on_uart(
        self, timeout: float | None = None, testerId: int | None = None, pauseEmulation: bool | None = None
    ) -> UartMatch:
        """Wait for any next line."""
        tester = self._terminal(testerId)
        matches = matcher("", as_regex=False)
        return self._wait(
            tester,
            timeout,
            "a line",
            lambda: tester.take_line(matches, next_only=False, unfinished=False),
            whole_lines=True,
        )

    @keyword
    def wait_for_prompt_on_uart(
        self,
        prompt: str,
        testerId: int | None = None,
        timeout: float | None = None,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
    ) -> UartMatch:
        """Wait for text in a line that is not finished."""
        tester = self._terminal(testerId)
        matches = matcher(prompt, as_regex=treatAsRegex)
        return self._wait(
            tester, timeout, f"the prompt '{prompt}'", lambda: tester.take_prompt(matches), whole_lines=False
        )

    @keyword
    def should_not_be_on_uart(
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        includeUnfinishedLine: bool = False,
    ) -> None:
        """Run for the whole timeout; fails when a line contains (or matches) the content."""
        tester = self._terminal(testerId)
        matches = matcher(content, as_regex=treatAsRegex)
        timeout_s = tester.options.timeout_s if timeout is None else timeout
        run = self.emulation.run_until if includeUnfinishedLine else self.emulation.run_until_line
        found = run(timeout_s, lambda: tester.take_line(matches, next_only=False, unfinished=includeUnfinishedLine))
        if found is not None:
            at_s = found.timestamp / MILLISECONDS_PER_SECOND
            raise AssertionError(f"'{found.line}' is on {tester.name} at {at_s:.6f} s{tester.report()}")

    @keyword
    def test_if_uart_is_idle(
        self, timeout: float, testerId: int | None = None, pauseEmulation: bool | None = None
    ) -> None:
        """Run for the whole timeout; fails when the firmware sends anything meanwhile."""
        tester = self._terminal(testerId)
        tester.collect()
        before = tester.unfinished
        spoke = self.emulation.run_until(
            timeout, lambda: True if tester.collect() or tester.unfinished != before else None
        )
        if spoke:
            raise AssertionError(f"{tester.name} was not idle{tester.report()}")

    @keyword
    def write_to_uart(self, content: str, testerId: int | None = None) -> None:
        """Send text as it stands."""
        self._terminal(testerId).write(content.encode())

    @keyword
    def write_line_to_uart(
        self,
        content: str = "",
        testerId: int | None = None,
        waitForEcho: bool | None = None,
        pauseEmulation: bool | None = None,
    ) -> UartMatch | None:
        """Send text and a carriage return, then wait for its echo unless told otherwise."""
        tester = self._terminal(testerId)
        tester.write(content.encode() + _CARRIAGE_RETURN)
        wait = tester.options.wait_for_echo if waitForEcho is None else waitForEcho
        return self.wait_for_line_on_uart(content, testerId=testerId) if wait else None

    def _wait(
        self, tester: TerminalTester, timeout: float | None, what: str, look: Look, *, whole_lines: bool
    ) -> UartMatch:
        timeout_s = tester.options.timeout_s if timeout is None else timeout
        run = self.emulation.run_until_line if whole_lines else self.emulation.run_until
        found = run(timeout_s, look)
        if found is None:
            raise AssertionError(f"{what} did not come {self.emulation.why_not(timeout_s)}{tester.report()}")
        return found

    def _terminal(self, number: int | None) -> TerminalTester:
        testers = self.emulation.terminals
        wanted = self.emulation.default_terminal if number is None else number
        if wanted is None and len(testers) == 1:
            return next(iter(testers.values()))
        if wanted is None or wanted not in testers:
            raise AssertionError(f"there is no terminal tester {wanted}: there are {sorted(testers) or 'none'}")
        return testers[wanted]
