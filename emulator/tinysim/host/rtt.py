"""SEGGER RTT: up channel 0 as the UART "rtt0", what is written to it into down channel 0. No cost to the guest.

The control block is found by the symbol _SEGGER_RTT or by its mark in RAM. Text is stamped when it was collected, not
when it was written: up to a millisecond late. Other channels are not read; virtual terminals are not told apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tinysim.host.guest import Guest

MARK = b"SEGGER RTT\0\0\0\0\0\0"
SEARCH_EVERY_NS = 10_000_000
_HEADER_BYTES, _CHANNEL_BYTES = 24, 24
_WRITE_OFFSET, _READ_OFFSET = 12, 16
_MOST_CHANNELS = 64
_LARGEST_BUFFER_BYTES = 1 << 20


class Channel(NamedTuple):
    """A ring buffer of the guest and the place of its descriptor."""

    descriptor: int
    buffer: int
    size: int
    write: int
    read: int

    @property
    def is_usable(self) -> bool:
        """The guest may still be setting it up."""
        return self.buffer != 0 and max(self.write, self.read) < self.size <= _LARGEST_BUFFER_BYTES


class Rtt:
    """A PollService of engines/host.py. `block` is the address of the control block, once it is known."""

    uart = "rtt0"

    def __init__(self, guest: Guest, symbol: int | None, ram: Sequence[tuple[int, int]]) -> None:
        self._guest, self._symbol, self._ram = guest, symbol, ram
        self._waiting = b""
        self._next_search_ns = 0
        self.block: int | None = None

    def close(self) -> None:
        """Nothing is held."""

    def receive(self, content: bytes) -> None:
        """Goes into the down channel as there is room."""
        self._waiting += content

    def poll(self) -> None:
        """Take what is in the up channel, fill the down channel."""
        try:
            up_count, down_count = self._channels()
            if up_count:
                self._take_up(self._channel(0))
            if down_count and self._waiting:
                self._fill_down(self._channel(up_count))
        except ValueError:  # a block or a buffer that is not in memory
            return

    def _channels(self) -> tuple[int, int]:
        """How many up and down channels there are; none without a control block."""
        if self.block is None:
            self.block = self._search()
        if self.block is None:
            return 0, 0
        header = self._guest.read_memory(self.block, _HEADER_BYTES)
        up_count, down_count = _word(header, 16), _word(header, 20)
        if header[: len(MARK)] != MARK or max(up_count, down_count) > _MOST_CHANNELS:
            self.block = None
            return 0, 0
        return up_count, down_count

    def _search(self) -> int | None:
        if self._symbol is not None:
            return self._symbol if self._is_marked(self._symbol) else None
        if self._guest.time_ns() < self._next_search_ns:
            return None
        self._next_search_ns = self._guest.time_ns() + SEARCH_EVERY_NS
        for start, size in self._ram:
            content = self._guest.read_memory(start, size - size % 4)
            at = content.find(MARK)
            while at >= 0:
                if at % 4 == 0 and at + _HEADER_BYTES <= len(content):
                    return start + at
                at = content.find(MARK, at + 1)
        return None

    def _is_marked(self, address: int) -> bool:
        try:
            return self._guest.read_memory(address, len(MARK)) == MARK
        except ValueError:
            return False

    def _channel(self, number: int) -> Channel:
        assert self.block is not None
        at = self.block + _HEADER_BYTES + number * _CHANNEL_BYTES
        raw = self._guest.read_memory(at, _CHANNEL_BYTES)
        return Channel(at, _word(raw, 4), _word(raw, 8), _word(raw, _WRITE_OFFSET), _word(raw, _READ_OFFSET))

    def _take_up(self, up: Channel) -> None:
        if not up.is_usable or up.read == up.write:
            return
        if up.read < up.write:
            content = self._guest.read_memory(up.buffer + up.read, up.write - up.read)
        else:
            content = self._guest.read_memory(up.buffer + up.read, up.size - up.read)
            content += self._guest.read_memory(up.buffer, up.write) if up.write else b""
        self._guest.write_memory(up.descriptor + _READ_OFFSET, up.write.to_bytes(4, "little"))
        self._guest.say(self.uart, content)

    def _fill_down(self, down: Channel) -> None:
        if not down.is_usable:
            return
        room = (down.read - down.write - 1) % down.size
        content, self._waiting = self._waiting[:room], self._waiting[room:]
        first = content[: down.size - down.write]
        for at, part in ((down.buffer + down.write, first), (down.buffer, content[len(first) :])):
            if part:
                self._guest.write_memory(at, part)
        written = (down.write + len(content)) % down.size
        self._guest.write_memory(down.descriptor + _WRITE_OFFSET, written.to_bytes(4, "little"))

    def state(self) -> dict[str, Any]:
        """All that can change, as JSON can hold it."""
        return {"block": self.block, "waiting": self._waiting.hex(), "next_search_ns": self._next_search_ns}

    def restore(self, state: dict[str, Any]) -> None:
        """Back to that."""
        self.block, self._next_search_ns = state["block"], state["next_search_ns"]
        self._waiting = bytes.fromhex(state["waiting"])


def _word(raw: bytes, at: int) -> int:
    return int.from_bytes(raw[at : at + 4], "little")
