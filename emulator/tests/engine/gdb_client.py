"""Clients for the tests of the GDB server: a real gdb in batch mode, and a bare one that sends what a test wants."""

from __future__ import annotations

import shutil
import socket
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import pytest
from children import plain_environment

from tinysim.gdb.packets import Packet, PacketReader, frame
from tinysim.machine import Machine

GDB = shutil.which("gdb-multiarch") or shutil.which("arm-none-eabi-gdb")
needs_gdb = pytest.mark.skipif(GDB is None, reason="there is no gdb for Arm (Debian: gdb-multiarch)")
PATIENCE_S = 60.0


def gdb_process(port: int, commands: Sequence[str], elf: Path | None = None) -> subprocess.Popen[str]:
    """A gdb that runs the commands on a server of this host and ends."""
    assert GDB is not None
    lines = ["set pagination off", "set confirm off", f"target remote 127.0.0.1:{port}", *commands]
    arguments = [GDB, "--batch", "-nx", *(part for line in lines for part in ("-ex", line))]
    return subprocess.Popen(
        [*arguments, str(elf)] if elf else arguments,
        env=plain_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def debug(machine: Machine, elf: Path | None, *commands: str, end_s: float | None = None) -> tuple[str, str]:
    """Drive a machine by a gdb; returns how the session ended and all that gdb wrote."""
    with machine.gdb(0) as server:
        process = gdb_process(server.address[1], commands, elf)
        try:
            ended = server.serve(end_s=end_s, broken_off=lambda: process.poll() is not None)
            written = process.communicate(timeout=PATIENCE_S)[0]
        finally:
            process.kill()
    return ended, written


class BareClient:
    """A session with a server that runs in a thread; leave the block to end it. `ended` is what `serve` returned."""

    def __init__(self, machine: Machine, *, end_s: float | None = None, acknowledge: bool = False) -> None:
        self._server = machine.gdb(0)
        self._end_s, self._acknowledge = end_s, acknowledge
        self.ended: str | None = None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._reader = PacketReader()
        self._packets: list[bytes] = []

    def _serve(self) -> None:
        self.ended = self._server.serve(end_s=self._end_s)

    def __enter__(self) -> BareClient:
        self._thread.start()
        self._socket = socket.create_connection(self._server.address, timeout=PATIENCE_S)
        if not self._acknowledge:
            assert self.ask(b"QStartNoAckMode") == b"OK"
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()
        self._thread.join(PATIENCE_S)
        self._server.close()
        assert not self._thread.is_alive()

    def transmit(self, content: bytes) -> None:
        """Bytes as they are."""
        self._socket.sendall(content)

    def reply(self) -> bytes:
        """The next packet; console text of the stub (`O...`) is passed over."""
        while True:
            while not self._packets:
                content = self._socket.recv(1 << 16)
                assert content, "the server has gone"
                self._packets += [each.payload for each in self._reader.feed(content) if isinstance(each, Packet)]
            packet = self._packets.pop(0)
            if packet == b"OK" or not packet.startswith(b"O"):
                return packet

    def ask(self, packet: bytes) -> bytes:
        """Send a packet and wait for its reply."""
        self.transmit(frame(packet))
        return self.reply()

    def monitor(self, line: str) -> str:
        """A monitor command and its text."""
        return bytes.fromhex(self.ask(b"qRcmd," + line.encode().hex().encode()).decode()).decode()

    def register(self, number: int) -> int:
        """A register by GDB's number, 15 for pc."""
        return int.from_bytes(bytes.fromhex(self.ask(f"p{number:x}".encode()).decode()), "little")
