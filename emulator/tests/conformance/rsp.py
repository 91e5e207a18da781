"""A client of GDB's remote serial protocol over a program's standard streams: as much as the tests need of it.

Packets are `$payload#checksum`; acknowledgements are turned off first. See the GDB manual, appendix E.
"""

from __future__ import annotations

import subprocess
import weakref
from collections.abc import Sequence
from types import TracebackType


class RemoteError(Exception):
    """The program answered with an error, or ended."""


class RemoteTarget:
    """Starts the program and talks to its stub; a context manager."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0
        )
        # The program would outlive a test that does not close it.
        weakref.finalize(self, self._process.kill)
        self._received = b""
        self.command("qSupported")
        self.command("QStartNoAckMode")
        # Asking for the description makes a stub use the register numbers that stand in it.
        self.command("qXfer:features:read:target.xml:0,fff")

    def __enter__(self) -> RemoteTarget:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def command(self, text: str) -> str:
        """Send a packet and wait for its answer. Raises RemoteError."""
        payload = text.encode()
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(b"$" + payload + b"#%02x" % (sum(payload) & 0xFF))
        except BrokenPipeError as error:
            raise RemoteError(f"{text}: the program has ended") from error
        answer = self._packet()
        if answer.startswith("E") and len(answer) == 3:
            raise RemoteError(f"{text}: {answer}")
        return answer

    def _packet(self) -> str:
        assert self._process.stdout is not None
        while True:
            start = self._received.find(b"$")
            end = self._received.find(b"#", start)
            if start >= 0 and 0 < end <= len(self._received) - 3:
                packet, self._received = self._received[start + 1 : end], self._received[end + 3 :]
                return packet.decode("latin-1")
            more = self._process.stdout.read(65536)
            if not more:
                raise RemoteError("the program has ended")
            self._received += more

    def registers(self) -> list[int]:
        """Those of the g packet, each 32 bits."""
        raw = bytes.fromhex(self.command("g"))
        return [int.from_bytes(raw[i : i + 4], "little") for i in range(0, len(raw), 4)]

    def set_registers(self, values: Sequence[int]) -> None:
        self.command("G" + b"".join(value.to_bytes(4, "little") for value in values).hex())

    def register(self, number: int) -> int:
        return int.from_bytes(bytes.fromhex(self.command(f"p{number:x}")), "little")

    def set_register(self, number: int, value: int, size_bytes: int = 4) -> None:
        self.command(f"P{number:x}={value.to_bytes(size_bytes, 'little').hex()}")

    def read(self, address: int, count: int) -> bytes:
        return bytes.fromhex(self.command(f"m{address:x},{count:x}"))

    def write(self, address: int, data: bytes) -> None:
        for offset in range(0, len(data), 1024):
            part = data[offset : offset + 1024]
            self.command(f"M{address + offset:x},{len(part):x}:{part.hex()}")

    def monitor(self, text: str) -> str:
        return self.command(f"qRcmd,{text.encode().hex()}")
