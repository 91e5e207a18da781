"""Reads a chip's `.toml` from its file together with the files that it uses."""

from __future__ import annotations

from pathlib import Path

from tinysim.errors import InputError
from tinysim.platform.chip_file import NOTHING, ChipFile, parse_chip_file
from tinysim.repl.complaints import shown

LoadedFiles = list[tuple[Path, bytes]]


def load_chip_file(path: Path) -> tuple[ChipFile, LoadedFiles]:
    """Return what a `.toml` says and the files it was read from, itself first.

    Raises InputError naming file and key: what `parse_chip_file` refuses, a used file that is not there, a cycle.
    """
    files: LoadedFiles = []
    return _load(path, NOTHING, (), files), files


def _load(path: Path, base: ChipFile, users: tuple[Path, ...], files: LoadedFiles) -> ChipFile:
    content = path.read_bytes()
    if all(known != path for known, _ in files):
        files.append((path, content))
    users = (*users, path)

    def use(name: str, before: ChipFile) -> ChipFile:
        used = path.parent / name
        if not used.is_file():
            raise InputError(f"no file {name}", shown(path), "uses", "its name is relative to this file")
        if any(used.samefile(user) for user in users):
            chain = " -> ".join(each.name for each in (*users, used))
            raise InputError(f"files that use each other: {chain}", shown(path), "uses", "remove one use")
        return _load(used, before, users, files)

    return parse_chip_file(content, shown(path), base, use)
