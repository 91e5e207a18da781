"""The CPU's clock over a run of the core: ticks as CPU cycles, across changes of its frequency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim._core import Machine


@dataclass(frozen=True)
class NativeClock:
    """From tick `since[i]` on, where cycle `cycle[i]` begins, a cycle takes `ticks_per_cycle[i]`; at least one row."""

    since: NDArray[np.int64]
    cycle: NDArray[np.int64]
    ticks_per_cycle: NDArray[np.int64]
    ticks_per_second: int

    @classmethod
    def of(cls, core: Machine, ticks_per_second: int) -> NativeClock:
        """As it is up to now."""
        rows = np.array(core.clock_segments, np.int64).reshape(-1, 3)
        return cls(rows[:, 0], rows[:, 1], rows[:, 2], ticks_per_second)

    def cycles(self, ticks: NDArray[Any]) -> NDArray[np.uint64]:
        """The cycle that each tick is in, counted from power-on, sleep included."""
        row = np.maximum(np.searchsorted(self.since, ticks, side="right") - 1, 0)
        cycles = self.cycle[row] + (ticks - self.since[row]) // self.ticks_per_cycle[row]
        return np.asarray(cycles, np.uint64)

    def arrays(self) -> dict[str, NDArray[np.uint64]]:
        """`clock.*` of the record: when each frequency began."""
        time_ns = [int(tick) * NANOSECONDS_PER_SECOND // self.ticks_per_second for tick in self.since]
        hz = (self.ticks_per_second + self.ticks_per_cycle // 2) // self.ticks_per_cycle
        return {
            "clock.cycle": self.cycle.astype(np.uint64),
            "clock.time_ns": np.array(time_ns, np.uint64),
            "clock.hz": hz.astype(np.uint64),
        }
