"""The cycles of a recorded execution trace: the timing model of a platform fed with it, in constant memory."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.engines import make_engine
from tinysim.errors import InputError
from tinysim.platform import load_platform
from tinysim.trace.program import load_traced_firmware, program_of
from tinysim.trace.settings import TraceSettings, apply_settings, followed_registers
from tinysim.trace.source import BrokenPacking, Piece, pieces

if TYPE_CHECKING:
    from tinysim.engines.tracing import FunctionRow, Replay
    from tinysim.firmware import Firmware

OTHER_CODE = "(no function)"


@dataclass(frozen=True)
class FunctionCycles:
    """What one function took; `calls` are arrivals at its first instruction other than by falling into it."""

    name: str
    address: int | None
    instructions: int
    calls: int
    cycles: Mapping[str, int]

    @property
    def total(self) -> int:
        """All of it, without what it called."""
        return sum(self.cycles.values())


@dataclass(frozen=True)
class CycleCount:
    """The answer. `problem` with its `offset` in the unpacked trace is None for a whole trace.

    `cycles` is by cause (tinysim.record.PROFILE_CAUSES); sleep is in a trace only if tinysim wrote it.
    """

    trace: str
    version: int
    written_by_tinysim: bool
    firmware: str
    firmware_sha256: str
    platform: str
    cpu: str
    clock_hz: int
    memory: tuple[str, ...]
    cycles: Mapping[str, int]
    counts: Mapping[str, int]
    functions: tuple[FunctionCycles, ...]
    timing: Mapping[str, object]
    notes: tuple[str, ...]
    problem: str | None = None
    offset: int | None = None
    settings: TraceSettings = field(default_factory=TraceSettings)

    @property
    def total(self) -> int:
        """All cycles."""
        return sum(self.cycles.values())


def count_cycles(
    trace: Path,
    firmware: str,
    platform: str,
    settings: TraceSettings | None = None,
    progress: Callable[[int], None] | None = None,
    ended: threading.Event | None = None,
) -> CycleCount:
    """Count the cycles that a platform would take for a trace; `progress` hears how many bytes of the file are done.

    With `ended` the trace is still being written until that is set, and is counted as it grows; the count is the same.
    A damaged trace is counted up to the damage (`problem`). Raises InputError when nothing can be read at all.
    """
    settings = settings or TraceSettings()
    image = load_traced_firmware(firmware)
    described = load_platform(platform)
    engine = make_engine("native", described)
    try:
        engine.load(image)
        port = engine.tracing
        apply_settings(settings, described, port)
        replay = port.replay(program_of(image, followed_registers(described)))
        problem, offset = _feed(pieces(trace, ended), replay, progress or _silent)
        if replay.first_pc < 0:
            raise InputError(problem or "has no instruction", file=trace, place=f"byte {offset or 0}")
        version, _, by_tinysim = replay.header
        return CycleCount(
            trace=trace.name,
            version=version,
            written_by_tinysim=by_tinysim,
            firmware=image.name,
            firmware_sha256=image.sha256,
            platform=described.name,
            cpu=described.cpu.type,
            memory=_memory(settings, replay),
            clock_hz=settings.clock_hz or engine.clock_hz,
            cycles=replay.total,
            counts=replay.counts,
            functions=_functions(image, replay.functions()),
            timing=engine.timing(),
            notes=tuple(_notes(replay, image)),
            problem=problem,
            offset=offset,
            settings=settings,
        )
    finally:
        engine.close()


def _memory(settings: TraceSettings, replay: Replay) -> tuple[str, ...]:
    """In words: what wait states and caches were."""
    given = []
    if settings.wait_states is not None:
        given.append(f"{settings.wait_states} wait states")
    if settings.caches is not None:
        given.append(f"caches {'on' if settings.caches else 'off'}")
    begin = f"at the begin {', '.join(given)}, as given" if given else "at the begin as after reset"
    writes = replay.counts["register_writes"]
    changes = replay.counts["clock_changes"]
    follows = f"; {writes} writes to flash and clock registers followed" if writes else ""
    follows += f", {changes} changes of the clock" if changes else ""
    return (f"{begin}, caches empty{follows}; no other bus master",)


def _silent(_: int) -> None:
    pass


def _feed(read: Generator[Piece], replay: Replay, progress: Callable[[int], None]) -> tuple[str | None, int | None]:
    """Push what is read through; returns what is wrong with it and where."""
    broken: BrokenPacking | None = None
    try:
        with closing(read):  # `progress` may end the count
            for piece in read:
                progress(piece.file_bytes)
                if not replay.push(piece.content):
                    break
    except BrokenPacking as error:
        broken = error
    is_whole = replay.finish()
    text, offset = replay.damage
    if broken is not None and (is_whole or "cut short" in text or text == "is empty"):
        return str(broken), broken.offset
    return (None, None) if is_whole else (text, offset)


def _functions(firmware: Firmware, rows: Sequence[FunctionRow]) -> tuple[FunctionCycles, ...]:
    known = firmware.functions
    found = [
        FunctionCycles(
            known[row.index].name if row.index < len(known) else OTHER_CODE,
            known[row.index].address if row.index < len(known) else None,
            row.instructions,
            row.calls,
            row.cycles,
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (-one.total, one.name)))


def _notes(replay: Replay, firmware: Firmware) -> list[str]:
    """What the number rests on, beyond the model: what the trace does not have."""
    counts = replay.counts
    version, _, by_tinysim = replay.header
    said = []
    if counts["accesses"] == 0:
        said.append("the trace has no memory accesses: waits of data are not counted (Renode: TrackMemoryAccesses)")
    elif version < 4:
        said.append("version 2 has accesses by block and without values: they are given to instructions in order")
    if firmware.entry is not None and replay.first_pc != firmware.entry:
        said.append(f"the trace begins at {replay.first_pc:#010x}, not at reset: caches and queue begin empty")
    if counts["sleeps"] and not by_tinysim:
        said.append(f"time asleep is not in a trace: {counts['sleeps']} WFI or WFE count without it")
    if counts["exceptions"] and not by_tinysim:
        said.append(f"{counts['exceptions']} exceptions, recognised by jumps into the vectors' handlers")
    for key, text in _ASSUMED.items():
        if counts[key]:
            said.append(f"{counts[key]} {text}")
    return said


_ASSUMED = {
    "assumed_divisions": "divisions of unknown operands count with the mean of least and most cycles",
    "assumed_conditions": "instructions inside IT blocks count as executed: nothing tells",
    "jumps": "jumps that neither a branch nor a vector explains (a reset, or a gap in the trace)",
    "unmapped": "accesses where the platform has nothing",
    "unclaimed_accesses": "accesses that fit no instruction of their block",
}
