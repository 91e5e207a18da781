"""DMA transfers per bus master: count, bytes, and time from start to end (the wire's time, not bus cycles taken)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tinysim.analyses.timebase import array, merged, timebase
from tinysim.record import Record


@dataclass(frozen=True)
class DmaMaster:
    """One master's transfers; `under_way_fraction` is the share of the run in which one was under way."""

    name: str
    transfers: int
    to_memory_bytes: int
    from_memory_bytes: int
    under_way_cycles: int
    under_way_fraction: float


def analyse_dma(record: Record) -> tuple[DmaMaster, ...]:
    """One entry per master that moved something."""
    masters = array(record, "dma.master", np.uint16)
    elapsed = timebase(record).elapsed_cycles
    names = record.manifest.get("dma_masters", [])
    return tuple(_master(record, number, names, elapsed) for number in sorted(set(masters.tolist())))


def _master(record: Record, number: int, names: list[str], elapsed_cycles: int) -> DmaMaster:
    chosen = array(record, "dma.master", np.uint16) == number
    sizes = array(record, "dma.bytes", np.uint32)[chosen].astype(np.int64)
    to_memory = array(record, "dma.to_memory", np.uint8)[chosen].astype(bool)
    start, end = merged(array(record, "dma.start", np.uint64)[chosen], array(record, "dma.end", np.uint64)[chosen])
    under_way = int((end - start).sum())
    return DmaMaster(
        name=str(names[number]) if number < len(names) else f"master {number}",
        transfers=int(chosen.sum()),
        to_memory_bytes=int(sizes[to_memory].sum()),
        from_memory_bytes=int(sizes[~to_memory].sum()),
        under_way_cycles=under_way,
        under_way_fraction=under_way / elapsed_cycles if elapsed_cycles else 0.0,
    )
