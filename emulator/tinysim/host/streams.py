"""What a semihosting handle stands for: the console, a file in the folder, the list of features.

Semihosting for AArch32 and AArch64, SYS_OPEN. All raise OSError, whose errno the guest is told.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any, Protocol

FEATURES = b"SHFB\x03"  # magic, then SH_EXT_EXIT_EXTENDED and SH_EXT_STDOUT_STDERR


class Stream(Protocol):
    """One open handle."""

    is_terminal: bool

    def read(self, size: int) -> bytes: ...
    def write(self, content: bytes) -> None: ...
    def seek(self, position: int) -> None: ...
    def length(self) -> int: ...
    def close(self) -> None: ...
    def state(self) -> dict[str, Any]: ...


class Console:
    """`:tt`: standard input by one way, output and errors by the other."""

    is_terminal = True

    def __init__(self, mode: int, take: Callable[[int], bytes], say: Callable[[bytes], None]) -> None:
        self._mode, self._take, self._say = mode, take, say

    def read(self, size: int) -> bytes:
        """What was put in and not read yet; none is the end of the input: nobody can type while time stands still."""
        return self._take(size)

    def write(self, content: bytes) -> None:
        self._say(content)

    def seek(self, position: int) -> None:
        raise OSError(errno.ESPIPE, "a console")

    def length(self) -> int:
        return 0

    def close(self) -> None:
        """Nothing is held."""

    def state(self) -> dict[str, Any]:
        return {"kind": "console", "mode": self._mode}


class File:
    """A regular file by its descriptor; writes go to the host at once."""

    is_terminal = False

    def __init__(self, descriptor: int, name: bytes, mode: int) -> None:
        self._descriptor, self._name, self._mode = descriptor, name, mode

    def read(self, size: int) -> bytes:
        here = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        return os.read(self._descriptor, max(0, min(size, self.length() - here)))

    def write(self, content: bytes) -> None:
        while content:
            content = content[os.write(self._descriptor, content) :]

    def seek(self, position: int) -> None:
        os.lseek(self._descriptor, position, os.SEEK_SET)

    def length(self) -> int:
        return os.fstat(self._descriptor).st_size

    def close(self) -> None:
        os.close(self._descriptor)

    def state(self) -> dict[str, Any]:
        position = os.lseek(self._descriptor, 0, os.SEEK_CUR)
        return {"kind": "file", "name": self._name.hex(), "mode": self._mode, "position": position}


class Features:
    """`:semihosting-features`, for reading."""

    is_terminal = False

    def __init__(self, position: int = 0) -> None:
        self._position = position

    def read(self, size: int) -> bytes:
        content = FEATURES[self._position :][:size]
        self._position += len(content)
        return content

    def write(self, content: bytes) -> None:
        raise OSError(errno.EBADF, "for reading")

    def seek(self, position: int) -> None:
        self._position = position

    def length(self) -> int:
        return len(FEATURES)

    def close(self) -> None:
        """Nothing is held."""

    def state(self) -> dict[str, Any]:
        return {"kind": "features", "position": self._position}
