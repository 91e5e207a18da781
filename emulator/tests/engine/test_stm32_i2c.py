"""I2C1 with the LIS2DW12: one exchange by registers, HAL-like and LL-like, each in three ways: one outcome.

Fixtures stm32/stm32_i2c.c (I2C v1, F407) and stm32l4/stm32l4_i2c.c (v2, L4R5); issue 5, acceptance 4.
"""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from i2c_fixtures import BOARDS, I2cBoard, each_board, numbers

from tinysim.machine import Machine
from tinysim.record import Record

WAYS = [style + way for style in ("", "hal_", "ll_") for way in ("polled", "interrupt", "dma")]
RUN_S = 0.15
# A write of three registers: START, 5 bytes, STOP; a read of n: START, 2 bytes, repeated START, 1 + n bytes, STOP.
WRITE_BITS = 1 / 3 + 5 * 9 + 1
READ_BITS = sum(1 / 3 + 2 * 9 + 4 / 3 + (1 + count) * 9 + 1 for count in (1, 2, 3, 6))
SOFTWARE_US = 55  # of the CPU while SCL is held, and rounding
READ_BYTES, WRITTEN_BYTES, DMA_WAYS = 1 + 2 + 3 + 6, 3, 3

Run = tuple[I2cBoard, Record]


@pytest.fixture(scope="module", params=BOARDS, ids=lambda board: board.prefix)
def run(request: pytest.FixtureRequest) -> Run:
    board: I2cBoard = request.param
    with board.machine("i2c") as machine:
        assert machine.run_for(RUN_S) == "time"
        assert machine.gaps == []
        return board, machine.record()


def values(run: Run, way: str) -> dict[str, int]:
    """The numbers of the way's console line."""
    board, record = run
    text = record.arrays[f"uart.{board.console}.byte"].tobytes().decode()
    found = re.search(rf"^TS {way} ([^\r\n]*)", text, flags=re.MULTILINE)
    assert found is not None, text
    return numbers(found[1])


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_is_read_back_and_not_a_byte_more(run: Run, way: str) -> None:
    got = values(run, way)
    assert got["ok"] == 1
    assert got["one"] == 0x44
    assert got["two"] == 0x0210
    assert got["three"] == 0x010210
    assert (got["six"], got["rest"]) == (0x02100400, 0x00000001)  # CTRL1 to CTRL6


@pytest.mark.parametrize("way", WAYS)
def test_an_address_that_nobody_has_is_told(run: Run, way: str) -> None:
    assert values(run, way)["answered"] == 0


@pytest.mark.parametrize("way", WAYS)
def test_the_exchange_takes_its_bits_at_400_khz(run: Run, way: str) -> None:
    wire_us = (WRITE_BITS + READ_BITS) * run[0].scl_us
    assert wire_us - 1 <= values(run, way)["us"] <= wire_us + SOFTWARE_US


def test_no_way_leaves_a_finding(run: Run) -> None:
    assert [each for each in run[1].manifest["warnings"] if "i2c" in each["text"]] == []


def test_each_byte_of_the_dma_ways_is_its_own(run: Run) -> None:
    board, record = run
    masters, arrays = record.manifest["dma_masters"], record.arrays
    moved = {name: arrays["dma.bytes"][arrays["dma.master"] == masters.index(name)].sum() for name in masters}
    assert (moved[board.receiver], moved[board.sender]) == (DMA_WAYS * READ_BYTES, DMA_WAYS * WRITTEN_BYTES)


@each_board
def test_snapshots_in_the_middle_of_transfers_lead_to_the_same_end(board: I2cBoard) -> None:
    begin_s, step_s, steps = 0.0075, 0.000_053, 40
    with board.machine("i2c") as machine:
        machine.run_for(begin_s)
        snapshots = []
        for _ in range(steps):
            machine.run_for(step_s)
            snapshots.append(machine.snapshot())
        machine.run_for(RUN_S - begin_s - steps * step_s)
        wanted = console(machine, board)
        for done, snapshot in enumerate(snapshots, start=1):
            machine.restore(snapshot)
            machine.run_for(RUN_S - begin_s - done * step_s)
            assert console(machine, board) == wanted


def console(machine: Machine, board: I2cBoard) -> list[tuple[int, int]]:
    arrays, name = machine.record().arrays, f"uart.{board.console}"
    return list(zip(arrays[f"{name}.cycle"].tolist(), arrays[f"{name}.byte"].tolist(), strict=True))
