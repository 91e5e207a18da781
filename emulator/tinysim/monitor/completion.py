"""What may follow a line that is being typed: commands and devices first, then methods, and files behind an @."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.monitor.interpreter import OBJECTS, Monitor
from tinysim.monitor.lookup import kind_and_methods
from tinysim.monitor.session import COMMANDS
from tinysim.monitor.target import SYSTEM_BUS, paths

if TYPE_CHECKING:
    from tinysim.platform import Platform

_TAKES_DEVICE = ("showAnalyzer", "sa", "logLevel", "help", "using")


def complete(monitor: Monitor, line: str) -> list[str]:
    """The words that the last word of a line may become, sorted."""
    *before, last = line.split(" ")
    before = [word for word in before if word]
    return sorted({word for word in _candidates(monitor, before, last) if word.startswith(last)})


def _candidates(monitor: Monitor, before: list[str], last: str) -> Iterable[str]:
    if last.startswith("@"):
        return _files(last[1:])
    if not before:
        return [*COMMANDS, *OBJECTS, *monitor.aliases, *_devices(monitor)]
    if before[0] in _TAKES_DEVICE:
        return _devices(monitor)
    if before[0] == "runMacro":
        return [f"${name}" for name in monitor.macros]
    return _methods(monitor, before[0]) if len(before) == 1 else []


def _methods(monitor: Monitor, typed: str) -> Iterable[str]:
    if typed in OBJECTS:
        return OBJECTS[typed]
    try:
        target = monitor.target(typed)
        return kind_and_methods(target.machine, target.name)[1]
    except InputError:
        return []


def _devices(monitor: Monitor) -> list[str]:
    try:
        platform: Platform = monitor.emulation.board.platform
    except InputError:
        return []
    known = paths(platform)
    return [SYSTEM_BUS, *known, *known.values()]


def _files(begun: str) -> list[str]:
    folder, _, stem = begun.rpartition("/")
    try:
        found = [path for path in Path(folder or ("/" if begun.startswith("/") else ".")).iterdir()]
    except OSError:
        return []
    inside = f"{folder}/" if "/" in begun else ""
    return [f"@{inside}{path.name}{'/' if path.is_dir() else ''}" for path in found if path.name.startswith(stem)]
