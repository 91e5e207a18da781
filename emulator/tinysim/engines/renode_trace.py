"""Renode's binary execution trace with memory accesses, for `--trace` and `--cycles`.

Renode writes it into its folder; a thread copies it from there while it grows.
"""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

from tinysim.engines.growing_file import GrowingFile
from tinysim.engines.renode_absent import refuse
from tinysim.engines.renode_errors import CpuAborted
from tinysim.engines.renode_process import RenodeProcess
from tinysim.engines.renode_text import numbers_in, path_argument
from tinysim.engines.tracing import Program, Replay

_TRACER = "tinysimTracer"
_COPY_BYTES = 1 << 16


class RenodeTracing:
    """As TracePort."""

    def __init__(self, process: RenodeProcess, cpu: str) -> None:
        self._process, self._cpu = process, cpu
        self._file = process.folder / "trace.bin"
        self._copy: _Copy | None = None
        self._instructions_before = 0

    def start(self, descriptor: int) -> None:
        """Trace from now on; the descriptor gets it piece by piece, and the rest when the trace ends."""
        path = path_argument(self._file)
        self._process.execute(f'{self._cpu} CreateExecutionTracing "{_TRACER}" {path} PCAndOpcode true')
        self._process.execute(f"{_TRACER} TrackMemoryAccesses")
        self._instructions_before = self._instructions()
        self._copy = _Copy(self._file, descriptor)

    def stop(self) -> tuple[int, int]:
        """Instructions executed meanwhile, and the errno of a read or write that failed (0: none).

        Of a CPU that has aborted, or in a run that was broken off, Renode does not tell the number, and the trace ends
        where it was written to. Raises RenodeBroken for a Renode that has ended, when what it wrote is copied.
        """
        assert self._copy is not None, "start comes first"
        count = 0
        try:
            if not self._process.is_occupied:
                with contextlib.suppress(CpuAborted):
                    count = self._instructions() - self._instructions_before
                    self._process.execute(f"{self._cpu} DisableExecutionTracing")
        finally:
            code = self._copy.end()
        return count, code

    def _instructions(self) -> int:
        return numbers_in(self._process.execute(f"{self._cpu} ExecutedInstructions"))[0]

    def replay(self, program: Program) -> Replay:
        refuse("timing model; a trace is counted by the native one")

    def set_register(self, address: int, value: int) -> None:
        refuse("timing model; a trace is counted by the native one")


class _Copy:
    """A thread that copies a growing file to a descriptor."""

    def __init__(self, source: Path, descriptor: int) -> None:
        self._source, self._descriptor, self._errno = source, descriptor, 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tinysim-trace-copy", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            with (
                GrowingFile(self._source, self._ended) as source,
                os.fdopen(self._descriptor, "wb", closefd=False) as target,
            ):
                while content := source.read_chunk(_COPY_BYTES):
                    target.write(content)
        except OSError as error:
            self._errno = error.errno or errno.EIO

    def end(self) -> int:
        """Copy what is written by now and remove the source; the errno of what failed (0: nothing did)."""
        self._ended.set()
        self._thread.join()
        with contextlib.suppress(OSError):
            self._source.unlink()
        return self._errno
