"""A decoded fault as text: which fault, where in the code, which address, the stacked registers."""

from __future__ import annotations

from typing import Any

_REGISTERS_PER_LINE = 4


def fault_lines(fault: dict[str, Any]) -> list[str]:
    """First line: the fault and its place; then address, status registers and stacked registers as far as known."""
    flags = ", ".join(str(flag) for flag in fault.get("flags") or [])
    place = fault.get("function") or "unknown code"
    source = f" ({fault['source']})" if fault.get("source") else ""
    kind = str(fault.get("kind") or "fault")
    hint = f": {fault['hint']}" if fault.get("hint") else ""
    lines = [f"{kind}{f' ({flags})' if flags else ''} at pc {_hex(fault.get('pc'))} in {place}{source}{hint}"]
    if fault.get("address") is not None:
        lines.append(f"faulting address {_hex(fault['address'])}")
    status = [f"{name.upper()} {_hex(fault[name])}" for name in ("cfsr", "hfsr") if fault.get(name) is not None]
    if status:
        lines.append("  ".join(status))
    return lines + _register_lines(fault.get("registers") or {})


def _register_lines(registers: dict[str, int]) -> list[str]:
    cells = [f"{name:>4} {_hex(value)}" for name, value in registers.items()]
    starts = range(0, len(cells), _REGISTERS_PER_LINE)
    return ["  ".join(cells[start : start + _REGISTERS_PER_LINE]) for start in starts]


def _hex(value: Any) -> str:
    return f"0x{value:08X}" if isinstance(value, int) else "unknown"
