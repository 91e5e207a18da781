"""A terminal tester after Renode's: what a UART has sent since the tester was made, searched by text or expression.

Lines end at LF (CR is dropped) or, with TreatCarriageReturnAsEndLine, at CR; NUL and colour codes are dropped. A match
takes itself and all before it away. In binary mode there are no lines, only bytes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tinysim.console import CARRIAGE_RETURN, CONSOLE_ENCODING, LINE_FEED, NUL
from tinysim.robot.errors import InvalidOperationException, KeywordException
from tinysim.robot.matching import BytesMatcher, Matcher
from tinysim.robot.results import Result, bytes_result, line_result
from tinysim.units import NANOSECONDS_PER_MILLISECOND

if TYPE_CHECKING:
    from tinysim.emulation import Board

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
REPORTED_LINES = 100
CARRIAGE_RETURN_ENDS = "TreatCarriageReturnAsEndLine"


@dataclass(frozen=True)
class Options:
    """What `Create Terminal Tester` sets for all later waits."""

    timeout_s: float
    pause: bool = False
    wait_for_echo: bool = True
    match_next_line: bool = False
    carriage_return_ends: bool = False
    is_binary: bool = False


@dataclass(frozen=True)
class BufferedLine:
    """A line with the virtual time of its last byte."""

    time_ns: int
    text: str


@dataclass
class Buffer:
    """What no keyword has taken yet: finished lines, and the bytes behind them with their times."""

    lines: list[BufferedLine] = field(default_factory=list)
    unfinished: bytearray = field(default_factory=bytearray)
    times_ns: list[int] = field(default_factory=list)

    def forget_unfinished(self, count: int) -> None:
        """Drop its first bytes."""
        del self.unfinished[:count], self.times_ns[:count]

    @property
    def text(self) -> str:
        """The line being sent."""
        return _plain(self.unfinished)


class TerminalTester:
    """Watches one UART; its board is asked for the machine each time, for that may be built again."""

    def __init__(self, name: str, board: Board, options: Options) -> None:
        self.name, self.board, self.options = name, board, options
        self.failing: dict[tuple[str, bool], Matcher] = {}
        self.write_delay_s = 0.0
        self._seen = len(board.machine.engine.console_since(0))
        self._buffer = Buffer()
        self._report: list[str] = []
        self._note("Attached to UART", "success")

    def write(self, content: bytes, *, fault: str = "", baud_hz: int = 0) -> None:
        """Send bytes to the firmware, as Uart.write."""
        self.board.machine.uart(self.name).write(content, fault=fault, baud_hz=baud_hz)

    # ---- taking over ----

    def collect(self) -> bool:
        """Take over what the firmware has sent; whether that was anything from this UART."""
        new = self.board.machine.engine.console_since(self._seen)
        self._seen += len(new)
        mine = [byte for byte in new if byte.uart == self.name]
        for byte in mine:
            self._take_over(byte.byte, byte.time_ns)
        return bool(mine)

    def _take_over(self, byte: int, time_ns: int) -> None:
        end = CARRIAGE_RETURN if self.options.carriage_return_ends else LINE_FEED
        if not self.options.is_binary:
            if byte == end:
                line = BufferedLine(time_ns, self._buffer.text)
                self._buffer.forget_unfinished(len(self._buffer.unfinished))
                self._buffer.lines.append(line)
                self._report.append(f"[virt: {_milliseconds(time_ns)}] {line.text}")
                return
            if byte in (NUL, LINE_FEED, CARRIAGE_RETURN):
                return
        self._buffer.unfinished.append(byte)
        self._buffer.times_ns.append(time_ns)

    # ---- matching ----

    def take_line(self, matches: Matcher, *, next_only: bool, unfinished: bool) -> Result | None:
        """The first line that matches; with `next_only` the next must, with `unfinished` the one being sent may."""
        self.collect()
        for index, line in enumerate(self._buffer.lines):
            self._check_failing(line.text)
            groups = matches(line.text)
            if groups is not None:
                del self._buffer.lines[: index + 1]
                return line_result(line.text, line.time_ns, groups)
            if next_only:
                raise self.failure(f"the next line is '{line.text}'")
        self._check_failing(self._buffer.text)
        return self.take_prompt(matches) if unfinished else None

    def take_lines(self, wanted: list[Matcher], *, next_only: bool, unfinished: bool) -> Result | None:
        """Lines that follow each other and match one after the other; answers the last one."""
        self.collect()
        lines = [*self._buffer.lines]
        if unfinished and self._buffer.text:
            lines.append(BufferedLine(self._buffer.times_ns[-1], self._buffer.text))
        for line in lines:
            self._check_failing(line.text)
        for first in range(len(lines) - len(wanted) + 1):
            chosen = lines[first : first + len(wanted)]
            groups = [matches(line.text) for matches, line in zip(wanted, chosen, strict=True)]
            if all(group is not None for group in groups):
                if first + len(wanted) > len(self._buffer.lines):
                    self._buffer.forget_unfinished(len(self._buffer.unfinished))
                del self._buffer.lines[: first + len(wanted)]
                return line_result(
                    chosen[-1].text, chosen[-1].time_ns, [one for group in groups for one in group or ()]
                )
            if next_only:
                raise self.failure(f"the next lines are {[line.text for line in chosen]}")
        return None

    def take_prompt(self, matches: Matcher) -> Result | None:
        """Match the line being sent; it and all before it are gone then."""
        self.collect()
        text = self._buffer.text
        self._check_failing(text)
        groups = matches(text) if text else None
        if groups is None:
            return None
        time_ns = self._buffer.times_ns[-1]
        self._buffer = Buffer()
        self._report.append(f"{text} [[no newline]]")
        return line_result(text, time_ns, groups)

    def take_bytes(self, matches: BytesMatcher) -> Result | None:
        """Match the bytes of a binary tester; they and all before them are gone then."""
        self.collect()
        found = matches(bytes(self._buffer.unfinished))
        if found is None:
            return None
        time_ns = self._buffer.times_ns[max(found.end() - 1, 0)] if self._buffer.times_ns else 0
        self._buffer.forget_unfinished(found.end())
        return bytes_result(found[0], time_ns, [group or b"" for group in found.groups()])

    def must_be_binary(self, binary: bool) -> None:
        """Raises KeywordException when a keyword for lines meets a binary tester, or the other way round."""
        if self.options.is_binary != binary:
            kind = "a binary" if self.options.is_binary else "no binary"
            raise KeywordException(f"the tester on {self.name} is {kind} one: see binaryMode of Create Terminal Tester")

    def _check_failing(self, text: str) -> None:
        for matches in self.failing.values():
            if text and matches(text) is not None:
                raise InvalidOperationException(
                    f"Terminal tester failed!\n\nTest failing entry has been found on UART:\n{text}"
                )

    # ---- the report ----

    def note(self, event: str, *, found: bool) -> None:
        """Put a wait and how it ended into the report."""
        self._note(event, "success" if found else "failure")

    def _note(self, event: str, outcome: str) -> None:
        self._report.append(f"([virt: {_milliseconds(self.board.machine.engine.time_ns())}] {event} event: {outcome})")

    def report(self) -> str:
        """All that was sent and waited for since the last `clear_report`."""
        lines = self._report[-REPORTED_LINES:]
        if text := self._buffer.text:
            lines.append(f"{text} [[no newline]]\n--- Current line buffer contains {len(text)} characters: >>{text}<<")
        return "\n".join(lines)

    def clear_report(self) -> None:
        """Begin it anew."""
        self._report.clear()

    def failure(self, why: str) -> InvalidOperationException:
        """The error for an expectation that was not met, with the report."""
        return InvalidOperationException(
            f"Terminal tester failed!\n\n{self.name}: {why}\n\nFull report:\n{self.report()}"
        )


def _plain(content: bytes | bytearray) -> str:
    return _COLOUR.sub("", content.decode(CONSOLE_ENCODING))


def _milliseconds(time_ns: int) -> str:
    return f"{time_ns / NANOSECONDS_PER_MILLISECOND:12.6f}"
