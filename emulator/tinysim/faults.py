"""What the fault registers of a Cortex-M say, in words (DDI 0403, B3.2.15 and B3.2.16)."""

from __future__ import annotations

from typing import Any

from tinysim.engines.base import Fault
from tinysim.engines.debug import CORE_REGISTERS

EXCEPTION_NAMES = {2: "NMI", 3: "HardFault", 4: "MemManage", 5: "BusFault", 6: "UsageFault"}
CFSR_FLAGS = {
    0: "IACCVIOL", 1: "DACCVIOL", 3: "MUNSTKERR", 4: "MSTKERR", 5: "MLSPERR", 7: "MMARVALID",
    8: "IBUSERR", 9: "PRECISERR", 10: "IMPRECISERR", 11: "UNSTKERR", 12: "STKERR", 13: "LSPERR", 15: "BFARVALID",
    16: "UNDEFINSTR", 17: "INVSTATE", 18: "INVPC", 19: "NOCP", 24: "UNALIGNED", 25: "DIVBYZERO",
}  # fmt: skip
HFSR_FLAGS = {1: "VECTTBL", 30: "FORCED", 31: "DEBUGEVT"}
ADDRESS_VALID = 1 << 7 | 1 << 15


def decode_fault(fault: Fault) -> dict[str, Any]:
    """A fault as the manifest of a record keeps it: kind, flags, pc, faulting address, registers."""
    flags = [name for bit, name in CFSR_FLAGS.items() if fault.cfsr >> bit & 1]
    flags += [name for bit, name in HFSR_FLAGS.items() if fault.hfsr >> bit & 1]
    return {
        "kind": EXCEPTION_NAMES.get(fault.exception, f"exception {fault.exception}"),
        "flags": flags,
        "pc": fault.pc,
        "address": fault.address if fault.cfsr & ADDRESS_VALID else None,
        "function": None,
        "source": None,
        "registers": {**dict(zip(CORE_REGISTERS[:-1], fault.registers, strict=True)), "xpsr": fault.xpsr},
        "cfsr": fault.cfsr,
        "hfsr": fault.hfsr,
    }
