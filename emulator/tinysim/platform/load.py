"""Loads a platform: finds the `.repl`, reads it with its usings and the chip's `.toml`, checks and builds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from tinysim.errors import InputError
from tinysim.platform.adoption import adopt
from tinysim.platform.build import Builder
from tinysim.platform.chip_file import ChipFile, parse_chip_file
from tinysim.platform.files import find_platform, platform_directories
from tinysim.platform.model import Platform, PlatformFile
from tinysim.platform.overlaps import check_overlaps
from tinysim.platform.verify import verify
from tinysim.repl.check import check
from tinysim.repl.complaints import shown
from tinysim.repl.merge import merge
from tinysim.repl.usings import OUR_CHIPS, LoadedFile, load_files


def load_platform(name_or_path: str | Path, search_path: Sequence[Path] = ()) -> Platform:
    """Load a platform by board name, chip name or `.repl` path; `search_path` comes before the installed folders.

    Raises InputError with file, line:column, Renode's code and the remedy.
    """
    path = find_platform(name_or_path)
    for directory in search_path:
        if not directory.is_dir():
            raise InputError("no such folder", directory, remedy="check --repl-path")
    directories = platform_directories()
    # Renode's habit is to name files from the folder above platforms/.
    search = [*search_path, *directories, *(directory.resolve().parent for directory in directories)]
    loaded = load_files(path, search)
    chip, chip_files = _chip_file(loaded)
    files = [(file.path, file.content) for file in loaded] + chip_files
    platform = _build(path.stem, loaded, chip, _described_files(files, path))
    own = next((path.with_suffix(".repl") for path, _ in chip_files), None)
    borrowed = own is not None and own.is_file() and not any(own.samefile(file.path) for file in loaded)
    return adopt(platform, load_platform(own)) if own is not None and borrowed else platform


def _build(name: str, loaded: list[LoadedFile], chip: ChipFile, files: tuple[PlatformFile, ...]) -> Platform:
    variables = merge([file.description for file in loaded])
    check(variables)
    verify(variables)
    builder = Builder(variables, chip.memory_kinds)
    cpus, memories, devices = builder.cpus(), builder.memories(), builder.devices()
    if not cpus:
        remedy = "add cpu: CPU.CortexM @ sysbus, or a using of the chip's file"
        raise InputError("the platform has no CPU", shown(loaded[-1].path), remedy=remedy)
    check_overlaps(memories, devices)
    tags, lines = builder.tags_and_lines()
    return Platform(name, cpus, memories, devices, builder.connections(), tags, lines, builder.aliases(), files, chip)


def _chip_file(loaded: list[LoadedFile]) -> tuple[ChipFile, list[tuple[Path, bytes]]]:
    """Return the `.toml` of the same stem beside the first of the files that has one; used files come first.

    A chip described by somebody else, as upstream's nrf52840.repl, has the numbers of ours of the same name.
    """
    beside = [file.path.with_suffix(".toml") for file in loaded]
    stems = [OUR_CHIPS.get(file.path.stem, file.path.stem) for file in loaded]
    ours = [folder / "chips" / f"{stem}.toml" for stem in stems for folder in platform_directories()]
    for path in (*beside, *ours):
        if path.is_file():
            content = path.read_bytes()
            return parse_chip_file(content, shown(path)), [(path, content)]
    return ChipFile(""), []


def _described_files(files: list[tuple[Path, bytes]], main: Path) -> tuple[PlatformFile, ...]:
    """Name the files so that no record knows where the user keeps them: by the main file's or a platform folder."""
    folders = [main.resolve().parent, *(directory.resolve() for directory in platform_directories())]
    return tuple(
        PlatformFile(_relative(path.resolve(), folders), hashlib.sha256(data).hexdigest()) for path, data in files
    )


def _relative(path: Path, folders: list[Path]) -> str:
    below = [path.relative_to(folder).as_posix() for folder in folders if path.is_relative_to(folder)]
    return max(below, key=len, default=path.name)
