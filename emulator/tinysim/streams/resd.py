"""RESD, Renode's format of sensor data, version 1: blocks, sample types and metadata, from and to bytes.

Written from Renode's reader and converter (little-endian, nothing padded). Blocks of types that are not known here are
passed over, as Renode does; their samples are not decoded.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from tinysim.errors import InputError
from tinysim.streams.quantities import (
    ACCELERATION,
    ANGULAR_RATE,
    HUMIDITY,
    MAGNETIC_FLUX_DENSITY,
    PRESSURE,
    TEMPERATURE,
    VOLTAGE,
    Quantity,
)
from tinysim.streams.resd_cursor import Cursor, ResdError

MAGIC = b"RESD"
VERSION = 1
ARBITRARY_TIMESTAMP, CONSTANT_FREQUENCY = 1, 2

Sample: TypeAlias = "tuple[int, ...] | bytes"
MetadataValue: TypeAlias = "int | float | str | bytes"


@dataclass(frozen=True)
class SampleType:
    """What a block measures; `layout` is of struct, empty for bytes with their length before them.

    `columns` are the usual names of a sample's numbers, all in `unit`.
    """

    code: int
    name: str
    layout: str
    unit: str
    columns: tuple[str, ...]

    @classmethod
    def of(cls, code: int, layout: str, quantity: Quantity) -> SampleType:
        """The samples of a quantity that sensors here measure: recordings have RESD's units."""
        return cls(code, quantity.name, layout, quantity.unit, quantity.columns)

    @property
    def size_bytes(self) -> int:
        return struct.calcsize(f"<{self.layout}")


SAMPLE_TYPES = (
    SampleType.of(0x0001, "i", TEMPERATURE),
    SampleType.of(0x0002, "iii", ACCELERATION),
    SampleType.of(0x0003, "iii", ANGULAR_RATE),
    SampleType.of(0x0004, "I", VOLTAGE),
    SampleType(0x0005, "ecg", "i", "nanovolt", ("ecg",)),
    SampleType.of(0x0006, "I", HUMIDITY),
    SampleType.of(0x0007, "Q", PRESSURE),
    SampleType.of(0x0008, "iii", MAGNETIC_FLUX_DENSITY),
    SampleType(0x0009, "binary_data", "", "byte", ("binary_data",)),
    SampleType(0x000A, "illuminance", "I", "millilux", ("illuminance",)),
)
_BY_CODE = {each.code: each for each in SAMPLE_TYPES}
_BY_NAME = {each.name: each for each in SAMPLE_TYPES}
_NUMBERS = {1: "b", 2: "B", 3: "h", 4: "H", 5: "i", 6: "I", 7: "q", 8: "Q", 9: "f", 0xA: "d"}
_TEXT, _BLOB = 0xB, 0xC


@dataclass(frozen=True)
class Block:
    """One block. `period_ns` None: each sample has its own time in `times_ns`, relative to `start_ns`.

    `sample_code` tells what is measured; of one that is not known (custom) there are no samples.
    `offset` is where the block begins in its file. `metadata_types` are the codes behind the values (0xA: f64).
    """

    sample_code: int
    channel: int
    start_ns: int
    period_ns: int | None
    samples: tuple[Sample, ...]
    times_ns: tuple[int, ...] = ()
    metadata: Mapping[str, MetadataValue] = field(default_factory=lambda: MappingProxyType({}))
    metadata_types: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    offset: int = 0

    @property
    def kind(self) -> SampleType | None:
        return _BY_CODE.get(self.sample_code)

    @property
    def name(self) -> str:
        """`acceleration`, or the number of a custom type."""
        return self.kind.name if self.kind else f"type {self.sample_code:#06x}"

    def absolute_ns(self) -> list[int]:
        """When each sample begins to hold."""
        if self.period_ns is None:
            return [self.start_ns + time_ns for time_ns in self.times_ns]
        return [self.start_ns + number * self.period_ns for number in range(len(self.samples))]

    @property
    def end_ns(self) -> int:
        """As Renode's `resd describe-block` has it: behind the last period, or the last time."""
        if self.period_ns is not None:
            return self.start_ns + len(self.samples) * self.period_ns
        return self.start_ns + (self.times_ns[-1] if self.times_ns else 0)


