"""Recorded sensor streams: readers, label sidecars and checks. Importing this package does not import numpy."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim.streams.recording import Recording


def read_recording(
    path: str | Path,
    *,
    rate_hz: float | None = None,
    unit: str | None = None,
    columns: str | None = None,
    quantity: str | None = None,
    channel: int | None = None,
) -> Recording:
    """Read a recorded stream; its suffix is the format: `.wav` is sound, `.csv`, `.txt` and `.resd` are any quantity.

    `rate_hz`, `unit` (g, mg, ug, m_s2) and `columns` (a header line such as "ax_g,ay_g,az_g") say what the file does
    not; contradicting the file is an error. `quantity` chooses from a file of several streams, `channel` too (RESD);
    without it a text file is read as the first of quantities.IN_COLUMNS that it holds.
    Raises InputError with file, line and remedy.
    """
    path = Path(path)
    if path.suffix.lower() == ".resd":
        from tinysim.streams.resd_reader import read_resd, refuse_options

        refuse_options(path, rate_hz, unit, columns)
        return read_resd(path, quantity=quantity, channel=channel)
    if channel:
        raise InputError(f"is one stream, there is no channel {channel}", path, remedy="leave the channel out")
    if path.suffix.lower() == ".wav":
        from tinysim.streams.wav_reader import read_wav

        return read_wav(path, rate_hz=rate_hz, unit=unit, columns=columns)
    _refuse_other_types(path)
    from tinysim.streams.csv_reader import read_csv

    return read_csv(path, rate_hz=rate_hz, unit=unit, columns=columns, quantity=quantity)


def quantities_in(path: str | Path) -> tuple[str, ...]:
    """The quantities that a stream's file holds. Raises InputError when it cannot be read."""
    path = Path(path)
    if path.suffix.lower() == ".wav":
        return ("sound",)
    if path.suffix.lower() == ".resd":
        from tinysim.streams.resd_reader import read_blocks

        held = tuple(dict.fromkeys(block.name for block in read_blocks(path)[1] if block.samples))
        if not held:
            raise InputError("has no samples", path, remedy="record at least one")
        return held
    _refuse_other_types(path)
    from tinysim.streams.csv_reader import quantities_of_csv

    return quantities_of_csv(path)


def _refuse_other_types(path: Path) -> None:
    if path.suffix.lower() not in (".csv", ".txt"):
        raise InputError(
            f"streams of type '{path.suffix}' are not read yet", path, remedy="give a .csv, .wav or .resd file"
        )
