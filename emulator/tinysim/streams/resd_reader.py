"""A RESD file as a recording, and a recording as RESD blocks.

The blocks of one sample type and channel follow one another in time, pauses between them allowed; a sample holds until
the next one. A block's start time is virtual time, so the recording says in `start_ns` when its first sample begins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.streams.recording import Recording
from tinysim.streams.resd import Block, MetadataValue, parse_resd, sample_type, write_resd
from tinysim.streams.resd_cursor import ResdError
from tinysim.streams.timeline import even_rate_hz

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST = (1 << 31) - 1
_MOST_NS = (1 << 63) - 1
_OPTIONS = "leave out --rate, --unit and --columns: RESD says them itself"


def read_resd(path: str | Path, *, quantity: str | None = None, channel: int | None = None) -> Recording:
    """Read the stream of a quantity ("acceleration") and channel; None: the only one of the file.

    Raises InputError with file, byte and remedy.
    """
    path = Path(path)
    content, blocks = read_blocks(path)
    chosen = _choose(blocks, quantity, channel, path)
    return _recording(chosen, path, hashlib.sha256(content).hexdigest())


def read_blocks(path: Path) -> tuple[bytes, tuple[Block, ...]]:
    """The bytes of a file and its blocks. Raises InputError with file, byte and remedy."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read the stream: {error.strerror}", path) from None
    try:
        return content, parse_resd(content)
    except ResdError as error:
        raise _unreadable(path, error, "write it again, as RESD of version 1") from None


def write_recordings(recordings: Sequence[Recording], path: Path, *, channel: int = 0) -> None:
    """Write recordings of different quantities, a block each. Raises InputError where RESD has no such samples."""
    try:
        content = write_resd([block_of(recording, channel) for recording in recordings])
    except ResdError as error:
        raise InputError(error.problem, path) from None
    try:
        path.write_bytes(content)
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", path) from None


def block_of(recording: Recording, channel: int = 0) -> Block:
    """One block: of constant frequency where a whole number of nanoseconds gives the recording's own times."""
    kind = sample_type(recording.quantity)
    samples = tuple(tuple(row) for row in recording.values.tolist())
    times_ns = recording.time_ns.tolist()
    period_ns = times_ns[1] - times_ns[0] if len(times_ns) > 1 else None
    if period_ns is not None and times_ns == list(range(0, period_ns * len(times_ns), period_ns)):
        return Block(kind.code, channel, recording.start_ns, period_ns, samples)
    return Block(kind.code, channel, recording.start_ns, None, samples, tuple(times_ns))


def refuse_options(path: Path, rate_hz: float | None, unit: str | None, columns: str | None) -> None:
    """A RESD file says its own times and units. Raises InputError."""
    if not (rate_hz is None and unit is None and columns is None):
        raise InputError("a RESD file has its own times and units", path, remedy=_OPTIONS)


def _unreadable(path: Path, error: ResdError, remedy: str) -> InputError:
    return InputError(error.problem, path, f"byte {error.offset}", remedy)


def _choose(blocks: Sequence[Block], quantity: str | None, channel: int | None, path: Path) -> list[Block]:
    if quantity is not None:
        sample_type(quantity)
    held = dict.fromkeys((block.name, block.channel) for block in blocks if block.samples)
    fitting = [key for key in held if quantity in (None, key[0]) and channel in (None, key[1])]
    listed = ", ".join(f"{name} (channel {number})" for name, number in held) or "no samples"
    if not fitting:
        wanted = " ".join(filter(None, (quantity or "samples", "" if channel is None else f"on channel {channel}")))
        raise InputError(f"has no {wanted}", path, remedy=f"it holds {listed}")
    if len(fitting) > 1:
        remedy = f"it holds {listed}; name one: --quantity and --channel, or the sensor, SENSOR=FILE"
        raise InputError("holds more than one stream", path, remedy=remedy)
    return [block for block in blocks if (block.name, block.channel) == fitting[0] and block.samples]


def _recording(blocks: list[Block], path: Path, sha256: str) -> Recording:
    import numpy as np

    kind = blocks[0].kind
    if kind is None or not kind.layout:
        raise InputError(f"{blocks[0].name} is not played into sensors", path, remedy="give samples of a quantity")
    times_ns = _times_ns(blocks, path)
    lengths = [len(block.samples) for block in blocks]
    return Recording(
        quantity=kind.name,
        columns=kind.columns,
        unit=kind.unit,
        values=_values(blocks, path),
        time_ns=times_ns - times_ns[0],
        rate_hz=_rate_hz(blocks, times_ns),
        file_name=path.name,
        sha256=sha256,
        file_unit=kind.unit,
        line_numbers=np.arange(1, len(times_ns) + 1, dtype=np.int64),
        segment_starts=tuple(sum(lengths[:number]) for number in range(len(lengths))),
        stated=tuple((key.lower(), _text(value)) for block in blocks for key, value in block.metadata.items()),
        start_ns=int(times_ns[0]),
    )


def _text(value: MetadataValue) -> str:
    if isinstance(value, bytes):
        return value.hex(" ")
    return value if isinstance(value, str) else repr(value)


def _times_ns(blocks: list[Block], path: Path) -> NDArray[np.int64]:
    import numpy as np

    times: list[int] = []
    for block in blocks:
        own = block.absolute_ns()
        if own[-1] > _MOST_NS:
            raise InputError("goes beyond 292 years", path, f"byte {block.offset}", "check start time and period")
        rising = all(before < after for before, after in pairwise(own))
        if not rising or (times and own[0] <= times[-1]):
            problem = "a block's times do not rise" if not rising else "a block begins before the one ahead of it ends"
            raise InputError(problem, path, f"byte {block.offset}", "sort the samples by time, one at a time")
        times += own
    return np.asarray(times, dtype=np.int64)


def _values(blocks: list[Block], path: Path) -> NDArray[np.int32]:
    import numpy as np

    rows = [sample for block in blocks for sample in block.samples]
    values = np.asarray(rows, dtype=object)
    beyond = np.flatnonzero((np.abs(values) > _MOST).any(axis=1))
    if len(beyond):
        problem = f"sample {beyond[0] + 1} is {rows[int(beyond[0])]!r}, more than sensors here measure"
        raise InputError(problem, path, remedy=f"keep below {_MOST} {blocks[0].kind.unit if blocks[0].kind else ''}")
    return values.astype(np.int32)


def _rate_hz(blocks: list[Block], times_ns: NDArray[np.int64]) -> float | None:
    """What the blocks say, if they follow on without a pause; else the rate of even stamps."""
    import numpy as np

    periods = {block.period_ns for block in blocks}
    period_ns = periods.pop() if len(periods) == 1 else None
    if period_ns is not None and all(after.start_ns == before.end_ns for before, after in pairwise(blocks)):
        return 1e9 / period_ns
    return even_rate_hz(np.diff(times_ns))
