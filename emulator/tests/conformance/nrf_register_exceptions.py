"""Where the core's nRF blocks differ from the vendor's SVD on purpose: a value (None: any), its reason, and gaps."""

from __future__ import annotations

RESETS: dict[tuple[str, str], tuple[int | None, str]] = {
    ("CLOCK", "HFCLKSTAT"): (0x00010000, "HFCLK runs while the CPU reads it"),
    ("NVMC", "READYNEXT"): (1, "the array is idle"),
}

# Addresses beyond the SVD that a block answers, by block.
UNDOCUMENTED: dict[str, list[str]] = {
    "CLOCK": ["0x558"],  # APPROTECT.DISABLE of later chip revisions
    "FICR": ["0x130", "0x134"],  # part and revision, read by the vendor's start-up code
}

GAPS: set[str] = {
    "POWER.RAMSTATUS",
    "CLOCK.LFRCMODE",
    *(f"FICR.TRNG90B.{name}" for name in ("BYTES", "RCCUTOFF", "APCUTOFF", "STARTUP")),
    *(f"FICR.TRNG90B.ROSC{index}" for index in range(1, 5)),
}
