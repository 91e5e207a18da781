"""Machines by name, each described piece by piece and built at first use, and the time that they share.

As Renode's emulation: `mach create`, `machine LoadPlatformDescription`, `emulation RunFor`. Not modelled: wires between
machines (each runs for itself), a machine that gets a new piece of description after it has run.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.background import Background
from tinysim.errors import InputError
from tinysim.log import ERROR, WARNING, LogEntry

if TYPE_CHECKING:
    from tinysim.machine import Machine
    from tinysim.platform import Platform

RUNNING = (None, "time", "line")  # stop reasons behind which there is more to run
OVERSHOT_S = 10e-6  # a run ends with an instruction, behind its time by less than this
SLICE_S = 0.05  # what is printed meanwhile appears this often

DEADLOCK = "deadlock"

Step = Callable[["Machine"], None]


class Board:
    """A machine that is being described. What is done to it before it runs is done again when a piece is added."""

    def __init__(self, name: str, engine: str = "native", search_path: Sequence[Path] = ()) -> None:
        self.name = name
        self._engine, self._search_path = engine, search_path
        self._pieces: list[Path | str] = []
        self._steps: list[Step] = []
        self._machine: Machine | None = None
        self._platform: Platform | None = None
        self._target_s = 0.0
        self._told_stop = False
        self.steps_only = False  # time passes by single instructions alone, as in Renode's SingleStep
        self._warnings = self._gaps = 0  # how many of them the log has

    def describe(self, piece: Path | str) -> None:
        """Add a `.repl` file, or a text of its language. Raises InputError with its place, or once time has passed."""
        from tinysim.platform import join_platform

        if self._machine is not None and self._machine.cycles:
            raise InputError(f"{self.name} has run already", remedy="describe a machine before its time begins")
        pieces = [*self._pieces, piece]
        platform = join_platform(pieces, self._search_path, may_lack_cpu=True)
        if self._machine is not None:
            self._build(pieces)
        self._pieces, self._platform = pieces, platform

    @property
    def is_described(self) -> bool:
        """Whether there is any description yet."""
        return bool(self._pieces)

    @property
    def platform(self) -> Platform:
        """What is described so far; as its engine takes it, once it is built. Raises InputError if nothing."""
        if self._machine is not None:
            return self._machine.platform
        if self._platform is None:
            raise InputError(f"{self.name} has no description", remedy="use machine LoadPlatformDescription @FILE")
        return self._platform

    @property
    def is_built(self) -> bool:
        """Whether there is more than a description."""
        return self._machine is not None

    @property
    def machine(self) -> Machine:
        """The machine, built on the first call. Raises InputError when it is not described to its end."""
        if self._machine is None:
            self._build(self._pieces)
        assert self._machine is not None
        return self._machine

    def _build(self, pieces: Sequence[Path | str]) -> None:
        from tinysim.machine import Machine
        from tinysim.platform import join_platform

        if not pieces:
            raise InputError(f"{self.name} has no description", remedy="use machine LoadPlatformDescription @FILE")
        is_file = len(pieces) == 1 and isinstance(pieces[0], Path) and not self._search_path
        machine = Machine(pieces[0] if is_file else join_platform(pieces, self._search_path), engine=self._engine)
        self.close()
        self._machine, self._warnings, self._gaps = machine, 0, 0
        for step in self._steps:
            step(machine)

    def do(self, step: Step) -> None:
        """Set something up (firmware, memory, streams), now and after each later piece of description."""
        machine = self.machine
        step(machine)
        if not machine.cycles:
            self._steps.append(step)

    def close(self) -> None:
        """Give up the machine that is built."""
        if self._machine is not None:
            self._machine.close()
        self._machine = None

    def run_for(self, seconds: float) -> bool:
        """Run unless it has stopped for good; whether there is more to run. Deadlocked, only input lets it go on."""
        machine = self.machine
        if self.steps_only or not may_run(machine.stop_reason):
            return False
        overshot_s = machine.time - self._target_s
        if not 0 <= overshot_s < OVERSHOT_S:
            self._target_s = machine.time  # somebody else ran it meanwhile
        self._target_s += seconds
        return machine.run_for(max(0.0, self._target_s - machine.time)) in RUNNING

    def news(self) -> list[LogEntry]:
        """What the engine warned of since the last call, in the order of the log."""
        if self._machine is None:
            return []
        warnings, gaps = self._machine.engine.warnings(), self._machine.gaps
        found = [LogEntry(at_ns / 1e9, WARNING, text) for at_ns, text in warnings[self._warnings :]]
        found += [
            LogEntry(self._machine.time, WARNING, _gap_text(gap.access, gap.pc, gap.address))
            for gap in gaps[self._gaps :]
        ]
        self._warnings, self._gaps = len(warnings), len(gaps)
        if not may_run(self._machine.stop_reason) and not self._told_stop:
            text = f"{self.name}: stopped with '{self._machine.stop_reason}'"
            found.append(LogEntry(self._machine.time, ERROR, text))
        self._told_stop = not may_run(self._machine.stop_reason)
        return found


def may_run(stop_reason: str | None) -> bool:
    """Whether a machine that stopped for this reason can run on, at least once it gets input."""
    return stop_reason in RUNNING or stop_reason == DEADLOCK


def _gap_text(access: str, pc: int, address: int) -> str:
    """Renode's words, without the width, which a gap does not keep."""
    direction = "Read from" if access == "read" else "Write to"
    return f"sysbus: [cpu: 0x{pc:X}] {direction} non existing peripheral at 0x{address:X}."


