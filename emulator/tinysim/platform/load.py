"""Loads a platform: finds the `.repl`, reads it with its usings and the chip's `.toml`, checks and builds."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

from tinysim.errors import InputError
from tinysim.platform.adoption import adopt
from tinysim.platform.build import Builder
from tinysim.platform.chip_file import NOTHING, ChipFile
from tinysim.platform.chip_uses import load_chip_file
from tinysim.platform.files import find_platform, platform_directories
from tinysim.platform.model import Platform, PlatformFile
from tinysim.platform.overlaps import check_overlaps
from tinysim.platform.scripts import find_scripts
from tinysim.platform.verify import verify
from tinysim.repl.check import check
from tinysim.repl.complaints import shown
from tinysim.repl.merge import merge
from tinysim.repl.usings import OUR_CHIPS, LoadedFile, load_files, load_text

Piece: TypeAlias = "Path | str"
TEXT_PIECE = "description"  # how a text is named in complaints


def load_platform(name_or_path: str | Path, search_path: Sequence[Path] = ()) -> Platform:
    """Load a platform by board name, chip name or `.repl` path; `search_path` comes before the installed folders.

    Raises InputError with file, line:column, Renode's code and the remedy.
    """
    return join_platform([find_platform(name_or_path)], search_path)


def join_platform(pieces: Sequence[Piece], search_path: Sequence[Path] = (), *, may_lack_cpu: bool = False) -> Platform:
    """Load a platform from pieces: files by path, and texts in the language of the files; the first one names it.

    `may_lack_cpu`: pieces are still to come. Raises InputError as load_platform; a text is `description-2` in it.
    """
    for directory in search_path:
        if not directory.is_dir():
            raise InputError("no such folder", directory, remedy="check --repl-path")
    directories = platform_directories()
    # Renode's habit is to name files from the folder above platforms/.
    search = [*search_path, *directories, *(directory.resolve().parent for directory in directories)]
    loaded = [file for number, piece in enumerate(pieces, 1) for file in _read_piece(piece, number, search)]
    chip, chip_files = _chip_file(loaded)
    files = [(file.path, file.content) for file in loaded] + chip_files
    main = next((piece for piece in pieces if isinstance(piece, Path)), Path(TEXT_PIECE))
    described = _described_files(files, main)
    platform = _build(main.stem, loaded, chip, described, may_lack_cpu=may_lack_cpu)
    scripts = find_scripts(platform.devices, search)
    sources = dict.fromkeys((each.path, each.content) for each in scripts.values() if each.path is not None)
    platform = replace(platform, scripts=scripts, files=(*described, *_described_files(list(sources), main)))
    own = next((path.with_suffix(".repl") for path, _ in chip_files), None)
    borrowed = own is not None and own.is_file() and not any(_is_file_of(file, own) for file in loaded)
    return adopt(platform, load_platform(own)) if own is not None and borrowed and platform.cpus else platform


def _read_piece(piece: Piece, number: int, search: list[Path]) -> list[LoadedFile]:
    if isinstance(piece, Path):
        return load_files(piece, search)
    return load_text(piece, Path(f"{TEXT_PIECE}-{number}"), search)


def _is_file_of(loaded: LoadedFile, path: Path) -> bool:
    return loaded.path.is_file() and path.samefile(loaded.path)


def _build(
    name: str, loaded: list[LoadedFile], chip: ChipFile, files: tuple[PlatformFile, ...], *, may_lack_cpu: bool
) -> Platform:
    variables = merge([file.description for file in loaded])
    check(variables)
    verify(variables)
    builder = Builder(variables, chip.memory_kinds)
    cpus, memories, devices = builder.cpus(), builder.memories(), builder.devices()
    if not cpus and not may_lack_cpu:
        remedy = "add cpu: CPU.CortexM @ sysbus, or a using of the chip's file"
        raise InputError("the platform has no CPU", shown(loaded[-1].path), remedy=remedy)
    check_overlaps(memories, devices)
    tags, lines = builder.tags_and_lines()
    return Platform(name, cpus, memories, devices, builder.connections(), tags, lines, builder.aliases(), files, chip)


def _chip_file(loaded: list[LoadedFile]) -> tuple[ChipFile, list[tuple[Path, bytes]]]:
    """Return the first `.toml` with a [chip] that has the stem of one of the files, and the files it was read from.

    Used files come first. A chip described by somebody else, as upstream's nrf52840.repl, has the numbers of ours of
    the same name; there the file that uses others comes first, as upstream's stm32f429.repl uses its stm32f4.repl.
    """
    beside = [file.path.with_suffix(".toml") for file in loaded]
    stems = [OUR_CHIPS.get(file.path.stem, file.path.stem) for file in loaded]
    ours = [folder / "chips" / f"{stem}.toml" for stem in reversed(stems) for folder in platform_directories()]
    found = [path for path in (*beside, *ours) if path.is_file()]
    for path in found:
        chip, files = load_chip_file(path)
        if chip.name:
            return chip, files
    if found:
        raise InputError("no [chip]", shown(found[0]), "chip.name", 'write [chip] and name = "..."')
    return NOTHING, []


def _described_files(files: list[tuple[Path, bytes]], main: Path) -> tuple[PlatformFile, ...]:
    """Name the files so that no record knows where the user keeps them: by the main file's or a platform folder."""
    folders = [main.resolve().parent, *(directory.resolve() for directory in platform_directories())]
    return tuple(
        PlatformFile(_relative(path.resolve(), folders), hashlib.sha256(data).hexdigest()) for path, data in files
    )


def _relative(path: Path, folders: list[Path]) -> str:
    below = [path.relative_to(folder).as_posix() for folder in folders if path.is_relative_to(folder)]
    return max(below, key=len, default=path.name)
