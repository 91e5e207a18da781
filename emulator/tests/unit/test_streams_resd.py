"""RESD files: what Renode's converter wrote (where recordings are), what we write, and damage by offset."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.streams import read_recording
from tinysim.streams.resd import SAMPLE_TYPES, Block, parse_resd, write_resd
from tinysim.streams.resd_cursor import ResdError
from tinysim.streams.resd_reader import block_of, read_blocks, write_recordings

RECORDED = Path(__file__).resolve().parents[4] / "shared" / "renode" / "resd"
ACCELERATION, ANGULAR_RATE, BINARY = 2, 3, 9
recordings = pytest.mark.skipif(not RECORDED.is_dir(), reason="recordings of Renode are not beside the checkout")


def two_blocks(second_start_ns: int = 30_000_000) -> bytes:
    still = ((0, 0, 1_000_000),)
    first = Block(ACCELERATION, 0, 0, 10_000_000, still * 3, metadata={"name": "rest", "count": 3, "gain": 0.5})
    return write_resd([first, Block(ACCELERATION, 0, second_start_ns, 10_000_000, still * 2)])


def written(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "x.resd"
    path.write_bytes(content)
    return path


# ---- what Renode's own tools wrote ----


@recordings
@pytest.mark.parametrize("path", sorted(RECORDED.glob("*.resd")), ids=lambda path: path.stem)
def test_a_file_of_renodes_converter_is_written_again_byte_by_byte(path: Path) -> None:
    content, blocks = read_blocks(path)
    assert write_resd(blocks) == content


@recordings
def test_times_and_ends_are_those_that_renodes_monitor_printed() -> None:
    _, (late,) = read_blocks(RECORDED / "acc-const50-late.resd")
    assert (late.start_ns, late.end_ns, late.period_ns, len(late.samples)) == (50_000_000, 250_000_000, 20_000_000, 10)
    assert late.samples[1] == (90_929, -30_000, 994_000)
    _, (stamped,) = read_blocks(RECORDED / "acc-timestamp.resd")
    assert stamped.end_ns == 190_100_000
    assert stamped.absolute_ns()[:3] == [0, 10_100_000, 20_200_000]


@recordings
def test_metadata_of_every_type_is_read() -> None:
    _, (first, second) = read_blocks(RECORDED / "two-blocks-meta.resd")
    assert first.metadata["u64"] == 1 << 60
    assert (first.metadata["f32"], first.metadata["blob"], first.metadata["i8"]) == (1.5, b"\1\2\3", -8)
    assert second.metadata == {"name": "second block"}


@recordings
def test_the_stream_of_the_csv_it_was_made_from_is_the_same() -> None:
    stream = read_recording(RECORDED / "acc-const100.resd")
    rows = np.loadtxt(RECORDED / "acc.csv", delimiter=",", skiprows=1)
    assert stream.rate_hz == 100.0
    assert np.array_equal(stream.values, rows[:, 1:4].astype(np.int32))


@recordings
def test_a_stream_is_chosen_from_a_file_of_several() -> None:
    path = RECORDED / "three-blocks.resd"
    assert len(read_recording(path, quantity="angular_rate")) == 12
    with pytest.raises(InputError, match=r"more than one stream \(it holds acceleration \(channel 0\), angular_rate"):
        read_recording(path)
    with pytest.raises(InputError, match=r"has no temperature on channel 1 \(it holds .*temperature \(channel 2\)"):
        read_recording(path, quantity="temperature", channel=1)


# ---- what we write ----


def test_blocks_that_follow_on_are_one_even_stream(tmp_path: Path) -> None:
    stream = read_recording(written(tmp_path, two_blocks()))
    assert (len(stream), stream.rate_hz, stream.segment_starts) == (5, 100.0, (0, 3))
    assert stream.stated == (("name", "rest"), ("count", "3"), ("gain", "0.5"))


def test_a_pause_between_blocks_stays_in_the_times(tmp_path: Path) -> None:
    stream = read_recording(written(tmp_path, two_blocks(second_start_ns=1_000_000_000)))
    assert stream.time_ns.tolist() == [0, 10_000_000, 20_000_000, 1_000_000_000, 1_010_000_000]
    assert stream.rate_hz is None


def test_a_start_time_is_kept_beside_the_stream(tmp_path: Path) -> None:
    late = Block(ACCELERATION, 0, 7_000, None, ((1, 2, 3), (4, 5, 6)), (0, 500))
    stream = read_recording(written(tmp_path, write_resd([late])))
    assert (stream.start_ns, stream.time_ns.tolist()) == (7_000, [0, 500])


def test_a_recording_goes_out_and_comes_back(tmp_path: Path) -> None:
    stream = read_recording(written(tmp_path, two_blocks()))
    for times_ns, period_ns in (([0, 10, 20, 30, 40], 10), ([0, 10, 20, 30, 41], None)):
        moved = replace(stream, time_ns=np.asarray(times_ns, dtype=np.int64), start_ns=5)
        assert block_of(moved).period_ns == period_ns
        write_recordings([moved], tmp_path / "again.resd", channel=3)
        back = read_recording(tmp_path / "again.resd", channel=3)
        assert (back.time_ns.tolist(), back.start_ns) == (times_ns, 5)
        assert np.array_equal(back.values, stream.values)


def test_unknown_blocks_and_custom_samples_are_passed_over(tmp_path: Path) -> None:
    strange = b"\x07\x02\x00\x00\x00" + (3).to_bytes(8, "little") + b"abc"
    custom = Block(0xF001, 0, 0, 10, ())
    content = two_blocks() + strange + write_resd([custom])[8:]
    assert [block.name for block in parse_resd(content)] == ["acceleration", "acceleration", "type 0xf001"]
    assert len(read_recording(written(tmp_path, content))) == 5


def test_sound_options_of_other_formats_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has its own times and units"):
        read_recording(written(tmp_path, two_blocks()), rate_hz=100)


# ---- damage ----

BROKEN = {
    "magic": (b"RIFF" + two_blocks()[4:], "does not begin with RESD", 0),
    "version": (b"RESD\2\0\0\0", "has version 2, this reads 1", 4),
    "padding": (b"RESD\1\0\1\0", "no zeros behind its version", 5),
    "empty": (b"", "ends within the magic number", 0),
    "cut": (two_blocks()[:-1], "ends within the block at byte", None),
    "garbage behind": (two_blocks() + b"\0", "ends within a block's header", len(two_blocks())),
    "period": (write_resd([Block(ACCELERATION, 0, 0, 0, ())]), "period of 0 ns", 29),
    "half a sample": (
        b"RESD\1\0\0\0\2\2\0\0\0" + (29).to_bytes(8, "little") + bytes(8) + b"\1" + bytes(7) + bytes(8) + bytes(5),
        "ends within a sample of acceleration", 45,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_damage_is_named_with_its_byte(name: str, tmp_path: Path) -> None:
    content, problem, offset = BROKEN[name]
    with pytest.raises(ResdError, match=problem) as caught:
        parse_resd(content)
    assert offset in (None, caught.value.offset)
    with pytest.raises(InputError, match=rf"x\.resd:byte {caught.value.offset}: .*{problem}"):
        read_recording(written(tmp_path, content))


def test_blocks_out_of_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="a block begins before the one ahead of it ends"):
        read_recording(written(tmp_path, two_blocks(second_start_ns=5)))


def test_bytes_and_values_beyond_a_sensor_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="binary_data is not played into sensors"):
        read_recording(written(tmp_path, write_resd([Block(BINARY, 0, 0, 10, (b"abc",))])))
    with pytest.raises(InputError, match=r"sample 2 is \(8589934592,\), more than sensors here measure"):
        read_recording(written(tmp_path, write_resd([Block(7, 0, 0, 10, ((1,), (1 << 33,)))])))


# ---- any file ----

SIGNED = st.integers(-(1 << 31), (1 << 31) - 1)
blocks_of_xyz = st.builds(
    Block,
    st.sampled_from([ACCELERATION, ANGULAR_RATE, 8]),
    st.integers(0, 0xFFFF),
    st.integers(0, 1 << 40),
    st.integers(1, 1 << 40),
    st.lists(st.tuples(SIGNED, SIGNED, SIGNED), max_size=5).map(tuple),
    metadata=st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=5),
        st.one_of(st.binary(max_size=4), st.integers(-(1 << 63), (1 << 63) - 1), st.just("text")),
        max_size=3,
    ),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(blocks_of_xyz, max_size=4))
def test_what_is_written_is_read_back(blocks: list[Block]) -> None:
    for mine, back in zip(blocks, parse_resd(write_resd(blocks)), strict=True):
        assert replace(back, offset=0, metadata_types=mine.metadata_types) == mine


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=120), st.integers(0, 200), st.integers(0, 255))
def test_no_bytes_break_the_reader(tail: bytes, at: int, byte: int) -> None:
    whole = bytearray(two_blocks())
    whole[at % len(whole)] = byte
    for content in (bytes(whole), bytes(whole)[:at], b"RESD\1\0\0\0" + tail):
        try:
            assert isinstance(parse_resd(content), tuple)
        except ResdError as error:
            assert 0 <= error.offset <= len(content)


def test_each_sample_type_has_the_size_that_renode_reads() -> None:
    sizes = {each.name: each.size_bytes for each in SAMPLE_TYPES}
    assert json.dumps(sizes) == (
        '{"temperature": 4, "acceleration": 12, "angular_rate": 12, "voltage": 4, "ecg": 4, "humidity": 4, '
        '"pressure": 8, "magnetic_flux_density": 12, "binary_data": 0, "illuminance": 4}'
    )
