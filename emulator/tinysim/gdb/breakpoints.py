"""Breakpoints and watchpoints that GDB has set (`Z0` to `Z4`): as many as wanted, none changes the guest's memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinysim.engines.debug import DebugPort, WatchKind

_WATCH_KINDS: dict[int, WatchKind] = {2: "write", 3: "read", 4: "access"}
_WATCH_WORDS: dict[WatchKind, str] = {"write": "watch", "read": "rwatch", "access": "awatch"}
_BREAKPOINT_WORDS = {0: "swbreak", 1: "hwbreak"}
_LARGEST_WATCH_BYTES = 1 << 20


class Breakpoints:
    """Setting one twice is setting it once, as the protocol asks."""

    def __init__(self, port: DebugPort) -> None:
        self._port = port
        self._breaks: set[tuple[int, int]] = set()
        self._watches: set[tuple[int, int, WatchKind]] = set()

    def insert(self, kind: int, address: int, size: int) -> bool:
        """A `Z` packet; False for a kind that is not known. Raises ValueError for a watch that is too long or empty."""
        if kind in _BREAKPOINT_WORDS:
            self._breaks.add((kind, address & ~1))
            self._port.set_breakpoint(address & ~1)
        elif kind in _WATCH_KINDS:
            watch = (address, size, _WATCH_KINDS[kind])
            if not 0 < size <= _LARGEST_WATCH_BYTES:
                raise ValueError(f"a watch of {size} bytes")
            if watch not in self._watches:
                self._watches.add(watch)
                self._port.set_watchpoint(*watch)
        else:
            return False
        return True

    def remove(self, kind: int, address: int, size: int) -> bool:
        """A `z` packet; False for a kind that is not known."""
        if kind in _BREAKPOINT_WORDS:
            self._breaks.discard((kind, address & ~1))
            if not self.stands_at(address & ~1):
                self._port.clear_breakpoint(address & ~1)
        elif kind in _WATCH_KINDS:
            watch = (address, size, _WATCH_KINDS[kind])
            if watch in self._watches:
                self._watches.remove(watch)
                self._port.clear_watchpoint(*watch)
        else:
            return False
        return True

    def clear(self) -> None:
        """Take all of them out."""
        for _, address in self._breaks:
            self._port.clear_breakpoint(address)
        for watch in self._watches:
            self._port.clear_watchpoint(*watch)
        self._breaks.clear()
        self._watches.clear()

    @contextmanager
    def lifted(self) -> Iterator[None]:
        """Without them for a while; GDB does not notice."""
        for _, address in self._breaks:
            self._port.clear_breakpoint(address)
        for watch in self._watches:
            self._port.clear_watchpoint(*watch)
        try:
            yield
        finally:
            for _, address in self._breaks:
                self._port.set_breakpoint(address)
            for watch in self._watches:
                self._port.set_watchpoint(*watch)

    def stands_at(self, address: int) -> bool:
        """Whether GDB has a breakpoint there."""
        return any((kind, address) in self._breaks for kind in _BREAKPOINT_WORDS)

    def word_at(self, address: int) -> str:
        """`swbreak` or `hwbreak` for a stop reply."""
        return next(word for kind, word in _BREAKPOINT_WORDS.items() if (kind, address) in self._breaks)

    def watch_words(self, address: int, access: str) -> tuple[str, int]:
        """`watch`, `rwatch` or `awatch`, and an address inside the watch, for an access that was reported."""
        for start, size, kind in sorted(self._watches):
            near = start - 16 < address < start + size  # an access of several words begins in front of the watch
            if near and kind in (access, "access"):
                return _WATCH_WORDS[kind], max(address, start)
        return _WATCH_WORDS["access"], address
