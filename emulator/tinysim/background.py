"""Lets virtual time pass while nobody asks for it: a thread that runs short pieces, never faster than the wall clock.

Only for what people do by hand (`start` in the Monitor) and suites that sleep: how far it gets depends on the host.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

PIECE_S = 0.001
IDLE_S = 0.01  # between looks at machines that have nothing to run
YIELD_S = 0.0002  # between pieces, for whoever waits for the lock


class Background:
    """Calls `run_piece(seconds)` under `lock` until `stop`; it answers whether there is more to run."""

    def __init__(self, run_piece: Callable[[float], bool], lock: threading.RLock) -> None:
        self._run_piece, self._lock = run_piece, lock
        self._stop = threading.Event()
        self.error: BaseException | None = None  # what ended it otherwise than `stop`
        self._thread = threading.Thread(target=self._run, name="tinysim-background", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """To be called under the lock: no piece runs after it. Raises what a piece has ended with."""
        self._stop.set()
        if self.error is not None:
            raise self.error

    def _run(self) -> None:
        began_s, ran_s = time.monotonic(), 0.0
        while not self._stop.is_set():
            with self._lock:
                if self._stop.is_set():
                    return
                try:
                    runs = self._run_piece(PIECE_S)
                except BaseException as error:  # told to whoever pauses: a thread has nobody above it
                    self.error = error
                    return
            ran_s += PIECE_S if runs else IDLE_S
            ahead_s = ran_s - (time.monotonic() - began_s)
            self._stop.wait(max(YIELD_S, ahead_s))
            if ahead_s < 0:
                began_s, ran_s = time.monotonic(), 0.0
