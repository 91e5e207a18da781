"""Reading and writing the CPU's registers by GDB's numbers, little-endian.

Special registers are read only, but for the stack pointer in use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinysim.gdb.description import CORE_COUNT, DOUBLE_COUNT, FPSCR_INDEX, REGISTERS, SYSTEM_REGISTERS

if TYPE_CHECKING:
    from tinysim.engines.debug import DebugPort

_WORD = 0xFFFF_FFFF
SPSEL = 1 << 1  # CONTROL, DDI 0403, B1.4.4


def read_all(port: DebugPort) -> bytes:
    """The content of a `g` packet."""
    return b"".join(_read_each(port))


def read_one(port: DebugPort, number: int) -> bytes:
    """The content of one register. Raises IndexError when there is none such."""
    return _read_each(port)[number]


def _read_each(port: DebugPort) -> list[bytes]:
    fp, special = list(port.fp_registers()), port.special_registers()
    doubles = [fp[2 * i] | fp[2 * i + 1] << 32 for i in range(DOUBLE_COUNT)]
    values = [*port.registers(), *doubles, fp[FPSCR_INDEX], *(special[name] for name in SYSTEM_REGISTERS)]
    return [value.to_bytes(register.size, "little") for value, register in zip(values, REGISTERS, strict=True)]


def write_all(port: DebugPort, content: bytes) -> None:
    """A `G` packet; registers that keep their value are not touched. Raises ValueError."""
    if len(content) != sum(register.size for register in REGISTERS):
        raise ValueError("a G packet holds all registers")
    at = 0
    for number, (register, old) in enumerate(zip(REGISTERS, _read_each(port), strict=True)):
        new = content[at : at + register.size]
        at += register.size
        if new != old:
            write_one(port, number, new)


def write_one(port: DebugPort, number: int, content: bytes) -> None:
    """One register. Raises ValueError for a wrong size, IndexError, PermissionError for one that is read only."""
    register = REGISTERS[number]
    if len(content) != register.size:
        raise ValueError(f"{register.name} has {register.size} bytes")
    value = int.from_bytes(content, "little")
    if number < CORE_COUNT:
        port.set_register(number, value)
    elif number < CORE_COUNT + DOUBLE_COUNT:
        first = 2 * (number - CORE_COUNT)
        port.set_fp_register(first, value & _WORD)
        port.set_fp_register(first + 1, value >> 32)
    elif register.name == "fpscr":
        port.set_fp_register(FPSCR_INDEX, value)
    else:
        _write_special(port, register.name, value)


def _write_special(port: DebugPort, name: str, value: int) -> None:
    """The stack pointer in use is r13; GDB also writes back what it has read."""
    special = port.special_registers()
    in_use = "psp" if port.exception() == 0 and special["control"] & SPSEL else "msp"
    if name == in_use:
        port.set_register(13, value)
    elif value != special[name]:
        raise PermissionError(f"{name} is read only")
