"""Recorded sensor streams: readers, label sidecars and checks. Importing this package does not import numpy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.streams.recording import Recording


def read_recording(
    path: str | Path, *, rate_hz: float | None = None, unit: str | None = None, columns: str | None = None
) -> Recording:
    """Read a recorded stream; the file's suffix names the format (`.csv` or `.txt` today).

    `rate_hz`, `unit` (g, mg, ug, m_s2) and `columns` (a header line such as "ax_g,ay_g,az_g") say what the
    file does not; contradicting the file is an error. Raises InputError with file, line and remedy.
    """
    path = Path(path)
    if path.suffix.lower() not in (".csv", ".txt"):
        raise InputError(f"streams of type '{path.suffix}' are not read yet", path, remedy="give a .csv file")
    from tinysim.streams.csv_reader import read_csv

    return read_csv(path, rate_hz=rate_hz, unit=unit, columns=columns)
