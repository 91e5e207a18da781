"""The tap application on the STM32F4DISCOVERY and the NUCLEO-L4R5ZI: decisions as on the nRF52840, own cycles."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import TapRun, run_tap

from tinysim.analyses.samples import analyse_samples
from tinysim.analyses.summary import summarise

DEMO = "tap_demo.csv"
ALL_STREAMS = (DEMO, "tap_single.csv", "tap_double.csv", "tap_knock.csv")


@dataclass(frozen=True)
class TapBoard:
    """A board with the tap application, its CPU clock, and the DMA master that brings the sensor's blocks."""

    name: str
    clock_hz: int
    receiver: str


BOARDS = (
    TapBoard("stm32f4_discovery", 168_000_000, "dma1 stream 0"),
    TapBoard("nucleo_l4r5zi", 120_000_000, "dma1 channel 1"),
)
each_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)


@functools.cache
def run_on(board: str, stream: str) -> TapRun:
    return run_tap("tap.elf", stream, board)


def events(run: TapRun) -> list[str]:
    """Class, window and sample of each event, as the firmware says them."""
    return [line.text for line in run.lines if line.text.startswith("TS event ")]


@each_board
@pytest.mark.parametrize("stream", ALL_STREAMS)
def test_it_finds_the_events_of_the_nrf52840_at_the_same_samples(board: TapBoard, stream: str) -> None:
    assert events(run_on(board.name, stream)) == events(run_on("nrf52840dk", stream))


@each_board
def test_there_are_nine_events_in_the_demo(board: TapBoard) -> None:
    assert len(events(run_on(board.name, DEMO))) == 9


@each_board
@pytest.mark.parametrize("stream", ALL_STREAMS)
def test_no_sample_is_lost_no_window_late_and_each_label_found(board: TapBoard, stream: str) -> None:
    summary = summarise(run_on(board.name, stream).record)
    (sensor,) = summary.samples.sensors
    assert (sensor.lost, sensor.overruns, summary.samples.agrees) == (0, 0, True)
    assert summary.gaps == ()
    assert summary.provenance.clock_hz == board.clock_hz
    assert summary.exit_code == 0


@each_board
def test_it_meets_no_finding_and_every_block_comes_by_dma(board: TapBoard) -> None:
    record = run_on(board.name, DEMO).record
    assert record.manifest["warnings"] == []
    stream = record.manifest["dma_masters"].index(board.receiver)
    halves = record.arrays["dma.bytes"][record.arrays["dma.master"] == stream]
    assert set(halves.tolist()) == {60}
    read = sum(value for name, value in record.manifest["counters"].items() if name == "accelerometer.samples_read")
    assert halves.sum() == 6 * read


@each_board
def test_two_runs_leave_byte_identical_records(board: TapBoard, tmp_path: Path) -> None:
    run_on(board.name, DEMO).record.save(tmp_path / "first")
    run_tap("tap.elf", DEMO, board.name).record.save(tmp_path / "second")
    for name in ("manifest.json", "record.npz"):
        assert (tmp_path / "first" / name).read_bytes() == (tmp_path / "second" / name).read_bytes(), name


@each_board
def test_a_slow_firmware_overruns_the_fifo_and_counts_what_the_sensor_lost(board: TapBoard) -> None:
    record = run_tap("tap_slow.elf", "tap_single.csv", board.name).record
    samples = analyse_samples(record)
    (sensor,) = samples.sensors
    assert sensor.overruns > 0
    assert (samples.firmware.lost, samples.firmware.overruns) == (sensor.lost, sensor.overruns)
    assert samples.agrees is True
    assert record.manifest["warnings"] == []
    assert summarise(record).exit_code == 1
