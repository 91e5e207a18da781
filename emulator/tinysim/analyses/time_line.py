"""Calls in the order of time, as far as the engine kept them: strictly nested, each one closed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tinysim.analyses.timebase import array
from tinysim.record import Record


class Step(NamedTuple):
    """A node of the call tree is entered or left at a cycle."""

    cycle: int
    node: int
    is_enter: bool


def time_line(record: Record) -> list[Step]:
    """All steps; calls still open at the end are left there."""
    columns = (array(record, f"profile.event.{name}", np.int64).tolist() for name in ("cycle", "node", "is_enter"))
    steps = [Step(cycle, node, bool(is_enter)) for cycle, node, is_enter in zip(*columns, strict=True)]
    open_nodes: list[int] = []
    for step in steps:
        if step.is_enter:
            open_nodes.append(step.node)
        else:
            open_nodes.pop()
    end = int(record.manifest["profile"]["time_line_end_cycle"])
    return steps + [Step(end, node, False) for node in reversed(open_nodes)]


def time_line_note(record: Record) -> str | None:
    """In words that the time line is not complete; None when it is."""
    entry = record.manifest["profile"]
    dropped = int(entry["dropped_events"])
    if not dropped:
        return None
    return f"the time line ends at cycle {int(entry['time_line_end_cycle']):,}: {dropped:,} later events were dropped"
