"""Reading and writing the CPU's registers by GDB's numbers, little-endian."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tinysim.gdb.description import CORE_COUNT, DOUBLE_COUNT, FPSCR_INDEX, REGISTERS, SYSTEM_REGISTERS

if TYPE_CHECKING:
    from tinysim.engines.debug import DebugPort

_WORD = 0xFFFF_FFFF


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
    """One register. Raises ValueError for a wrong size, IndexError."""
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
        port.set_special_register(register.name, value)
