"""A GDB server beside the keywords: while it serves, GDB runs the machine and keywords that wait look on.

The thread holds the emulation's lock and lets go of it between two pieces of a run, and while it waits for GDB.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tinysim.emulation import Board, Emulation

if TYPE_CHECKING:
    from tinysim.gdb import GdbServer

_LOOK_S = 0.002  # wall time
Found = TypeVar("Found")


class GdbThread:
    """One server at a time."""

    def __init__(self, emulation: Emulation) -> None:
        self._emulation = emulation
        self._thread: threading.Thread | None = None
        self._ended, self.connected = threading.Event(), threading.Event()
        self._error: BaseException | None = None

    @property
    def is_serving(self) -> bool:
        """Whether GDB owns the machine or may yet come."""
        return self._thread is not None and self._thread.is_alive()

    def start(self, board: Board, port: int) -> int:
        """Listen; returns the port. The machine stands still until GDB runs it."""
        self.close()
        self._emulation.pause()
        server = board.machine.gdb(port)
        self._ended, self.connected = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._serve, args=(server,), name="tinysim-gdb", daemon=True)
        self._thread.start()
        return server.address[1]

    def close(self) -> None:
        """End the session and the server. Raises what the session has ended with."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _serve(self, server: GdbServer) -> None:
        try:
            with server, self._emulation.lock:
                server.serve(broken_off=self._broken_off, slice_over=self._slice_over, connected=self.connected.set)
        except BaseException as error:  # told to whoever closes: a thread has nobody above it
            self._error = error

    def _broken_off(self) -> bool:
        self._let_others_look()
        return self._ended.is_set()

    def _slice_over(self) -> str | None:
        self._let_others_look()
        return "interrupted" if self._ended.is_set() else None

    def _let_others_look(self) -> None:
        self._emulation.lock.release()
        time.sleep(_LOOK_S / 4)
        self._emulation.lock.acquire()

    def watch(self, board: Board, timeout_s: float, look: Callable[[], Found | None]) -> Found | None:
        """Look on until there is a find, virtual time has passed, or GDB has left."""
        with self._emulation.lock:
            end_s = board.machine.time + timeout_s
        while True:
            with self._emulation.lock:
                found, is_over = look(), board.machine.time >= end_s
            if found is not None or is_over or not self.is_serving:
                return found
            time.sleep(_LOOK_S)
