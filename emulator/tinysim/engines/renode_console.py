"""UARTs on Renode: their bytes from a file that Renode writes, the times of their lines from its terminal testers.

A line has one virtual time, that of its tester (1 us in 1.14.0); bytes of a line that is not finished have the time at
which the run stopped. `WaitForNextLineOnUart` is asked once for each line that is in the file, so it never waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tinysim.engines.base import ConsoleByte
from tinysim.engines.renode_process import FAILED, RenodeProcess
from tinysim.engines.renode_text import path_argument
from tinysim.errors import InputError
from tinysim.units import NANOSECONDS_PER_MILLISECOND

_FAULTS = "a faulty byte or another baud rate"


class RenodeUart:
    """One UART: what came out of it and when."""

    def __init__(self, process: RenodeProcess, name: str, path: str) -> None:
        self.name = name
        self._process, self._path = process, path
        self._file = process.folder / f"{name}.out"
        self._read = 0
        self._line_times_ns: list[int] = []  # of lines that a wait has found and the file was not yet read for
        process.execute(f"{path} CreateFileBackend {path_argument(self._file)} true")
        self._tester = int(process.keyword("CreateTerminalTester", path))

    def write(self, content: bytes) -> None:
        """Send bytes to the firmware, all at once."""
        for byte in content:
            self._process.execute(f"{self._path} WriteChar 0x{byte:02X}")

    def wait_for_line(self, time_ns: int) -> bool:
        """Run until a line ends, or for a time; whether one ended. Renode's pause may come some quanta late."""
        seconds = f"{time_ns / 1e9:.6f}"
        at_ns = self._next_line_ns(seconds)
        if at_ns is None:
            return False
        self._line_times_ns.append(at_ns)
        return True

    def new_bytes(self, now_ns: int) -> list[ConsoleByte]:
        """What came since the last call, with stamps that never go back."""
        content = _read_from(self._file, self._read)
        self._read += len(content)
        found: list[ConsoleByte] = []
        *whole, rest = content.split(b"\n")
        for line in whole:
            stamp_ns = self._line_times_ns.pop(0) if self._line_times_ns else self._next_line_ns("0")
            found += self._stamped(line + b"\n", now_ns if stamp_ns is None else min(stamp_ns, now_ns))
        return found + self._stamped(rest, now_ns)

    def _stamped(self, content: bytes, time_ns: int) -> list[ConsoleByte]:
        return [ConsoleByte(time_ns, 0, self.name, byte) for byte in content]

    def _next_line_ns(self, timeout_s: str) -> int | None:
        """The time of the next line; None when there is none in time. Renode may run on then, so it is paused."""
        arguments = (f"timeout={timeout_s}", f"testerId={self._tester}", "pauseEmulation=true")
        answer = self._process.keyword("WaitForNextLineOnUart", *arguments, may_fail=True)
        if answer is FAILED:
            self._process.execute("pause")
            return None
        return timestamp_ns(answer)


def timestamp_ns(answer: Mapping[str, Any]) -> int:
    """The virtual time of a tester's result: milliseconds, `timestamp` in 1.14.0, `Timestamp` in 1.16.1."""
    stated = answer.get("Timestamp", answer.get("timestamp"))
    if not isinstance(stated, int | float):
        raise InputError(f"a result of Renode's tester has no time stamp: {answer!r:.120}")
    return round(stated * NANOSECONDS_PER_MILLISECOND)


def refuse_line_faults(fault: str, baud_hz: int) -> None:
    """Renode's UARTs take clean bytes. Raises InputError."""
    if fault or baud_hz:
        raise InputError(f"the renode engine cannot send {_FAULTS}", remedy="use --engine native")


def _read_from(path: Path, offset: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read()
    except FileNotFoundError:
        return b""
