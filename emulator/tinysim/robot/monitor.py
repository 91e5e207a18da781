"""The few commands of Renode's Monitor that `Execute Command` understands; any other is refused by name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from tinysim.robot.emulation import Emulation

Action = Callable[[Emulation, str], None]


def execute(emulation: Emulation, command: str) -> str:
    """Run one command; AssertionError for one that is not understood. Returns no text, as these commands print none."""
    for pattern, action in _COMMANDS.items():
        match = re.fullmatch(pattern, command.strip())
        if match is not None:
            action(emulation, match[1] if match.re.groups else "")
            return ""
    known = ", ".join(f"'{form}'" for form in _FORMS)
    raise AssertionError(f"Execute Command does not know '{command}'; it knows {known}")


def _create(emulation: Emulation, _name: str) -> None:
    """The machine itself comes with its platform."""
    emulation.reset()


def _load_platform(emulation: Emulation, path: str) -> None:
    emulation.create(find_file(path))


def _load_elf(emulation: Emulation, path: str) -> None:
    emulation.machine.load(find_file(path))


def _nothing(_emulation: Emulation, _argument: str) -> None:
    """Names resolve without `using sysbus`, and waits start the machine."""


_PATH = r'@?"?([^"]+?)"?'
_COMMANDS: dict[str, Action] = {
    r'mach create(?: +"?([^"]*)"?)?': _create,
    rf"machine LoadPlatformDescription +{_PATH}": _load_platform,
    rf"sysbus LoadELF +{_PATH}": _load_elf,
    r"using sysbus|start|s": _nothing,
}
_FORMS = ("mach create", "machine LoadPlatformDescription @FILE", "sysbus LoadELF @FILE", "using sysbus", "start")


def find_file(path: str) -> Path:
    """A path as it stands, else below the folder that holds `platforms/`, as upstream suites name them."""
    from tinysim.platform import platform_directories

    given = Path(path)
    candidates = [given, *(folder.parent / given for folder in platform_directories())]
    return next((candidate for candidate in candidates if candidate.exists()), given)
