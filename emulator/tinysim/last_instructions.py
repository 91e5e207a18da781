"""The last instructions that a machine executed, by running the end of its last run again, instruction by instruction.

The replay starts from a snapshot of the tape and comes near the end by halving the way, so that only some hundred
instructions are single steps. It is compared with the run at its end; one that went another way is not shown.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tinysim.analyses.timebase import timebase
from tinysim.engines.debug import PC
from tinysim.record import Record
from tinysim.tape import Checkpoint, checkpoint
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim.engines.base import Engine
    from tinysim.engines.debug import DebugPort
    from tinysim.firmware import Firmware
    from tinysim.tape import Tape

STEPS_AT_MOST = 400
NEAR_NS = 200
FIRST_WIDE_HALFWORD = 0xE800  # DDI 0403, A5.1
HARD_FAULT, USAGE_FAULT = 3, 6


@dataclass(frozen=True)
class Instruction:
    """One instruction, or the same one over and over (`times`)."""

    address: int
    halfwords: tuple[int, ...]
    function: str | None
    offset: int
    source: str | None
    times: int = 1

    def __str__(self) -> str:
        code = " ".join(f"{halfword:04x}" for halfword in self.halfwords) or "no memory"
        place = f"{self.function}+0x{self.offset:x}" if self.function else "unknown code"
        text = f"0x{self.address:08x}  {code:<9}  {place:<32}  {self.source or ''}"
        return f"{text.rstrip()}{f'  ({self.times} times)' if self.times > 1 else ''}"


class CannotReplay(Exception):
    """Why there is nothing to show."""


@dataclass(frozen=True)
class Goal:
    """Where the replay ends: at so many instructions, when a fault is taken at or after a time, or in lockup."""

    kind: Literal["count", "fault", "lockup"]
    instructions: int
    time_ns: int


def last_instructions(tape: Tape, count: int = 20) -> list[Instruction]:
    """The oldest first; of a faulted run up to the instruction that faulted. The machine is left as it was.

    Raises CannotReplay when no snapshot is there to start from, or the replay did not repeat the run.
    """
    if tape.obstacle is not None:
        raise CannotReplay(tape.obstacle)
    engine = tape.engine
    end = checkpoint(engine, len(tape.inputs))
    try:
        return _Replay(tape, end).last(count)
    finally:
        engine.restore(end.state)


class _Replay:
    def __init__(self, tape: Tape, end: Checkpoint) -> None:
        self._tape, self._engine, self._end = tape, tape.engine, end
        self._registers, self._fault = self._engine.registers(), self._engine.fault()
        arrays = self._engine.arrays()
        self._clock = timebase(Record(arrays=arrays))
        self._cycle_ns = NANOSECONDS_PER_SECOND // int(self._clock.hz.min()) + 1
        self._wakes_ns: list[int] = self._clock.nanoseconds(arrays["sleep.exit"]).tolist()
        self._goal = self._goal_of(arrays["exception.number"], arrays["exception.enter"])

    def _goal_of(self, numbers: NDArray[Any], entries: NDArray[Any]) -> Goal:
        """A handler that spins behind a fault says nothing: the fault's own instruction is the last one of interest."""
        faults = entries[(numbers >= HARD_FAULT) & (numbers <= USAGE_FAULT)]
        if self._tape.reason == "fault" and faults.size:
            at_ns = int(self._clock.nanoseconds(np.max(faults, keepdims=True))[0])
            return Goal("fault", self._end.instructions, at_ns)
        return Goal("lockup" if self._tape.reason == "lockup" else "count", self._end.instructions, self._end.time_ns)

    def last(self, count: int) -> list[Instruction]:
        start = self._near_the_goal(count)
        self._engine.restore(start.state)
        addresses = self._step_to_goal(start)
        if not self._repeated():
            raise CannotReplay("the replay went another way than the run")
        return addresses[-count:]

    # ---- coming near ----

    def _near_the_goal(self, count: int) -> Checkpoint:
        """The latest state found that lies at least `count` instructions in front of the goal."""
        goal = self._instructions_at_goal()
        usable = [one for one in self._tape.checkpoints if one.instructions <= goal - count]
        low = (usable or self._tape.checkpoints[:1])[-1]
        high_ns = self._goal.time_ns
        while goal - low.instructions > STEPS_AT_MOST and high_ns - low.time_ns > NEAR_NS:
            middle_ns = (low.time_ns + high_ns) // 2
            self._engine.restore(low.state)
            middle = self._advance(low.inputs, middle_ns)
            if middle.instructions <= goal - count and middle.time_ns > low.time_ns:
                low = middle
            else:
                high_ns = middle_ns
        return low

    def _instructions_at_goal(self) -> int:
        """Of a fault only its time is known: run there, from a state before it."""
        if self._goal.kind != "fault":
            return self._goal.instructions
        before = [one for one in self._tape.checkpoints if one.time_ns <= self._goal.time_ns]
        if not before:
            raise CannotReplay("the fault was taken before the last two runs")
        self._engine.restore(before[-1].state)
        return self._advance(before[-1].inputs, self._goal.time_ns - self._cycle_ns).instructions

    def _advance(self, done: int, to_ns: int) -> Checkpoint:
        for each in self._tape.inputs[done:]:
            if each.time_ns > to_ns:
                break
            self._engine.run_until(each.time_ns)
            each.repeat()
            done += 1
        self._engine.run_until(to_ns)
        return checkpoint(self._engine, done)

    # ---- stepping ----

    def _step_to_goal(self, start: Checkpoint) -> list[Instruction]:
        port = self._engine.debug()
        port.close()  # a BKPT is to fault as it did in the run
        found: list[Instruction] = []
        inputs = self._tape.inputs[start.inputs :]
        stuck = 0
        reason = ""
        while not self._is_reached(port, reason) and stuck < len(inputs) + STEPS_AT_MOST:
            while inputs and inputs[0].time_ns <= self._engine.time_ns():
                inputs.pop(0).repeat()
            here = self._at(port.registers()[PC])
            before = (self._count(), port.exception())
            reason = port.step(self._step_end_ns(port, inputs[0].time_ns if inputs else None))
            if reason == "lockup" or _executed(before, (self._count(), port.exception())):
                _append(found, here)
                stuck = 0
            else:
                stuck += 1
        return found

    def _step_end_ns(self, port: DebugPort, input_ns: int | None) -> int:
        """So early that an exception's entry ends the step: else the handler's first instruction would be in it."""
        now_ns = self._engine.time_ns()
        if not port.asleep():
            return now_ns + self._cycle_ns
        wake_ns = next((at for at in self._wakes_ns if at > now_ns), self._end.time_ns)
        return (wake_ns if input_ns is None else min(wake_ns, input_ns)) + self._cycle_ns

    def _is_reached(self, port: DebugPort, reason: str) -> bool:
        if self._goal.kind == "lockup":
            return reason == "lockup"
        if self._goal.kind == "fault":
            at_least_ns = self._goal.time_ns - self._cycle_ns
            return HARD_FAULT <= port.exception() <= USAGE_FAULT and self._engine.time_ns() >= at_least_ns
        return self._count() >= self._goal.instructions

    def _count(self) -> int:
        return self._engine.counters()["cpu.instructions"]

    def _repeated(self) -> bool:
        """A fault that is the same one, or the same registers after the same number of instructions."""
        if self._goal.kind == "fault":
            return self._engine.fault() == self._fault
        return self._count() == self._end.instructions and self._engine.registers() == self._registers

    def _at(self, address: int) -> Instruction:
        return _describe(self._engine, self._tape.firmware, address)


def _executed(before: tuple[int, int], after: tuple[int, int]) -> bool:
    """Counted, or not counted because it faulted; what only entered an interrupt's handler executed nothing."""
    is_fault = after[1] != before[1] and HARD_FAULT <= after[1] <= USAGE_FAULT
    return after[0] != before[0] or is_fault


def _append(found: list[Instruction], here: Instruction) -> None:
    if found and found[-1].address == here.address:
        found[-1] = replace(found[-1], times=found[-1].times + 1)
    else:
        found.append(here)


def _describe(engine: Engine, firmware: Firmware | None, address: int) -> Instruction:
    function = firmware.function_at(address) if firmware else None
    place = firmware.locate(address) if firmware else None
    source = f"{place.file}:{place.line}" if place and place.file else None
    offset = address - function.address if function else 0
    return Instruction(address, _halfwords(engine, address), function.name if function else None, offset, source)


def _halfwords(engine: Engine, address: int) -> tuple[int, ...]:
    try:
        first = int.from_bytes(engine.read_memory(address, 2), "little")
        if first < FIRST_WIDE_HALFWORD:
            return (first,)
        return (first, int.from_bytes(engine.read_memory(address + 2, 2), "little"))
    except ValueError:
        return ()
