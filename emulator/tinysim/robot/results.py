"""What waits on a UART return, with the keys of Renode 1.16.1: Line, Timestamp, Groups, IsFailingString.

Suites for 1.14 write `line`, `timestamp`, `groups`: these are understood, too. Timestamps are virtual milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinysim.units import NANOSECONDS_PER_MILLISECOND


class Result(dict[str, object]):
    """`${result.Line}` or `${result}[Line]`; an old key is the new one with its first letter in lower case."""

    def __missing__(self, name: str) -> object:
        new = name[:1].upper() + name[1:]
        if new == name or new not in self:
            raise KeyError(f"{name} (there is: {', '.join(self)})")
        return self[new]

    def __getattr__(self, name: str) -> object:
        try:
            return self[name]
        except KeyError as error:
            raise AttributeError(f"the result has no {error.args[0]}") from None


def line_result(line: str = "", time_ns: int = 0, groups: Sequence[str] = ()) -> Result:
    """A line with the time of its last byte; keywords that only write answer an empty one, as Renode does."""
    return Result(
        Line=line, Timestamp=time_ns / NANOSECONDS_PER_MILLISECOND, Groups=list(groups), IsFailingString=False
    )


def bytes_result(content: bytes, time_ns: int, groups: Sequence[bytes]) -> Result:
    """Bytes with the time of the last one. R: no recording has this answer; Content is named by analogy."""
    return Result(
        Content=content,
        Timestamp=time_ns / NANOSECONDS_PER_MILLISECOND,
        Groups=[group.hex() for group in groups],
        IsFailingString=False,
    )
