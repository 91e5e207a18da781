"""A line of the log that machines share: what was warned of, when, how badly. Levels are Renode's numbers."""

from __future__ import annotations

from dataclasses import dataclass

NOISY, DEBUG, INFO, WARNING, ERROR = range(-1, 4)
LEVEL_NAMES = {NOISY: "NOISY", DEBUG: "DEBUG", INFO: "INFO", WARNING: "WARNING", ERROR: "ERROR"}


@dataclass(frozen=True)
class LogEntry:
    """Virtual seconds, level (-1 noisy to 3 error), `source: text`."""

    time_s: float
    level: int
    text: str
