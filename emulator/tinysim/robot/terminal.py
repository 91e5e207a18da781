"""A terminal tester after Renode's: a buffer of lines with virtual time, searched by text or regular expression.

NUL and CR are dropped, colour codes are filtered; a match removes itself and what came before it from the buffer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinysim.machine import Uart

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_DOT_NET_GROUP = re.compile(r"\(\?<(?![=!])")
MILLISECONDS_PER_SECOND = 1000


@dataclass(frozen=True)
class BufferedLine:
    """A line with the virtual time of its last byte; `finished` is False for the one still being sent."""

    time_s: float
    text: str
    finished: bool = True


@dataclass(frozen=True)
class UartMatch:
    """What a wait returns, with Renode's names: `${match.line}` or `${match}[line]`; timestamp in virtual ms."""

    line: str
    timestamp: float
    groups: list[str]
    isFailingString: bool = False  # Renode's spelling

    def __getitem__(self, name: str) -> object:
        return getattr(self, name)


@dataclass(frozen=True)
class Options:
    """What `Create Terminal Tester` sets for all later waits."""

    timeout_s: float
    wait_for_echo: bool = True
    match_next_line: bool = False


Matcher = Callable[[str], "tuple[str, ...] | None"]


class TerminalTester:
    """The lines of one UART that no keyword has taken yet."""

    def __init__(self, name: str, uart: Uart, options: Options, now_s: Callable[[], float]) -> None:
        self.name = name
        self.options = options
        self._uart = uart
        self._now_s = now_s
        self._lines: list[BufferedLine] = []
        self._report: list[BufferedLine] = []
        self._taken = 0  # characters of the unfinished line that a prompt has taken

    def write(self, content: bytes) -> None:
        """Send bytes to the firmware."""
        self._uart.write(content)

    def collect(self) -> bool:
        """Take over what the firmware has sent; whether that was anything."""
        new = [BufferedLine(line.time_s, _plain(line.text)) for line in self._uart.read_new()]
        if new and self._taken:
            new[0] = BufferedLine(new[0].time_s, new[0].text[self._taken :])
            self._taken = 0
        self._lines += new
        self._report += new
        return bool(new)

    @property
    def unfinished(self) -> str:
        """The line being sent, without what a prompt has taken."""
        return _plain(self._uart.unfinished)[self._taken :]

    def take_line(self, matches: Matcher, *, next_only: bool, unfinished: bool) -> UartMatch | None:
        """The first line that matches, removed with all before it; with `next_only` the next line must match."""
        self.collect()
        for index, line in enumerate(self._lines):
            groups = matches(line.text)
            if groups is not None:
                del self._lines[: index + 1]
                return _result(line, groups)
            if next_only:
                raise AssertionError(f"the next line on {self.name} is '{line.text}'{self.report()}")
        return self.take_prompt(matches, whole=True) if unfinished else None

    def take_prompt(self, matches: Matcher, *, whole: bool = False) -> UartMatch | None:
        """Match the unfinished line, and remove it and all finished lines; `whole` leaves it for later matches."""
        self.collect()
        text = self.unfinished
        groups = matches(text) if text else None
        if groups is None:
            return None
        self._lines.clear()
        if not whole:
            self._taken += len(text)
        return _result(BufferedLine(self._now_s(), text, finished=False), groups)

    def report(self) -> str:
        """All that was sent, for the text of a failure."""
        lines = [f"[{line.time_s:11.6f} s] {line.text}" for line in self._report[-40:]]
        if self.unfinished:
            lines.append(f"[ unfinished  ] {self.unfinished}")
        return f"\n{self.name} said:\n" + "\n".join(lines) if lines else f"\n{self.name} said nothing"


def matcher(content: str, *, as_regex: bool) -> Matcher:
    """Text that a line must contain, or a regular expression that must be found in it."""
    if not as_regex:
        return lambda text: () if content in text else None
    try:
        pattern = re.compile(_DOT_NET_GROUP.sub("(?P<", content))
    except re.error as error:
        raise AssertionError(f"'{content}' is no regular expression: {error}") from None

    def search(text: str) -> tuple[str, ...] | None:
        found = pattern.search(text)
        return None if found is None else tuple(group or "" for group in found.groups())

    return search


def _plain(text: str) -> str:
    return _COLOUR.sub("", text).replace("\r", "").replace("\0", "")


def _result(line: BufferedLine, groups: tuple[str, ...]) -> UartMatch:
    return UartMatch(line.text, line.time_s * MILLISECONDS_PER_SECOND, list(groups))
