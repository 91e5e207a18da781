"""Cycles by cause, and contention by the master that held the bus."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.analyses.timebase import array
from tinysim.record import PROFILE_CAUSES, Record

if TYPE_CHECKING:
    from numpy.typing import NDArray

NO_CYCLES = (0,) * len(PROFILE_CAUSES)
CAUSE_NAMES = {
    "base": "base",
    "load_store": "load/store",
    "fetch": "fetch",
    "flash": "flash",
    "contention": "contention",
    "exception": "exception",
    "sleep": "sleep",
}
CAUSE_MEANINGS = {
    "base": "the instruction itself, branch refills included",
    "load_store": "load/store stall",
    "fetch": "fetch starvation",
    "flash": "flash wait states, cache misses",
    "contention": "bus contention",
    "exception": "exception overhead",
    "sleep": "asleep",
}


@dataclass(frozen=True)
class Cycles:
    """Cycles by cause, in the order of PROFILE_CAUSES; `held_by` splits the contention by bus master."""

    by_cause: tuple[int, ...] = NO_CYCLES
    held_by: tuple[tuple[str, int], ...] = ()

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_cause)

    @property
    def awake(self) -> int:
        """All but sleep."""
        return self.total - self.by_cause[PROFILE_CAUSES.index("sleep")]


def cycles_of(record: Record, table: str) -> list[list[int]]:
    """Cycles by cause of each row of `instruction` or `node`."""
    rows: NDArray[Any] = array(record, f"profile.{table}.cycles", np.int64)
    cycles: list[list[int]] = rows.reshape(-1, len(PROFILE_CAUSES)).tolist()
    return cycles


def held_by(record: Record, table: str, where: str) -> dict[int, tuple[tuple[str, int], ...]]:
    """Contention by master, for each place that had any."""
    masters = record.manifest["profile"].get("masters", [])
    places, holders, cycles = (
        array(record, f"profile.{table}_held.{name}", np.int64).tolist() for name in (where, "holder", "cycles")
    )
    held: dict[int, tuple[tuple[str, int], ...]] = {}
    for place, holder, count in zip(places, holders, cycles, strict=True):
        name = masters[holder] if holder < len(masters) else f"master {holder}"
        held[place] = (*held.get(place, ()), (name, count))
    return held


def add(parts: Iterable[Cycles]) -> Cycles:
    """The sum; masters in the order of their cycles."""
    total = np.zeros(len(PROFILE_CAUSES), np.int64)
    held: dict[str, int] = {}
    for part in parts:
        total += part.by_cause
        for master, cycles in part.held_by:
            held[master] = held.get(master, 0) + cycles
    return Cycles(tuple(total.tolist()), tuple(sorted(held.items(), key=lambda item: (-item[1], item[0]))))
