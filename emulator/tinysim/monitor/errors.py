"""What the Monitor answers to a line that it cannot run: Renode's words where they are recorded, place and remedy."""

from __future__ import annotations

from collections.abc import Iterable

from tinysim.errors import InputError
from tinysim.repl.complaints import nearest

SIGNATURE = "Parameters did not match the signature"


class MonitorError(InputError):
    """A line of the Monitor that was not run."""


class Incomplete(MonitorError):
    """The text ends inside a string of several lines: more of it may follow."""


class Quit(Exception):
    """The Monitor was told to quit."""


def unknown(problem: str, name: str, known: Iterable[str], listing: str) -> MonitorError:
    """The error for a name that does not exist, with the nearest one, or how to see them all."""
    near = nearest(name, known)
    return MonitorError(problem, remedy=f"did you mean {near[0]}?" if near else listing)


def refused(what: str, reason: str) -> MonitorError:
    """The error for what Renode does and tinysim does not."""
    return MonitorError(f"{what} is not supported by tinysim: {reason}")
