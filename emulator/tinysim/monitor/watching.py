"""What the Monitor shows and keeps while machines run: UARTs on the console and in files, the log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.console import CONSOLE_ENCODING
from tinysim.errors import InputError
from tinysim.log import INFO, LEVEL_NAMES, LogEntry
from tinysim.monitor.values import time_text

if TYPE_CHECKING:
    from tinysim.emulation import Board, Emulation

_DIGITS_CUT = 5  # of nine behind the point: Renode's log shows four

Show = Callable[[str], None]


@dataclass
class UartWatch:
    """A UART whose bytes go on to a console or a file; `seen` bytes of all UARTs of its board are done."""

    board: Board
    uart: str
    path: Path | None
    seen: int = 0

    def new(self) -> bytes:
        """What was sent since the last call."""
        if not self.board.is_built:
            return b""
        found = self.board.machine.engine.console_since(self.seen)
        self.seen += len(found)
        return bytes(byte.byte for byte in found if byte.uart == self.uart)


@dataclass
class Watching:
    """Looks after each piece of a run. `show` prints; None: nobody sees it."""

    emulation: Emulation
    show: Show | None = None
    level: int = INFO
    levels: dict[str, int] = field(default_factory=dict)
    log_path: Path | None = None
    uarts: list[UartWatch] = field(default_factory=list)
    _entries: int = 0

    def look(self) -> None:
        """Pass on what is new."""
        for watch in self.uarts:
            self._pass_on(watch, watch.new())
        entries = self.emulation.entries[self._entries :]
        self._entries = len(self.emulation.entries)  # which somebody else may have cleared
        lines = "".join(f"{log_line(entry)}\n" for entry in entries if self._is_shown(entry))
        if lines and self.log_path is not None:
            append(self.log_path, lines.encode())
        if lines and self.show is not None:
            self.show(lines)

    def go_on_from(self, board: Board) -> None:
        """A board has gone to another moment: what it had sent then is not passed on again."""
        for watch in self.uarts:
            if watch.board is board:
                watch.seen = len(board.machine.engine.console_since(0))

    def _pass_on(self, watch: UartWatch, sent: bytes) -> None:
        if sent and watch.path is not None:
            append(watch.path, sent)
        elif sent and self.show is not None:
            self.show(sent.replace(b"\r", b"").decode(CONSOLE_ENCODING))

    def _is_shown(self, entry: LogEntry) -> bool:
        source = entry.text.partition(":")[0]
        return entry.level >= self.levels.get(source, self.level)


def log_line(entry: LogEntry) -> str:
    """Renode's form, with virtual time where Renode has the host's."""
    clock = time_text(round(entry.time_s * 1e9))[:-_DIGITS_CUT]
    return f"{clock} [{LEVEL_NAMES[entry.level]}] {entry.text}"


def create(path: Path) -> None:
    """An empty file. Raises InputError when it cannot be made."""
    try:
        path.write_bytes(b"")
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path, remedy="choose another place") from None


def append(path: Path, content: bytes) -> None:
    """Add to a file that `create` has made."""
    with path.open("ab") as file:
        file.write(content)
