"""A log tester: the entries of the emulation's log that no keyword has taken yet. Levels are Renode's."""

from __future__ import annotations

from tinysim.emulation import Emulation
from tinysim.log import LEVEL_NAMES, LogEntry
from tinysim.robot.errors import KeywordException
from tinysim.robot.matching import Matcher

LEVELS = {name.lower(): level for level, name in LEVEL_NAMES.items()}


class LogTester:
    """Sees what is logged from its making on."""

    def __init__(self, emulation: Emulation, timeout_s: float, pause: bool) -> None:
        self.timeout_s, self.pause = timeout_s, pause
        self._emulation = emulation
        emulation.collect()
        self._seen = len(emulation.entries)
        self._waiting: list[LogEntry] = []

    def take(self, matches: Matcher, level: int | None, *, keep: bool) -> str | None:
        """The first entry that matches; it and all before it are gone then, unless told otherwise."""
        self.collect()
        for index, entry in enumerate(self._waiting):
            if level in (None, entry.level) and matches(entry.text) is not None:
                if not keep:
                    del self._waiting[: index + 1]
                return entry.text
        return None

    def collect(self) -> None:
        """Take over new entries."""
        self._emulation.collect()
        self._waiting += self._emulation.entries[self._seen :]
        self._seen = len(self._emulation.entries)

    def clear(self) -> None:
        """Forget what is waiting."""
        self.collect()
        self._waiting.clear()

    def report(self) -> str:
        """The entries that are waiting, in Renode's words."""
        texts = "\n".join(f" {entry.text}" for entry in self._waiting)
        return f"Last {len(self._waiting)} buffered log messages are: \n{texts}"


def level_of(name: str | None) -> int | None:
    """Renode's level by name."""
    if name is None:
        return None
    if name.lower() not in LEVELS:
        raise KeywordException(f"there is no log level '{name}': there is {', '.join(LEVELS)}")
    return LEVELS[name.lower()]