class Emulation:
    """All machines. Whoever touches them holds `lock`, since `start` runs them in the background."""

    def __init__(self, engine: str = "native", repl_path: Sequence[Path] = ()) -> None:
        self.engine = engine
        self.repl_path = list(repl_path)  # folders for `using`; also those added later
        self.lock = threading.RLock()
        self.boards: dict[str, Board] = {}
        self.entries: list[LogEntry] = []
        self.after_run: list[Callable[[], None]] = []
        self._selected: str | None = None
        self._created = 0
        self._background: Background | None = None

    # ---- machines ----

    def create(self, name: str | None = None) -> Board:
        """Add a machine without description and select it; `machine-0` and so on without a name."""
        name = name or f"machine-{self._created}"
        if name in self.boards:
            raise InputError(f"there is a machine '{name}' already", remedy="take another name")
        self._created += 1
        self.boards[name] = Board(name, self.engine, self.repl_path)
        self._selected = name
        return self.boards[name]

    def select(self, which: str | int | None) -> None:
        """Choose the current machine by name or number; None: none. Raises InputError for one that is not there."""
        names = list(self.boards)
        if isinstance(which, int):
            which = names[which] if 0 <= which < len(names) else str(which)
        if which is not None and which not in names:
            raise InputError(f"there is no machine '{which}'", remedy=f"there is: {', '.join(names) or 'none'}")
        self._selected = which

    def remove(self, name: str) -> None:
        """Give one machine up."""
        if name not in self.boards:
            raise InputError(f"there is no machine '{name}'", remedy=f"there is: {', '.join(self.boards) or 'none'}")
        self.boards.pop(name).close()
        if self._selected == name:
            self._selected = None

    @property
    def has_board(self) -> bool:
        """Whether a machine is selected."""
        return self._selected is not None

    @property
    def board(self) -> Board:
        """The selected machine. Raises InputError when there is none."""
        if self._selected is None:
            remedy = f"use mach set, there is: {', '.join(self.boards)}" if self.boards else "use mach create"
            raise InputError("no machine is selected", remedy=remedy)
        return self.boards[self._selected]

    @property
    def machine(self) -> Machine:
        """The selected machine, built if it was only described."""
        return self.board.machine

    def reset(self) -> None:
        """Throw all machines away, and who watched them."""
        self.pause()
        with self.lock:
            for board in self.boards.values():
                board.close()
            self.boards, self._selected, self._created = {}, None, 0
            self.entries.clear()
            self.after_run.clear()

    # ---- time ----

    @property
    def is_started(self) -> bool:
        """Whether the machines run in the background."""
        return self._background is not None

    def start(self) -> None:
        """Let the machines run in the background from now on."""
        if self._background is None:
            for board in self.boards.values():
                _ = board.machine  # what is wrong with a description is said here, not by a thread
            self._background = Background(self._piece, self.lock)

    def pause(self) -> None:
        """Stop the background; time stands still."""
        with self.lock:
            background, self._background = self._background, None
            if background is not None:
                background.stop()

    def run_for(self, seconds: float) -> None:
        """Run all machines for a virtual time, as fast as the host can."""
        with self.lock:
            left_s = seconds
            while left_s > 0:
                piece_s = min(left_s, SLICE_S)
                left_s = left_s - piece_s if self._piece(piece_s) else 0.0

    def _piece(self, seconds: float) -> bool:
        going = [board.run_for(seconds) for board in self.boards.values()]
        self.collect()
        return any(going)

    def collect(self) -> None:
        """Take over what the engines warned of, and let the watchers look."""
        for board in self.boards.values():
            self.entries += board.news()
        for look in self.after_run:
            look()

    # ---- log ----

    @property
    def time_s(self) -> float:
        """Virtual seconds of the selected machine; 0 without one."""
        return self.board.machine.time if self._selected is not None and self.board.is_built else 0.0

    def log(self, level: int, text: str) -> None:
        """Add an entry."""
        self.entries.append(LogEntry(self.time_s, level, text))
