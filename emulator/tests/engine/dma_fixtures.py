"""The DMA fixtures of both STM32 generations: a run of one, its console lines, transfers and findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from prebuilt_firmware import console_text, prebuilt, tagged_lines

from tinysim.analyses.complaints import warning_findings
from tinysim.machine import Machine
from tinysim.record import Record


@dataclass(frozen=True)
class DmaRun:
    """A fixture run to its last line. `gaps` are addresses."""

    record: Record
    text: str
    gaps: tuple[int, ...]

    def line(self, tag: str) -> dict[str, int]:
        """The numbers of the console line `TS <tag> ...`."""
        return self.lines(tag)[0]

    def lines(self, tag: str) -> list[dict[str, int]]:
        """The same of all lines with this tag; at least one."""
        return tagged_lines(self.text, tag)

    def finding(self, start: str) -> tuple[str, str]:
        """The message of the one finding that starts so, and where the CPU was: function, pc, time."""
        found = [one for one in warning_findings(self.record) if one.message.startswith(start)]
        assert len(found) == 1, found
        return found[0].message, found[0].where

    def block_cycles(self, master: str) -> list[int]:
        """How long each recorded half of a block of a stream or channel took."""
        arrays = self.record.arrays
        of_master = arrays["dma.master"] == self.record.manifest["dma_masters"].index(master)
        return [int(cycles) for cycles in (arrays["dma.end"] - arrays["dma.start"])[of_master]]

    def edges(self, pin: str) -> list[tuple[int, bool]]:
        """Cycles and levels of a line's edges."""
        arrays = self.record.arrays
        of_pin = arrays["line.id"] == self.record.manifest["lines"].index(pin)
        return [
            (int(at), bool(level))
            for at, level in zip(arrays["line.cycle"][of_pin], arrays["line.level"][of_pin], strict=True)
        ]


@cache
def dma_run(platform: str, fixture: str, console: str, seconds: float = 0.15) -> DmaRun:
    """Skips when the fixture is not built."""
    image = prebuilt(platform, fixture)
    with Machine(platform) as machine:
        machine.load(image)
        machine.run_for(seconds)
        record = machine.record()
        return DmaRun(record, console_text(record, console), tuple(gap.address for gap in machine.gaps))
