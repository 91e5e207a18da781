"""Damaged, foreign and cut traces: what was read is counted, the rest is told with its offset."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from trace_files import FIRMWARE, Instruction, count, header, trace

from tinysim.errors import InputError
from tinysim.firmware import load_firmware

HELLO = FIRMWARE / "hello.elf"
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def straight_line(instructions: int = 6) -> list[Instruction]:
    """The first narrow instructions of the firmware's entry, over and over."""
    firmware = load_firmware(HELLO)
    assert firmware.entry is not None
    segment = next(one for one in firmware.segments if one.address <= firmware.entry < one.end)
    content = segment.data[firmware.entry - segment.address :]
    first, second = (int.from_bytes(content[at : at + 2], "little") for at in (0, 2))
    wide = (first >> 11) >= 0x1D
    return [Instruction(firmware.entry, first << 16 | second if wide else first)] * instructions


def of(tmp_path: Path, content: bytes, name: str = "one.trace") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def is_refused_or_adds_up(tmp_path: Path, content: bytes) -> None:
    """Whatever the bytes are: one clear error, or a count whose functions sum up to its total."""
    try:
        found = count(of(tmp_path, content), HELLO)
    except InputError:
        return
    assert found.total == sum(one.total for one in found.functions)


@pytest.mark.parametrize("version", [2, 4, 5])
def test_a_trace_cut_short_is_counted_up_to_the_cut(version: int, tmp_path: Path) -> None:
    content = trace(version, straight_line())
    found = count(of(tmp_path, content[:-3]), HELLO)
    assert found.counts["instructions"] == 5
    assert found.problem is not None and "cut short inside an instruction" in found.problem
    assert found.offset == len(content) - 3


def test_a_pc_outside_the_elf_is_told_with_its_offset(tmp_path: Path) -> None:
    good = straight_line(2)
    content = trace(4, [*good, Instruction(0x00F0_0000, 0xBF00)])
    found = count(of(tmp_path, content), HELLO)
    assert found.counts["instructions"] == 2
    assert found.problem == "the pc 0x00F00000 lies outside the firmware"
    assert found.offset == len(trace(4, good))


def test_a_trace_of_another_build_is_told(tmp_path: Path) -> None:
    good = straight_line(1)
    found = count(of(tmp_path, trace(4, [*good, Instruction(good[0].pc, 0xBF00)])), HELLO)
    assert found.problem is not None and "it is of another build" in found.problem


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"ReTr", "cut short inside its header"),
        (b"hello world", "is no execution trace"),
        (header(3), "is of version 3"),
        (header(4, pc_bytes=0), "has opcodes only"),
        (header(4, pc_bytes=8), "of another CPU"),
        (header(5, triple=b"rv32 rv32imac"), "of another CPU: 'rv32 rv32imac'"),
        (header(5), "has no instruction"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_what_is_no_trace_of_a_cortex_m4_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"one\.trace:byte \d+: ") as error:
        count(of(tmp_path, content), HELLO)
    assert said in str(error.value)


def test_a_missing_trace_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"none\.trace: cannot be read"):
        count(tmp_path / "none.trace", HELLO)


def test_a_packed_trace_that_was_cut_is_counted_up_to_there(tmp_path: Path) -> None:
    content = gzip.compress(trace(4, straight_line(20_000)), mtime=0)
    found = count(of(tmp_path, content[: len(content) * 3 // 4]), HELLO)
    assert 0 < found.counts["instructions"] < 20_000
    assert found.problem is not None and "gzip" in found.problem


def test_members_of_gzip_one_behind_the_other_are_one_trace(tmp_path: Path) -> None:
    content = trace(4, straight_line(8))
    packed = gzip.compress(content[:50], mtime=0) + gzip.compress(content[50:], mtime=0)
    found = count(of(tmp_path, packed), HELLO)
    assert (found.problem, found.counts["instructions"]) == (None, 8)


@QUICK
@given(data=st.data())
def test_a_trace_with_changed_bytes_is_refused_or_adds_up(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(trace(data.draw(st.sampled_from([2, 4, 5])), straight_line()))
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    is_refused_or_adds_up(tmp_path, bytes(content))


@QUICK
@given(content=st.binary(max_size=400), version=st.sampled_from([2, 4, 5]))
def test_random_bytes_behind_a_header_are_refused_or_add_up(content: bytes, version: int, tmp_path: Path) -> None:
    is_refused_or_adds_up(tmp_path, header(version) + content)
