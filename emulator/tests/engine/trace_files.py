"""Execution traces made by hand, as Renode writes them, and counted on the nRF52840: what the trace tests share.

The format is read from recordings of Renode 1.14 and 1.16, not taken from tinysim's own writer.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from tinysim.cli import main
from tinysim.trace.count import CycleCount, count_cycles
from tinysim.trace.settings import TraceSettings

ROOT = Path(__file__).resolve().parents[3]
FIRMWARE = ROOT / "firmware" / "prebuilt" / "nrf52840dk"
RENODE = ROOT.parent / "shared" / "renode" / "trace"
RENODE_ELF = RENODE / "trace.elf"
PLATFORM = "nrf52840"
READ, WRITE, FETCH = 2, 3, 4


class Access(NamedTuple):
    """One memory access behind an instruction."""

    kind: int
    address: int
    value: int = 0


class Instruction(NamedTuple):
    """One entry; an opcode above 16 bits takes four bytes."""

    pc: int
    opcode: int
    accesses: tuple[Access, ...] = ()


def header(version: int, *, pc_bytes: int = 4, opcodes: bool = True, triple: bytes = b"thumb cortex-m4") -> bytes:
    """The file's begin; version 5 counts its instruction sets, older ones have a flag."""
    start = b"ReTrace" + bytes([version, pc_bytes, opcodes])
    return start + (bytes([version >= 5, len(triple)]) + triple if opcodes else b"")


def trace(version: int, entries: Iterable[Instruction], *, opcodes: bool = True) -> bytes:
    """A whole trace."""
    return header(version, opcodes=opcodes) + b"".join(entry(version, one, opcodes) for one in entries)


def entry(version: int, one: Instruction, opcodes: bool = True) -> bytes:
    """One instruction with its accesses and the closing zero."""
    size = 4 if one.opcode > 0xFFFF else 2
    code = bytes([size]) + one.opcode.to_bytes(size, "little") if opcodes else b""
    return struct.pack("<I", one.pc) + code + b"".join(_access(version, each) for each in one.accesses) + b"\0"


def _access(version: int, one: Access) -> bytes:
    start = struct.pack("<BBQ", 1, one.kind, one.address)
    return start if version < 4 else start + struct.pack("<QQ", one.value, one.address)


def count(path: Path, firmware: Path, settings: TraceSettings | None = None) -> CycleCount:
    """The count of a trace on the nRF52840."""
    return count_cycles(path, str(firmware), PLATFORM, settings)


def record(firmware: Path, path: Path, *arguments: str) -> int:
    """The exit code of `tinysim run --trace`."""
    return main(["run", str(firmware), "--platform", PLATFORM, "--quiet", "--trace", str(path), *arguments])
