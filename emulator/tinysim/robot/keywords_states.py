"""`Provides` and `Requires`: a test leaves the whole emulation behind, later ones of the suite go on from there.

By snapshots; machines are described and set up again as they were (tinysim.emulation). Testers come back empty, as in
Renode, with their numbers. Of Renode's kinds Reexecution is the same here, since a snapshot is complete.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from robot.api.deco import keyword

from tinysim.emulation import Board
from tinysim.robot.errors import KeywordException
from tinysim.robot.led import LedTester
from tinysim.robot.log import LogTester
from tinysim.robot.session import Session
from tinysim.robot.terminal import TerminalTester
from tinysim.snapshot import Snapshot

_KINDS = ("Serialization", "Reexecution")


@dataclass(frozen=True)
class State:
    """Machines with their snapshots, and the testers that watched them."""

    boards: dict[str, tuple[Board, Snapshot]]
    selected: str | None
    terminals: dict[int, TerminalTester]
    leds: dict[int, LedTester]
    log_tester: LogTester | None
    defaults: tuple[float, float, int | None]


@dataclass
class States:
    """By name; as long as the suite."""

    known: dict[str, State] = field(default_factory=dict)


class StateKeywords:
    """Names of states are the suite's own."""

    session: Session
    states: States

    @keyword
    def provides(self, state: str, type: str = "Serialization") -> None:
        """Remember the emulation as it is now. It runs on."""
        if type not in _KINDS:
            raise KeywordException(f"'{type}' is no kind of state: {' or '.join(_KINDS)}")
        session = self.session
        if session.loads:
            raise KeywordException(f"Provides cannot keep {', '.join(session.loads)}: inject it behind Requires")
        with session.emulation.lock:
            boards = {name: (board, board.machine.snapshot()) for name, board in session.emulation.boards.items()}
            selected = session.emulation.board.name if session.emulation.has_board else None
        self.states.known[state] = State(
            boards,
            selected,
            dict(session.terminals),
            dict(session.leds),
            session.log_tester,
            (session.uart_timeout_s, session.led_timeout_s, session.default_terminal),
        )

    @keyword
    def requires(self, state: str) -> None:
        """Throw everything away and go on from a state that an earlier test provided; it stands still at first."""
        if state not in self.states.known:
            known = ", ".join(self.states.known) or "none"
            raise KeywordException(f"Required state {state} not found. (provided so far: {known})")
        kept, session = self.states.known[state], self.session
        session.reset()
        emulation = session.emulation
        with emulation.lock:
            for name, (board, snapshot) in kept.boards.items():
                emulation.boards[name] = board
                board.machine.restore(snapshot)
                session.begin_at(name)
            emulation.select(kept.selected)
            self._bring_testers_back(kept)

    def _bring_testers_back(self, kept: State) -> None:
        session = self.session
        session.uart_timeout_s, session.led_timeout_s, session.default_terminal = kept.defaults
        session.terminals = {number: _again(tester) for number, tester in kept.terminals.items()}
        session.leds = dict(kept.leds)
        if kept.log_tester is not None:
            session.log_tester = LogTester(session.emulation, kept.log_tester.timeout_s, kept.log_tester.pause)


def _again(tester: TerminalTester) -> TerminalTester:
    fresh = TerminalTester(tester.name, tester.board, tester.options)
    fresh.failing = dict(tester.failing)
    fresh.write_delay_s = tester.write_delay_s
    return fresh
