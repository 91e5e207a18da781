"""The error tree: each error is one clear line for the user and carries the exit code of the command line.

Exit codes (docs/architecture.md, 7): 1 a check failed, 2 bad input, 3 the firmware faulted, 4 a tool is missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class TinysimError(Exception):
    """Base of everything tinysim reports on purpose; `exit_code` is what the command line returns."""

    exit_code = 2


class CheckFailed(TinysimError):
    """A budget, an expectation or a loss check failed."""

    exit_code = 1


@dataclass
class InputError(TinysimError):
    """The user's input is wrong: what is wrong, where (file, line or offset) and how to mend it."""

    problem: str
    file: Path | str | None = None
    place: str | None = None
    remedy: str | None = None

    exit_code = 2

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.place) if part)
        text = f"{where}: {self.problem}" if where else self.problem
        return f"{text} ({self.remedy})" if self.remedy else text


class EngineMissing(TinysimError):
    """An engine or a tool is not installed; the text says how to get it."""

    exit_code = 4
