"""The instructions of a function as text (Capstone), its literals as data, and the text of source lines.

Code is taken from where it runs: an ELF's sections, so functions that start-up copies to RAM are there too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tinysim.analyses.annotation import Disassembled
from tinysim.errors import EngineMissing

if TYPE_CHECKING:
    from tinysim.firmware import Firmware

_WORD_BYTES, _HALFWORD_BYTES = 4, 2
_CODE, _DATA = "t", "d"


class Code:
    """The bytes of an image by the address where they run, and which of them are data (AAELF mapping symbols)."""

    def __init__(self, firmware: Firmware) -> None:
        self._chunks: list[tuple[int, bytes]] = []
        self._marks: list[tuple[int, str]] = []
        if firmware.path is not None and firmware.symbols:
            self._read_elf(firmware.path)
        else:
            self._chunks = [(segment.address, segment.data) for segment in firmware.segments]

    def _read_elf(self, path: Path) -> None:
        from elftools.elf.elffile import ELFFile

        with path.open("rb") as stream:
            elf = ELFFile(stream)
            for section in elf.iter_sections():
                if section["sh_flags"] & 2 and section["sh_type"] == "SHT_PROGBITS":  # SHF_ALLOC
                    self._chunks.append((section["sh_addr"], section.data()))
            symbols: Any = elf.get_section_by_name(".symtab")
            for symbol in symbols.iter_symbols() if symbols else ():
                if symbol.name[:1] == "$" and symbol.name[1:2] in (_CODE, _DATA):
                    self._marks.append((symbol["st_value"] & ~1, symbol.name[1]))
        self._marks.sort()

    def content(self, begin: int, end: int) -> bytes:
        """Bytes from `begin` on; fewer, or none, where the image ends."""
        for address, data in self._chunks:
            if address <= begin < address + len(data):
                return data[begin - address : end - address]
        return b""

    def is_data(self, address: int) -> bool:
        """Whether a literal or a table is there, as far as the ELF says."""
        index = bisect_right(self._marks, (address, "~")) - 1
        return index >= 0 and self._marks[index][1] == _DATA


def disassemble(code: Code, begin: int, end: int) -> Iterator[Disassembled]:
    """The instructions from `begin` to before `end`. Raises EngineMissing without Capstone."""
    decoder = _decoder()
    content = code.content(begin, end)
    at = begin
    while at - begin < len(content):
        rest = content[at - begin :]
        if code.is_data(at):
            size = _WORD_BYTES if at % _WORD_BYTES == 0 and len(rest) >= _WORD_BYTES else _HALFWORD_BYTES
            kind = ".word" if size == _WORD_BYTES else ".short"
            yield Disassembled(at, f"{kind} 0x{int.from_bytes(rest[:size], 'little'):0{2 * size}x}")
        else:
            size, text = next(
                ((size, f"{mnemonic} {operands}".rstrip()) for _, size, mnemonic, operands in decoder(rest[:4], at)),
                (_HALFWORD_BYTES, f".short 0x{int.from_bytes(rest[:2], 'little'):04x}"),
            )
            yield Disassembled(at, text)
        at += size


@lru_cache(maxsize=1)
def _decoder() -> Any:
    try:
        import capstone  # type: ignore[import-untyped]
    except ImportError:
        raise EngineMissing("--annotate needs the package capstone: run `pip install capstone`") from None
    modes = capstone.CS_MODE_THUMB | capstone.CS_MODE_MCLASS
    return capstone.Cs(capstone.CS_ARCH_ARM, modes).disasm_lite


class Sources:
    """Source files as the compiler named them: looked for there, here, beside the ELF and above it, and in `folder`."""

    def __init__(self, firmware: Firmware, folder: Path | None = None) -> None:
        self._firmware = firmware
        beside = firmware.path.resolve().parents if firmware.path else ()
        self._folders = [*([folder] if folder else []), Path(), *beside]
        self._files: dict[str, list[str]] = {}

    def text(self, address: int) -> str | None:
        """The source line of an instruction without its indentation; None when the file is not found."""
        place = self._firmware.source_place(address)
        if place is None:
            return None
        lines = self._lines(place[0])
        return lines[place[1] - 1].strip() if 0 < place[1] <= len(lines) else None

    def _lines(self, path: str) -> list[str]:
        if path not in self._files:
            found = next((each for folder in self._folders if (each := folder / path).is_file()), None)
            self._files[path] = found.read_text(encoding="utf-8", errors="replace").splitlines() if found else []
        return self._files[path]
