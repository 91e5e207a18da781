"""Writes the trace of a run to a file. A name that ends in .gz is packed by a thread at the end of a pipe."""

from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from tinysim.errors import InputError, TinysimError

if TYPE_CHECKING:
    from tinysim.engines.tracing import TracePort

_PIPE_BYTES = 1 << 20
_PACKING_LEVEL = 1  # a trace is long and repeats itself: 1 is four times as fast as 6 and packs nearly as small


class TraceRecorder:
    """A context manager: inside it all that the machine executes goes to the file, and costs the guest nothing.

    Raises InputError when the file cannot be made, and at the end when it could not be written to.
    """

    def __init__(self, port: TracePort, path: Path) -> None:
        self._port, self._path = port, path
        self.instructions = 0
        self._packer: _Packer | None = None

    def __enter__(self) -> TraceRecorder:
        try:
            self._file: BinaryIO = self._path.open("wb")
        except OSError as error:
            raise self._error(error.strerror) from None
        if self._path.suffix == ".gz":
            self._packer = _Packer(self._file)
        try:
            self._port.start(self._packer.descriptor if self._packer else self._file.fileno())
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        code = 0
        try:
            self.instructions, code = self._port.stop()
        except TinysimError:
            if kind is None:  # else what went wrong inside says more
                raise
        finally:
            problem = self._close() or (os.strerror(code) if code else None)
        if problem and kind is None:
            raise self._error(problem)

    def _close(self) -> str | None:
        """End packer and file; what went wrong, if anything did."""
        problem = self._packer.close() if self._packer is not None else None
        try:
            self._file.close()
        except OSError as failure:
            return problem or failure.strerror
        return problem

    def _error(self, reason: str | None) -> InputError:
        return InputError(f"cannot be written: {reason}", file=self._path, remedy="give another --trace file")


class _Packer:
    """A pipe whose other end is packed into a file."""

    def __init__(self, file: BinaryIO) -> None:
        self._read_end, self.descriptor = os.pipe()
        self._problem: str | None = None
        self._thread = threading.Thread(target=self._pack, args=(file,), name="tinysim-packer", daemon=True)
        self._thread.start()

    def _pack(self, file: BinaryIO) -> None:
        """Without name and time, so that equal runs give equal bytes. After an error the pipe is still emptied."""
        try:
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=_PACKING_LEVEL, mtime=0) as packed:
                while content := os.read(self._read_end, _PIPE_BYTES):
                    packed.write(content)
        except OSError as error:
            self._problem = error.strerror
            while os.read(self._read_end, _PIPE_BYTES):
                pass

    def close(self) -> str | None:
        """Wait for the rest; what went wrong, if anything did."""
        os.close(self.descriptor)
        self._thread.join()
        os.close(self._read_end)
        return self._problem
