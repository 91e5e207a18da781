"""Firmware images: ELF, Intel HEX and raw binary, with their symbols and, when asked, source lines (DWARF).

Only 32-bit little-endian ARM. Segments stand at their load (physical) addresses, as a flash programmer writes them.
Not read: overlays, relocations, C++ demangling.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.dwarf import LineTable

_VECTOR_TABLE_BYTES = 8
_ADDRESS_SUFFIX = re.compile(r"^(?P<path>.+)@(?P<address>0[xX][0-9a-fA-F_]+|\d+)$")


@dataclass(frozen=True)
class Segment:
    """Bytes that are loaded at `address`."""

    address: int
    data: bytes

    @property
    def end(self) -> int:
        """First address behind the segment."""
        return self.address + len(self.data)


class Symbol(NamedTuple):
    """A function or an object; a function's address is without the Thumb bit. (A tuple: thousands are made at load.)"""

    name: str
    address: int
    size_bytes: int
    is_function: bool


@dataclass(frozen=True)
class MemoryRange:
    """A memory of the platform that firmware may be loaded into."""

    name: str
    address: int
    size_bytes: int


@dataclass(frozen=True)
class SourceLocation:
    """Where an address comes from; `file` is the base name or the path as the compiler saw it."""

    function: str | None
    file: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.file else ""
        return " ".join(part for part in (self.function, f"({place})" if place else "") if part) or "unknown code"


@dataclass(frozen=True)
class Firmware:
    """A loaded image. `path` is None for an image made in memory."""

    name: str
    sha256: str
    segments: tuple[Segment, ...]
    symbols: tuple[Symbol, ...] = ()
    entry: int | None = None
    vector_table_address: int | None = None
    path: Path | None = None

    @cached_property
    def symbol_addresses(self) -> dict[str, int]:
        """Address by name; of two of the same name (statics) the first one in the symbol table."""
        addresses: dict[str, int] = {}
        for symbol in self.symbols:
            addresses.setdefault(symbol.name, symbol.address)
        return addresses

    @cached_property
    def functions(self) -> tuple[Symbol, ...]:
        """Functions by address; of several names for one address the longest body wins."""
        by_address: dict[int, Symbol] = {}
        for symbol in self.symbols:
            known = by_address.get(symbol.address)
            if symbol.is_function and (known is None or symbol.size_bytes > known.size_bytes):
                by_address[symbol.address] = symbol
        return tuple(by_address[address] for address in sorted(by_address))

    @cached_property
    def function_ranges(self) -> tuple[tuple[int, int], ...]:
        """(begin, end) of each function by address; one without a size goes on to the next one."""
        nexts = [function.address for function in self.functions[1:]] + [0] * bool(self.functions)
        return tuple(
            (one.address, one.address + one.size_bytes if one.size_bytes else following)
            for one, following in zip(self.functions, nexts, strict=True)
        )

    @cached_property
    def _function_starts(self) -> tuple[int, ...]:
        return tuple(function.address for function in self.functions)

    def symbol(self, name: str) -> int:
        """Address of a symbol; InputError with the nearest names when the image has none such."""
        address = self.symbol_addresses.get(name)
        if address is not None:
            return address
        import difflib

        near = difflib.get_close_matches(name, self.symbol_addresses, n=3)
        remedy = f"did you mean {', '.join(near)}?" if near else "load an ELF that is not stripped"
        raise InputError(f"has no symbol '{name}'", file=self.name, remedy=remedy)

    def function_at(self, address: int) -> Symbol | None:
        """The function whose body holds the address; one without a size reaches to the next function."""
        index = bisect_right(self._function_starts, address & ~1) - 1
        if index < 0:
            return None
        function = self.functions[index]
        inside = function.size_bytes == 0 or (address & ~1) < function.address + function.size_bytes
        return function if inside else None

    def locate(self, address: int) -> SourceLocation:
        """Function, file and line of a code address; file and line need DWARF (read on the first call)."""
        function = self.function_at(address)
        name = function.name if function else None
        file_line = self._lines.lookup(address & ~1) if self._lines else None
        return SourceLocation(name, *file_line) if file_line else SourceLocation(name)

    def source_place(self, address: int) -> tuple[str, int] | None:
        """(path as the compiler saw it, line) of a code address."""
        return self._lines.place(address & ~1) if self._lines else None

    @cached_property
    def _lines(self) -> LineTable | None:
        if self.path is None or not self.symbols:
            return None
        from tinysim.dwarf import LineTable

        return LineTable(self.path)

    def does_not_fit(self, memories: Iterable[MemoryRange]) -> InputError | None:
        """None when each segment lies in the memories; else an error with the segment and the memory map."""
        ranges = sorted(memories, key=lambda memory: memory.address)
        for segment in self.segments:
            if not _covered(segment, ranges):
                known = ", ".join(
                    f"{memory.name} 0x{memory.address:08X}-0x{memory.address + memory.size_bytes - 1:08X}"
                    for memory in ranges
                )
                return InputError(
                    f"the segment 0x{segment.address:08X}-0x{segment.end - 1:08X} ({len(segment.data)} bytes) "
                    f"lies outside the memories of the platform: {known}",
                    file=self.name,
                    remedy="link for this chip, or choose another --platform",
                )
        return None


