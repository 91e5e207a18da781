"""Renode's binary execution trace with memory accesses, for `--trace` and `--cycles`.

Renode writes it into its folder; it is copied at the end of the run, not while it grows.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil

from tinysim.engines.renode_absent import refuse
from tinysim.engines.renode_errors import CpuAborted
from tinysim.engines.renode_process import RenodeProcess
from tinysim.engines.renode_text import numbers_in, path_argument
from tinysim.engines.tracing import Program, Replay

_TRACER = "tinysimTracer"


class RenodeTracing:
    """As TracePort."""

    def __init__(self, process: RenodeProcess, cpu: str) -> None:
        self._process, self._cpu = process, cpu
        self._file = process.folder / "trace.bin"
        self._descriptor: int | None = None
        self._instructions_before = 0

    def start(self, descriptor: int) -> None:
        """Trace from now on; the descriptor gets it all when the trace ends."""
        path = path_argument(self._file)
        self._process.execute(f'{self._cpu} CreateExecutionTracing "{_TRACER}" {path} PCAndOpcode true')
        self._process.execute(f"{_TRACER} TrackMemoryAccesses")
        self._instructions_before = self._instructions()
        self._descriptor = descriptor

    def stop(self) -> tuple[int, int]:
        """Instructions executed meanwhile, and the errno of a write that failed (0: none).

        Of a CPU that has aborted Renode does not tell the number, and the trace ends where it was written to.
        """
        assert self._descriptor is not None, "start comes first"
        count = 0
        with contextlib.suppress(CpuAborted):
            count = self._instructions() - self._instructions_before
            self._process.execute(f"{self._cpu} DisableExecutionTracing")
        try:
            with self._file.open("rb") as source, os.fdopen(self._descriptor, "wb", closefd=False) as target:
                shutil.copyfileobj(source, target)
        except OSError as error:
            return count, error.errno or errno.EIO
        return count, 0

    def _instructions(self) -> int:
        return numbers_in(self._process.execute(f"{self._cpu} ExecutedInstructions"))[0]

    def replay(self, program: Program) -> Replay:
        refuse("timing model; a trace is counted by the native one")

    def set_register(self, address: int, value: int) -> None:
        refuse("timing model; a trace is counted by the native one")
