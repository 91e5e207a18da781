"""The part of an ELF that a run needs: loadable segments and symbols (ELF for the Arm Architecture, IHI 0044)."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile
from elftools.elf.sections import SymbolTableSection

from tinysim.errors import InputError
from tinysim.firmware import Segment, Symbol

_VECTOR_SECTIONS = (".isr_vector", ".vectors", ".vector_table", ".intvec", "vectors", ".text.vectors", ".exc_table")
_VECTOR_SYMBOLS = (
    "__isr_vector",
    "__vectors",
    "_vectors",
    "__Vectors",
    "g_pfnVectors",
    "vector_table",
    "_vector_table",
)
_SYMBOL = struct.Struct("<IIIBBH")
_STT_OBJECT, _STT_FUNC = 1, 2
# What pyelftools raises on damaged input, besides its own errors.
_DAMAGE = (ELFError, struct.error, AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_REBUILD = "build the firmware again; the file may be cut short"


@dataclass(frozen=True)
class ElfImage:
    """What `read_elf` found; `vector_table_hint` comes from a section or symbol name."""

    segments: tuple[Segment, ...]
    symbols: tuple[Symbol, ...]
    entry: int
    vector_table_hint: int | None


def read_elf(path: Path, content: bytes) -> ElfImage:
    """Parse the file; raises InputError when it is truncated, for another machine, or holds nothing to load."""
    try:
        elf = ELFFile(io.BytesIO(content))
        _check_machine(path, elf)
        segments = _segments(path, elf, content)
        symbols = _symbols(elf, content)
        return ElfImage(segments, symbols, elf.header["e_entry"], _vector_table(elf, symbols))
    except _DAMAGE as error:
        raise InputError(f"is a damaged ELF: {error}", file=path, remedy=_REBUILD) from None


def _check_machine(path: Path, elf: ELFFile) -> None:
    machine = elf.header["e_machine"]
    if machine == "EM_ARM" and elf.elfclass == 32 and elf.little_endian:
        return
    from elftools.elf.descriptions import describe_e_machine  # costs 8 ms, and a good file does not need it

    order = "little" if elf.little_endian else "big"
    name = describe_e_machine(machine) if isinstance(machine, str) else f"machine {machine}"
    raise InputError(
        f"is an ELF for {name} ({elf.elfclass}-bit, {order} endian), not for 32-bit little-endian ARM",
        file=path,
        remedy="build with arm-none-eabi-gcc or clang --target=arm-none-eabi",
    )


def _segments(path: Path, elf: ELFFile, content: bytes) -> tuple[Segment, ...]:
    segments = []
    for index in range(elf.num_segments()):
        header = elf.get_segment(index).header
        if header["p_type"] != "PT_LOAD" or header["p_filesz"] == 0:
            continue
        start, size = header["p_offset"], header["p_filesz"]
        if start + size > len(content):
            raise InputError(
                f"is truncated: segment {index} ends at byte {start + size}, the file has {len(content)}",
                file=path,
                remedy=_REBUILD,
            )
        segments.append(Segment(header["p_paddr"], content[start : start + size]))
    if not segments:
        raise InputError("has no loadable segment", file=path, remedy="link it: an object file cannot run")
    return tuple(segments)


def _symbols(elf: ELFFile, content: bytes) -> tuple[Symbol, ...]:
    """Functions and objects. Read straight from the table: an object per entry costs a second on large images."""
    table = elf.get_section_by_name(".symtab")
    if not isinstance(table, SymbolTableSection):
        return ()
    names = table.stringtable
    start, size = table["sh_offset"], table["sh_size"]
    text = content[names["sh_offset"] : names["sh_offset"] + names["sh_size"]]
    symbols = []
    for name, value, length, info, _, section in _SYMBOL.iter_unpack(content[start : start + size]):
        kind = info & 0xF  # st_info: binding and type
        if section and kind in (_STT_OBJECT, _STT_FUNC):
            end = text.index(b"\0", name)
            is_function = kind == _STT_FUNC
            address = value & ~1 if is_function else value
            symbols.append(Symbol(text[name:end].decode(), address, length, is_function))
    return tuple(symbols)


def _vector_table(elf: ELFFile, symbols: tuple[Symbol, ...]) -> int | None:
    for name in _VECTOR_SECTIONS:
        section: Any = elf.get_section_by_name(name)
        if section is not None and section["sh_size"]:
            return int(section["sh_addr"])
    addresses = {symbol.name: symbol.address for symbol in symbols if symbol.name in _VECTOR_SYMBOLS}
    return next((addresses[name] for name in _VECTOR_SYMBOLS if name in addresses), None)
