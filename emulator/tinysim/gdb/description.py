"""The registers of an ARMv7-M core with FPv4-SP as GDB wants them described (GDB manual, G.5.3 ARM features).

GDB's own names: d0 to d15 pair up s0 to s31, which GDB makes of them again.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import quoteattr

from tinysim.engines.debug import CORE_REGISTERS

CORE_COUNT, DOUBLE_COUNT = len(CORE_REGISTERS), 16
SYSTEM_REGISTERS = ("msp", "psp", "primask", "basepri", "faultmask", "control")
FPSCR_INDEX = 32


@dataclass(frozen=True)
class Register:
    """One register; its number for GDB is its place in REGISTERS."""

    name: str
    bits: int
    type: str
    feature: str

    @property
    def size(self) -> int:
        """Bytes in `g` and `p`."""
        return self.bits // 8


def _registers() -> tuple[Register, ...]:
    core, vfp, system = (f"org.gnu.gdb.arm.{name}" for name in ("m-profile", "vfp", "m-system"))
    types = {"sp": "data_ptr", "pc": "code_ptr"}
    return (
        *(Register(name, 32, types.get(name, "int"), core) for name in CORE_REGISTERS),
        *(Register(f"d{i}", 64, "ieee_double", vfp) for i in range(DOUBLE_COUNT)),
        Register("fpscr", 32, "int", vfp),
        *(Register(name, 32, "data_ptr" if name.endswith("sp") else "uint32", system) for name in SYSTEM_REGISTERS),
    )


REGISTERS = _registers()


def target_xml() -> str:
    """The document that GDB reads as `target.xml`."""
    lines = ['<?xml version="1.0"?>', '<!DOCTYPE target SYSTEM "gdb-target.dtd">', '<target version="1.0">']
    lines.append("<architecture>arm</architecture>")
    for feature in dict.fromkeys(register.feature for register in REGISTERS):
        lines.append(f"<feature name={quoteattr(feature)}>")
        lines += [_element(n, register) for n, register in enumerate(REGISTERS) if register.feature == feature]
        lines.append("</feature>")
    lines.append("</target>")
    return "\n".join(lines)


def _element(number: int, register: Register) -> str:
    return f'<reg name="{register.name}" bitsize="{register.bits}" regnum="{number}" type="{register.type}"/>'
