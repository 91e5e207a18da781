"""What the keywords of one suite share: the emulation, its testers, and how waiting lets virtual time pass.

While a keyword waits the machines run as fast as the host can; between keywords they run on in the background, never
faster than the wall clock, as long as the emulation is not paused (tinysim.emulation). A wait takes the machines out of
the background and stops exactly at what it looks at; with pauseEmulation they stay there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from tinysim.emulation import RUNNING, Board, Emulation, may_run
from tinysim.machine import require_engine
from tinysim.monitor.interpreter import Monitor
from tinysim.robot.errors import KeywordException
from tinysim.robot.gdb_thread import GdbThread
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.machine import Machine
    from tinysim.robot.led import LedTester
    from tinysim.robot.log import LogTester
    from tinysim.robot.terminal import TerminalTester

DEFAULT_UART_TIMEOUT_S = 8.0
DEFAULT_LED_TIMEOUT_S = 0.0
PIECE_NS = 50_000_000  # of a wait: Ctrl-C and a test's own timeout come through between two of them
LOCKSTEP_NS = 1_000_000  # how far one of several machines runs ahead

Found = TypeVar("Found")


class Session:
    """Testers of UARTs and LEDs have numbers from 0 on, each UART and LED one."""

    def __init__(self, engine: str = "native") -> None:
        require_engine(engine)
        self.engine = engine
        self.emulation = Emulation(engine)
        self.monitor = Monitor(self.emulation)
        self.gdb = GdbThread(self.emulation)
        self.spent_ns = 0  # virtual time of machines that are gone, since the test began
        self._forget()

    def _forget(self) -> None:
        self.uart_timeout_s = DEFAULT_UART_TIMEOUT_S
        self.led_timeout_s = DEFAULT_LED_TIMEOUT_S
        self.default_terminal: int | None = None
        self.terminals: dict[int, TerminalTester] = {}
        self.leds: dict[int, LedTester] = {}
        self.log_tester: LogTester | None = None
        self.loads: list[str] = []  # parts that a keyword has added to a machine
        self.failing_log: dict[tuple[str, bool], Callable[[str], object]] = {}
        self._base_ns: dict[str, int] = {}

    # ---- machines ----

    def board(self, name: str | None = None) -> Board:
        """A machine by name; None: the only one."""
        boards = self.emulation.boards
        if name is None and len(boards) == 1:
            return next(iter(boards.values()))
        if name in boards:
            return boards[name]
        if not boards:
            raise KeywordException("There is no machine in the emulation: use Create Machine    platform=NAME")
        listed = ", ".join(boards)
        if name is None:
            raise KeywordException(
                f"No machine name provided. Don't know which one to choose. Available machines: [{listed}]"
            )
        raise KeywordException(f"Machine with name {name} not found. Available machines: [{listed}]")

    @property
    def machine(self) -> Machine:
        """The only machine."""
        return self.board().machine

    def reset(self) -> None:
        """Throw machines and testers away."""
        self.spent_ns = self.spent_time_ns()
        self.gdb.close()
        self.monitor.reset()
        self._forget()

    # ---- time ----

    def begin_test(self) -> None:
        """Count virtual time from here."""
        self.spent_ns = 0
        self._base_ns = {name: self._now_ns(board) for name, board in self.emulation.boards.items()}

    def begin_at(self, name: str) -> None:
        """A machine came in with time behind it that is not this test's."""
        self._base_ns[name] = self._now_ns(self.emulation.boards[name])

    def spent_time_ns(self) -> int:
        """Virtual time since the test began; of several machines that of the one that ran longest."""
        with self.emulation.lock:
            running = [
                self._now_ns(board) - self._base_ns.get(name, 0) for name, board in self.emulation.boards.items()
            ]
        return self.spent_ns + max((ran_ns for ran_ns in running if ran_ns > 0), default=0)

    @staticmethod
    def _now_ns(board: Board) -> int:
        return board.machine.engine.time_ns() if board.is_built else 0

    def wait(
        self, board: Board, timeout_s: float, look: Callable[[], Found | None], *, pause: bool, at_lines: bool = False
    ) -> Found | None:
        """Run until `look` finds something or the time is over; it is asked at each notice, or at ends of lines."""
        self.emulation.pause()
        try:
            if self.gdb.is_serving:
                found = self.gdb.watch(board, timeout_s, look)
            else:
                found = self._search(board, timeout_s, look, at_lines=at_lines)
            self._check_log()
            return found
        finally:
            if not (pause or self.gdb.is_serving):
                self.emulation.start()

    def wait_anywhere(self, timeout_s: float, look: Callable[[], Found | None], *, pause: bool) -> Found | None:
        """As `wait`, for what belongs to no machine; without one no time passes."""
        boards = list(self.emulation.boards.values())
        return self.wait(boards[0], timeout_s, look, pause=pause) if boards else look()

    def run_for(self, board: Board, seconds: float) -> None:
        """Let a virtual time pass."""
        self._search(board, seconds, lambda: None, at_lines=False, at_notices=False)

    def _search(
        self,
        board: Board,
        timeout_s: float,
        look: Callable[[], Found | None],
        *,
        at_lines: bool,
        at_notices: bool = True,
    ) -> Found | None:
        machine = board.machine
        end_ns = machine.engine.time_ns() + round(timeout_s * NANOSECONDS_PER_SECOND)
        longest_ns = PIECE_NS if len(self.emulation.boards) == 1 else LOCKSTEP_NS
        while True:
            found, left_ns = look(), end_ns - machine.engine.time_ns()
            if found is not None or left_ns <= 0 or not may_run(machine.stop_reason):
                return found
            piece_ns = min(left_ns, longest_ns)
            reason = machine.run_for(
                piece_ns / NANOSECONDS_PER_SECOND, stop_at_line=at_lines, stop_at_notice=at_notices and not at_lines
            )
            self._bring_up_others(board, machine.engine.time_ns())
            self.emulation.collect()
            if reason not in RUNNING or (reason == "time" and piece_ns == left_ns):
                return look()

    def _bring_up_others(self, board: Board, time_ns: int) -> None:
        for other in self.emulation.boards.values():
            behind_ns = time_ns - other.machine.engine.time_ns() if other is not board else 0
            if behind_ns > 0:
                other.run_for(behind_ns / NANOSECONDS_PER_SECOND)

    def _check_log(self) -> None:
        for entry in self.emulation.entries:
            if any(matches(entry.text) is not None for matches in self.failing_log.values()):
                raise KeywordException(f"Test failing entry has been found in log:\n{entry.text}")

    def why_not(self, board: Board, timeout_s: float) -> str:
        """The end of a failure's text: how long it was waited for, or why waiting is over."""
        with self.emulation.lock:
            reason, time_s = board.machine.stop_reason, board.machine.time
        if reason in RUNNING:
            return f"within {timeout_s:g} s of virtual time (now {time_s:.6f} s)"
        return f"and never will: the machine stopped with '{reason}' at {time_s:.6f} s"
