"""One client on one socket: acknowledgements, replies in order, the interrupt byte while the CPU runs."""

from __future__ import annotations

import select
import socket
from collections import deque
from collections.abc import Callable

from tinysim.gdb.packets import Packet, PacketReader, Sign, frame

_LOOK_AROUND_S = 0.2
_RECEIVE_BYTES = 1 << 16


class Connection:
    """`broken_off` is the host's own wish to end, asked while waiting."""

    def __init__(self, client: socket.socket, broken_off: Callable[[], bool]) -> None:
        self._client, self._broken_off = client, broken_off
        self._reader = PacketReader()
        self._waiting: deque[bytes | Sign] = deque()  # packets and interrupts in the order of their coming
        self._last = b""
        self._acknowledges = True
        self._closed = False

    def receive(self) -> bytes | None:
        """The next packet; None when the client has gone or the host wants to end."""
        while True:
            while self._waiting:
                first = self._waiting.popleft()
                if isinstance(first, bytes):
                    return first
            if self._closed or self._broken_off():
                return None
            self._take(_LOOK_AROUND_S)

    def interrupted(self) -> bool:
        """Whether GDB, its going or the host wants the running CPU to stop."""
        self._take(0)
        if Sign.INTERRUPT in self._waiting:
            self._waiting.remove(Sign.INTERRUPT)
            return True
        return self._closed or self._broken_off()

    def send(self, payload: bytes) -> None:
        """A reply; a client that has gone is noticed by `receive`."""
        self._last = frame(payload)
        self._transmit(self._last)

    def stop_acknowledging(self) -> None:
        """QStartNoAckMode has been agreed."""
        self._acknowledges = False

    def _take(self, timeout_s: float) -> None:
        try:
            if not select.select([self._client], [], [], timeout_s)[0]:
                return
            content = self._client.recv(_RECEIVE_BYTES)
        except OSError:
            content = b""
        self._closed = not content
        for each in self._reader.feed(content):
            self._took(each)

    def _took(self, what: Packet | Sign) -> None:
        if isinstance(what, Packet):
            self._waiting.append(what.payload)
        elif what is Sign.INTERRUPT:
            self._waiting.append(what)
        elif what is Sign.REFUSED and self._last:
            self._transmit(self._last)
        if self._acknowledges and (isinstance(what, Packet) or what is Sign.DAMAGED):
            self._transmit(b"+" if isinstance(what, Packet) else b"-")

    def _transmit(self, content: bytes) -> None:
        try:
            self._client.sendall(content)
        except OSError:
            self._closed = True
