"""A guest for host services that is but a piece of memory."""

from __future__ import annotations

MEMORY_AT, MEMORY_BYTES = 0x2000_0000, 4096


class MemoryGuest:
    """A Guest of tinysim.host.guest."""

    clock_hz = 64_000_000

    def __init__(self) -> None:
        self.memory = bytearray(MEMORY_BYTES)
        self.now_ns = 2_345_000_000
        self.said = b""
        self.warnings: list[str] = []

    def time_ns(self) -> int:
        return self.now_ns

    def cycles(self) -> int:
        return 5_000_000_000

    def read_memory(self, address: int, size: int) -> bytes:
        at = self._offset(address, size)
        return bytes(self.memory[at : at + size])

    def write_memory(self, address: int, content: bytes) -> None:
        at = self._offset(address, len(content))
        self.memory[at : at + len(content)] = content

    def _offset(self, address: int, size: int) -> int:
        if not 0 <= address - MEMORY_AT <= MEMORY_BYTES - size:
            raise ValueError("no memory")
        return address - MEMORY_AT

    def say(self, uart: str, content: bytes) -> None:
        self.said += content

    def warn(self, text: str) -> None:
        self.warnings.append(text)
