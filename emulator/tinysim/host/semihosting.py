"""Semihosting calls (Arm: "Semihosting for AArch32 and AArch64", 3): BKPT 0xAB, operation in r0, parameter in r1.

Calls take no virtual time. SYS_TIME counts from a fixed date, so that two runs are equal; SYS_HEAPINFO leaves heap and
stack to the linker script. Not supported: SYS_SYSTEM, SYS_TMPNAM, SYS_RENAME; they fail and the record has a warning.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from typing import Any

from tinysim.errors import InputError
from tinysim.host.folder import Folder
from tinysim.host.guest import Guest
from tinysim.host.streams import Console, Features, File, Stream

UART_NAME = "semihosting"
FAILED = 0xFFFF_FFFF
SUCCESS_REASON = 0x20026  # ADP_Stopped_ApplicationExit
POWER_ON_DATE_S = 946_684_800  # 2000-01-01 00:00 UTC
MOST_HANDLES = 64
LONGEST_TEXT_BYTES = 1 << 20
_CHUNK_BYTES = 1 << 16
_TEXT_CHUNK_BYTES = 64


class Semihosting:
    """A CallService of engines/host.py; no folder, no files. `exit_code` is None until the guest has left."""

    uart = UART_NAME

    def __init__(self, guest: Guest, folder: Folder | None, command_line: str) -> None:
        self._guest, self._folder, self._command_line = guest, folder, command_line
        self._streams: dict[int, Stream] = {}
        self._input = b""
        self._errno = 0
        self._warned: set[int] = set()
        self.exit_code: int | None = None

    def close(self) -> None:
        """Close all files."""
        for stream in self._streams.values():
            stream.close()
        self._streams = {}
        if self._folder is not None:
            self._folder.close()

    def receive(self, content: bytes) -> None:
        """Standard input."""
        self._input += content

    def call(self, operation: int, parameter: int) -> int | None:
        """The value for r0; None when the guest has left."""
        serve = _OPERATIONS.get(operation)
        try:
            if serve is None:
                return self._refuse(operation)
            result = serve(self, parameter)
        except OSError as error:
            self._errno = error.errno or errno.EIO
            return FAILED
        except ValueError:  # a pointer to nowhere
            self._errno = errno.EFAULT
            return FAILED
        return None if result is None else result & FAILED

    def _refuse(self, operation: int) -> int:
        if operation not in self._warned:
            self._warned.add(operation)
            self._guest.warn(f"semihosting operation {operation:#04x} is not supported: it fails")
        self._errno = errno.ENOSYS
        return FAILED

    # ---- files ----

    def _open(self, parameter: int) -> int:
        name_at, mode, length = self._words(parameter, 3)
        name = self._read(name_at, self._bounded(length))
        if len(self._streams) >= MOST_HANDLES:
            raise OSError(errno.EMFILE, "too many open files")
        if name == b":tt":
            return self._add(self._console(mode))
        if name == b":semihosting-features":
            return self._add(Features())
        if self._folder is None:
            raise OSError(errno.EACCES, "no folder was named")
        return self._add(File(self._folder.open(name, mode), name, mode))

    def _console(self, mode: int) -> Console:
        return Console(mode, self._take_input, lambda content: self._guest.say(self.uart, content))

    def _add(self, stream: Stream) -> int:
        handle = next(number for number in range(1, MOST_HANDLES + 1) if number not in self._streams)
        self._streams[handle] = stream
        return handle

    def _stream(self, handle: int) -> Stream:
        if handle not in self._streams:
            raise OSError(errno.EBADF, "no such handle")
        return self._streams[handle]

    def _close(self, parameter: int) -> int:
        handle = self._words(parameter, 1)[0]
        self._stream(handle).close()
        del self._streams[handle]
        return 0

    def _write(self, parameter: int) -> int:
        """Returns how many bytes were not written."""
        handle, at, left = self._words(parameter, 3)
        try:
            stream = self._stream(handle)
            while left:
                size = min(left, _CHUNK_BYTES)
                stream.write(self._read(at, size))
                at, left = at + size, left - size
        except (OSError, ValueError) as error:
            self._errno = (error.errno or errno.EIO) if isinstance(error, OSError) else errno.EFAULT
        return left

    def _read_stream(self, parameter: int) -> int:
        """Returns how many bytes of the buffer were not filled: all of them at the end of the file."""
        handle, at, left = self._words(parameter, 3)
        stream = self._stream(handle)
        while left:
            content = stream.read(min(left, _CHUNK_BYTES))
            if not content:
                break
            self._guest.write_memory(at, content)
            at, left = at + len(content), left - len(content)
        return left

    def _is_terminal(self, parameter: int) -> int:
        return int(self._stream(self._words(parameter, 1)[0]).is_terminal)

    def _seek(self, parameter: int) -> int:
        handle, position = self._words(parameter, 2)
        self._stream(handle).seek(position)
        return 0

    def _length(self, parameter: int) -> int:
        return self._stream(self._words(parameter, 1)[0]).length()

    def _remove(self, parameter: int) -> int:
        name_at, length = self._words(parameter, 2)
        name = self._read(name_at, self._bounded(length))
        if self._folder is None:
            raise OSError(errno.EACCES, "no folder was named")
        self._folder.remove(name)
        return 0

    # ---- console ----

    def _write_character(self, parameter: int) -> int:
        self._guest.say(self.uart, self._read(parameter, 1))
        return 0

    def _write_text(self, parameter: int) -> int:
        self._guest.say(self.uart, self._text(parameter))
        return 0

    def _read_character(self, _parameter: int) -> int:
        character = self._take_input(1)
        return character[0] if character else FAILED

    def _take_input(self, size: int) -> bytes:
        taken, self._input = self._input[:size], self._input[size:]
        return taken

    # ---- the rest ----

    def _is_error(self, parameter: int) -> int:
        return int(self._words(parameter, 1)[0] >> 31)

    def _clock(self, _parameter: int) -> int:
        return self._guest.time_ns() // 10_000_000

    def _date(self, _parameter: int) -> int:
        return POWER_ON_DATE_S + self._guest.time_ns() // 1_000_000_000

    def _last_error(self, _parameter: int) -> int:
        return self._errno

    def _read_command_line(self, parameter: int) -> int:
        at, size = self._words(parameter, 2)
        text = self._command_line.encode() + b"\0"
        if len(text) > size:
            raise OSError(errno.E2BIG, "the buffer is too small")
        self._guest.write_memory(at, text)
        self._guest.write_memory(parameter + 4, (len(text) - 1).to_bytes(4, "little"))
        return 0

    def _heap(self, parameter: int) -> int:
        """Zeros: the host does not know, the image takes its own."""
        self._guest.write_memory(self._words(parameter, 1)[0], bytes(16))
        return 0

    def _exit(self, parameter: int) -> None:
        self.exit_code = 0 if parameter == SUCCESS_REASON else 1

    def _exit_extended(self, parameter: int) -> None:
        reason, code = self._words(parameter, 2)
        self.exit_code = code if reason == SUCCESS_REASON else 1

    def _elapsed(self, parameter: int) -> int:
        self._guest.write_memory(parameter, self._guest.cycles().to_bytes(8, "little"))
        return 0

    def _tick_frequency(self, _parameter: int) -> int:
        return self._guest.clock_hz

    # ---- the guest's memory ----

    def _read(self, address: int, size: int) -> bytes:
        return self._guest.read_memory(address, size)

    def _words(self, address: int, count: int) -> list[int]:
        raw = self._read(address, 4 * count)
        return [int.from_bytes(raw[at : at + 4], "little") for at in range(0, len(raw), 4)]

    def _bounded(self, length: int) -> int:
        if length > LONGEST_TEXT_BYTES:
            raise OSError(errno.ENAMETOOLONG, "no name is that long")
        return length

    def _text(self, address: int) -> bytes:
        """Up to a zero; memory may end soon behind it."""
        text = b""
        while len(text) < LONGEST_TEXT_BYTES:
            chunk = self._read(address + len(text), _TEXT_CHUNK_BYTES - (address + len(text)) % _TEXT_CHUNK_BYTES)
            text += chunk
            if b"\0" in chunk:
                return text[: text.index(b"\0")]
        return text

    # ---- snapshots: the content of files is not in them ----

    def state(self) -> dict[str, Any]:
        """All that can change, as JSON can hold it."""
        streams = {str(handle): stream.state() for handle, stream in self._streams.items()}
        return {"streams": streams, "input": self._input.hex(), "errno": self._errno, "exit_code": self.exit_code}

    def restore(self, state: dict[str, Any]) -> None:
        """Back to that. Raises InputError when a file that was open is not there any more."""
        streams = {int(handle): self._stream_again(fields) for handle, fields in state["streams"].items()}
        for stream in self._streams.values():
            stream.close()
        self._streams = streams
        self._input, self._errno, self.exit_code = bytes.fromhex(state["input"]), state["errno"], state["exit_code"]

    def _stream_again(self, fields: dict[str, Any]) -> Stream:
        if fields["kind"] == "console":
            return self._console(fields["mode"])
        if fields["kind"] == "features":
            return Features(fields["position"])
        name = bytes.fromhex(fields["name"])
        try:
            if self._folder is None:
                raise OSError(errno.EACCES, "no folder was named")
            file = File(self._folder.open_again(name, fields["mode"]), name, fields["mode"])
            file.seek(fields["position"])
        except OSError as error:
            problem = f"the snapshot has the guest's file '{name.decode(errors='replace')}' open: {error.strerror}"
            raise InputError(problem, remedy="put it back into the folder of --semihosting") from None
        return file


_OPERATIONS: dict[int, Callable[[Semihosting, int], int | None]] = {
    0x01: Semihosting._open,
    0x02: Semihosting._close,
    0x03: Semihosting._write_character,
    0x04: Semihosting._write_text,
    0x05: Semihosting._write,
    0x06: Semihosting._read_stream,
    0x07: Semihosting._read_character,
    0x08: Semihosting._is_error,
    0x09: Semihosting._is_terminal,
    0x0A: Semihosting._seek,
    0x0C: Semihosting._length,
    0x0E: Semihosting._remove,
    0x10: Semihosting._clock,
    0x11: Semihosting._date,
    0x13: Semihosting._last_error,
    0x15: Semihosting._read_command_line,
    0x16: Semihosting._heap,
    0x18: Semihosting._exit,
    0x20: Semihosting._exit_extended,
    0x30: Semihosting._elapsed,
    0x31: Semihosting._tick_frequency,
}
