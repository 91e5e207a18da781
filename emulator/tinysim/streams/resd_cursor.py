"""A place in the bytes of a RESD file, which knows its offset from the file's begin for complaints."""

from __future__ import annotations

import struct
from typing import Any


class ResdError(Exception):
    """The bytes are no RESD; the text says what is wrong at `offset`."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.problem, self.offset = problem, offset


class Cursor:
    """Bytes read one after the other; each read names what it expects. Raises ResdError where they end before."""

    def __init__(self, content: bytes, begin: int = 0, end: int | None = None) -> None:
        self._content, self.offset = content, begin
        self._end = len(content) if end is None else end

    @property
    def left(self) -> int:
        """Bytes from here to the end."""
        return self._end - self.offset

    def take(self, size: int, what: str) -> bytes:
        """The next bytes."""
        if size > self.left:
            raise ResdError(f"ends within {what}: {size} bytes are needed, {self.left} are left", self.offset)
        self.offset += size
        return self._content[self.offset - size : self.offset]

    def unpack(self, layout: str, what: str) -> tuple[Any, ...]:
        """The next numbers, little-endian."""
        return struct.unpack(f"<{layout}", self.take(struct.calcsize(f"<{layout}"), what))

    def part(self, size: int, what: str) -> Cursor:
        """The next bytes as a cursor of their own."""
        begin = self.offset
        self.take(size, what)
        return Cursor(self._content, begin, begin + size)

    def text(self, what: str) -> str:
        """Text up to a zero byte."""
        begin = self.offset
        zero = self._content.find(b"\0", begin, self._end)
        if zero < 0:
            raise ResdError(f"ends within {what}: no zero byte closes it", begin)
        self.offset = zero + 1
        try:
            return self._content[begin:zero].decode()
        except UnicodeDecodeError:
            raise ResdError(f"{what} is no UTF-8", begin) from None
