"""Files of one folder of the host, for a guest that must not reach anything else.

A name is walked part by part with O_NOFOLLOW from an open folder: no `..`, no absolute name, no symbolic link, and
only regular files. A hard link that the user put into the folder is a file of the folder.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tinysim.errors import InputError

# Semihosting for AArch32 and AArch64, SYS_OPEN: the mode is fopen's r, rb, r+, r+b, w, ..., a+b by number.
_MODES = (
    os.O_RDONLY, os.O_RDONLY, os.O_RDWR, os.O_RDWR,
    os.O_WRONLY | os.O_CREAT | os.O_TRUNC, os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    os.O_RDWR | os.O_CREAT | os.O_TRUNC, os.O_RDWR | os.O_CREAT | os.O_TRUNC,
    os.O_WRONLY | os.O_CREAT | os.O_APPEND, os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    os.O_RDWR | os.O_CREAT | os.O_APPEND, os.O_RDWR | os.O_CREAT | os.O_APPEND,
)  # fmt: skip
_STAY_INSIDE = os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK


class Folder:
    """All methods raise OSError, whose errno the guest is told. Raises InputError when there is no such folder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._root = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            problem = f"is no folder for the guest's files: {error.strerror}"
            raise InputError(problem, path, remedy="name one that exists with --semihosting") from None

    def close(self) -> None:
        """Give the folder up."""
        os.close(self._root)

    def open(self, name: bytes, mode: int) -> int:
        """A file descriptor of a regular file; `mode` is semihosting's, 0 to 11."""
        if not 0 <= mode < len(_MODES):
            raise OSError(errno.EINVAL, "no such mode")
        return self._open(name, _MODES[mode])

    def open_again(self, name: bytes, mode: int) -> int:
        """The same file for a restored machine: nothing is created or cut off."""
        return self._open(name, _MODES[mode] & ~(os.O_CREAT | os.O_TRUNC))

    def remove(self, name: bytes) -> None:
        """Remove a file."""
        with self._parent(name) as (parent, last):
            os.unlink(last, dir_fd=parent)

    def _open(self, name: bytes, flags: int) -> int:
        with self._parent(name) as (parent, last):
            file = os.open(last, flags | _STAY_INSIDE, 0o666, dir_fd=parent)
        if stat.S_ISREG(os.fstat(file).st_mode):
            return file
        os.close(file)
        raise OSError(errno.EACCES, "not a regular file")

    @contextmanager
    def _parent(self, name: bytes) -> Iterator[tuple[int, str]]:
        """The folder that holds the file, and the file's own name."""
        parts = [part for part in os.fsdecode(name).split("/") if part != "."]
        has_empty_part = not parts or not all(parts)  # "", ".", "/a", "a//b", "a/"
        if has_empty_part or ".." in parts or b"\0" in name:
            raise OSError(errno.EACCES, "outside of the folder")
        folder = os.dup(self._root)
        try:
            for part in parts[:-1]:
                inner = os.open(part, os.O_RDONLY | os.O_DIRECTORY | _STAY_INSIDE, dir_fd=folder)
                os.close(folder)
                folder = inner
            yield folder, parts[-1]
        finally:
            os.close(folder)
