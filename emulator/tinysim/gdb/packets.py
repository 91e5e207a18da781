"""Framing of the GDB remote protocol: `$payload#checksum`, acknowledgements, the interrupt byte (manual E.1).

Not made: run-length encoding of replies (it is optional). Whatever arrives, nothing here raises.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

PACKET_BYTES = 0x4000
_FRAME_BYTES = 2 * PACKET_BYTES + 64  # every byte escaped, and a command in front of them
_ESCAPE = 0x7D
_SPECIAL = re.compile(rb"[#$}*]")
_NUMBER = re.compile(rb"[0-9a-fA-F]{1,16}")


class Sign(Enum):
    """What comes outside of packets; DAMAGED is a packet whose checksum is wrong."""

    ACKNOWLEDGED = auto()
    REFUSED = auto()
    INTERRUPT = auto()
    DAMAGED = auto()


@dataclass(frozen=True)
class Packet:
    """A payload with its escapes undone."""

    payload: bytes


class PacketReader:
    """Cuts a byte stream into packets and signs; garbage between packets is dropped."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, content: bytes) -> list[Packet | Sign]:
        """Take what was received; returns what is complete."""
        self._bytes += content
        found: list[Packet | Sign] = []
        while self._bytes:
            if self._bytes[0] != ord("$"):
                sign = _SIGNS.get(self._bytes.pop(0))
                if sign is not None:
                    found.append(sign)
                continue
            end = self._bytes.find(b"#")
            if end < 0 and len(self._bytes) > _FRAME_BYTES:
                self._bytes.clear()
                found.append(Sign.DAMAGED)
            if end < 0 or len(self._bytes) < end + 3:
                break
            found.append(_packet(bytes(self._bytes[1:end]), bytes(self._bytes[end + 1 : end + 3])))
            del self._bytes[: end + 3]
        return found


_SIGNS = {ord("+"): Sign.ACKNOWLEDGED, ord("-"): Sign.REFUSED, 3: Sign.INTERRUPT}


def _packet(body: bytes, checksum: bytes) -> Packet | Sign:
    if _NUMBER.fullmatch(checksum) is None or int(checksum, 16) != sum(body) % 256:
        return Sign.DAMAGED
    return Packet(unescape(body))


def frame(payload: bytes) -> bytes:
    """A payload as it goes over the wire."""
    body = _SPECIAL.sub(lambda match: bytes([_ESCAPE, match[0][0] ^ 0x20]), payload)
    return b"$" + body + b"#" + f"{sum(body) % 256:02x}".encode()


def unescape(body: bytes) -> bytes:
    """Undo the escapes of binary data; an escape at the very end stands for nothing."""
    return re.sub(rb"\x7d(.?)", lambda match: bytes([match[1][0] ^ 0x20]) if match[1] else b"", body, flags=re.DOTALL)


def number(text: bytes) -> int:
    """An unsigned number as GDB writes it, in hexadecimal. Raises ValueError."""
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text!r} is no number")
    return int(text, 16)


def pair(text: bytes) -> tuple[int, int]:
    """`address,length`. Raises ValueError when it is none, or when the range leaves the 32-bit address space."""
    first, _, second = text.partition(b",")
    address, length = number(first), number(second)
    if address + length > 1 << 32:
        raise ValueError(f"{text!r} leaves the address space")
    return address, length
