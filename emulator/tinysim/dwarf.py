"""Source lines of code addresses from DWARF line programs (DWARF 5, section 6.2).

Inlined call chains are not unfolded: the line is the innermost one, the function comes from the symbol table.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import reduce
from pathlib import Path
from typing import Any

from elftools.common.exceptions import DWARFError, ELFError
from elftools.elf.elffile import ELFFile

_END_OF_SEQUENCE = ("", 0)
# What pyelftools raises on damaged input, besides its own errors.
DAMAGE = (DWARFError, ELFError, AssertionError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


class LineTable:
    """All line rows of an ELF, sorted by address; empty when it was built without -g."""

    def __init__(self, path: Path) -> None:
        rows: dict[int, tuple[str, int]] = {}
        with path.open("rb") as stream:
            try:
                elf = ELFFile(stream)
                if elf.has_dwarf_info():
                    _collect(elf.get_dwarf_info(), rows)
            except DAMAGE:
                pass  # lines are a comfort: with damaged DWARF the function's name still stands
        self._addresses = sorted(rows)
        self._rows = [rows[address] for address in self._addresses]

    def lookup(self, address: int) -> tuple[str, int] | None:
        """(file, line) of the row that covers the address; the file's own name: directories differ between machines."""
        place = self.place(address)
        return (place[0].rsplit("/", 1)[-1], place[1]) if place else None

    def place(self, address: int) -> tuple[str, int] | None:
        """The same with the file's path as the compiler saw it, for whoever reads the source."""
        index = bisect_right(self._addresses, address) - 1
        return self._rows[index] if index >= 0 and self._rows[index] != _END_OF_SEQUENCE else None


def _collect(dwarf: Any, rows: dict[int, tuple[str, int]]) -> None:
    for unit in dwarf.iter_CUs():
        program = dwarf.line_program_for_CU(unit)
        if program is None:
            continue
        first = 0 if program["version"] >= 5 else 1
        files = _paths(program, _text(unit.get_top_DIE().attributes.get("DW_AT_comp_dir")))
        sequence: dict[int, tuple[str, int]] = {}
        for entry in program.get_entries():
            state = entry.state
            if state is None:
                continue
            if state.end_sequence:
                _keep(sequence, state.address, rows)
                sequence = {}
            elif 0 <= state.file - first < len(files) and (state.is_stmt or state.address not in sequence):
                sequence[state.address] = (files[state.file - first], state.line)


def _keep(sequence: dict[int, tuple[str, int]], end: int, rows: dict[int, tuple[str, int]]) -> None:
    """Add a sequence, unless it starts at 0: a function that the linker dropped (a vector table lives there)."""
    if sequence and min(sequence) != 0:
        rows.setdefault(end, _END_OF_SEQUENCE)
        rows.update(sequence)


def _paths(program: Any, build_folder: str) -> list[str]:
    """The files of a line program, with their folders as far as they are known (DWARF 5, 6.2.4)."""
    folders = [name.decode(errors="replace") for name in program["include_directory"]]
    if program["version"] < 5:
        folders.insert(0, build_folder)
    return [_path(entry, folders, build_folder) for entry in program["file_entry"]]


def _path(entry: Any, folders: list[str], build_folder: str) -> str:
    folder = folders[entry.dir_index] if 0 <= entry.dir_index < len(folders) else ""
    parts = (build_folder, folder, entry.name.decode(errors="replace"))
    return reduce(_joined, (part.replace("\\", "/") for part in parts))


def _joined(folder: str, name: str) -> str:
    is_absolute = name.startswith("/") or name[1:2] == ":"
    return name if is_absolute or not folder else f"{folder.rstrip('/')}/{name}"


def _text(attribute: Any) -> str:
    return attribute.value.decode(errors="replace") if attribute is not None else ""
