"""The profile for a terminal: totals by cause, functions, call tree, lines, instructions.

Columns of causes that nothing had are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TextIO, TypeVar

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from tinysim.analyses.annotation import AnnotatedLine
from tinysim.analyses.call_tree import CallNode
from tinysim.analyses.causes import CAUSE_MEANINGS, CAUSE_NAMES, Cycles, add
from tinysim.analyses.profile import LineRow, Profile
from tinysim.analyses.summary import Provenance
from tinysim.record import PROFILE_CAUSES
from tinysim.reports.header import header
from tinysim.reports.terminal import number_table, print_parts, share

PLAIN_WIDTH = 200
SMALLEST_SHARE = 0.001  # of the awake cycles: smaller branches of the tree are summed up
INDENT = "  "
Row = TypeVar("Row")


@dataclass(frozen=True)
class Views:
    """What is to be shown: `top` rows of each table, 0 for all, and of functions those that fit the `pattern`."""

    flat: bool = True
    tree: bool = False
    lines: tuple[LineRow, ...] | None = None
    annotated: tuple[tuple[str, tuple[AnnotatedLine, ...]], ...] = ()
    top: int = 30
    pattern: str | None = None

    def wants(self, name: str) -> bool:
        """Whether the name fits the pattern."""
        return self.pattern is None or fnmatchcase(name, self.pattern)


def print_profile(profile: Profile, provenance: Provenance, views: Views, stream: TextIO) -> None:
    """Write the report."""
    print_parts(_parts(profile, provenance, views), stream, plain_width=PLAIN_WIDTH)


def _parts(profile: Profile, provenance: Provenance, views: Views) -> Iterable[RenderableType]:
    causes = [index for index, cycles in enumerate(profile.all.by_cause) if cycles]
    yield from (header(provenance), "", _totals(profile))
    if not profile.has_symbols:
        yield Text("the firmware has no symbols: functions are named by their address; load the ELF", style="yellow")
    if views.flat:
        yield from ("", _flat(profile, causes, views))
    if views.flat and any(row.own.held_by for row in profile.functions):
        yield from ("", _holders(profile, views))
    if views.tree:
        yield from ("", _tree(profile, causes, views))
    if views.lines is not None:
        yield from ("", _lines(views.lines, causes, views))
    for name, lines in views.annotated:
        yield from ("", _annotated(name, lines, causes))
    yield from ("", _last_line(profile, provenance))


def _totals(profile: Profile) -> RenderableType:
    table = _table("cycles by cause", "cycles", "of all", "of awake")
    everything, awake = profile.all.total, profile.all.awake
    for index, name in enumerate(PROFILE_CAUSES):
        cycles = profile.all.by_cause[index]
        of_awake = "" if name == "sleep" else share(cycles, awake)
        table.add_row(CAUSE_MEANINGS[name], f"{cycles:,}", share(cycles, everything), of_awake)
        if name == "contention":
            for master, waited in profile.all.held_by:
                table.add_row(
                    f"{INDENT}behind {escape(master)}", f"{waited:,}", share(waited, everything), share(waited, awake)
                )
    table.add_row("all", f"{everything:,}", f"{profile.numbers.total_s:.6f} s", f"{awake:,} awake", style="bold")
    return table


def _flat(profile: Profile, causes: Sequence[int], views: Views) -> Table:
    table = _table("function", "calls", "own", "of awake", "with callees", *_cause_columns(causes))
    awake = profile.all.awake
    rows, rest = _split(profile.functions, views, lambda row: row.name)
    for row in rows:
        counts = (_count(row.calls), f"{row.own.total:,}", share(row.own.awake, awake), f"{row.with_callees:,}")
        table.add_row(escape(row.name), *counts, *_cause_cells(row.own, causes))
    if rest:
        own = add(row.own for row in rest)
        counts = ("", f"{own.total:,}", share(own.awake, awake), "")
        table.add_row(f"{len(rest)} more", *counts, *_cause_cells(own, causes), style="dim")
    return table


def _holders(profile: Profile, views: Views) -> Table:
    table = _table("bus contention in", "behind", "cycles")
    waits = [(cycles, row.name, master) for row in profile.functions for master, cycles in row.own.held_by]
    rows, rest = _split(sorted(waits, key=lambda wait: (-wait[0], wait[1:])), views, lambda wait: wait[1])
    for cycles, name, master in rows:
        table.add_row(escape(name), escape(master), f"{cycles:,}")
    if rest:
        table.add_row(f"{len(rest)} more", "", f"{sum(wait[0] for wait in rest):,}", style="dim")
    return table


def _tree(profile: Profile, causes: Sequence[int], views: Views) -> Table:
    table = _table("call tree", "calls", "total", "own", *_cause_columns(causes))
    smallest = round(profile.all.awake * SMALLEST_SHARE) if views.top else 0

    def is_shown(node: CallNode) -> bool:
        return node.total >= smallest and (views.pattern is None or _has(node, views))

    def branch(node: CallNode, depth: int) -> None:
        counts = (_count(node.calls), f"{node.total:,}", f"{node.own.total:,}")
        table.add_row(INDENT * depth + escape(node.name), *counts, *_cause_cells(node.own, causes))
        hidden = [child.total for child in node.children if not is_shown(child)]
        for child in filter(is_shown, node.children):
            branch(child, depth + 1)
        if hidden:
            blank = [""] * (1 + len(causes))
            table.add_row(f"{INDENT * (depth + 1)}{len(hidden)} more", "", f"{sum(hidden):,}", *blank, style="dim")

    branch(profile.tree, 0)
    return table


def _has(node: CallNode, views: Views) -> bool:
    return views.wants(node.name) or any(_has(child, views) for child in node.children)


def _lines(lines: Sequence[LineRow], causes: Sequence[int], views: Views) -> Table:
    table = _table("source line", "executed", "cycles", *_cause_columns(causes), "function")
    table.columns[-1].justify = "left"
    rows, rest = _split(lines, views, lambda row: row.function)
    for row in rows:
        place = f"{row.file}:{row.line}" if row.file else "no line"
        cells = (f"{row.count:,}", f"{row.own.total:,}", *_cause_cells(row.own, causes))
        table.add_row(escape(place), *cells, escape(row.function))
    if rest:
        own = add(row.own for row in rest)
        table.add_row(f"{len(rest)} more", "", f"{own.total:,}", *_cause_cells(own, causes), style="dim")
    return table


def _annotated(name: str, lines: Sequence[AnnotatedLine], causes: Sequence[int]) -> Table:
    table = _table(escape(name), "executed", "cycles", "each", *_cause_columns(causes), "instruction")
    table.columns[-1].justify = "left"
    for line in lines:
        if line.instruction is None:
            table.add_row(*[""] * (4 + len(causes)), escape(line.text), style="cyan")
            continue
        row = line.instruction
        each = f"{row.own.total / row.count:.2f}" if row.count else ""
        counts = (_count(row.count), _count(row.own.total), each)
        table.add_row(f"{row.address:08x}", *counts, *_cause_cells(row.own, causes), escape(line.text))
    return table


def _last_line(profile: Profile, provenance: Provenance) -> Text:
    numbers = profile.numbers
    if numbers.is_exact:
        return Text(f"the parts sum to all {numbers.total:,} cycles of the run; {provenance.nature}")
    missing = numbers.elapsed - numbers.total
    text = f"error: the parts sum to {numbers.total:,} cycles, the run had {numbers.elapsed:,}"
    return Text(f"{text}: {missing:,} have no place; {provenance.nature}", style="bold red")


def _split(rows: Sequence[Row], views: Views, name: Callable[[Row], str]) -> tuple[list[Row], list[Row]]:
    """Those to show, and the others, whose sum is shown."""
    wanted = [row for row in rows if views.wants(name(row))]
    others = [row for row in rows if not views.wants(name(row))]
    return (wanted[: views.top], wanted[views.top :] + others) if views.top else (wanted, others)


def _cause_columns(causes: Sequence[int]) -> list[str]:
    return [CAUSE_NAMES[PROFILE_CAUSES[index]] for index in causes]


def _cause_cells(cycles: Cycles, causes: Sequence[int]) -> list[str]:
    return [_count(cycles.by_cause[index]) for index in causes]


def _count(number: int) -> str:
    return f"{number:,}" if number else ""


def _table(first: str, *columns: str) -> Table:
    return number_table(first, *columns, no_wrap=True)
