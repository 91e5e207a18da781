"""Read a recorded sound from a WAV file: mono, linear PCM of 16, 24 or 32 bits, as sound pressure in micropascal.

A WAV file has no unit. Its full scale is taken as 120 dB SPL (a sine of 20 Pa rms), the pressure that drives the
microphones of this package to their own full scale, so that a sample comes out of them as it was in the file.
"""

from __future__ import annotations

import hashlib
import wave
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.streams.recording import Recording, StreamFinding
from tinysim.streams.timeline import by_rate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FULL_SCALE_MICROPASCAL = 28_217_270
"""sqrt(2) Pa * 10^(26 / 20): -26 dBFS at 94 dB SPL; the default `fullScale` of the microphones."""
CLIPPING_RUN = 3
_SAMPLE_BYTES = (2, 3, 4)


def read_wav(
    path: str | Path, *, rate_hz: float | None = None, unit: str | None = None, columns: str | None = None
) -> Recording:
    """Read a WAV file; the header has its rate, and its columns are known. Raises InputError with a remedy."""
    path = Path(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the stream: {error.strerror}", path) from None
    if unit is not None or columns is not None:
        option = "--unit" if unit is not None else "--columns"
        raise InputError(
            "a WAV file is one column of sound, full scale is 120 dB SPL", path, None, f"leave out {option}"
        )
    levels, file_rate_hz, bits = _levels(raw, path)
    if rate_hz is not None and rate_hz != file_rate_hz:
        raise InputError(f"the file says {file_rate_hz} Hz, the option {rate_hz:g} Hz", path, None, "state one rate")
    return _recording(levels, file_rate_hz, bits, path, raw)


def _levels(raw: bytes, path: Path) -> tuple[NDArray[np.int64], int, int]:
    """The samples as integers, their rate in Hz, and their bits."""
    import numpy as np

    try:
        with wave.open(BytesIO(raw)) as file:
            channels, sample_bytes, rate_hz, count = file.getparams()[:4]
            frames = file.readframes(count)
    except (wave.Error, EOFError) as error:
        problem = f"not a WAV file of linear PCM ({str(error) or 'it ends within its header'})"
        raise InputError(problem, path, None, "convert it to 16-bit PCM, mono") from None
    if channels != 1:
        raise InputError(f"{channels} channels, a microphone hears one", path, None, "convert it to mono")
    if sample_bytes not in _SAMPLE_BYTES:
        raise InputError(f"samples of {8 * sample_bytes} bits", path, None, "convert it to 16-bit PCM")
    if rate_hz == 0 or not frames:
        raise InputError("no samples" if rate_hz else "a rate of 0 Hz", path, None, "record at least one sample")
    if len(frames) < count * sample_bytes:
        problem = f"the header says {count} samples, the file ends after {len(frames) // sample_bytes}"
        raise InputError(problem, path, None, "copy the whole file")
    cells = np.zeros((count, 4), dtype=np.uint8)
    cells[:, 4 - sample_bytes :] = np.frombuffer(frames, dtype=np.uint8).reshape(-1, sample_bytes)
    bits = 8 * sample_bytes
    return (cells.reshape(-1).view("<i4").astype(np.int64)) >> (32 - bits), rate_hz, bits


def _recording(levels: NDArray[np.int64], rate_hz: int, bits: int, path: Path, raw: bytes) -> Recording:
    import numpy as np

    micropascal = np.rint(levels * (FULL_SCALE_MICROPASCAL / (1 << (bits - 1)))).astype(np.int32)
    return Recording(
        quantity="sound",
        columns=("sound",),
        unit="micropascal",
        values=micropascal.reshape(-1, 1),
        time_ns=by_rate(len(levels), float(rate_hz)).time_ns,
        rate_hz=float(rate_hz),
        file_name=path.name,
        sha256=hashlib.sha256(raw).hexdigest(),
        file_unit=f"{bits}-bit PCM",
        line_numbers=np.arange(1, len(levels) + 1, dtype=np.int64),
        findings=tuple(_clipping(levels, bits)),
    )


def _clipping(levels: NDArray[np.int64], bits: int) -> list[StreamFinding]:
    """Runs of samples at full scale; their numbers in the file (1 is the first)."""
    import numpy as np

    full = 1 << (bits - 1)
    clipped = (levels >= full - 1) | (levels <= -full)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], clipped, [False])).astype(np.int8)))
    runs = [int(start) + 1 for start, end in edges.reshape(-1, 2).tolist() if end - start >= CLIPPING_RUN]
    if not runs:
        return []
    message = f"{len(runs)} runs of {CLIPPING_RUN} or more samples at full scale, the first at sample {runs[0]}"
    return [StreamFinding("clipping", "warning", message, count=len(runs))]
