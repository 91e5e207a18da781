"""What a running machine shows: console lines with virtual time, and a progress bar where stderr is a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_CONTROL = {code: None for code in (*range(9), *range(10, 32), 127)}


class RunDisplay:
    """A context manager; `lines_to` is None when console lines are not wanted."""

    def __init__(self, duration_s: float, *, lines_to: TextIO | None, progress: bool) -> None:
        self._lines_to = lines_to
        self._duration_s = duration_s
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._wanted = progress and sys.stderr.isatty()
        self._started = time.monotonic()

    def __enter__(self) -> RunDisplay:
        if self._wanted:
            self._progress = _bar()
            self._task = self._progress.add_task("run", total=self._duration_s, speed="")
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    @property
    def wall_s(self) -> float:
        """Real seconds since the display was made."""
        return time.monotonic() - self._started

    def line(self, time_s: float, text: str) -> None:
        """Show one console line; the guest's control characters stay out of the terminal."""
        if self._lines_to is None:
            return
        shown = f"[{time_s:11.6f} s] {text.translate(_CONTROL)}"
        if self._progress is not None and self._lines_to.isatty():
            self._progress.console.print(shown, markup=False, highlight=False, soft_wrap=True)
        else:
            self._lines_to.write(f"{shown}\n")
            self._lines_to.flush()

    def reached(self, time_s: float) -> None:
        """Move the bar to a virtual time."""
        if self._progress is not None and self._task is not None:
            self._progress.update(self._task, completed=time_s, speed=speed_text(time_s, self.wall_s))


def speed_text(virtual_s: float, wall_s: float) -> str:
    """Virtual time against real time."""
    return f"{virtual_s / wall_s:.1f} x real time" if wall_s > 0 else ""


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    return Progress(
        BarColumn(),
        TextColumn("{task.completed:.2f} of {task.total:.2f} s virtual"),
        TextColumn("{task.fields[speed]}"),
        console=Console(file=sys.stderr),
        transient=True,
    )