def sample_type(name: str) -> SampleType:
    """The type of a quantity. Raises InputError with what there is."""
    if name not in _BY_NAME:
        raise InputError(f"RESD has no samples of {name}", remedy=f"it has {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


def parse_resd(content: bytes) -> tuple[Block, ...]:
    """All blocks of a file. Raises ResdError with the offset of what is wrong."""
    cursor = Cursor(content)
    if cursor.take(4, "the magic number") != MAGIC:
        raise ResdError("does not begin with RESD", 0)
    version, *padding = cursor.unpack("4B", "the header")
    if version != VERSION:
        raise ResdError(f"has version {version}, this reads {VERSION}", 4)
    if any(padding):
        raise ResdError("has no zeros behind its version", 5)
    blocks = []
    while cursor.left:
        block = _parse_block(cursor)
        if block is not None:
            blocks.append(block)
    return tuple(blocks)


def _parse_block(cursor: Cursor) -> Block | None:
    offset = cursor.offset
    block_type, code, channel, size = cursor.unpack("BHHQ", "a block's header")
    body = cursor.part(size, f"the block at byte {offset}")
    if block_type not in (ARBITRARY_TIMESTAMP, CONSTANT_FREQUENCY):
        return None
    (start_ns,) = body.unpack("Q", "the start time")
    period_ns = None
    if block_type == CONSTANT_FREQUENCY:
        (period_ns,) = body.unpack("Q", "the period")
        if period_ns == 0:
            raise ResdError("has a period of 0 ns", body.offset - 8)
    metadata, types = _parse_metadata(body)
    samples, times_ns = _parse_samples(body, _BY_CODE.get(code), period_ns is None)
    return Block(code, channel, start_ns, period_ns, samples, times_ns, metadata, types, offset)


def _parse_metadata(body: Cursor) -> tuple[dict[str, MetadataValue], dict[str, int]]:
    (size,) = body.unpack("Q", "the size of the metadata")
    part = body.part(size, "the metadata")
    values: dict[str, MetadataValue] = {}
    types: dict[str, int] = {}
    while part.left:
        key = part.text("a metadata key")
        at = part.offset
        (code,) = part.unpack("B", f"the type of metadata {key!r}")
        what = f"the value of metadata {key!r}"
        if code in _NUMBERS:
            (values[key],) = part.unpack(_NUMBERS[code], what)
        elif code == _TEXT:
            values[key] = part.text(what)
        elif code == _BLOB:
            (length,) = part.unpack("I", what)
            values[key] = part.take(length, what)
        else:
            raise ResdError(f"metadata {key!r} has the unknown type {code:#x}", at)
        types[key] = code
    return values, types


def _parse_samples(body: Cursor, kind: SampleType | None, stamped: bool) -> tuple[tuple[Sample, ...], tuple[int, ...]]:
    if kind is None:
        return (), ()
    if kind.layout:
        return _parse_even_samples(body, kind, stamped)
    samples: list[Sample] = []
    times_ns: list[int] = []
    while body.left:
        if stamped:
            times_ns += body.unpack("Q", "a sample's time")
        (length,) = body.unpack("I", "a sample's length")
        samples.append(body.take(length, "a sample"))
    return tuple(samples), tuple(times_ns)


def _parse_even_samples(body: Cursor, kind: SampleType, stamped: bool) -> tuple[tuple[Sample, ...], tuple[int, ...]]:
    """Samples of one size, all at once: a minute at 1.6 kHz is a hundred thousand of them."""
    layout = f"<Q{kind.layout}" if stamped else f"<{kind.layout}"
    size = struct.calcsize(layout)
    offset, left = body.offset, body.left
    if left % size:
        raise ResdError(
            f"ends within a sample of {kind.name} ({left % size} of {size} bytes)", offset + left // size * size
        )
    rows = list(struct.iter_unpack(layout, body.take(left, "the samples")))
    if not stamped:
        return tuple(rows), ()
    return tuple(row[1:] for row in rows), tuple(row[0] for row in rows)


def write_resd(blocks: Sequence[Block]) -> bytes:
    """The bytes of a file. Raises ResdError for a value that its type cannot hold."""
    return b"".join((MAGIC, bytes((VERSION, 0, 0, 0)), *(_write_block(block) for block in blocks)))


def _write_block(block: Block) -> bytes:
    stamped = block.period_ns is None
    try:
        times = (block.start_ns,) if stamped else (block.start_ns, block.period_ns)
        metadata = b"".join(_write_metadata(key, value, block) for key, value in block.metadata.items())
        body = struct.pack(f"<{len(times)}Q", *times) + struct.pack("<Q", len(metadata)) + metadata
        stamps = [struct.pack("<Q", time_ns) for time_ns in block.times_ns] if stamped else [b""] * len(block.samples)
        body += b"".join(
            stamp + _write_sample(sample, block.kind) for stamp, sample in zip(stamps, block.samples, strict=True)
        )
        kind = ARBITRARY_TIMESTAMP if stamped else CONSTANT_FREQUENCY
        return struct.pack("<BHHQ", kind, block.sample_code, block.channel, len(body)) + body
    except struct.error as error:
        raise ResdError(f"{block.name} does not fit the format: {error}", block.offset) from None


def _write_sample(sample: Sample, kind: SampleType | None) -> bytes:
    if isinstance(sample, bytes):
        return struct.pack("<I", len(sample)) + sample
    assert kind is not None, "a custom type has no samples here"
    return struct.pack(f"<{kind.layout}", *sample)


def _write_metadata(key: str, value: MetadataValue, block: Block) -> bytes:
    code = block.metadata_types.get(key, _usual_type(value))
    head = key.encode() + b"\0" + bytes((code,))
    if isinstance(value, str):
        return head + value.encode() + b"\0"
    if isinstance(value, bytes):
        return head + struct.pack("<I", len(value)) + value
    return head + struct.pack(f"<{_NUMBERS[code]}", value)


def _usual_type(value: MetadataValue) -> int:
    return {str: _TEXT, bytes: _BLOB, float: 0xA}.get(type(value), 7)
