"""What a replay needs of an ELF: its code where it is stored and where it runs, the vector table, the functions.

Code that the firmware copies to RAM runs at the segment's virtual address. Not here: code that is made at run time.
"""

from __future__ import annotations

import io

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

from tinysim.engines.tracing import CodeRange, Program
from tinysim.errors import InputError
from tinysim.firmware import Firmware, load_firmware

_RAM_BEGIN, _RAM_END = 0x2000_0000, 0x4000_0000
_MOST_VECTORS = 16 + 240


def load_traced_firmware(path: str) -> Firmware:
    """The ELF of a trace. Raises InputError for another file: a count by function needs symbols."""
    firmware = load_firmware(path)
    if not firmware.symbols:
        raise InputError("has no symbols", file=firmware.name, remedy="give the ELF that the trace was recorded with")
    return firmware


def program_of(firmware: Firmware, registers: tuple[tuple[int, int], ...] = ()) -> Program:
    """Code ranges, handlers by exception number, and the bounds of firmware.functions."""
    code = [CodeRange(one.address, one.data, not _is_ram(one.address)) for one in firmware.segments]
    known = {(one.address, len(one.content)) for one in code}
    code += [one for one in _where_it_runs(firmware) if (one.address, len(one.content)) not in known]
    return Program(tuple(code), _vectors(firmware), firmware.function_ranges, registers)


def _is_ram(address: int) -> bool:
    return _RAM_BEGIN <= address < _RAM_END


def _where_it_runs(firmware: Firmware) -> list[CodeRange]:
    if firmware.path is None:
        return []
    try:
        elf = ELFFile(io.BytesIO(firmware.path.read_bytes()))
        return [
            CodeRange(segment["p_vaddr"], segment.data(), not _is_ram(segment["p_vaddr"]))
            for segment in elf.iter_segments("PT_LOAD")
            if segment["p_filesz"] and segment["p_vaddr"] != segment["p_paddr"]
        ]
    except (ELFError, OSError):
        return []  # no ELF: its segments are all there is


def _vectors(firmware: Firmware) -> tuple[int, ...]:
    """The words of the vector table: as many as point, as Thumb code, into the image, or are empty."""
    table = firmware.vector_table_address
    for segment in firmware.segments:
        if table is None or not segment.address <= table < segment.end:
            continue
        content = segment.data[table - segment.address :][: 4 * _MOST_VECTORS]
        words = [int.from_bytes(content[at : at + 4], "little") for at in range(0, len(content) - 3, 4)]
        return tuple(words[: _length(firmware, words)])
    return ()


def _length(firmware: Firmware, words: list[int]) -> int:
    for index, word in enumerate(words[1:], start=1):
        inside = word & 1 and any(one.address <= word - 1 < one.end for one in firmware.segments)
        if word != 0 and not inside:
            return index
    return len(words)
