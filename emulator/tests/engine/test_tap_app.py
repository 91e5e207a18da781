"""The tap application on the native engine: events against labels, numbers against LiteRT and models/tap."""

from __future__ import annotations

import csv
import functools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import ROOT, STREAMS, TapRun, run_tap

from tinysim.analyses.samples import analyse_samples
from tinysim.analyses.summary import summarise
from tinysim.record import Record

DEMO = "tap_demo.csv"
ALL_STREAMS = (DEMO, "tap_single.csv", "tap_double.csv", "tap_knock.csv")
EVENT = re.compile(r"TS event n=\d+ class=(\w+)")
LATEST_AFTER_LABEL_S = 1.0
CLOCK_HZ = 64_000_000
CYCLES_PER_SAMPLE = CLOCK_HZ // 200
MICRO_G_PER_COUNT = 488


@functools.cache
def run_of(stream: str, firmware: str = "tap.elf") -> TapRun:
    return run_tap(firmware, stream)


def taps_of(stream: str) -> list[tuple[float, float, str]]:
    """The labelled single and double taps; labels of class none are knocks."""
    with (STREAMS / stream).with_suffix(".labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return [(float(row["start_s"]), float(row["end_s"]), row["class"]) for row in rows if row["class"] != "none"]


@pytest.mark.parametrize("stream", ALL_STREAMS)
def test_each_labelled_tap_is_found_once_and_nothing_else(stream: str) -> None:
    events = [(line.time_s, hit[1]) for line in run_of(stream).lines if (hit := EVENT.match(line.text))]
    taps = taps_of(stream)
    assert len(events) == len(taps)
    for (at_s, said), (start_s, end_s, labelled) in zip(events, taps, strict=True):
        assert said == labelled
        assert start_s < at_s < end_s + LATEST_AFTER_LABEL_S


@pytest.mark.parametrize("stream", ALL_STREAMS)
def test_no_sample_is_lost_and_no_window_late(stream: str) -> None:
    summary = summarise(run_of(stream).record)
    (sensor,) = summary.samples.sensors
    assert (sensor.lost, sensor.overruns, summary.samples.agrees) == (0, 0, True)
    assert summary.gaps == ()
    assert summary.exit_code == 0


def test_two_runs_leave_byte_identical_records(tmp_path: Path) -> None:
    run_of(DEMO).record.save(tmp_path / "first")
    run_tap("tap.elf", DEMO).record.save(tmp_path / "second")
    for name in ("manifest.json", "record.npz"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


# ---- the firmware's numbers ----


def test_window_inputs_equal_the_python_preprocessing_of_the_samples() -> None:
    preprocessing = pytest.importorskip("models.tap.preprocessing", reason="models/ is not importable here")
    run = run_of(DEMO)
    numbers = np.array([window.number for window in run.windows])
    windows = preprocessing.windows_of(sensor_counts(run.record), numbers * preprocessing.HOP_SAMPLES)
    expected = preprocessing.quantise(preprocessing.magnitudes(windows), scaling(preprocessing))
    np.testing.assert_array_equal(logged(run, "input"), expected)


def sensor_counts(record: Record) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The rows of the stream that the sensor held at its own sample instants, in counts, halves away from zero."""
    rows = np.loadtxt(STREAMS / DEMO, delimiter=",", skiprows=1)
    fifo = record.manifest["levels"].index("accelerometer.fifo")
    first_cycle = int(record.arrays["level.cycle"][(record.arrays["level.id"] == fifo).argmax()])
    produced = int(record.manifest["counters"]["accelerometer.samples_produced"])
    instants_s = (first_cycle + CYCLES_PER_SAMPLE * np.arange(produced)) / CLOCK_HZ
    held = np.searchsorted(rows[:, 0], instants_s, side="right") - 1
    micro_g = np.rint(rows[held, 1:] * 1e6).astype(np.int64)
    counts: np.ndarray[Any, np.dtype[np.int64]] = np.sign(micro_g) * (
        (np.abs(micro_g) + MICRO_G_PER_COUNT // 2) // MICRO_G_PER_COUNT
    )
    return counts


def scaling(preprocessing: Any) -> Any:
    """The three constants of tap_model.h."""
    text = (ROOT / "firmware/apps/tap/tap_model.h").read_text(encoding="utf-8")
    names = ("MULTIPLIER", "SHIFT", "ZERO_POINT")
    found = [re.search(rf"TAP_INPUT_{name} \(?(-?\d+)", text) for name in names]
    return preprocessing.InputScaling(*(int(match[1]) for match in found if match))


def logged(run: TapRun, what: str) -> np.ndarray[Any, np.dtype[np.int8]]:
    return np.array([np.frombuffer(getattr(window, what), np.int8) for window in run.windows])


def test_window_outputs_equal_litert_element_by_element() -> None:
    litert = pytest.importorskip("ai_edge_litert.interpreter", reason="ai-edge-litert is not installed")
    interpreter = litert.Interpreter(
        str(ROOT / "models/tap/tap.tflite"), experimental_op_resolver_type=litert.OpResolverType.BUILTIN_REF
    )
    interpreter.allocate_tensors()
    (given,), (result,) = interpreter.get_input_details(), interpreter.get_output_details()
    run = run_of(DEMO)
    assert len(run.windows) >= 100
    for window, values, output in zip(run.windows, logged(run, "input"), logged(run, "output"), strict=True):
        interpreter.set_tensor(given["index"], values.reshape(given["shape"]))
        interpreter.invoke()
        expected = interpreter.get_tensor(result["index"]).reshape(-1)
        np.testing.assert_array_equal(output, expected, err_msg=f"window {window.number}")


def test_the_portable_build_computes_the_same_windows() -> None:
    assert run_of(DEMO, "tap_portable.elf").windows == run_of(DEMO).windows


# ---- a firmware that is too slow ----


def test_a_slow_firmware_overruns_the_fifo_and_counts_what_the_sensor_lost() -> None:
    record = run_of("tap_single.csv", "tap_slow.elf").record
    samples = analyse_samples(record)
    (sensor,) = samples.sensors
    assert sensor.overruns > 0
    assert sensor.lost > 0
    assert (samples.firmware.lost, samples.firmware.overruns) == (sensor.lost, sensor.overruns)
    assert samples.agrees is True
    assert sensor.produced == sensor.read + sensor.lost + sensor.waiting
    assert summarise(record).exit_code == 1
