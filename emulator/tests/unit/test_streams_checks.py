"""The checks of a recording, each on a small stream made for it, and the sensors' descriptions."""

from __future__ import annotations

import numpy as np
import pytest

from tinysim.errors import InputError
from tinysim.sensors import find_sensor, sensor_names
from tinysim.streams.checks import Expectation, check_recording, full_scale_g, noise_ug
from tinysim.streams.csv_reader import parse_csv
from tinysim.streams.recording import Recording, StreamFinding

SEED = 7


def noisy(count: int = 400) -> np.ndarray:
    rest_g = np.array([0.0, 0.0, 1.0])
    return np.round(rest_g + np.random.default_rng(SEED).normal(0, 0.002, (count, 3)), 6)


def recorded(values_g: np.ndarray, times_s: np.ndarray | None = None) -> Recording:
    times_s = np.arange(len(values_g)) * 0.005 if times_s is None else times_s
    rows = zip(times_s.tolist(), values_g.tolist(), strict=True)
    lines = (f"{time_s:.6f}," + ",".join(f"{value:.6f}" for value in row) + "\n" for time_s, row in rows)
    return parse_csv(("t_s,ax_g,ay_g,az_g\n" + "".join(lines)).encode(), "made.csv")


def found(findings: tuple[StreamFinding, ...], kind: str) -> list[StreamFinding]:
    return [finding for finding in findings if finding.kind == kind]


def test_a_clean_stream_has_no_findings() -> None:
    expected = Expectation(4.0, 200.0, "lis2dw12", 16.0, (100.0, 200.0), 90.0)
    assert check_recording(recorded(noisy()), expected) == ()


def test_a_gap_is_found_with_its_line_and_the_samples_lost() -> None:
    times_s = np.arange(400) * 0.005
    times_s[100:] += 0.050
    findings = check_recording(recorded(noisy(), times_s))
    gap = found(findings, "gap")[0]
    assert gap.lines == (102,)
    assert "about 10 samples, the longest 55.000 ms" in gap.message
    assert "expected 410 at 200 Hz" in found(findings, "count")[0].message
    assert not found(findings, "jitter")


def test_jitter_is_found_with_its_lines() -> None:
    times_s = np.arange(400) * 0.005
    times_s[50] += 0.002
    jitter = found(check_recording(recorded(noisy(), times_s)), "jitter")[0]
    assert jitter.lines == (52, 53)


def test_values_beyond_and_at_the_full_scale_are_found() -> None:
    values_g = noisy()
    values_g[10, 0] = 9.0
    values_g[20:24, 1] = -3.9995
    findings = check_recording(recorded(values_g), Expectation(full_scale_g=4.0))
    assert found(findings, "range")[0].lines == (12,)
    assert "axis x goes to 9.000 g" in found(findings, "range")[0].message
    assert found(findings, "clipping")[0].lines == (22, 23, 24, 25)


def test_a_plateau_at_a_usual_full_scale_is_found_without_being_told_it() -> None:
    values_g = noisy()
    values_g[20:24, 2] = 3.999
    assert "+-4 g" in found(check_recording(recorded(values_g)), "clipping")[0].message
    values_g[20:24, 2] = 3.5
    assert not found(check_recording(recorded(values_g)), "clipping")


def test_stuck_samples_and_a_dead_axis_are_found() -> None:
    values_g = noisy()
    values_g[100:140] = values_g[100]
    assert found(check_recording(recorded(values_g)), "stuck")[0].lines == (102,)
    values_g = noisy()
    values_g[:, 1] = 0.5
    stuck = found(check_recording(recorded(values_g)), "stuck")
    assert [finding.message for finding in stuck] == ["axis y repeats one value from these lines on, up to 400 times"]


def test_a_wrong_rate_is_a_warning_and_a_rate_the_part_lacks_a_note() -> None:
    findings = check_recording(recorded(noisy()), Expectation(rate_hz=100.0, sensor_name="p", sensor_rates_hz=(104.0,)))
    assert [finding.severity for finding in found(findings, "rate")] == ["warning", "info"]


def test_a_unit_off_by_a_thousand_is_suspected() -> None:
    assert "is the unit really g?" in found(check_recording(recorded(noisy() * 1000)), "unit")[0].message


def test_a_stream_quieter_than_the_part_is_noted() -> None:
    still = np.round(np.array([0.0, 0.0, 1.0]) + np.random.default_rng(SEED).normal(0, 0.00005, (400, 3)), 6)
    expected = Expectation(sensor_name="lis2dw12", sensor_noise_ug_per_sqrt_hz=90.0)
    noise = found(check_recording(recorded(still), expected), "noise")
    assert [finding.severity for finding in noise] == ["info"]


def test_noise_is_measured_in_the_quietest_second() -> None:
    values_g = noisy(800)
    values_g[:200] += np.random.default_rng(SEED + 1).normal(0, 0.5, (200, 3))
    measured_ug = noise_ug(recorded(values_g))
    assert measured_ug is not None
    assert all(1600 < axis_ug < 2200 for axis_ug in measured_ug)


def test_one_sample_passes_every_check() -> None:
    assert check_recording(parse_csv(b"ax_g,ay_g,az_g\n0,0,1\n", "one.csv", rate_hz=100), Expectation(4.0, 100.0)) == ()


@pytest.mark.parametrize(("text", "expected_g"), [("4g", 4.0), ("4000 mg", 4.0), ("+-2g", 2.0), ("16", 16.0)])
def test_a_full_scale_is_read_in_its_unit(text: str, expected_g: float) -> None:
    assert full_scale_g(text) == expected_g


def test_a_sensor_is_found_by_name_or_type_and_a_misspelt_one_gets_a_suggestion() -> None:
    part = find_sensor("Sensors.LIS2DW12")
    assert part is find_sensor("lis2dw12")
    assert "lis2dw12" in sensor_names()
    with pytest.raises(InputError, match="did you mean lis2dw12"):
        find_sensor("lis2dv12")
    with pytest.raises(InputError, match="known: "):
        find_sensor("thermometer")
