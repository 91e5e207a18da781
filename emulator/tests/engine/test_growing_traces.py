"""A trace that is counted while it is written: the same pieces, the same count to the byte, and no wait without end."""

from __future__ import annotations

import gzip
import random
import threading
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trace_files import FIRMWARE, PLATFORM, record

from tinysim.cli.cycles_text import count_as_json
from tinysim.engines.growing_file import GrowingFile
from tinysim.errors import InputError
from tinysim.trace import source
from tinysim.trace.count import count_cycles
from tinysim.trace.source import BrokenPacking, Piece, pieces

HELLO = FIRMWARE / "hello.elf"
CHUNK_BYTES = 512
GIVE_UP_S = 60.0
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class WriterAtEachWait(threading.Event):
    """The event of a writer that appends its next part each time that the reader waits: no thread, no time."""

    def __init__(self, path: Path, parts: list[bytes]) -> None:
        super().__init__()
        self._path, self._parts = path, parts

    def wait(self, timeout: float | None = None) -> bool:
        if not self._parts:
            self.set()
            return True
        with self._path.open("ab") as file:
            file.write(self._parts.pop(0))
        return False


def cut(content: bytes, sizes: list[int]) -> list[bytes]:
    """Parts of these sizes, over and over."""
    parts: list[bytes] = []
    at = 0
    while at < len(content):
        size = sizes[len(parts) % len(sizes)]
        parts.append(content[at : at + size])
        at += size
    return parts


def read(path: Path, ended: threading.Event | None = None) -> tuple[list[Piece], str]:
    """The pieces, and what is wrong behind them."""
    found = []
    try:
        for piece in pieces(path, ended):
            found.append(piece)
    except BrokenPacking as error:
        return found, f"{error} at {error.offset}"
    return found, ""


def files(content: bytes) -> dict[str, bytes]:
    """Whole and damaged ones."""
    packed = gzip.compress(content, mtime=0)
    return {
        "plain": content,
        "packed": packed,
        "several members": gzip.compress(content[:100], mtime=0) + packed + bytes(5),
        "packed, cut": packed[:-5],
        "packed, damaged": packed[: len(packed) // 2] + bytes(20) + packed[len(packed) // 2 + 20 :],
        "a byte of gzip's magic": packed[:1],
        "empty": b"",
    }


RANDOM_BYTES = random.Random(6).randbytes(5 * CHUNK_BYTES + 77)


@pytest.mark.parametrize("kind", files(b""))
@QUICK
@given(sizes=st.lists(st.integers(0, 3 * CHUNK_BYTES), min_size=1, max_size=20).filter(any))
def test_the_pieces_of_a_growing_file_are_those_of_the_whole_one(
    kind: str, sizes: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "CHUNK_BYTES", CHUNK_BYTES)
    content = files(RANDOM_BYTES)[kind]
    whole, growing = tmp_path / "whole", tmp_path / "growing"
    whole.write_bytes(content)
    growing.unlink(missing_ok=True)
    assert read(growing, WriterAtEachWait(growing, cut(content, sizes) or [b""])) == read(whole)


def test_gzip_is_known_when_the_second_byte_of_its_magic_comes_late(tmp_path: Path) -> None:
    path = tmp_path / "late"
    packed = gzip.compress(b"ReTrace", mtime=0)
    found, problem = read(path, WriterAtEachWait(path, [packed[:1], packed[1:2], packed[2:]]))
    assert (b"".join(piece.content for piece in found), problem) == (b"ReTrace", "")


def test_a_file_that_never_comes_is_told_when_its_writer_has_ended(tmp_path: Path) -> None:
    ended = threading.Event()
    threading.Timer(0, ended.set).start()
    with pytest.raises(InputError, match="none: cannot be read: No such file"):
        next(pieces(tmp_path / "none", ended))


def test_what_comes_behind_the_end_is_not_waited_for(tmp_path: Path) -> None:
    path, ended = tmp_path / "file", threading.Event()
    path.write_bytes(b"before")
    ended.set()
    with GrowingFile(path, ended) as file, path.open("ab") as writer:
        assert file.read_chunk(2) == b"be"
        writer.write(b"behind")
        writer.flush()
        assert file.read_chunk(100) == b"fore"
        assert file.read_chunk(100) == b""


# ---- the count ----


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "run.trace"
    assert record(HELLO, path, "--for", "2ms") == 0
    return path


class SlowWriter:
    """A thread that appends small odd parts, and never comes far ahead of what has been counted."""

    def __init__(self, path: Path, content: bytes) -> None:
        self.path, self._content, self.is_kept_up_with = path, content, True
        self.ended, self._counted, self._counted_bytes = threading.Event(), threading.Condition(), 0
        self._thread = threading.Thread(target=self._write)

    def __enter__(self) -> SlowWriter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join()

    def counted(self, file_bytes: int) -> None:
        with self._counted:
            self._counted_bytes = file_bytes
            self._counted.notify()

    def _wait_until_counted(self, file_bytes: int) -> None:
        with self._counted:
            in_time = self._counted.wait_for(lambda: self._counted_bytes >= file_bytes, GIVE_UP_S)
        self.is_kept_up_with = self.is_kept_up_with and in_time

    def _write(self) -> None:
        written_bytes = 0
        try:
            for part in cut(self._content, [1, 2, 311, 3, 97, 1021, 5]):
                if self.is_kept_up_with:
                    self._wait_until_counted(written_bytes - 2 * CHUNK_BYTES)
                with self.path.open("ab") as file:
                    file.write(part)
                written_bytes += len(part)
        finally:
            self.ended.set()


@pytest.mark.parametrize("name", ["run.trace", "run.trace.gz"])
def test_a_trace_counts_the_same_while_it_grows_and_behind_the_run(
    name: str, whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "CHUNK_BYTES", CHUNK_BYTES)
    content = whole.read_bytes()
    content = gzip.compress(content, compresslevel=1, mtime=0) if name.endswith(".gz") else content
    assert len(content) > 6 * CHUNK_BYTES
    behind = tmp_path / "behind" / name
    behind.parent.mkdir()
    behind.write_bytes(content)
    with SlowWriter(tmp_path / name, content) as writer:
        beside = count_cycles(writer.path, str(HELLO), PLATFORM, progress=writer.counted, ended=writer.ended)
    assert writer.is_kept_up_with
    assert beside.problem is None
    assert count_as_json(beside) == count_as_json(count_cycles(behind, str(HELLO), PLATFORM))
