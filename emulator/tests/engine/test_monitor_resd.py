"""RESD through the Monitor's feeding methods: virtual time, start times, channels, as Renode's LIS2DW12 takes them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.emulation import Emulation
from tinysim.monitor.errors import MonitorError
from tinysim.monitor.interpreter import Monitor
from tinysim.streams.resd import Block, write_resd

ACCELERATION, ANGULAR_RATE = 2, 3
LOOP = 0xE7FE
FEED = "accelerometer FeedAccelerationSamplesFromRESD"


def samples(*milli_g: int) -> tuple[tuple[int, ...], ...]:
    return tuple((each * 1000, 0, 1_000_000) for each in milli_g)


@pytest.fixture
def board() -> Iterator[Monitor]:
    """An nRF52840 DK that runs an endless loop."""
    emulation = Emulation()
    monitor = Monitor(emulation)
    monitor.execute("using sysbus; mach create; machine LoadPlatformDescription @platforms/boards/nrf52840dk.repl")
    monitor.execute(f"sysbus WriteWord 0x20000000 0x{LOOP:X}; cpu PC 0x20000000")
    yield monitor
    emulation.reset()


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Channel 0 from power-on, channel 1 from 50 ms on, and an angular rate."""
    path = tmp_path / "imu.resd"
    blocks = [
        Block(ACCELERATION, 0, 0, 10_000_000, samples(100, 200, 300)),
        Block(ACCELERATION, 1, 50_000_000, 10_000_000, samples(500, 600)),
        Block(ANGULAR_RATE, 0, 0, 10_000_000, samples(1)),
    ]
    path.write_bytes(write_resd(blocks))
    return path


def x_after(board: Monitor, seconds: float) -> str:
    board.execute(f'emulation RunFor "{seconds}"')
    return board.execute("accelerometer AccelerationX")


def test_samples_follow_virtual_time(board: Monitor, recording: Path) -> None:
    board.execute(f"{FEED} @{recording}")
    assert [x_after(board, 0.01) for _ in range(4)] == ["0.2\n", "0.3\n", "0.3\n", "0.3\n"]


def test_a_channel_and_a_start_time_are_kept(board: Monitor, recording: Path) -> None:
    board.execute(f"{FEED} @{recording} 1")
    assert x_after(board, 0.055) == "0.5\n"
    assert x_after(board, 0.01) == "0.6\n"


def test_a_recording_may_begin_now(board: Monitor, recording: Path) -> None:
    board.execute('emulation RunFor "0.1"')
    board.execute(f"{FEED} @{recording} 0 0 CurrentVirtualTime")
    assert x_after(board, 0.015) == "0.2\n"


def test_a_channel_that_is_not_there_is_named(board: Monitor, recording: Path) -> None:
    with pytest.raises(MonitorError, match=r"has no acceleration on channel 7"):
        board.execute(f"{FEED} @{recording} 7")
