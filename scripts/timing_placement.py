"""The table of docs/timing.md that runs one kernel from flash and RAM, beside and without DMA: cycles by cause."""

from __future__ import annotations

from collections.abc import Iterator

from kernel_runs import (
    ALONE,
    DATA_CACHE,
    DMA_ON_SRAM1,
    DMA_ON_SRAM2,
    FLASH,
    INSTRUCTION_CACHE,
    PREFETCH,
    SRAM1,
    SRAM2,
    Setting,
    run_kernel,
)
from timing_workloads import table

CAUSES = {"base": "base", "load_store": "load/store", "fetch": "fetch", "flash": "flash", "contention": "contention"}
FLASH_SETTINGS = (
    ("flash, 0 WS", 0, 0),
    ("flash, 5 WS", 5, 0),
    ("flash, 5 WS, prefetch", 5, PREFETCH),
    ("flash, 5 WS, I-cache", 5, INSTRUCTION_CACHE),
    ("flash, 5 WS, prefetch, both caches", 5, PREFETCH | INSTRUCTION_CACHE | DATA_CACHE),
)
BESIDE = {ALONE: "none", DMA_ON_SRAM1: "SRAM1", DMA_ON_SRAM2: "SRAM2"}


def settings() -> Iterator[tuple[str, Setting]]:
    """All rows, by the name of the code's place."""
    places = [(title, FLASH, latency, switches) for title, latency, switches in FLASH_SETTINGS]
    places += [("SRAM1", SRAM1, 0, 0), ("SRAM2", SRAM2, 0, 0)]
    for title, place, latency, switches in places:
        for beside in BESIDE:
            yield title, Setting(place, latency, switches, beside)


def placement_table() -> str:
    """A second run of the kernel's instructions at each place, beside each DMA."""
    rows = []
    for title, setting in settings():
        found = run_kernel(setting)
        held = ", ".join(f"{master} {cycles}" for master, cycles in found.own.held_by)
        parts = [str(found.cause(name)) for name in CAUSES]
        rows.append([title, BESIDE[setting.beside], str(found.own.total), *parts, held])
    return table(("code in", "DMA on", "cycles", *CAUSES.values(), "behind whom"), rows)
