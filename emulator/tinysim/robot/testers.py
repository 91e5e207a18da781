"""The numbers of testers: one for each UART and each LED, from 0 on in the order of their making."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, TypeVar

from tinysim.robot.errors import KeywordException

if TYPE_CHECKING:
    from tinysim.emulation import Board


class Tester(Protocol):
    """Watches the thing of this name on a board."""

    @property
    def name(self) -> str: ...
    @property
    def board(self) -> Board: ...


Kind = TypeVar("Kind", bound=Tester)


def number_for(testers: Mapping[int, Tester], board: Board, name: str) -> int:
    """The number of the tester that watches this already, else the next free one."""
    watching = (number for number, other in testers.items() if (other.board, other.name) == (board, name))
    return next(watching, len(testers))


def tester_of(testers: Mapping[int, Kind], number: int | None, kind: str) -> Kind:
    """The tester of a number; None: the only one. `kind` is for the error: terminal, LED. Raises KeywordException."""
    if number is None and len(testers) == 1:
        return next(iter(testers.values()))
    if number is None and testers:
        raise KeywordException("There is more than one tester available - please specify ID of the desired tester.")
    if number is None or number not in testers:
        raise KeywordException(f"there is no {kind} tester {number}: there are {sorted(testers) or 'none'}")
    return testers[number]
