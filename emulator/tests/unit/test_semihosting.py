"""Semihosting calls on a guest that is a piece of memory: results, errors, nothing reached outside of the folder."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from memory_guest import MEMORY_AT, MemoryGuest

from tinysim.errors import InputError
from tinysim.host.folder import Folder
from tinysim.host.semihosting import FAILED, POWER_ON_DATE_S, Semihosting

OPEN, CLOSE, WRITEC, WRITE0, WRITE, READ, READC = range(1, 8)
ISERROR, ISTTY, SEEK, FLEN, REMOVE = 8, 9, 0x0A, 0x0C, 0x0E
CLOCK, TIME, RENAME, ERRNO, HEAPINFO, EXIT, ELAPSED = 0x10, 0x11, 0x0F, 0x13, 0x16, 0x18, 0x30
BLOCK, TEXT, BUFFER = MEMORY_AT, MEMORY_AT + 64, MEMORY_AT + 2048
READING, WRITING, UPDATING, APPENDING = 0, 4, 6, 8


class Caller:
    """What a C library would do."""

    def __init__(self, folder: Path | None) -> None:
        self.guest = MemoryGuest()
        self.host = Semihosting(self.guest, Folder(folder) if folder else None, "prog -x")

    def call(self, operation: int, *words: int) -> int | None:
        self.guest.write_memory(BLOCK, b"".join((word & FAILED).to_bytes(4, "little") for word in words))
        return self.host.call(operation, BLOCK)

    def put(self, text: bytes) -> int:
        self.guest.write_memory(TEXT, text + b"\0")
        return len(text)

    def open(self, name: bytes, mode: int) -> int | None:
        return self.call(OPEN, TEXT, mode, self.put(name))

    def errno(self) -> int | None:
        return self.call(ERRNO)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    return inside


def test_a_file_is_written_sought_read_and_removed(folder: Path) -> None:
    caller = Caller(folder)
    handle = caller.open(b"a.txt", UPDATING)
    assert handle not in (None, 0, FAILED)
    assert handle is not None
    caller.put(b"hello world")
    assert caller.call(WRITE, handle, TEXT, 11) == 0
    assert caller.call(FLEN, handle) == 11
    assert caller.call(ISTTY, handle) == 0
    assert caller.call(SEEK, handle, 6) == 0
    assert caller.call(READ, handle, BUFFER, 20) == 15
    assert caller.guest.read_memory(BUFFER, 5) == b"world"
    assert caller.call(READ, handle, BUFFER, 20) == 20, "the end of the file"
    assert caller.call(CLOSE, handle) == 0
    assert caller.call(REMOVE, TEXT, caller.put(b"a.txt")) == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "name", [b"../secret.txt", b"/etc/passwd", b"sub/../../secret.txt", b"", b".", b"a//b", b"x\0y"]
)
@pytest.mark.parametrize("mode", [READING, WRITING, APPENDING])
def test_no_name_leads_out_of_the_folder(name: bytes, mode: int, folder: Path) -> None:
    (folder / "sub").mkdir()
    caller = Caller(folder)
    assert caller.open(name, mode) == FAILED
    assert caller.errno() == errno.EACCES
    assert caller.call(REMOVE, TEXT, caller.put(name)) == FAILED


@pytest.mark.parametrize("mode", [READING, WRITING, APPENDING])
def test_symbolic_links_and_special_files_are_refused(mode: int, folder: Path) -> None:
    (folder / "link.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "up").symlink_to(folder.parent)
    os.mkfifo(folder / "pipe")
    caller = Caller(folder)
    for name in (b"link.txt", b"up/secret.txt", b"pipe"):
        assert caller.open(name, mode) == FAILED, name
    assert caller.call(REMOVE, TEXT, caller.put(b"up/secret.txt")) == FAILED
    assert (folder.parent / "secret.txt").read_text() == "secret"


def test_without_a_folder_there_are_no_files() -> None:
    caller = Caller(None)
    assert caller.open(b"a.txt", WRITING) == FAILED
    assert caller.errno() == errno.EACCES


def test_the_console_takes_text_and_gives_input() -> None:
    caller = Caller(None)
    output, source = caller.open(b":tt", WRITING), caller.open(b":tt", READING)
    assert output is not None and source is not None
    caller.put(b"ab")
    caller.call(WRITE, output, TEXT, 2)
    caller.host.call(WRITEC, TEXT)
    caller.host.call(WRITE0, TEXT + 1)
    assert caller.guest.said == b"abab"
    caller.host.receive(b"xyz")
    assert caller.host.call(READC, 0) == ord("x")
    assert caller.call(READ, source, BUFFER, 8) == 6
    assert caller.host.call(READC, 0) == FAILED
    assert caller.call(ISTTY, source) == 1


def test_pointers_to_nowhere_are_errors_of_the_guest() -> None:
    caller = Caller(None)
    for operation in (OPEN, WRITE, WRITE0, WRITEC, READ, HEAPINFO, ELAPSED):
        assert caller.host.call(operation, 0xFFFF_FF00) == FAILED
        assert caller.errno() == errno.EFAULT
    output = caller.open(b":tt", WRITING)
    assert output is not None
    assert caller.call(WRITE, output, TEXT, 0xFFFF_FFFF) == 0xFFFF_FFFF
    assert caller.call(OPEN, TEXT, 0, 0xFFFF_FFFF) == FAILED


def test_clocks_are_virtual() -> None:
    caller = Caller(None)
    assert caller.call(CLOCK) == 234
    assert caller.call(TIME) == POWER_ON_DATE_S + 2
    assert caller.host.call(ELAPSED, BUFFER) == 0
    assert int.from_bytes(caller.guest.read_memory(BUFFER, 8), "little") == 5_000_000_000


def test_what_is_not_supported_fails_and_warns_once() -> None:
    caller = Caller(None)
    assert caller.call(RENAME, TEXT) == FAILED
    assert caller.call(RENAME, TEXT) == FAILED
    assert caller.guest.warnings == ["semihosting operation 0x0f is not supported: it fails"]


@pytest.mark.parametrize(("reason", "code"), [(0x20026, 0), (0x20023, 1)])
def test_exit_ends_with_a_code(reason: int, code: int) -> None:
    caller = Caller(None)
    assert caller.host.call(EXIT, reason) is None
    assert caller.host.exit_code == code


def test_state_brings_open_files_and_input_back(folder: Path) -> None:
    caller = Caller(folder)
    handle = caller.open(b"a.txt", UPDATING)
    assert handle is not None
    caller.put(b"0123456789")
    caller.call(WRITE, handle, TEXT, 4)
    caller.host.receive(b"in")
    state = caller.host.state()
    caller.put(b"0123456789")
    caller.call(WRITE, handle, TEXT, 10)
    caller.call(CLOSE, handle)
    caller.host.restore(state)
    assert caller.host.state() == state
    caller.put(b"xyz")
    caller.call(WRITE, handle, TEXT, 3)
    assert (folder / "a.txt").read_bytes() == b"0123xyz3456789"
    (folder / "a.txt").unlink()
    with pytest.raises(InputError, match=r"'a\.txt' open"):
        caller.host.restore(state)


def test_a_folder_that_is_not_there_is_one_line() -> None:
    with pytest.raises(InputError, match="is no folder for the guest's files"):
        Folder(Path("no such folder"))
