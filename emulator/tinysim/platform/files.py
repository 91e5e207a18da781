"""Where platforms are found by name: beside the repository, in the installed package, and in $TINYSIM_PLATFORMS."""

from __future__ import annotations

import os
from pathlib import Path

import tinysim
from tinysim.errors import InputError
from tinysim.repl.complaints import nearest

# A chip's name names a default board of it.
ALIASES = {
    "nrf52840": "nrf52840dk",
    "nrf52840dk_nrf52840": "nrf52840dk",
    "stm32f4": "stm32f4_discovery",
    "stm32f401": "nucleo_f401re",
    "stm32f405": "stm32f4_discovery",
    "stm32f407": "stm32f4_discovery",
    "stm32f411": "nucleo_f411re",
    "stm32f429": "stm32f429i_disc1",
    "stm32f446": "nucleo_f446re",
    "stm32l4": "nucleo_l4r5zi",
    "stm32l475": "b_l475e_iot01a",
    "stm32l476": "nucleo_l476rg",
    "stm32l4r5": "nucleo_l4r5zi",
}
VARIABLE = "TINYSIM_PLATFORMS"


def platform_directories() -> list[Path]:
    """Return the existing folders with chips/ and boards/, the user's ($TINYSIM_PLATFORMS) first."""
    package = Path(tinysim.__file__).resolve().parent
    own = [Path(part) for part in os.environ.get(VARIABLE, "").split(os.pathsep) if part]
    installed, repository = package / "platforms", package.parent.parent / "platforms"
    return [directory for directory in (*own, installed, repository) if directory.is_dir()]


def platform_names() -> dict[str, Path]:
    """Return the boards that can be named, with their files, in alphabetical order; an earlier folder wins."""
    found: dict[str, Path] = {}
    for directory in reversed(platform_directories()):
        found |= {path.stem: path for path in sorted((directory / "boards").glob("*.repl"))}
    return dict(sorted(found.items()))


def find_platform(name_or_path: str | Path) -> Path:
    """Return the `.repl` of a board's name, a chip's name or a path. Raises InputError listing near names."""
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(".repl") or "/" in text or os.sep in text:
        return Path(name_or_path)
    names = platform_names()
    board = text if text in names else ALIASES.get(text, text)
    if board in names:
        return names[board]
    usable = [*names, *(alias for alias, target in ALIASES.items() if target in names)]
    near = nearest(text, usable, 3) or sorted(usable)
    listed = f"known: {', '.join(near)}" if near else f"no platform is installed; set {VARIABLE}"
    raise InputError(f"unknown platform {text!r}", remedy=f"{listed}; or give the path of a .repl file")
