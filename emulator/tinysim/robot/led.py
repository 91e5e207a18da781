"""An LED tester: the state of one light of a machine, and the times at which it changes."""

from __future__ import annotations

from dataclasses import dataclass

from tinysim.emulation import Board


@dataclass(frozen=True)
class Stretch:
    """A time in one state; the first and the last one of a test were cut off by its ends."""

    is_lit: bool
    begin_ns: int
    end_ns: int

    @property
    def seconds(self) -> float:
        """How long."""
        return (self.end_ns - self.begin_ns) / 1e9


@dataclass(frozen=True)
class LedTester:
    """`name` is the light's in the platform."""

    name: str
    board: Board
    timeout_s: float

    def is_lit(self) -> bool:
        """The state now."""
        return self.board.machine.led(self.name).state

    def now_ns(self) -> int:
        """Virtual time of its machine."""
        return self.board.machine.engine.time_ns()


class Observation:
    """Collects the stretches of a light; `look` is called at each notice of the machine."""

    def __init__(self, tester: LedTester) -> None:
        self._tester = tester
        self._state, self._since_ns = tester.is_lit(), tester.now_ns()
        self._stretches: list[Stretch] = []

    def look(self) -> None:
        """Note a change."""
        state = self._tester.is_lit()
        if state != self._state:
            now_ns = self._tester.now_ns()
            self._stretches.append(Stretch(self._state, self._since_ns, now_ns))
            self._state, self._since_ns = state, now_ns

    def stretches(self) -> list[Stretch]:
        """All up to now."""
        return [*self._stretches, Stretch(self._state, self._since_ns, self._tester.now_ns())]
