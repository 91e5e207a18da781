"""Loads a `.repl` and everything that it uses, depth first: a used file comes before the one that uses it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tinysim.errors import InputError
from tinysim.repl.complaints import complaint, shown
from tinysim.repl.grammar import parse
from tinysim.repl.syntax import Description, Using

MAX_DEPTH = 32
# Renode keeps its chips in platforms/cpus; a board written for it finds ours.
RENODE_CHIP_FOLDER, OUR_CHIP_FOLDER = "platforms/cpus/", "chips/"
# Files whose chip has another name here: upstream's stm32f4 is an F407 with what its relatives have.
OUR_CHIPS = {"stm32f4": "stm32f407"}


@dataclass(frozen=True, slots=True)
class LoadedFile:
    """A parsed file with the bytes it was read from."""

    path: Path
    content: bytes
    description: Description


def load_files(path: Path, search_path: Sequence[Path] = ()) -> list[LoadedFile]:
    """Read `path` and its usings. Raises InputError: unreadable file, E17 duplicate, E30 cycle, E36 not found."""
    loaded: list[LoadedFile] = []
    _load(path, tuple(search_path), (), loaded)
    return loaded


def load_text(text: str, name: Path, search_path: Sequence[Path] = ()) -> list[LoadedFile]:
    """Read a description that is no file, and its usings; `name` stands for its path. Raises InputError likewise."""
    loaded: list[LoadedFile] = []
    _load(name, tuple(search_path), (), loaded, text.encode())
    return loaded


def _load(
    path: Path,
    search_path: tuple[Path, ...],
    users: tuple[Path, ...],
    loaded: list[LoadedFile],
    text: bytes | None = None,
) -> None:
    content = _read(path) if text is None else text
    description = parse(_decoded(content, path), shown(path))
    users = (*users, path.resolve())
    written: set[str] = set()
    for using in description.usings:
        if using.path in written:
            raise complaint(17, f'duplicate using "{using.path}"', using.place, "remove one of them")
        written.add(using.path)
        found = _resolve(using, path, search_path)
        if found.resolve() in users or len(users) > MAX_DEPTH:
            chain = " -> ".join(user.name for user in (*users, found))
            raise complaint(30, f"using files in a cycle: {chain}", using.place, "remove this using")
        _load(found, search_path, users, loaded)
    loaded.append(LoadedFile(path, content, description))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "cannot be read").lower()
        raise InputError(f"platform file: {reason}", shown(path), None, "give the path of a .repl file") from None


def _decoded(content: bytes, path: Path) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("not UTF-8 text", shown(path), str(line), "save the platform file as UTF-8") from None


def _resolve(using: Using, user: Path, search_path: tuple[Path, ...]) -> Path:
    name = Path(using.path)
    if name.is_absolute():
        places = [name]
    elif using.path.startswith(("./", "../")):
        places = [user.parent / name]
    else:
        places = [directory / name for directory in search_path]
        if using.path.startswith(RENODE_CHIP_FOLDER):
            ours = Path(OUR_CHIP_FOLDER, using.path.removeprefix(RENODE_CHIP_FOLDER))
            ours = ours.with_stem(OUR_CHIPS.get(ours.stem, ours.stem))
            places += [directory / ours for directory in search_path]
    for place in places:
        if _is_file(place):
            return place
    tried = ", ".join(shown(place) for place in places) or "an empty search path"
    remedy = "write ./ or ../ for a path relative to this file, or add its folder to the search path"
    raise complaint(36, f'using "{using.path}" is not found (tried {tried})', using.place, remedy)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
