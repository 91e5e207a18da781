"""UART keywords that wait, with Renode's names, arguments and results. Timeouts are virtual seconds.

Arguments keep Renode's spelling, since suites name them. `pauseEmulation` stops the machine with the matching line's or
byte's end; without it the machine runs on in the background.
"""

from __future__ import annotations

from collections.abc import Callable

from robot.api.deco import keyword

from tinysim.emulation import Board
from tinysim.robot.errors import KeywordException
from tinysim.robot.matching import bytes_matcher, matcher
from tinysim.robot.results import Result
from tinysim.robot.session import Session
from tinysim.robot.terminal import CARRIAGE_RETURN_ENDS, Options, TerminalTester
from tinysim.robot.testers import number_for, tester_of

_LINE_ENDS = (None, "TreatLineFeedAsEndLine", CARRIAGE_RETURN_ENDS)
_SYSTEM_BUS = "sysbus."

Look = Callable[[], "Result | None"]


class UartKeywords:
    """Create a tester, then wait and forbid."""

    session: Session

    # ---- testers ----

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
        """Watch a UART (`sysbus.uart0`, `uart0`) from now on; returns the tester's number, one for each UART."""
        if endLineOption not in _LINE_ENDS:
            raise KeywordException(f"endLineOption is {' or '.join(str(one) for one in _LINE_ENDS[1:])}")
        options = Options(
            timeout_s=self.session.uart_timeout_s if timeout is None else timeout,
            pause=bool(defaultPauseEmulation),
            wait_for_echo=defaultWaitForEcho is not False,
            match_next_line=bool(defaultMatchNextLine),
            carriage_return_ends=endLineOption == CARRIAGE_RETURN_ENDS,
            is_binary=binaryMode,
        )
        board, testers = self.session.board(machine), self.session.terminals
        with self.session.emulation.lock:
            name = _uart_name(board, uart)
            tester = TerminalTester(name, board, options)
        number = number_for(testers, board, name)
        testers[number] = tester
        return number

    @keyword
    def set_default_uart_timeout(self, timeout: float) -> None:
        """For testers created from now on (8 s without this)."""
        self.session.uart_timeout_s = timeout

    @keyword
    def set_default_tester(self, id: int | str | None) -> None:
        """The tester of keywords without testerId; `null` takes that back."""
        if isinstance(id, str) and id.lower() != "null":
            raise KeywordException(f"'{id}' is no number of a tester")
        self.session.default_terminal = id if isinstance(id, int) else None

    @keyword
    def get_terminal_tester_report(self, testerId: int | None = None) -> str:
        """What the firmware sent and what was waited for."""
        return self._terminal(testerId).report()

    @keyword
    def clear_terminal_tester_report(self, testerId: int | None = None) -> None:
        """Begin it anew."""
        self._terminal(testerId).clear_report()

    @keyword
    def register_failing_uart_string(
        self, pattern: str, treatAsRegex: bool = False, testerId: int | None = None
    ) -> None:
        """From now on a wait fails at a line with this text."""
        self._terminal(testerId).failing[pattern, treatAsRegex] = matcher(pattern, as_regex=treatAsRegex)

    @keyword
    def unregister_failing_uart_string(
        self, pattern: str, treatAsRegex: bool = False, testerId: int | None = None
    ) -> None:
        """Allow it again."""
        if self._terminal(testerId).failing.pop((pattern, treatAsRegex), None) is None:
            raise KeywordException(f"'{pattern}' was not registered as a failing string")

    # ---- waiting ----

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
    ) -> Result:
        """Wait for a line that contains (or, as a regex, matches) the content; returns Line, Timestamp (ms), Groups."""
        tester = self._terminal(testerId)
        matches = matcher(content, as_regex=treatAsRegex)
        next_only = tester.options.match_next_line if matchNextLine is None else matchNextLine
        return self._wait(
            tester,
            timeout,
            f"Line containing {'regex ' if treatAsRegex else ''}>>{content}<<",
            lambda: tester.take_line(matches, next_only=next_only, unfinished=includeUnfinishedLine),
            pause=pauseEmulation,
            at_lines=not includeUnfinishedLine and not tester.options.carriage_return_ends,
        )

    @keyword
    def wait_for_lines_on_uart(
        self,
        content: list[str],
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        includeUnfinishedLine: bool = False,
        pauseEmulation: bool | None = None,
        matchFromNextLine: bool | None = None,
    ) -> Result:
        """Wait for lines that follow each other, given as a list; returns the last one."""
        tester = self._terminal(testerId)
        wanted = [matcher(one, as_regex=treatAsRegex) for one in content]
        return self._wait(
            tester,
            timeout,
            f"Lines containing >>{content}<<",
            lambda: tester.take_lines(wanted, next_only=bool(matchFromNextLine), unfinished=includeUnfinishedLine),
            pause=pauseEmulation,
        )

    @keyword
    def wait_for_next_line_on_uart(
        self, timeout: float | None = None, testerId: int | None = None, pauseEmulation: bool | None = None
    ) -> Result:
        """Wait for any next line."""
        tester = self._terminal(testerId)
        matches = matcher("", as_regex=False)
        return self._wait(
            tester,
            timeout,
            "Next line",
            lambda: tester.take_line(matches, next_only=False, unfinished=False),
            pause=pauseEmulation,
        )

    @keyword
    def wait_for_prompt_on_uart(
        self,
        prompt: str,
        testerId: int | None = None,
        timeout: float | None = None,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
    ) -> Result:
        """Wait for text in a line that is not finished."""
        tester = self._terminal(testerId)
        matches = matcher(prompt, as_regex=treatAsRegex)
        return self._wait(
            tester, timeout, f"Prompt >>{prompt}<<", lambda: tester.take_prompt(matches), pause=pauseEmulation
        )

    @keyword
    def wait_for_bytes_on_uart(
        self,
        content: str,
        timeout: float | None = None,
        testerId: int | None = None,
        treatAsRegex: bool = False,
        pauseEmulation: bool | None = None,
        matchStart: bool | None = False,
    ) -> Result:
        """Wait for bytes, in hexadecimal or as a regex over bytes, with a tester in binaryMode."""
        tester = self._terminal(testerId, binary=True)
        matches = bytes_matcher(content, as_regex=treatAsRegex, at_start=bool(matchStart))
        return self._wait(
            tester, timeout, f"Bytes >>{content}<<", lambda: tester.take_bytes(matches), pause=pauseEmulation
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
        found = self.session.wait(
            tester.board,
            tester.options.timeout_s if timeout is None else timeout,
            lambda: tester.take_line(matches, next_only=False, unfinished=includeUnfinishedLine),
            pause=tester.options.pause,
            at_lines=not includeUnfinishedLine and not tester.options.carriage_return_ends,
        )
        self._note(tester, f"Line not containing >>{content}<<", found=found is None)
        if found is not None:
            at_ms = found["Timestamp"]
            raise tester.failure(f"'{found['Line']}' is there at {at_ms:.6f} ms")

    @keyword
    def test_if_uart_is_idle(
        self, timeout: float, testerId: int | None = None, pauseEmulation: bool | None = None
    ) -> None:
        """Run for the whole timeout; fails when the firmware sends anything meanwhile."""
        tester = self._terminal(testerId, binary=None)
        self.session.emulation.pause()
        tester.collect()
        spoke = self.session.wait(
            tester.board,
            timeout,
            lambda: tester.collect() or None,
            pause=self._pauses(tester, pauseEmulation),
        )
        self._note(tester, "Idle", found=not spoke)
        if spoke:
            raise tester.failure("it was not idle")

    # ---- what they share ----

    def _wait(
        self,
        tester: TerminalTester,
        timeout: float | None,
        event: str,
        look: Look,
        *,
        pause: bool | None,
        at_lines: bool = False,
    ) -> Result:
        timeout_s = tester.options.timeout_s if timeout is None else timeout
        found = self.session.wait(tester.board, timeout_s, look, pause=self._pauses(tester, pause), at_lines=at_lines)
        self._note(tester, event, found=found is not None)
        if found is None:
            raise tester.failure(f"{event} did not come {self.session.why_not(tester.board, timeout_s)}")
        return found

    def _note(self, tester: TerminalTester, event: str, *, found: bool) -> None:
        with self.session.emulation.lock:  # the machine may run on by now
            tester.note(event, found=found)

    @staticmethod
    def _pauses(tester: TerminalTester, pause: bool | None) -> bool:
        return tester.options.pause if pause is None else pause

    def _terminal(self, number: int | None, *, binary: bool | None = False) -> TerminalTester:
        wanted = self.session.default_terminal if number is None else number
        tester = tester_of(self.session.terminals, wanted, "terminal")
        if binary is not None:
            tester.must_be_binary(binary)
        return tester


def _uart_name(board: Board, given: str) -> str:
    """The UART's name in the platform. Raises KeywordException in Renode's words when there is none."""
    name = given.removeprefix(_SYSTEM_BUS)
    names = board.machine.engine.uart_names()
    if name not in names:
        known = ", ".join(_SYSTEM_BUS + one for one in names)
        raise KeywordException(
            f"Peripheral for machine '{board.name}' not found or of wrong type: '{given}'. Available UARTs: [{known}]"
        )
    return name
