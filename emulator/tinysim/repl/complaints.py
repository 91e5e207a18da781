"""How a `.repl` error is worded: Renode's code (E00, E32, ...), place, what was expected, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os.path import normpath
from pathlib import Path

from tinysim.errors import InputError


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a platform file; line and column count from 1."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def complaint(code: int | None, problem: str, place: Place, remedy: str) -> InputError:
    """Build the error for `place`; `code` is Renode's number where it has one for this mistake."""
    text = problem if code is None else f"E{code:02d} {problem}"
    return InputError(text, place.file, f"{place.line}:{place.column}", remedy)


def nearest(name: str, known: Iterable[str], count: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return up to `count` of the known names that look like `name`, best first."""
    from difflib import get_close_matches  # only a mistake pays for its import

    return get_close_matches(name, sorted(known), count, cutoff)


def shown(path: Path) -> str:
    """Return the path as a user would type it: relative to the working directory when it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except (OSError, ValueError):
        return Path(normpath(path)).as_posix()
