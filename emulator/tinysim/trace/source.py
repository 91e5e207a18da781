"""A trace file in pieces of the unpacked trace: plain or gzip, known by its first bytes, never all of it in memory.

It may still be growing: the pieces are the same then, each one as soon as it is written.
"""

from __future__ import annotations

import threading
import zlib
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import NamedTuple

from tinysim.engines.growing_file import GrowingFile
from tinysim.errors import InputError

CHUNK_BYTES = 1 << 16
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


def pieces(path: Path, ended: threading.Event | None = None) -> Generator[Piece]:
    """Yield the trace; with `ended`, of a file that is being written until that is set (None: it is all there).

    Raises InputError for a file that cannot be read, BrokenPacking behind the last good piece.
    """
    if ended is None:
        ended = threading.Event()
        ended.set()
    try:
        with GrowingFile(path, ended) as file:
            is_packed = file.read_chunk(len(_GZIP)) == _GZIP
            file.seek(0)
            yield from _unpacked(file) if is_packed else _plain(file)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", file=path, remedy="check the name of the trace") from None


def _plain(file: GrowingFile) -> Iterator[Piece]:
    while content := file.read_chunk(CHUNK_BYTES):
        yield Piece(content, file.tell())


def _unpacked(file: GrowingFile) -> Iterator[Piece]:
    """Members one behind the other, as gzip allows; no piece is larger than a chunk."""
    stream = zlib.decompressobj(_GZIP_WINDOW)
    waiting = b""
    while content := waiting or file.read_chunk(CHUNK_BYTES):
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
