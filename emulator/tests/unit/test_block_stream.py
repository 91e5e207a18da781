"""firmware/lib/block_stream and sample_account against a sensor FIFO in Python: whatever the application's stalls,
the losses it reports and the sample numbers of its windows are the true ones."""

from __future__ import annotations

import ctypes
import random
import shutil
from collections import deque
from pathlib import Path

import pytest
from host_firmware import build

FIFO_SLOTS, BLOCK, SLOT_BYTES = 32, 20, 6
OUT_X_L, FIFO_SAMPLES = 0x28, 0x2F
BYTE_US = 22.5


class Block(ctypes.Structure):
    """sensor_block of firmware/lib/block_stream.h."""

    _fields_ = [
        ("bytes", ctypes.c_uint8 * (BLOCK * SLOT_BYTES)), ("edge_us", ctypes.c_uint32),
        ("lost_samples", ctypes.c_uint32), ("overruns", ctypes.c_uint8), ("gap", ctypes.c_bool),
        ("full", ctypes.c_bool),
    ]  # fmt: skip


class Sensor:
    """LIS2DW12 FIFO in continuous mode, its watermark line, and the bus; sample i carries i in its registers."""

    def __init__(self, library: ctypes.CDLL, period_us: float) -> None:
        self.library, self.period_us = library, period_us
        self.now_us = 0.0
        self.fifo: deque[int] = deque()
        self.produced = self.lost = self.overruns = 0
        self.level_over = False
        self.edge_us = 0.0
        self.armed: tuple[int, int, int] | None = None
        self.burst: tuple[int, int, int, float] | None = None
        self.moved = 0
        self.failing_transfers = 0
        self.dropped = 0  # taken out of the FIFO by transfers that failed
        self._connect()

    def _connect(self) -> None:
        address = ctypes.c_void_p
        on_edge = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_int, address, ctypes.c_int)(self.read_on_edge)
        start = ctypes.CFUNCTYPE(None, ctypes.c_int, address, ctypes.c_int)(self.read_start)
        edge = ctypes.CFUNCTYPE(ctypes.c_uint32)(lambda: int(self.edge_us))
        time = ctypes.CFUNCTYPE(ctypes.c_uint32)(lambda: int(self.now_us))
        self._callbacks = (on_edge, start, edge, time)
        names = ("host_read_on_edge", "host_read_start", "host_edge_us", "host_time_us")
        for name, callback in zip(names, self._callbacks, strict=True):
            pointer = ctypes.cast(callback, ctypes.c_void_p).value
            ctypes.c_void_p.in_dll(self.library, name).value = pointer

    @property
    def line(self) -> bool:
        return len(self.fifo) >= BLOCK

    def read_on_edge(self, first: int, buffer: int, size: int) -> bool:
        if self.line:
            return False
        self.armed = (first, buffer, size)
        return True

    def read_start(self, first: int, buffer: int, size: int) -> None:
        assert self.burst is None, "the bus is busy"
        self.burst = (first, buffer, size, self.now_us + 3 * BYTE_US)

    def _sample(self) -> None:
        before = self.line
        if len(self.fifo) == FIFO_SLOTS:
            self.fifo.popleft()
            self.lost += 1
            self.overruns += not self.level_over
            self.level_over = True
        self.fifo.append(self.produced)
        self.produced += 1
        if self.line and not before:
            self.edge_us = self.now_us
            if self.armed:
                armed, self.armed = self.armed, None
                self.read_start(*armed)

    def _pop(self, buffer: int, offset: int) -> None:
        number = self.fifo.popleft()
        self.level_over = False
        slot = b"".join((value << 2).to_bytes(2, "little") for value in (number % 4096, number // 4096, 7))
        ctypes.memmove(buffer + offset, slot, SLOT_BYTES)

    def run_until(self, end_us: float) -> None:
        """Let time pass: samples come, bytes move, the transfer's interrupt is served."""
        while True:
            next_sample = (self.produced + 1) * self.period_us
            next_byte = self.burst[3] if self.burst else float("inf")
            if min(next_sample, next_byte) > end_us:
                break
            self.now_us = min(next_sample, next_byte)
            if next_sample <= next_byte:
                self._sample()
                continue
            self._transfer()
        self.now_us = end_us

    def _transfer(self) -> None:
        assert self.burst is not None
        first, buffer, size, when = self.burst
        if first == FIFO_SAMPLES:
            status = len(self.fifo) | (0x40 if self.level_over else 0) | (0x80 if self.line else 0)
            ctypes.memset(buffer, status, 1)
            self.moved = size
        else:
            self._pop(buffer, self.moved)
            self.moved += SLOT_BYTES
        self.burst = (first, buffer, size, when + SLOT_BYTES * BYTE_US)
        fails = self.failing_transfers > 0
        if self.moved < size and not (fails and self.moved > size // 2):
            return
        if fails:
            self.failing_transfers -= 1
            self.dropped += self.moved // SLOT_BYTES if first == OUT_X_L else 0
        self.burst, self.moved = None, 0
        done = ctypes.CFUNCTYPE(None, ctypes.c_bool)(ctypes.c_void_p.in_dll(self.library, "host_done").value or 0)
        done(not fails)


def number_of(block: Block, index: int) -> int:
    slot = bytes(block.bytes[index * SLOT_BYTES : (index + 1) * SLOT_BYTES])
    return (int.from_bytes(slot[:2], "little") >> 2) + 4096 * (int.from_bytes(slot[2:4], "little") >> 2)


class Application:
    """The main loop's side: takes blocks, follows sample numbers as window_ring does."""

    def __init__(self, library: ctypes.CDLL, sensor: Sensor) -> None:
        self.library, self.sensor = library, sensor
        library.block_stream_next.restype = ctypes.POINTER(Block)
        library.block_stream_start(200)
        self.read = self.lost = self.overruns = 0
        self.wrong_numbers = self.gaps = 0

    def take_block(self) -> bool:
        pointer = self.library.block_stream_next()
        if not pointer:
            return False
        block = pointer.contents
        self.lost += block.lost_samples
        self.overruns += block.overruns
        self.gaps += block.gap
        numbers = [number_of(block, index) for index in range(BLOCK)]
        assert numbers == list(range(numbers[0], numbers[0] + BLOCK)), "a block has no hole"
        # A loss estimate may be one short until the next edge; then it must be exact.
        self.wrong_numbers += numbers[0] != self.read + self.lost
        assert numbers[0] - (self.read + self.lost) in ((0, 1) if block.gap else (0,))
        self.read += BLOCK
        self.library.block_stream_release()
        return True


def play(library: ctypes.CDLL, stalls_us: list[float], period_us: float) -> tuple[Sensor, Application]:
    sensor = Sensor(library, period_us)
    application = Application(library, sensor)
    for stall_us in stalls_us:
        while application.take_block():
            pass
        sensor.run_until(sensor.now_us + stall_us)
    for _ in range(200):  # catch up: two undisturbed blocks settle every account
        application.take_block()
        sensor.run_until(sensor.now_us + 5_000)
    return sensor, application


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("firmware"))


@pytest.fixture
def library(built: Path, tmp_path: Path) -> ctypes.CDLL:
    """A fresh copy: the firmware's state is static."""
    return ctypes.CDLL(str(shutil.copy(built, tmp_path)))


def test_an_application_that_keeps_up_loses_nothing(library: ctypes.CDLL) -> None:
    sensor, application = play(library, [1_000.0] * 3_000, period_us=5_000)
    assert (sensor.lost, application.lost, application.overruns) == (0, 0, 0)
    assert sensor.produced - application.read <= BLOCK + 1


def test_one_long_stall_is_counted_exactly(library: ctypes.CDLL) -> None:
    sensor, application = play(library, [100_000.0] * 5 + [700_000.0], period_us=5_000)
    assert sensor.lost > 0
    assert application.lost == sensor.lost
    assert application.overruns == sensor.overruns == 1


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("period_us", [5_000, 4_930.0, 5_070.0])
def test_losses_are_exact_under_random_stalls(library: ctypes.CDLL, seed: int, period_us: float) -> None:
    pick = random.Random(seed)
    calm = [10_000.0] * 60
    stalls = [pick.choice([3_000.0, 90_000.0, 250_000.0, 333_333.0, pick.uniform(0, 900_000)]) for _ in range(60)]
    sensor, application = play(library, calm + stalls, period_us)
    assert sensor.lost > 0
    assert application.lost == sensor.lost
    assert application.overruns == sensor.overruns


def test_a_fifo_that_fills_between_its_status_and_the_burst_is_counted_too(
    library: ctypes.CDLL,
) -> None:
    sensor = Sensor(library, period_us=5_000)
    application = Application(library, sensor)
    for _ in range(60):
        sensor.run_until(sensor.now_us + 5_000)
        application.take_block()
    while len(sensor.fifo) < FIFO_SLOTS:
        sensor.run_until(sensor.now_us + 1_000)
    # The 33rd sample comes 100 us from here: after the status byte (67 us), before the first slot (another 67 us).
    sensor.run_until((sensor.produced + 1) * sensor.period_us - 100)
    for _ in range(100):
        application.take_block()
        sensor.run_until(sensor.now_us + 5_000)
    assert sensor.lost == application.lost == 1
    assert sensor.overruns == application.overruns == 1


@pytest.mark.parametrize("failures", [1, 2, 3])
@pytest.mark.parametrize("stall_us", [5_000.0, 250_000.0, 600_000.0])
def test_samples_of_failed_transfers_are_lost_and_counted(library: ctypes.CDLL, failures: int, stall_us: float) -> None:
    sensor = Sensor(library, period_us=5_000)
    application = Application(library, sensor)
    for tick in range(800):
        application.take_block()
        sensor.run_until(sensor.now_us + 5_000)
        if tick == 100:
            sensor.run_until(sensor.now_us + stall_us)
            sensor.failing_transfers = failures
        if tick % 40 == 0:
            library.block_stream_retry()
    assert sensor.failing_transfers == 0
    assert library.block_stream_bus_errors() == failures
    assert application.lost == sensor.lost + sensor.dropped
    assert application.overruns <= sensor.overruns
