"""Going backward for GDB (`bs`, `bc`): a run is repeated from a snapshot in front of the goal, and stopped earlier.

A step back passes over interrupts that came in between, as a step forward does. A watchpoint stops in front of the
access when going backward, so the old value is seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from tinysim.engines.debug import PC
from tinysim.gdb.history import LONGEST_STEP_NS, Checkpoint, History, Moment
from tinysim.gdb.stops import HALTED, INTERRUPTED_BY_GDB, Stop

if TYPE_CHECKING:
    from tinysim.engines.debug import DebugPort, Hit
    from tinysim.gdb.breakpoints import Breakpoints

FIRST_ASYNCHRONOUS, NMI = 14, 2  # PendSV, SysTick and all interrupts; DDI 0403, B1.5.2
SP = 13
STEPS_NEAR = 64
FIRST_DISTANCE, LAST_DISTANCE, FARTHER = 8, 500_000, 16  # instructions, for handlers to be passed over
WAYPOINTS_AT_MOST = 32
HISTORY_BEGINS = Stop(
    "halted", details="replaylog:begin;", text="no more history: it begins where GDB began to run the CPU, or was cut"
)


CANNOT_REPEAT = Stop(
    "halted", details="replaylog:begin;", text="cannot go back: the run could not be repeated (was memory written?)"
)


class WentAnotherWay(Exception):
    """A replay did not come to the moment that the run came to."""


class Place(NamedTuple):
    """Where the CPU is, on which stack and on which level."""

    pc: int
    sp: int
    exception: int


class Visit(NamedTuple):
    """A moment that a replay passed, and the watched access that the step from it made."""

    moment: Moment
    place: Place
    hit: Hit | None


class Found(NamedTuple):
    """A stop that going backward comes to: at a breakpoint, or behind a watched access."""

    moment: Moment
    hit: Hit | None


def place_of(port: DebugPort) -> Place:
    """Where the CPU is."""
    registers = port.registers()
    return Place(registers[PC], registers[SP], port.exception())


def is_interrupt_of(inner: Place, outer: Place) -> bool:
    """Whether `inner` is in the handler of an interrupt that came at `outer`."""
    asynchronous = inner.exception >= FIRST_ASYNCHRONOUS or inner.exception == NMI
    deeper = outer.exception == 0 or inner.sp < outer.sp
    return asynchronous and inner.exception != outer.exception and deeper


class Backward:
    """`interrupted` is asked between stretches of a long way back."""

    def __init__(
        self, history: History, port: DebugPort, breakpoints: Breakpoints, interrupted: Callable[[], bool]
    ) -> None:
        self._history, self._port, self._breakpoints = history, port, breakpoints
        self._interrupted = interrupted
        self._access_is_told = False

    def forget(self) -> None:
        """The CPU is going to run forward."""
        self._access_is_told = False

    # ---- bc ----

    def go_on(self) -> Stop:
        """Run backward to a breakpoint, a watched access or the begin of the history."""
        self._access_is_told = False
        end = self._history.mark()
        here = end
        try:
            for start in reversed(self._history.before(end.moment)):
                found = self._last_stop(start, end)
                if found is not None:
                    return self._land(start, end, found)
                end = start
                if self._interrupted():
                    self._history.restore(start)
                    return INTERRUPTED_BY_GDB
        except WentAnotherWay:
            self._history.restore(here)
            return CANNOT_REPEAT
        return self._to_the_begin()

    def _to_the_begin(self) -> Stop:
        self._history.restore(self._history.checkpoints[0])
        return HISTORY_BEGINS

    def _last_stop(self, start: Checkpoint, end: Checkpoint) -> Found | None:
        """The last one between two moments: breakpoints in front of the later one, accesses made by then."""
        self._history.restore(start)
        found = Found(start.moment, None) if self._stands_on_breakpoint() and not self._port.asleep() else None
        before = start.moment
        while before < end.moment:
            reason = self._run(end)
            now = self._history.now()
            if reason == "watchpoint" and now[:2] <= end.moment[:2]:
                found = Found(now, self._port.hit())
            elif reason == "breakpoint" and start.moment < now < end.moment and self._stands_on_breakpoint():
                found = Found(now, None)
            if now == before and not self._is_freed(reason, now):
                break
            before = now
        if before.instructions != end.moment.instructions:  # a stall (of flash) can be passed over in one go
            raise WentAnotherWay
        return found

    def _run(self, end: Checkpoint) -> str:
        if self._history.engine.time_ns() < end.time_ns:
            return self._history.run(end.time_ns)
        return self._history.step(end.time_ns + LONGEST_STEP_NS)

    def _is_freed(self, reason: str, now: Moment) -> bool:
        """A run that stands still goes on when it was a breakpoint in front of a change, or one to begin from."""
        self._history.follow()
        return self._history.now() != now or (reason == "breakpoint" and self._stands_on_breakpoint())

    def _stands_on_breakpoint(self) -> bool:
        return self._breakpoints.stands_at(self._port.registers()[PC])

    def _land(self, start: Checkpoint, end: Checkpoint, found: Found) -> Stop:
        self._history.restore(start)
        before = None
        while (now := self._history.now()) != found.moment and now != before:
            before = now if not self._stands_on_breakpoint() else None
            self._run(end)
        if found.hit is None:
            return self._at_breakpoint()
        self._back_to(self._history.mark(), passes_interrupts=False)
        return self._at_access(found.hit)

    def _at_breakpoint(self) -> Stop:
        word = self._breakpoints.word_at(self._port.registers()[PC])
        return Stop("breakpoint", details=f"{word}:;")

    def _at_access(self, hit: Hit) -> Stop:
        self._access_is_told = True
        word, address = self._breakpoints.watch_words(hit.address, hit.kind)
        return Stop("watchpoint", details=f"{word}:{address:x};")

    # ---- bs ----

    def step(self, *, passes_interrupts: bool) -> Stop:
        """To the instruction before."""
        if self._access_is_told:  # GDB steps over the access that it was told of; we stand in front of it already
            self._access_is_told = False
            return HALTED
        return self._back_to(self._history.mark(), passes_interrupts=passes_interrupts)

    def _back_to(self, end: Checkpoint, *, passes_interrupts: bool) -> Stop:
        here = place_of(self._port)
        distance = FIRST_DISTANCE
        while self._history.before(end.moment):
            start = self._near(end, distance)
            visits = self._visits(start, end)
            last = _last_elsewhere(visits, end.moment, here)
            goal = _in_front_of_interrupts(visits, last, here) if passes_interrupts else last
            is_all = start.moment == self._history.checkpoints[0].moment or distance > LAST_DISTANCE
            if goal < 0 and is_all:
                goal = last  # the way past the handler is too long: into it
            if goal >= 0:
                return self._land_on(start, end, visits, goal, here)
            if is_all:
                break
            distance *= FARTHER
        return self._to_the_begin()

    def _near(self, end: Checkpoint, distance: int) -> Checkpoint:
        """A state not much more than `distance` instructions in front of the end, by halving the time."""
        goal = end.moment.instructions - distance
        known = sorted([*self._history.before(end.moment), *self._history.waypoints], key=lambda one: one.moment)
        usable = [one for one in known if one.moment.instructions <= goal]
        low, high_ns = (usable or known)[-1 if usable else 0], end.time_ns
        with self._breakpoints.lifted():
            while goal - low.moment.instructions > STEPS_NEAR and high_ns - low.time_ns > 1:
                middle_ns = (low.time_ns + high_ns) // 2
                self._history.restore(low)
                self._run_past(middle_ns)
                found = self._history.mark_soon()
                if found is not None and low.moment < found.moment and found.moment.instructions <= goal:
                    low = found
                    self._history.waypoints = [*self._history.waypoints[1 - WAYPOINTS_AT_MOST :], low]
                else:
                    high_ns = middle_ns
        return low

    def _run_past(self, time_ns: int) -> None:
        before = None
        while self._history.engine.time_ns() < time_ns and (now := self._history.now()) != before:
            before = now
            self._history.run(time_ns)
            self._history.follow()

    def _visits(self, start: Checkpoint, end: Checkpoint) -> list[Visit]:
        """All moments from the start up to the end, without it, step by step."""
        self._history.restore(start)
        visits = []
        while (now := self._history.now()) < end.moment:
            place = place_of(self._port)
            reason = self._history.step(end.time_ns + LONGEST_STEP_NS)
            visits.append(Visit(now, place, self._port.hit() if reason == "watchpoint" else None))
            if self._history.now() == now:
                break
        return visits

    def _land_on(self, start: Checkpoint, end: Checkpoint, visits: list[Visit], goal: int, here: Place) -> Stop:
        """The goal, or a watched access or a breakpoint in what is passed over on the way to it."""
        at = len(visits) - 1
        while at > goal and not self._stops_at(visits[at], here):
            at -= 1
        self._history.restore(start)
        for _ in range(at):
            self._history.step(end.time_ns + LONGEST_STEP_NS)
        hit = visits[at].hit
        if hit is not None:
            return self._at_access(hit)
        return self._at_breakpoint() if at > goal else HALTED

    def _stops_at(self, visit: Visit, here: Place) -> bool:
        return visit.hit is not None or (visit.place != here and self._breakpoints.stands_at(visit.place.pc))


def _last_elsewhere(visits: list[Visit], end: Moment, here: Place) -> int:
    """The last visit that is not the same place asleep, or in front of a change of memory; -1 when there is none."""
    at = len(visits) - 1
    while at >= 0 and visits[at].moment.instructions == end.instructions and visits[at].place == here:
        at -= 1
    return at


def _in_front_of_interrupts(visits: list[Visit], at: int, here: Place) -> int:
    """The last visit that is not in an interrupt's handler, which began and returned at `here`; -1 if there is none."""
    while at >= 0 and is_interrupt_of(visits[at].place, here):
        while at >= 0 and visits[at].place != here:
            at -= 1
        at -= 1
    return max(at, -1)
