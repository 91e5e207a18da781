"""Files by the names that stand behind an @: where they are looked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tinysim.monitor.errors import MonitorError
from tinysim.monitor.values import File


def find_file(file: File, folders: Sequence[Path] = ()) -> Path:
    """A file by the name behind an @: as it stands, or below one of the folders. Raises MonitorError if nowhere."""
    from tinysim.platform import platform_directories

    if "://" in file.text:
        raise MonitorError(f"{file.text} is not fetched", remedy="nothing is loaded from the network; give a file")
    given = Path(file.text.removeprefix("@"))
    above = [directory.resolve().parent for directory in platform_directories()]
    found = next((place for place in (given, *(f / given for f in (*folders, *above))) if place.is_file()), None)
    if found is None:
        raise MonitorError(f"File does not exist: {file.text}", remedy="name it from the working directory")
    return found
