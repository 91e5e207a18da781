"""One function as its instructions with their cycles, and the source lines between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tinysim.analyses.causes import Cycles
from tinysim.analyses.profile import InstructionRow, Profile


@dataclass(frozen=True)
class Disassembled:
    """One instruction as text; data in the code (literals) comes as `.word`."""

    address: int
    text: str


@dataclass(frozen=True)
class AnnotatedLine:
    """An instruction with what it cost, or, without one, a source line."""

    text: str
    instruction: InstructionRow | None = None


def annotate(
    profile: Profile,
    code: Iterable[Disassembled],
    line_of: Callable[[int], tuple[str, int] | None],
    source_of: Callable[[int], str | None],
) -> tuple[AnnotatedLine, ...]:
    """Instructions in the order of addresses; `source_of` gives the source text of an address, if found."""
    executed = {row.address: row for row in profile.instructions}
    lines: list[AnnotatedLine] = []
    last: tuple[str, int] | None = None
    for each in code:
        place = line_of(each.address)
        if place != last and place is not None:
            text = source_of(each.address)
            lines.append(AnnotatedLine(f"{place[0]}:{place[1]}" + (f"  {text}" if text is not None else "")))
        last = place
        row = executed.get(each.address, InstructionRow(each.address, 0, Cycles()))
        lines.append(AnnotatedLine(each.text, row))
    return tuple(lines)
