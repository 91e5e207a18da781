"""Intel HEX files (Intel Hexadecimal Object File Format, revision A), read by the library intelhex."""

from __future__ import annotations

from pathlib import Path

from intelhex import HexReaderError, IntelHex, IntelHexError  # type: ignore[import-untyped]

from tinysim.errors import InputError
from tinysim.firmware import Segment

_MIN_RECORD_BYTES = 5
_REMEDY = "build it again"


def read_intel_hex(path: Path, content: bytes) -> tuple[Segment, ...]:
    """The segments of a file; InputError names the line and, for a wrong checksum, the right one."""
    text = _text(path, content)
    image = IntelHex()
    try:
        image.loadhex(path)
    except HexReaderError as error:
        line = getattr(error, "line", 0)
        record = text.splitlines()[line - 1].strip() if line else ""
        problem = _problem(record, str(error))
        raise InputError(problem, file=path, place=f"line {line}", remedy=_REMEDY) from None
    except IntelHexError as error:
        raise InputError(str(error), file=path, remedy=_REMEDY) from None
    spans = image.segments()
    if not spans:
        raise InputError("holds no data record", file=path, remedy=_REMEDY)
    return tuple(Segment(start, image.tobinstr(start=start, size=end - start)) for start, end in spans)


def _text(path: Path, content: bytes) -> str:
    try:
        return content.decode("ascii")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("is no text", file=path, place=f"line {line}", remedy="is it a raw binary?") from None


def _problem(record: str, fallback: str) -> str:
    """Name what is wrong with a record more closely than the library does."""
    try:
        fields = bytes.fromhex(record[1:])
    except ValueError:
        return fallback
    wanted = fields[0] + _MIN_RECORD_BYTES if fields else _MIN_RECORD_BYTES
    if len(fields) != wanted:
        return f"the record is {len(fields)} bytes long, its length byte asks for {wanted}"
    right = -sum(fields[:-1]) & 0xFF
    return fallback if right == fields[-1] else f"the checksum is {fields[-1]:02X}, the record adds up to {right:02X}"
