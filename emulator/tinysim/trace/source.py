"""A trace file in pieces of the unpacked trace: plain or gzip, known by its first bytes, never all of it in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tinysim.errors import InputError

CHUNK_BYTES = 1 << 20
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


class Piece(NamedTuple):
    """Unpacked bytes, and how many bytes of the file have been read with them."""

    content: bytes
    file_bytes: int


class BrokenPacking(Exception):
    """The gzip stream is damaged; the text says how, `offset` is the place in the packed file."""

    def __init__(self, problem: str, offset: int) -> None:
        super().__init__(problem)
        self.offset = offset


def pieces(path: Path) -> Iterator[Piece]:
    """Yield the trace. Raises InputError for a file that cannot be read, BrokenPacking behind the last good piece."""
    try:
        with path.open("rb") as file:
            is_packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            yield from _unpacked(file) if is_packed else _plain(file)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path, remedy="check the name of the trace") from None


def _plain(file: BinaryIO) -> Iterator[Piece]:
    while content := file.read(CHUNK_BYTES):
        yield Piece(content, file.tell())


def _unpacked(file: BinaryIO) -> Iterator[Piece]:
    """Members one behind the other, as gzip allows; no piece is larger than a chunk."""
    stream = zlib.decompressobj(_GZIP_WINDOW)
    waiting = b""
    while content := waiting or file.read(CHUNK_BYTES):
        if stream.eof:
            if not content.strip(b"\0"):  # padding behind the last member
                waiting = b""
                continue
            stream = zlib.decompressobj(_GZIP_WINDOW)
        try:
            unpacked = stream.decompress(content, CHUNK_BYTES)
        except zlib.error as error:
            raise BrokenPacking(f"is damaged inside its gzip packing ({error})", file.tell() - len(content)) from None
        waiting = stream.unconsumed_tail or stream.unused_data
        yield Piece(unpacked, file.tell() - len(waiting))
    if not stream.eof:
        raise BrokenPacking("is cut short inside its gzip packing", file.tell())
