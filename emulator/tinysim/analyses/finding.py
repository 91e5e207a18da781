"""What an analysis has to say: a severity decides the exit code, a code is for machines, a message for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """ERROR fails the run (exit code 1); WARNING and NOTE do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Finding:
    """`where` is a time, a window, a sensor or an address, as text."""

    severity: Severity
    code: str
    message: str
    where: str = ""
