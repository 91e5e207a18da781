"""The Monitor's lines of a platform file: `init:` when a machine is made, `reset:` when the Monitor resets it.

Only those of tinysim.platform.lines_left; a line has neither variables nor files to write.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.files import find_file
from tinysim.monitor.lookup import call
from tinysim.monitor.target import Done, Target, no_such, resolve
from tinysim.monitor.tokens import statements
from tinysim.monitor.values import File, literal
from tinysim.platform.lines_left import is_understood

if TYPE_CHECKING:
    from tinysim.machine import Machine
    from tinysim.platform import MonitorLine
    from tinysim.repl.syntax import Phase


class LineSession:
    """What is around a line of a platform file: its folder, and the record's warnings."""

    def __init__(self, machine: Machine, folder: Path) -> None:
        self.done = Done()
        self._machine, self._folder = machine, folder

    def find(self, file: File) -> Path:
        return find_file(file, [self._folder])

    def place_to_write(self, file: File) -> Path:
        raise MonitorError("a platform file writes no files")

    def keep_uart(self, machine: Machine, uart: str, path: Path) -> None:
        raise MonitorError("a platform file writes no files")

    def forget_uart(self, uart: str, path: Path) -> None:
        raise MonitorError("a platform file writes no files")

    def execution_mode(self, machine: Machine) -> str:
        return "Continuous"

    def set_execution_mode(self, machine: Machine, mode: str) -> None:
        raise MonitorError("a platform file sets no execution mode")

    def note(self, text: str) -> None:
        self._machine.engine.warn(text)


def run_lines(machine: Machine, phase: Phase, *, strict: bool = False) -> list[tuple[str, str]]:
    """Run the lines of a phase; returns (name, reason) of those that failed, or raises the first one if `strict`."""
    failed = []
    for line in machine.platform.monitor_lines:
        if line.phase != phase or not is_understood(line):
            continue
        try:
            _run(machine, line)
        except InputError as error:
            told = MonitorError(error.problem, line.place.file, f"{line.place.line}:{line.place.column}", error.remedy)
            if strict:
                raise told from None
            failed.append((line.variable, f"the {phase} line {line.text[:60]!r} failed: {told}"))
    return failed


def _run(machine: Machine, line: MonitorLine) -> None:
    found = resolve(machine.platform, line.variable)
    if found is None:
        raise no_such(machine.platform, line.variable)
    session = LineSession(machine, Path(line.place.file).parent)
    target = Target("", machine, *found, session, lambda step: step(machine))
    for method, *rest in statements(line.text):
        call(target, method.text, [literal(token) for token in rest])
