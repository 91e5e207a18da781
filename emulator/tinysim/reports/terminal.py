"""How reports come to a stream: parts one below the other, colour only on a terminal, a fixed width elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TextIO

from rich.console import Console, RenderableType
from rich.table import Table

PLAIN_WIDTH = 110


def print_parts(parts: Iterable[RenderableType], stream: TextIO, *, plain_width: int = PLAIN_WIDTH) -> None:
    """Write the parts; tables keep to the width, other lines may be longer. No line ends in blanks."""
    console = Console(file=stream, highlight=False)
    if not console.is_terminal:
        console = Console(file=stream, highlight=False, width=plain_width)
    with console.capture() as capture:
        for part in parts:
            console.print(part, soft_wrap=not isinstance(part, Table))
    stream.writelines(f"{line.rstrip()}\n" for line in capture.get().splitlines())


def number_table(first: str, *columns: str, no_wrap: bool = False) -> Table:
    """A table without lines: the first column is text, the others are numbers, to the right."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=no_wrap)
    for column in columns:
        table.add_column(column, justify="right", no_wrap=no_wrap)
    return table


def share(part: int, whole: int) -> str:
    """`12.3 %`; nothing where there is no whole."""
    return f"{100 * part / whole:.1f} %" if whole else ""
