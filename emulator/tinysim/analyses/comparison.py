"""Two runs of one firmware on two engines: the same console lines, the same decisions, the same bytes by DMA?

Times differ between engines by their nature and are shown, not compared. So are fields that a firmware measures time
with (`us=`, `ms=`, `cycles=`, ...): their values are left out of the lines. What one engine prints in the last moment
of its run the other may print behind its end: lines of that tail are not missed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TypeAlias

from tinysim.analyses.console import ConsoleLine, console_lines
from tinysim.analyses.events import analyse_events
from tinysim.record import Record

TAIL_S = 0.05
MEASURED_TIME = re.compile(r"\b(\w*(?:ns|us|ms|cycles|cyc|ticks))=\S+")
NOTHING = "nothing"

Decision: TypeAlias = "tuple[str, int | None]"


@dataclass(frozen=True)
class Difference:
    """The first divergence of a kind ("console", "decision", "dma"): where, what each has, and how many more."""

    kind: str
    place: str
    first: str
    second: str
    more: int = 0


@dataclass(frozen=True)
class Side:
    """One engine's run; `memory` is what stands at the end where DMA had written, by address."""

    name: str
    record: Record
    memory: Mapping[int, bytes]


@dataclass(frozen=True)
class Comparison:
    """What was compared, in numbers, and the differences."""

    names: tuple[str, str]
    lines: int
    decisions: int
    dma_bytes: int
    differences: tuple[Difference, ...]


def compare(first: Side, second: Side) -> Comparison:
    """Compare two runs; the first side's numbers say how much was there to compare."""
    lines = [console_lines(side.record) for side in (first, second)]
    decisions = [
        [(each.event_class, each.window) for each in analyse_events(side.record).detected] for side in (first, second)
    ]
    uarts = sorted({line.uart for side in lines for line in side})
    differences = [_console(uart, [_of(uart, side) for side in lines], _ends_s(first, second)) for uart in uarts]
    differences += [_decisions(*decisions), *_memory(first.memory, second.memory)]
    return Comparison(
        (first.name, second.name),
        len(lines[0]),
        len(decisions[0]),
        sum(len(content) for content in first.memory.values()),
        tuple(each for each in differences if each is not None),
    )


def _of(uart: str, lines: Sequence[ConsoleLine]) -> list[ConsoleLine]:
    return [line for line in lines if line.uart == uart]


def _ends_s(*sides: Side) -> float:
    return min(int(side.record.manifest.get("virtual_time_ns", 0)) / 1e9 for side in sides)


def _plain(line: ConsoleLine) -> str:
    return MEASURED_TIME.sub(r"\1=", line.text)


def _console(uart: str, lines: list[list[ConsoleLine]], end_s: float) -> Difference | None:
    first, second = lines
    for number, (one, other) in enumerate(zip(first, second, strict=False), start=1):
        if _plain(one) != _plain(other):
            more = max(len(first), len(second)) - number
            return Difference("console", f"{uart}, line {number}", _shown(one), _shown(other), more)
    common = min(len(first), len(second))
    longer = first if len(first) > common else second
    missed = [line for line in longer[common:] if line.time_s < end_s - TAIL_S]
    if not missed:
        return None
    texts = (_shown(missed[0]), NOTHING) if longer is first else (NOTHING, _shown(missed[0]))
    return Difference("console", f"{uart}, line {common + 1}", *texts, len(missed) - 1)


def _shown(line: ConsoleLine) -> str:
    return f"{line.text!r} at {line.time_s:.6f} s"


def _decisions(first: Sequence[Decision], second: Sequence[Decision]) -> Difference | None:
    if list(first) == list(second):
        return None
    pairs = list(zip_longest(map(str, first), map(str, second), fillvalue=NOTHING))
    at = next(number for number, (one, other) in enumerate(pairs) if one != other)
    return Difference("decision", f"event {at + 1}", *pairs[at], len(pairs) - at - 1)


def _memory(first: Mapping[int, bytes], second: Mapping[int, bytes]) -> list[Difference]:
    found = []
    for address in sorted(first.keys() & second.keys()):
        one, other = first[address], second[address]
        unlike = [at for at in range(min(len(one), len(other))) if one[at] != other[at]]
        if unlike:
            at = unlike[0]
            place = f"{address + at:#010x} of the {len(one)} bytes from {address:#010x}"
            found.append(Difference("dma", place, f"{one[at]:#04x}", f"{other[at]:#04x}", len(unlike) - 1))
    return found
