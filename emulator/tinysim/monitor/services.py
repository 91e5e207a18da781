"""What the Monitor's methods need around a machine: files by name, what is watched and fed, the log, time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.log import WARNING
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.files import find_file
from tinysim.monitor.target import Done
from tinysim.monitor.values import File, time_text
from tinysim.monitor.watching import Show, UartWatch, Watching, create

if TYPE_CHECKING:
    from tinysim.emulation import Board, Emulation
    from tinysim.machine import Machine


class Services:
    """The Session of tinysim.monitor.target for machines of an emulation."""

    def __init__(self, emulation: Emulation, show: Show | None) -> None:
        self.emulation = emulation
        self.watching = Watching(emulation, show)

    def forget(self) -> None:
        """Begin with an emulation that has no machines."""
        self.done = Done()
        self.scripts: list[Path] = []  # that are being run, the innermost last
        self.watching.uarts.clear()
        self.emulation.after_run.append(self.watching.look)

    def find(self, file: File) -> Path:
        """A file by the name behind an @: as it stands, beside the script, below `path`, beside platforms/."""
        beside = [self.scripts[-1].resolve().parent] if self.scripts else []
        return find_file(file, [*beside, *self.emulation.repl_path])

    def place_to_write(self, file: File) -> Path:
        """Where a file is to be made: from the working directory."""
        return Path(file.text)

    def add_folder(self, folder: File) -> None:
        """Look for files there, and for what platform files use."""
        path = Path(folder.text)
        if not path.is_dir():
            raise MonitorError(f"no such folder: {folder.text}")
        self.emulation.repl_path.append(path)

    def keep_uart(self, machine: Machine, uart: str, path: Path) -> None:
        """Write what a UART sends to a file."""
        create(path)
        self.watch(machine, uart, path)

    def forget_uart(self, uart: str, path: Path) -> None:
        """End that."""
        watched = self.watching.uarts
        watched[:] = [watch for watch in watched if (watch.uart, watch.path) != (uart, path)]

    def execution_mode(self, machine: Machine) -> str:
        """How time passes for a machine's CPU."""
        return "SingleStep" if self._board_of(machine).steps_only else "Continuous"

    def set_execution_mode(self, machine: Machine, mode: str) -> None:
        """`SingleStep`: by Step alone."""
        self._board_of(machine).steps_only = mode != "Continuous"

    def _board_of(self, machine: Machine) -> Board:
        return next(board for board in self.emulation.boards.values() if board.is_built and board.machine is machine)

    def watch(self, machine: Machine, uart: str, path: Path | None) -> None:
        """Pass on what a UART sends from power-on on: to a file, or to whoever is shown things."""
        self.watching.uarts.append(UartWatch(self._board_of(machine), uart, path))
        self.watching.look()

    def note(self, text: str) -> None:
        """A warning for the log."""
        self.emulation.log(WARNING, text)

    def time_text(self) -> str:
        """Virtual time of the selected machine."""
        board = self.emulation.board if self.emulation.has_board else None
        return time_text(board.machine.engine.time_ns() if board is not None and board.is_built else 0)
