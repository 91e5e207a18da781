"""A UART of the machine as text: complete lines with their virtual time, waiting, writing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from tinysim.errors import CheckFailed

if TYPE_CHECKING:
    from tinysim.engines.base import Engine

CONSOLE_ENCODING = "latin-1"
NUL, LINE_FEED, CARRIAGE_RETURN = 0, 10, 13


@dataclass(frozen=True)
class Line:
    """A line without its end, stamped when its last byte was sent."""

    time_s: float
    cycles: int
    text: str


@dataclass(frozen=True)
class Hit:
    """What `wait_for` found: virtual seconds, CPU cycles, the groups of the pattern, the line."""

    time: float
    cycles: int
    groups: tuple[str | None, ...]
    line: str


@dataclass(frozen=True)
class ConsoleCursor:
    """How far a UART has been read: bytes consumed of all UARTs, the line being sent, lines not yet handed out."""

    seen: int = 0
    text: str = ""
    lines: tuple[Line, ...] = ()

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> ConsoleCursor:
        """The inverse of dataclasses.asdict."""
        return cls(fields["seen"], fields["text"], tuple(Line(**line) for line in fields["lines"]))


class Runs(Protocol):
    """What lets virtual time pass: a machine."""

    @property
    def time(self) -> float: ...
    def run_for(self, seconds: float, *, stop_at_line: bool = False) -> str: ...


class Uart:
    """Carriage returns and NULs are dropped; bytes are shown as Latin-1."""

    def __init__(self, machine: Runs, engine: Engine, name: str) -> None:
        self._machine, self._engine, self.name = machine, engine, name
        self._seen = 0
        self._text = ""
        self._lines: list[Line] = []

    def write(self, content: bytes, *, fault: str = "", baud_hz: int = 0) -> None:
        """Send bytes to the firmware; they arrive at the UART's own baud rate, or at `baud_hz`.

        `fault`: what is wrong with each of them: framing, noise, parity, or break (a low line in the byte's place).
        Raises InputError for another fault, and where the UART's model knows neither faults nor rates (STM32's do).
        """
        self._engine.serial_write(self.name, content, fault=fault, baud_hz=baud_hz)

    def read_new(self) -> list[Line]:
        """The lines that were finished since the last call."""
        self._collect()
        lines, self._lines = self._lines, []
        return lines

    @property
    def unfinished(self) -> str:
        """The line being sent."""
        self._collect()
        return self._text

    def wait_for(self, pattern: str | bytes, timeout: float) -> Hit:
        """Run until a line matches (re.search), stopping at its last byte.

        `timeout` is in virtual seconds. Raises CheckFailed when it is over or the machine stops before.
        """
        text = pattern.decode(CONSOLE_ENCODING) if isinstance(pattern, bytes) else pattern
        expression = re.compile(text)
        deadline = self._machine.time + timeout
        reason = "line"
        while True:
            for index, line in enumerate(lines := self.read_new()):
                if found := expression.search(line.text):
                    self._lines = [*lines[index + 1 :], *self._lines]
                    return Hit(line.time_s, line.cycles, found.groups(), line.text)
            if self._machine.time >= deadline or reason not in ("line", "time"):
                raise CheckFailed(f"'{text}' was not on {self.name} within {timeout:g} s of virtual time{_why(reason)}")
            reason = self._machine.run_for(max(0.0, deadline - self._machine.time), stop_at_line=True)

    def cursor(self) -> ConsoleCursor:
        """Where reading stands, for a snapshot."""
        return ConsoleCursor(self._seen, self._text, tuple(self._lines))

    def go_back(self, cursor: ConsoleCursor) -> None:
        """Read on from there."""
        self._seen, self._text, self._lines = cursor.seen, cursor.text, list(cursor.lines)

    def _collect(self) -> None:
        new = self._engine.console_since(self._seen)
        self._seen += len(new)
        for byte in new:
            if byte.uart != self.name or byte.byte in (NUL, CARRIAGE_RETURN):
                continue
            if byte.byte == LINE_FEED:
                self._lines.append(Line(byte.time_ns / 1e9, byte.cycle, self._text))
                self._text = ""
            else:
                self._text += bytes([byte.byte]).decode(CONSOLE_ENCODING)


def encoded(text: str) -> bytes:
    """A text as it is sent to a UART; what Latin-1 has not becomes a question mark."""
    return text.encode(CONSOLE_ENCODING, "replace")


def _why(reason: str) -> str:
    """The end of a complaint when the machine stopped by itself."""
    return "" if reason in ("line", "time") else f" (the machine stopped: {reason})"