def load_firmware(path: str | Path, *, address: int | None = None) -> Firmware:
    """Read an ELF, an Intel HEX, or with `address` (or `file.bin@0x08000000`) a raw binary; raises InputError."""
    path, address = split_address(path) if address is None else (Path(path), address)
    content = _read(path)
    digest = hashlib.sha256(content).hexdigest()
    if address is not None:
        segments: tuple[Segment, ...] = (Segment(address, content),)
        return Firmware(path.name, digest, segments, (), *_vectors(segments, None), path)
    if _is_elf(content):
        from tinysim.elf import read_elf

        image = read_elf(path, content)
        vectors = _vectors(image.segments, image.entry, image.vector_table_hint)
        return Firmware(path.name, digest, image.segments, image.symbols, *vectors, path)
    if content.lstrip()[:1] == b":":
        from tinysim.intel_hex import read_intel_hex

        segments = read_intel_hex(path, content)
        return Firmware(path.name, digest, segments, (), *_vectors(segments, None), path)
    raise InputError(
        "is neither an ELF nor an Intel HEX file",
        file=path,
        remedy=f"for a raw binary give its address: {path.name}@0x08000000",
    )


def split_address(text: str | Path) -> tuple[Path, int | None]:
    """`fw.bin@0x08000000` into path and address; a file that really has that name stays as it is."""
    match = _ADDRESS_SUFFIX.match(str(text))
    if match is None or Path(text).exists():
        return Path(text), None
    return Path(match["path"]), int(match["address"].replace("_", ""), 0)


def _read(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except IsADirectoryError:
        raise InputError("is a folder, not a firmware", file=path, remedy="name the ELF in it") from None
    except OSError as error:
        raise InputError(
            f"cannot be read: {error.strerror}", file=path, remedy="check the name, or build the firmware first"
        ) from None
    if not content:
        raise InputError("is empty", file=path, remedy="build the firmware again")
    return content


def _is_elf(content: bytes) -> bool:
    return content[:4] == b"\x7fELF"


def _vectors(
    segments: tuple[Segment, ...], entry: int | None, hint: int | None = None
) -> tuple[int | None, int | None]:
    """(entry, vector table address): the hint, else the first segment whose reset vector fits the image."""
    starts = [segment.address for segment in sorted(segments, key=lambda one: one.address)]
    for address in ([hint] if hint is not None else []) + starts:
        reset = _reset_vector(segments, address)
        if reset is not None and (entry is None or entry | 1 == reset):
            return (reset & ~1 if entry is None else entry & ~1), address
    return (entry & ~1 if entry is not None else None), hint if hint is not None else starts[0]


def _reset_vector(segments: tuple[Segment, ...], table: int) -> int | None:
    """The reset vector when the table is plausible: a Thumb address inside the image."""
    for segment in segments:
        offset = table - segment.address
        if offset >= 0 and offset + _VECTOR_TABLE_BYTES <= len(segment.data):
            reset = int.from_bytes(segment.data[offset + 4 : offset + 8], "little")
            inside = any(one.address <= reset - 1 < one.end for one in segments)
            return reset if reset & 1 and inside else None
    return None


def _covered(segment: Segment, ranges: list[MemoryRange]) -> bool:
    """Whether the segment lies in the ranges, which may touch each other."""
    reached = segment.address
    for memory in ranges:
        if memory.address <= reached < memory.address + memory.size_bytes:
            reached = memory.address + memory.size_bytes
    return reached >= segment.end
