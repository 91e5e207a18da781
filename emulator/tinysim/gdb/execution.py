"""Running the CPU for GDB: continue, step, step within a range; in slices, so that an interrupt comes through.

A step runs interrupts that come in between to their end: the guest's time and order of events are those of a run without
a debugger, and GDB sees the next line and not a handler. `monitor interrupts enter` stops at the handler instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.engines.debug import PC
from tinysim.gdb.stops import HALTED, INTERRUPTED_BY_GDB, Stop, stop_by_itself

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.engines.debug import DebugPort
    from tinysim.gdb.breakpoints import Breakpoints

SLICE_NS = 20_000_000
STEPS_PER_LOOK = 256
BREAKPOINT_OPCODE_TOP = 0xBE
FIRST_ASYNCHRONOUS, NMI = 14, 2  # PendSV, SysTick and all interrupts; DDI 0403, B1.5.2
SP, LR = 13, 14
STACKED_PC_OFFSET, USES_PSP = 0x18, 1 << 2  # DDI 0403, B1.5.6 and B1.5.8


class Execution:
    """`interrupted` is asked, and `slice_over` told, between slices; a reason that the latter returns ends the run."""

    def __init__(
        self,
        engine: Engine,
        port: DebugPort,
        breakpoints: Breakpoints,
        *,
        interrupted: Callable[[], bool],
        slice_over: Callable[[], str | None],
        end_ns: int | None,
        stop_at_line: bool = False,
    ) -> None:
        self._engine, self._port, self._breakpoints = engine, port, breakpoints
        self._interrupted, self._slice_over = interrupted, slice_over
        self._end_ns, self._stop_at_line = end_ns, stop_at_line
        self._stands_on_bkpt: int | None = None
        self._access_is_over = False
        self.enters_interrupts = False

    def go_on(self) -> Stop:
        """Run until something stops the CPU."""
        self._access_is_over = False
        self._leave_bkpt()
        while True:
            stop = self._slice()
            if stop is not None:
                return stop

    def step(self) -> Stop:
        """One instruction."""
        if self._access_is_over:  # GDB steps over the access that it was told of; ours has been made already
            self._access_is_over = False
            return HALTED
        return self._step()

    def step_range(self, start: int, end: int) -> Stop:
        """Step until the pc leaves [start, end)."""
        stop = self.step()
        steps = 1
        while stop == HALTED and start <= self._pc() < end:
            if self._breakpoints.stands_at(self._pc()):
                return Stop("breakpoint", details=f"{self._breakpoints.word_at(self._pc())}:;")
            stop = self._step()
            steps += 1
            if stop == HALTED and steps % STEPS_PER_LOOK == 0:
                stop = self._look_around() or stop
        return stop

    def forget(self) -> None:
        """The CPU was reset: what it stood on is gone."""
        self._stands_on_bkpt, self._access_is_over = None, False

    # ---- pieces ----

    def _pc(self) -> int:
        return self._port.registers()[PC]

    def _leave_bkpt(self) -> None:
        """A BKPT that stopped the CPU would stop it again: go on behind it, unless GDB has moved the pc."""
        if self._stands_on_bkpt is not None and self._stands_on_bkpt == self._pc():
            self._port.set_register(PC, self._stands_on_bkpt + 2)
        self._stands_on_bkpt = None

    def _slice(self) -> Stop | None:
        """A stretch of virtual time; None when nothing stopped the CPU."""
        until_ns = self._engine.time_ns() + SLICE_NS
        if self._end_ns is not None:
            until_ns = min(until_ns, self._end_ns)
        reason = self._port.run_until(until_ns, stop_at_line=self._stop_at_line)
        if reason in ("time", "line"):
            return self._look_around()
        return self._stopped(reason)

    def _look_around(self) -> Stop | None:
        """What the host wants: its end of the run, or GDB's interrupt."""
        wish = self._slice_over()
        if wish is not None:
            return Stop(wish)
        if self._end_ns is not None and self._engine.time_ns() >= self._end_ns:
            return Stop("time")
        return INTERRUPTED_BY_GDB if self._interrupted() else None

    def _stopped(self, reason: str) -> Stop:
        if reason == "breakpoint":
            return self._at_breakpoint()
        if reason == "watchpoint":
            hit = self._port.hit()
            self._access_is_over = True
            word, address = self._breakpoints.watch_words(hit.address, hit.kind)
            return Stop(reason, details=f"{word}:{address:x};")
        return stop_by_itself(reason, self._engine)

    def _at_breakpoint(self) -> Stop:
        pc = self._pc()
        if self._breakpoints.stands_at(pc):
            return Stop("breakpoint", details=f"{self._breakpoints.word_at(pc)}:;")
        self._stands_on_bkpt = pc if self._is_bkpt(pc) else None
        return Stop("breakpoint")

    def _is_bkpt(self, pc: int) -> bool:
        try:
            return self._engine.read_memory(pc, 2)[1] == BREAKPOINT_OPCODE_TOP
        except ValueError:
            return False

    # ---- a step and the interrupts in it ----

    def _step(self) -> Stop:
        self._leave_bkpt()
        before, sp, start = self._port.exception(), self._port.registers()[SP], self._pc()
        while True:
            stop = self._single()
            if stop != HALTED or self.enters_interrupts or not self._interrupt_came(before):
                return stop
            stop = self._run_handler(before)
            returned_here = self._port.registers()[SP] == sp and self._pc() == start
            if stop != HALTED or not returned_here:
                return stop

    def _single(self) -> Stop:
        """The core's own step; asleep, it takes slices until something wakes the CPU."""
        while True:
            reason = self._port.step()
            if reason == "none":
                return HALTED
            if reason != "time":
                return self._stopped(reason)
            stop = self._look_around()
            if stop is not None:
                return stop

    def _interrupt_came(self, before: int) -> bool:
        now = self._port.exception()
        return now != before and (now >= FIRST_ASYNCHRONOUS or now == NMI) and self._is_at_entry()

    def _is_at_entry(self) -> bool:
        """LR holds an EXC_RETURN, as in front of a handler's first instruction; a return to a handler does not."""
        return self._port.registers()[LR] >= 0xFFFF_FFE0

    def _run_handler(self, before: int) -> Stop:
        """Run to where the handler returns to, on the level that it interrupted."""
        registers = self._port.registers()
        stack = self._port.special_registers()["psp"] if registers[LR] & USES_PSP else registers[SP]
        try:
            frame = self._engine.read_memory(stack + STACKED_PC_OFFSET, 4)
        except ValueError:
            return HALTED
        address = int.from_bytes(frame, "little") & ~1
        self._port.set_breakpoint(address)
        try:
            return self._run_to(address, before)
        finally:
            if not self._breakpoints.stands_at(address):
                self._port.clear_breakpoint(address)

    def _run_to(self, address: int, before: int) -> Stop:
        while True:
            stop = self._slice()
            if stop is None:
                continue
            arrived = stop.reason == "breakpoint" and self._pc() == address
            if not arrived:
                return stop
            if self._port.exception() == before:
                return HALTED
            if self._breakpoints.stands_at(address):
                return stop
