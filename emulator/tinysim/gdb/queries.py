"""The `q` and `Q` packets: features, description files, the one thread, monitor commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.gdb.description import target_xml
from tinysim.gdb.memory_map import memory_map_xml
from tinysim.gdb.packets import PACKET_BYTES, pair

if TYPE_CHECKING:
    from tinysim.gdb.monitor import Monitor
    from tinysim.platform import Platform

_FEATURES = (
    f"PacketSize={PACKET_BYTES:x};QStartNoAckMode+;qXfer:features:read+;qXfer:memory-map:read+;"
    "swbreak+;hwbreak+;vContSupported+;ReverseStep+;ReverseContinue+"
)


class Queries:
    """`exception` names the level that the CPU is on, for `info threads`."""

    def __init__(self, platform: Platform, monitor: Monitor, exception: Callable[[], int]) -> None:
        self._monitor, self._exception = monitor, exception
        self._documents = {
            b"features:read:target.xml": target_xml().encode(),
            b"memory-map:read:": memory_map_xml(platform).encode(),
        }
        self._fixed = {
            b"qSupported": _FEATURES.encode(),
            b"QStartNoAckMode": b"OK",
            b"qC": b"QC1",
            b"qfThreadInfo": b"m1",
            b"qsThreadInfo": b"l",
            b"qAttached": b"1",
            b"qSymbol": b"OK",
        }

    def answer(self, packet: bytes) -> bytes:
        """The reply; empty when the query is not known. Raises ValueError when it is malformed."""
        name = packet.partition(b":")[0].partition(b",")[0]
        if name == b"qXfer":
            return self._document(packet.removeprefix(b"qXfer:"))
        if name == b"qRcmd":
            line = bytes.fromhex(packet.removeprefix(b"qRcmd,").decode("ascii")).decode("latin-1")
            return self._monitor.answer(line).encode().hex().encode()
        if name == b"qThreadExtraInfo":
            level = self._exception()
            return (f"exception {level}" if level else "thread mode").encode().hex().encode()
        return self._fixed.get(name, b"")

    def _document(self, request: bytes) -> bytes:
        """`features:read:target.xml:OFFSET,LENGTH`: `m` and a piece, `l` and the last one."""
        name, _, place = request.rpartition(b":")
        if name not in self._documents:
            return b"E00" if name.partition(b":")[0] in (b"features", b"memory-map") else b""
        offset, length = pair(place)
        document = self._documents[name]
        piece = document[offset : offset + length]
        return (b"l" if offset + length >= len(document) else b"m") + piece
