"""The CSV reader: what it reads, what it refuses and with which line, and that no bytes at all confuse it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinysim.errors import InputError
from tinysim.streams import csv_cells, read_recording
from tinysim.streams.columns import Column
from tinysim.streams.csv_layout import take_apart
from tinysim.streams.csv_reader import parse_csv
from tinysim.streams.recording import Recording, UnreadableStream

SHARED_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
HEADER = "t_s,ax_g,ay_g,az_g\n"
ROWS = "0.000,0.001,0.002,1.000\n0.005,0.003,0.004,1.001\n0.010,0.005,0.006,0.999\n"


def read(text: str | bytes, **options: object) -> Recording:
    raw = text.encode() if isinstance(text, str) else text
    return parse_csv(raw, "tap.csv", **options)  # type: ignore[arg-type]


def refusal(text: str | bytes, **options: object) -> str:
    with pytest.raises(InputError) as caught:
        read(text, **options)
    return str(caught.value)


def test_a_plain_file_gives_micro_g_and_nanoseconds() -> None:
    recording = read(HEADER + ROWS)
    assert recording.values.dtype == np.int32
    assert recording.time_ns.dtype == np.int64
    assert recording.values.tolist() == [[1000, 2000, 1000000], [3000, 4000, 1001000], [5000, 6000, 999000]]
    assert recording.time_ns.tolist() == [0, 5_000_000, 10_000_000]
    assert recording.rate_hz == 200
    assert recording.duration_s == pytest.approx(0.015)
    assert recording.line_numbers.tolist() == [2, 3, 4]
    assert (recording.quantity, recording.unit, recording.file_unit) == ("acceleration", "micro_g", "g")
    assert recording.findings == ()


@pytest.mark.parametrize(
    "header",
    [
        "t[ms],ax[mg],ay[mg],az[mg]",
        "time (ms),acc_x (mg),acc_y (mg),acc_z (mg)",
        "TIMESTAMP_MS,accX_mg,accY_mg,accZ_mg",
        '"time_ms","Acceleration x (mg)","Acceleration y (mg)","Acceleration z (mg)"',
        "t_ms, x_mg, y_mg, z_mg",
    ],
)
def test_header_spellings_are_understood(header: str) -> None:
    recording = read(f"{header}\n0,1,2,1000\n10,1,2,1000\n")
    assert recording.values[0].tolist() == [1000, 2000, 1000000]
    assert recording.rate_hz == 100


@pytest.mark.parametrize("unit", ["m_s2", "m/s^2", "m/s²", "ms-2"])
def test_metres_per_second_squared_become_g(unit: str) -> None:
    recording = read(f"ax [{unit}],ay [{unit}],az [{unit}]\n0,0,9.80665\n", rate_hz=50)
    assert recording.values[0].tolist() == [0, 0, 1_000_000]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + HEADER + ROWS,
        (HEADER + ROWS).replace("\n", "\r\n"),
        (HEADER + ROWS).replace("\n", "\r"),
        (HEADER + ROWS).replace(",", ";"),
        (HEADER + ROWS).replace(",", ";").replace(".", ","),
        (HEADER + ROWS).replace(",", "\t"),
        (HEADER + ROWS).replace(",", "  "),
        (HEADER + ROWS).replace(",", " , "),
        (HEADER + ROWS).replace("\n", ",\n"),
        HEADER + ROWS.replace("\n", ",\n"),
        (HEADER + ROWS).rstrip("\n"),
        "# a note\n\n" + HEADER + ROWS + "\n\n",
        HEADER + '"0","0.001","0.002","1"\n' + "".join(ROWS.splitlines(True)[1:]),
    ],
    ids=[
        "bom",
        "crlf",
        "cr",
        "semicolon",
        "decimal comma",
        "tab",
        "spaces",
        "padded",
        "trailing",
        "trailing in rows",
        "no last newline",
        "blank and comment lines",
        "quotes",
    ],
)
def test_text_forms_give_the_same_values(text: str) -> None:
    expected = read(HEADER + ROWS)
    recording = read(text)
    assert (recording.values == expected.values).all()
    assert (recording.time_ns == expected.time_ns).all()


def test_comment_lines_state_rate_and_unit() -> None:
    recording = read("# rate_hz: 200\n# unit: mg\nax,ay,az\n1,2,3\n4,5,6\n")
    assert recording.rate_hz == 200
    assert recording.values[1].tolist() == [4000, 5000, 6000]
    assert recording.line_numbers.tolist() == [4, 5]


def test_a_file_without_header_needs_rate_and_unit() -> None:
    assert read("1,2,3\n4,5,6\n", rate_hz=26, unit="mg").values[0].tolist() == [1000, 2000, 3000]
    assert "has no unit" in refusal("1,2,3\n", rate_hz=26)
    assert "neither a time column nor a rate" in refusal("1,2,3\n", unit="mg")
    assert "no header, and 4 columns" in refusal("0,1,2,3\n", rate_hz=26, unit="mg")
    assert read("0,1,2,3\n5,1,2,3\n", columns="t_ms,ax_mg,ay_mg,az_mg").rate_hz == 200


def test_further_columns_are_named_and_left_out_even_when_they_are_not_numbers() -> None:
    recording = read("t_s,ax_g,ay_g,az_g,gx,label\n0,0,0,1,5,walk\n0.005,0,0,1,,\n")
    assert "gx, label" in str(recording.findings[0])
    assert len(recording) == 2


def test_a_blank_line_starts_a_segment_and_a_restarted_time_follows_on() -> None:
    recording = read(HEADER + ROWS + "\n" + ROWS)
    assert recording.segment_starts == (0, 3)
    assert recording.time_ns.tolist() == [0, 5_000_000, 10_000_000, 15_000_000, 20_000_000, 25_000_000]
    assert recording.line_numbers.tolist() == [2, 3, 4, 6, 7, 8]
    assert {finding.kind for finding in recording.findings} == {"segments", "time"}


def test_stamps_in_whole_milliseconds_still_give_the_round_rate() -> None:
    stamps = [round(sample * 1000 / 119) for sample in range(1000)]
    recording = read("t_ms,ax_g,ay_g,az_g\n" + "".join(f"{stamp},0,0,1\n" for stamp in stamps))
    assert recording.rate_hz == 119


def test_stamps_of_a_clock_since_1970_start_at_zero() -> None:
    recording = read("t_us,ax_g,ay_g,az_g\n1700000000000000,0,0,1\n1700000000005000,0,0,1\n")
    assert recording.time_ns.tolist() == [0, 5_000_000]
    assert "this is stream time 0" in str(recording.findings[0])


def test_a_stream_with_a_gap_has_no_single_rate() -> None:
    assert read(HEADER + "0,0,0,1\n0.005,0,0,1\n0.01,0,0,1\n0.03,0,0,1\n").rate_hz is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "tap.csv: the file holds no samples"),
        (HEADER, "tap.csv:1: the file ends after its header"),
        (HEADER + "0,1,2\n", "tap.csv:2: 3 columns, expected 4"),
        (HEADER + ROWS + "0.015,1,2,3,4\n", "tap.csv:5: 5 columns, expected 4"),
        (HEADER + ROWS + "0.015,1,x2,3\n", "tap.csv:5: column 'ay_g' is 'x2', expected a number"),
        (HEADER + ROWS + "0.015,1,,3\n", "tap.csv:5: column 'ay_g' is empty"),
        (HEADER + ROWS + "0.015,1, ,3\n", "tap.csv:5: column 'ay_g' is empty"),
        (HEADER + "0,1,2,\n", "tap.csv:2: column 'az_g' is empty"),
        (HEADER + "# note\n\n" + ROWS + "0.015,1,NaN,3\n", "tap.csv:7: column 'ay_g' is NaN, expected a finite number"),
        (HEADER + "0,1,1_0,3\n", "tap.csv:2: column 'ay_g' is '1_0', expected a number"),
        (HEADER + ROWS + "0.010,1,2,3\n", "tap.csv:5: time 0.01 repeats"),
        (HEADER + ROWS + "0.001,1,2,3\n", "tap.csv:5: time goes back from 0.01 to 0.001"),
        (HEADER + "0,1,3000,3\n", "tap.csv:2: more than 2147 g"),
        ("t_s,ax_g,ay_g\n0,1,2\n", "tap.csv:1: no acceleration column for axis z among: t_s, ax_g, ay_g"),
        ("t_s,ax_g,x_g,ay_g,az_g\n0,1,2,3,4\n", "tap.csv:1: columns 'ax_g' and 'x_g' both name x"),
        ("t_s,ax[bar],ay_g,az_g\n0,1,2,3\n", "tap.csv:1: unit 'bar' of column 'ax[bar]' is not known"),
        ("t,ax_g,ay_g,az_g\n0,1,2,3\n", "tap.csv:1: time column 't' has no unit"),
        ("t_s;ax_g;ay_g;az_g\n0,0;1;2;3\n0.5;1;2;3\n", "tap.csv:3: decimal points and decimal commas are mixed"),
        ("# rate_hz: fast\nax_g,ay_g,az_g\n1,2,3\n", "tap.csv: the rate must be a number"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(text: str, expected: str) -> None:
    assert refusal(text).startswith(expected)


def test_binary_and_utf16_files_are_refused() -> None:
    assert "UTF-16" in refusal((HEADER + ROWS).encode("utf-16"))
    assert "tap.csv:2: a zero byte" in refusal(HEADER.encode() + b"\0\1\2")


def test_contradicting_statements_are_refused() -> None:
    assert "the option says mg" in refusal(HEADER + ROWS, unit="mg")
    assert "the file says 100 Hz, the option 200 Hz" in refusal("# rate_hz: 100\nax_g,ay_g,az_g\n1,2,3\n", rate_hz=200)
    assert "unit 'stone' is not known" in refusal("1,2,3\n", rate_hz=10, unit="stone")


def test_all_problems_are_collected_up_to_twenty() -> None:
    with pytest.raises(UnreadableStream) as caught:
        read(HEADER + "0,1,2\n" * 30)
    assert "tap.csv:2: 3 columns, expected 4, and 29 more" in str(caught.value)
    assert [problem.line for problem in caught.value.problems] == list(range(2, 22))


def test_a_missing_file_and_an_unknown_type_are_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the stream"):
        read_recording(tmp_path / "none.csv")
    with pytest.raises(InputError, match=r"streams of type '\.xyz' are not read yet"):
        read_recording(tmp_path / "none.xyz")


LINE = st.sampled_from([
    HEADER.strip(), "ax_g;ay_g;az_g", "0,1,2,3", "1,1,2,3", "2;1,5;2;3", "1,2,3", "", "# rate_hz: 50",
    "# unit: g", "a", "1e308,1,2,3", '"', ",,,", " 1 2 3", "nan,1,2,3", "-1e400,1,2,3", "1,2,3,4,",
    "t_s,t_s,x,x", "x,y,z", "\u0661,1,2,3",
])  # fmt: skip
LINES = st.lists(LINE, max_size=12).map(lambda lines: "\n".join(lines).encode())


@settings(max_examples=300, deadline=None)
@given(
    raw=st.binary(max_size=300) | LINES,
    rate_hz=st.none() | st.floats(),
    unit=st.sampled_from([None, "g", "m_s2", "?"]),
)
def test_any_bytes_give_a_recording_or_an_input_error(raw: bytes, rate_hz: float | None, unit: str | None) -> None:
    try:
        recording = parse_csv(raw, "any.csv", rate_hz=rate_hz, unit=unit)
    except InputError as error:
        assert str(error).startswith("any.csv")
        assert "\n" not in str(error)
        return
    assert len(recording) == len(recording.time_ns) == len(recording.line_numbers) > 0
    assert (np.diff(recording.time_ns) > 0).all()


CELL = st.sampled_from([
    "1", "-0.5", ".5", "+2.", "1e-3", " 7 ", "", "x", "nan", "1_0", "0x1", "1 2", '"3"', "\u0663", "1d5", "inf", "1,2",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=5))
def test_the_fast_way_never_differs_from_the_careful_one(rows: list[list[str]]) -> None:
    layout = take_apart(("ax,ay,az\n1,1,1\n" + "".join(",".join(row) + "\n" for row in rows)).encode(), "any.csv")
    used = [Column(index, name, name[1], "g") for index, name in enumerate(("ax", "ay", "az"))]
    fast = csv_cells._read_fast(layout, used, 3)
    if fast is not None:
        assert (fast == csv_cells._read_carefully(layout, used, 3, "any.csv")).all()


def test_a_real_recording_without_header_is_read() -> None:
    folder = SHARED_DATA / "har_lsm6dsl"
    if not folder.is_dir():
        pytest.skip("the shared recordings (har_lsm6dsl) are not here")
    for path in sorted(folder.glob("*/*.csv")):
        recording = read_recording(path, rate_hz=26, unit="mg")
        assert np.abs(recording.values).max() <= 4_000_000
        assert (recording.values == np.loadtxt(path, delimiter=",") * 1000).all()


def test_real_gestures_part_into_segments_of_119_samples() -> None:
    folder = SHARED_DATA / "gestures_lsm9ds1"
    if not folder.is_dir():
        pytest.skip("the shared recordings (gestures_lsm9ds1) are not here")
    for path in sorted(folder.glob("*.csv")):
        recording = read_recording(path, rate_hz=119, unit="g")
        assert set(np.diff([*recording.segment_starts, len(recording)])) == {119}
        assert "gX, gY, gZ" in str(recording.findings[0])


def test_a_file_of_several_quantities_is_read_one_by_one() -> None:
    text = "t_s,ax_g,ay_g,az_g,gx_dps,gy_dps,gz_dps,temp_c\n0,0,0,1,1,-2000,0,21.5\n0.01,0,0,1,2,0,0,21.25\n"
    rate = parse_csv(text.encode(), "imu.csv", quantity="angular_rate")
    assert rate.unit == "ten_micro_rad_s" and rate.columns == ("gx_dps", "gy_dps", "gz_dps")
    assert rate.values.tolist() == [[1745, -3490659, 0], [3491, 0, 0]]
    assert parse_csv(text.encode(), "imu.csv", quantity="temperature").values.tolist() == [[21500], [21250]]
    assert parse_csv(text.encode(), "imu.csv").quantity == "acceleration"
    assert [finding.message for finding in rate.findings] == ["holds acceleration, temperature too"]


@pytest.mark.parametrize(
    ("header", "row", "quantity", "values"),
    [
        ("mx_ut,my_ut,mz_ut", "20,-40.5,0", "magnetic_flux_density", [20000, -40500, 0]),
        ("mag_x [gauss],mag_y [gauss],mag_z [gauss]", "0.5,0,-0.5", "magnetic_flux_density", [50000, 0, -50000]),
        ("x_dps,y_dps,z_dps", "0,90,0", "angular_rate", [0, 157080, 0]),
        ("humidity_percent", "45.5", "humidity", [45500]),
        ("pressure (hPa)", "1013.25", "pressure", [101_325_000]),
        ("temp [°C]", "-3.25", "temperature", [-3250]),
    ],
)
def test_the_header_says_the_quantity_and_its_unit(header: str, row: str, quantity: str, values: list[int]) -> None:
    recording = parse_csv(f"t_s,{header}\n0,{row}\n1,{row}\n".encode(), "air.csv")
    assert recording.quantity == quantity and recording.values[0].tolist() == values


def test_a_quantity_that_a_file_does_not_hold_is_named() -> None:
    with pytest.raises(InputError, match="no pressure column for axis pressure among: t_s, ax_g") as caught:
        parse_csv(b"t_s,ax_g,ay_g,az_g\n0,0,0,1\n", "x.csv", quantity="pressure")
    assert caught.value.remedy == "name the columns pressure_hpa"
