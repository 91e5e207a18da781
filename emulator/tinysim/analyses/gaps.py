"""Accesses to what the platform does not model: the run went on, but what followed may not be what a chip does."""

from __future__ import annotations

from dataclasses import dataclass

from tinysim.analyses.finding import Finding, Severity
from tinysim.record import Record


@dataclass(frozen=True)
class Gap:
    """One address, with the first access's place in the code."""

    address: int
    register: str | None
    access: str
    pc: int
    function: str | None
    count: int


def analyse_gaps(record: Record) -> tuple[Gap, ...]:
    """The gaps of the manifest, by address."""
    gaps = (
        Gap(
            int(one["address"]),
            one.get("register"),
            str(one.get("access", "access")),
            int(one.get("pc", 0)),
            one.get("function"),
            int(one.get("count", 1)),
        )
        for one in record.manifest.get("gaps", [])
    )
    return tuple(sorted(gaps, key=lambda gap: (gap.address, gap.access)))


def gap_findings(gaps: tuple[Gap, ...]) -> list[Finding]:
    """Each gap is a warning: only the reader can tell whether it matters."""
    return [
        Finding(
            Severity.WARNING,
            "gap",
            f"{gap.access} of {gap.register or 'an address'} at 0x{gap.address:08X} is not modelled ({gap.count} x)",
            f"{gap.function or 'pc'} 0x{gap.pc:08X}",
        )
        for gap in gaps
    ]
