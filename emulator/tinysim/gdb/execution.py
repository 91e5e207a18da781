"""Running the CPU for GDB: continue, step, step within a range; in slices, so that an interrupt comes through.

A step runs interrupts that come in between to their end: the guest's time and order of events are those of a run
without a debugger, and GDB sees the next line and not a handler. `monitor interrupts enter` stops in the handler.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.engines.debug import PC
from tinysim.gdb.backward import Backward, Place, is_interrupt_of, place_of
from tinysim.gdb.stops import HALTED, INTERRUPTED_BY_GDB, Stop, stop_by_itself

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.engines.debug import DebugPort
    from tinysim.gdb.breakpoints import Breakpoints
    from tinysim.gdb.history import History

SLICE_NS = 20_000_000
STEPS_PER_LOOK = 256
BREAKPOINT_OPCODE_TOP = 0xBE


class Execution:
    """`interrupted` is asked, and `slice_over` told, between slices; a reason that the latter returns ends the run."""

    def __init__(
        self,
        engine: Engine,
        port: DebugPort,
        breakpoints: Breakpoints,
        history: History,
        *,
        interrupted: Callable[[], bool],
        slice_over: Callable[[], str | None],
        exit_code: Callable[[], int | None],
        end_ns: int | None,
        stop_at_line: bool = False,
    ) -> None:
        self._engine, self._port, self._breakpoints, self.history = engine, port, breakpoints, history
        self._backward = Backward(history, port, breakpoints, interrupted)
        self._interrupted, self._slice_over = interrupted, slice_over
        self._exit_code = exit_code
        self._end_ns, self._stop_at_line = end_ns, stop_at_line
        self._stands_on_bkpt: int | None = None
        self._access_is_over = False
        self._slice_ended_at: int | None = None
        self._return_to: int | None = None
        self.enters_interrupts = False

    def go_on(self) -> Stop:
        """Run until something stops the CPU."""
        self._access_is_over = False
        self._leave_bkpt()
        self._begin_forward()
        self._slice_ended_at = None
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

    def go_back(self) -> Stop:
        """Run backward until a breakpoint, a watched access or the begin of the history."""
        self._begin_backward()
        return self._backward.go_on()

    def step_back(self) -> Stop:
        """To the instruction before."""
        self._begin_backward()
        return self._backward.step(passes_interrupts=not self.enters_interrupts)

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
        self.history.changed()
        self._stands_on_bkpt, self._access_is_over = None, False

    # ---- pieces ----

    def _begin_forward(self) -> None:
        self._backward.forget()
        self.history.settle()

    def _begin_backward(self) -> None:
        self._stands_on_bkpt, self._access_is_over, self._slice_ended_at = None, False, None
        self.history.settle()

    def _pc(self) -> int:
        return self._port.registers()[PC]

    def _leave_bkpt(self) -> None:
        """A BKPT that stopped the CPU would stop it again: go on behind it, unless GDB has moved the pc."""
        if self._stands_on_bkpt is not None and self._stands_on_bkpt == self._pc():
            self.history.changed()
            self._port.set_register(PC, self._stands_on_bkpt + 2)
        self._stands_on_bkpt = None

    def _slice(self) -> Stop | None:
        """A stretch of virtual time; None when nothing stopped the CPU.

        A run goes on from a breakpoint that it begins at. One that a slice happened to end in front of is not over.
        """
        self.history.settle()
        if self._slice_ended_at == self._pc() and self._is_set(self._slice_ended_at):
            if not self._port.asleep():
                self._slice_ended_at = None
                return self._at_breakpoint()
            reason = self.history.step(self._slice_end_ns())
        else:
            reason = self.history.run(self._slice_end_ns(), stop_at_line=self._stop_at_line)
        ended = reason in ("time", "line")
        self._slice_ended_at = self._pc() if ended else None
        return self._look_around() if ended else None if reason == "step" else self._stopped(reason)

    def _slice_end_ns(self) -> int:
        until_ns = self._engine.time_ns() + SLICE_NS
        return until_ns if self._end_ns is None else min(until_ns, self._end_ns)

    def _is_set(self, address: int) -> bool:
        return address == self._return_to or self._breakpoints.stands_at(address)

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
        if reason == "exit":
            return Stop(reason, exit_code=self._exit_code() or 0)
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
        """An interrupt that came is taken in front of the instruction: it returns to where it was, and then we step."""
        self._leave_bkpt()
        self._begin_forward()
        place = place_of(self._port)
        while True:
            stop = self._single()
            if stop != HALTED or self.enters_interrupts or not self._interrupt_came(place):
                return stop
            stop = self._run_to(place)
            if stop != HALTED:
                return stop

    def _single(self) -> Stop:
        """The core's own step; asleep, it takes slices until something wakes the CPU."""
        while True:
            self.history.settle()
            reason = self.history.step(self._slice_end_ns())
            if reason == "step":
                return HALTED
            if reason != "time":
                return self._stopped(reason)
            stop = self._look_around()
            if stop is not None:
                return stop

    def _interrupt_came(self, before: Place) -> bool:
        """A frame was pushed; the end of a handler can lead to another one too, but leaves the stack where it is."""
        return is_interrupt_of(place_of(self._port), before)

    def _run_to(self, place: Place) -> Stop:
        """Run until the interrupt has returned; another task that passes the same instruction is let through."""
        self._port.set_breakpoint(place.pc)
        self._return_to, self._slice_ended_at = place.pc, None
        try:
            while True:
                stop = self._slice()
                if stop is None:
                    continue
                if stop.reason != "breakpoint" or self._pc() != place.pc:
                    return stop
                if place == place_of(self._port):
                    return HALTED
                if self._breakpoints.stands_at(place.pc):
                    return stop
        finally:
            self._return_to = None
            if not self._breakpoints.stands_at(place.pc):
                self._port.clear_breakpoint(place.pc)
