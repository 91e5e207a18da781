"""A trace for Perfetto (ui.perfetto.dev): calls, stages, interrupts, sleep and DMA as tracks in virtual nanoseconds.

Made with the `perfetto` package (track events of its protos); the first packet's process is named after the run.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, BinaryIO

import numpy as np

from tinysim.analyses.interrupts import exception_name
from tinysim.analyses.summary import Provenance
from tinysim.analyses.time_line import Step
from tinysim.analyses.timebase import array, spans, timebase
from tinysim.errors import EngineMissing

if TYPE_CHECKING:
    from tinysim.record import Record

PROCESS, CALLS = 1, 2
_PID, _SEQUENCE = 1, 1
Span = tuple[int, int, str]


def write_perfetto(
    record: Record, steps: list[Step], names: list[str], note: str | None, source: Provenance, file: BinaryIO
) -> None:
    """Write the trace; `names` are those of the call tree's nodes. Raises EngineMissing without the package."""
    trace = Trace(file)
    trace.process(f"{source.firmware} on {source.platform} ({source.nature}, {source.timing_model})")
    clock = timebase(record)
    if steps:
        at_ns = np.round(clock.seconds([step.cycle for step in steps]) * 1e9).astype(np.int64).tolist()
        trace.track(CALLS, f"calls ({note})" if note else "calls")
        for step, time_ns in zip(steps, at_ns, strict=True):
            trace.slice_edge(CALLS, time_ns, names[step.node] if step.is_enter else None)
    for number, (track, rows) in enumerate(_span_tracks(record), CALLS + 1):
        trace.track(number, track)
        for begin, end, name in rows:
            begin_ns, end_ns = (round(clock.second(cycle) * 1e9) for cycle in (begin, end))
            trace.slice_edge(number, begin_ns, name)
            trace.slice_edge(number, end_ns, None)


class Trace:
    """Packets of one trace."""

    def __init__(self, file: BinaryIO) -> None:
        try:
            from perfetto.protos.perfetto.trace.perfetto_trace_pb2 import TrackEvent  # type: ignore[import-untyped]
            from perfetto.trace_builder.proto_builder import StreamingTraceProtoBuilder  # type: ignore[import-untyped]
        except ImportError:
            raise EngineMissing("a Perfetto trace needs the package perfetto: run `pip install perfetto`") from None
        self._builder: Any = StreamingTraceProtoBuilder(file)
        self._begin, self._end = TrackEvent.TYPE_SLICE_BEGIN, TrackEvent.TYPE_SLICE_END

    def process(self, name: str) -> None:
        """The one process."""
        packet = self._builder.create_packet()
        packet.track_descriptor.uuid = PROCESS
        packet.track_descriptor.process.pid = _PID
        packet.track_descriptor.process.process_name = name
        self._builder.write_packet(packet)

    def track(self, number: int, name: str) -> None:
        """A row of slices."""
        packet = self._builder.create_packet()
        packet.track_descriptor.uuid = number
        packet.track_descriptor.parent_uuid = PROCESS
        packet.track_descriptor.name = name
        self._builder.write_packet(packet)

    def slice_edge(self, track: int, time_ns: int, name: str | None) -> None:
        """A slice begins; without a name the innermost one ends."""
        packet = self._builder.create_packet()
        packet.timestamp = time_ns
        packet.trusted_packet_sequence_id = _SEQUENCE
        packet.track_event.type = self._end if name is None else self._begin
        packet.track_event.track_uuid = track
        if name is not None:
            packet.track_event.name = name
        self._builder.write_packet(packet)


def _span_tracks(record: Record) -> Iterable[tuple[str, list[Span]]]:
    """(track, spans) of what the record has besides calls; spans of one track do not overlap."""
    stage_ids = array(record, "stage.id", np.uint16).tolist()
    for number, stage in enumerate(record.manifest.get("stages", [])):
        chosen = [row for row, of in zip(_rows(record, "stage"), stage_ids, strict=True) if of == number]
        yield f"stage {stage['name']}", [(begin, end, str(stage["name"])) for begin, end in chosen]
    numbers = array(record, "exception.number", np.uint16).tolist()
    irq_names = record.manifest.get("irq_names", {})
    for each in sorted(set(numbers)):
        name = exception_name(each, irq_names)
        chosen = [row for row, of in zip(_rows(record, "exception"), numbers, strict=True) if of == each]
        yield f"interrupt {name}", [(begin, end, name) for begin, end in chosen]
    yield "sleep", [(begin, end, "asleep") for begin, end in _rows(record, "sleep")]
    masters = array(record, "dma.master", np.uint16).tolist()
    columns = (array(record, f"dma.{name}", np.int64).tolist() for name in ("start", "end", "bytes"))
    transfers = list(zip(masters, *columns, strict=True))
    for number, master in enumerate(record.manifest.get("dma_masters", [])):
        yield f"DMA {master}", [(begin, end, f"{size} B") for of, begin, end, size in transfers if of == number]


def _rows(record: Record, name: str) -> list[tuple[int, int]]:
    enter, leave = spans(record, name)
    return list(zip(enter.tolist(), leave.tolist(), strict=True))
