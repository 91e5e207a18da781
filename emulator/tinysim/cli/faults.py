"""Name the code of a recorded fault: function, file and line of its pc, from the firmware's symbols and DWARF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import TinysimError

if TYPE_CHECKING:
    from tinysim.record import Record


def explain_fault(record: Record, firmware: str | Path) -> None:
    """Fill `function` and `source` of the manifest's fault, if it has one and the firmware has symbols."""
    fault = record.manifest.get("stop", {}).get("fault")
    if not fault or not isinstance(fault.get("pc"), int):
        return
    from tinysim.firmware import load_firmware

    try:
        place = load_firmware(firmware).locate(fault["pc"])
    except TinysimError:
        return
    if not fault.get("function"):
        fault["function"] = place.function
    if not fault.get("source") and place.file:
        fault["source"] = f"{place.file}:{place.line}"
