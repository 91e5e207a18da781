"""What makes a debugged run repeatable: snapshots on its way, and what was put in from outside in between.

Where GDB or the host changed something, a snapshot stands behind the change: a run that comes there again goes on from
it. A change made in the past begins another future. Not seen: memory that Python code writes while the CPU runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tinysim.engines.debug import PC

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.engines.debug import DebugPort

CHECKPOINT_EVERY_NS = 20_000_000
CHECKPOINTS_AT_MOST = 128
LONGEST_STEP_NS = 1_000
STEPS_TO_A_SAFE_PLACE = 16
FIRST_ACCESSES = ((0x48, 0x9F), (0xB4, 0xB5), (0xBC, 0xBD), (0xC0, 0xCF), (0xE8, 0xE9), (0xEC, 0xED), (0xF8, 0xF9))


class Moment(NamedTuple):
    """A point of the run; moments compare by their order."""

    instructions: int
    cycles: int
    inputs: int  # how many changes from outside had been made


@dataclass(frozen=True)
class Checkpoint:
    """The state at a moment; `is_input` says that it stands right behind a change from outside."""

    moment: Moment
    time_ns: int
    state: Any
    is_input: bool = False


class History:
    """`checkpoints` are in the order of the run; the first one is as far back as one can go."""

    def __init__(self, engine: Engine, port: DebugPort) -> None:
        # Beneath a tape, if there is one: what is run again here is nothing for it to keep.
        self.engine: Engine = getattr(engine, "engine", engine)
        self._port = port
        self.checkpoints: list[Checkpoint] = []
        self.waypoints: list[Checkpoint] = []
        self._inputs = 0
        self._is_changed = True
        self._put_in = self.engine.inputs_put_in

    def now(self) -> Moment:
        """Where the run is."""
        return Moment(self._port.instructions(), self.engine.cycles(), self._inputs)

    def mark(self, *, is_input: bool = False) -> Checkpoint:
        """The state now."""
        return Checkpoint(self.now(), self.engine.time_ns(), self.engine.snapshot(), is_input)

    def restore(self, checkpoint: Checkpoint) -> None:
        """Go there."""
        self.engine.restore(checkpoint.state)
        self._inputs = checkpoint.moment.inputs

    def before(self, moment: Moment) -> list[Checkpoint]:
        """The checkpoints of the past, the oldest first."""
        return [one for one in self.checkpoints if one.moment < moment]

    def is_safe_to_restore(self) -> bool:
        """Whether no load or store comes next. Restoring in front of one makes its access, not its end, a cycle early
        when the instruction before it overlaps with it: decoded code is not in a snapshot, and with it the overlap."""
        if self._port.asleep():
            return True
        try:
            first = self.engine.read_memory(self._port.registers()[PC], 2)[1]
        except ValueError:
            return False
        return not any(low <= first <= high for low, high in FIRST_ACCESSES)

    def mark_soon(self) -> Checkpoint | None:
        """In a replay: the state at the next place that is safe to restore; None when that is too far."""
        for _ in range(STEPS_TO_A_SAFE_PLACE):
            if self.is_safe_to_restore():
                return self.mark()
            self.step(self.engine.time_ns() + LONGEST_STEP_NS)
        return None

    # ---- changes from outside ----

    def changed(self) -> None:
        """GDB has changed a register, memory or a device."""
        self._is_changed = True

    def settle(self) -> None:
        """Before and between runs: notice changes, repeat known ones, take a checkpoint when one is due."""
        if self._is_changed or self.engine.inputs_put_in != self._put_in:
            self._begin_another_future()
        self.follow()
        is_due = self.engine.time_ns() >= self.checkpoints[-1].time_ns + CHECKPOINT_EVERY_NS
        if is_due and self.is_safe_to_restore():
            self._append(self.mark())

    def _begin_another_future(self) -> None:
        now = self.now()
        self.checkpoints = [one for one in self.checkpoints if one.moment <= now]
        self.waypoints = [one for one in self.waypoints if one.moment <= now]
        self._inputs += 1
        self._append(self.mark(is_input=True))
        self._is_changed, self._put_in = False, self.engine.inputs_put_in

    def follow(self) -> None:
        """Where a change was made when the run was here before, it is made again."""
        ahead = self._next_input()
        while ahead is not None and self.now()[:2] >= ahead.moment[:2]:
            self.restore(ahead)
            ahead = self._next_input()

    def _next_input(self) -> Checkpoint | None:
        if self._inputs == self.checkpoints[-1].moment.inputs:
            return None
        return next((one for one in self.checkpoints if one.is_input and one.moment.inputs > self._inputs), None)

    def _append(self, checkpoint: Checkpoint) -> None:
        self.checkpoints.append(checkpoint)
        if len(self.checkpoints) > CHECKPOINTS_AT_MOST:
            self.checkpoints = thinned(self.checkpoints)

    # ---- running ----

    def run(self, until_ns: int, *, stop_at_line: bool = False) -> str:
        """As Engine.run_until, but ends ("time") behind the next known change from outside as well."""
        ahead = self._next_input()
        if ahead is None:
            return self.engine.run_until(until_ns, stop_at_line=stop_at_line)
        end_ns = min(until_ns, ahead.time_ns)
        if self.engine.time_ns() < end_ns:
            reason: str = self.engine.run_until(end_ns, stop_at_line=stop_at_line)
        else:  # several instructions can end at one time
            reason = self._port.step(end_ns + LONGEST_STEP_NS)
        if reason in ("time", "line", "step"):
            self.follow()
        return reason

    def step(self, until_ns: int) -> str:
        """As DebugPort.step, with the known changes."""
        reason = self._port.step(until_ns)
        if reason in ("time", "step"):
            self.follow()
        return reason


def thinned(checkpoints: list[Checkpoint]) -> list[Checkpoint]:
    """Fewer, the older the sparser: of the older half every second one goes, but none behind a change."""
    half = len(checkpoints) // 2
    kept = [one for i, one in enumerate(checkpoints[:half]) if i % 2 == 0 or one.is_input]
    return [*kept, *checkpoints[half:]] if len(kept) < half else checkpoints[1:]
