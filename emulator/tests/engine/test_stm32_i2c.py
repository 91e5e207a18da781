"""I2C1 of the STM32F407 with the LIS2DW12: one exchange polled, by interrupts, by DMA (fixtures/stm32/stm32_i2c.c)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.machine import Machine
from tinysim.record import Record

IMAGE = Path(__file__).resolve().parents[3] / "firmware" / "prebuilt" / "stm32f4_discovery" / "stm32_i2c.elf"
WAYS = ("polled", "interrupt", "dma")
RUN_S = 0.05
SCL_US = 2.5  # 42 MHz / (3 * 35)
# A write of three registers: START, 5 bytes, STOP; a read of n: START, 2 bytes, repeated START, 1 + n bytes, STOP.
WRITE_BITS = 1 / 3 + 5 * 9 + 1
READ_BITS = sum(1 / 3 + 2 * 9 + 4 / 3 + (1 + count) * 9 + 1 for count in (1, 2, 3, 6))
SOFTWARE_US = 40  # of the CPU while SCL is held, and rounding


@pytest.fixture(scope="module")
def record() -> Record:
    if not IMAGE.exists():
        pytest.skip(f"{IMAGE.name} is not built: run make -C firmware prebuilt")
    with Machine("stm32f4_discovery") as machine:
        machine.load(IMAGE)
        assert machine.run_for(RUN_S) == "time"
        assert machine.gaps == []
        return machine.record()


def values(record: Record, way: str) -> dict[str, int]:
    """The numbers of the way's console line."""
    text = record.arrays["uart.usart2.byte"].tobytes().decode()
    found = re.search(rf"^TS {way} ([^\r\n]*)", text, flags=re.MULTILINE)
    assert found is not None, text
    pairs = (word.partition("=") for word in found[1].split())
    return {name: int(value, 0) for name, _, value in pairs}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_written_is_read_back_and_not_a_byte_more(record: Record, way: str) -> None:
    got = values(record, way)
    assert got["ok"] == 1
    assert got["one"] == 0x44
    assert got["two"] == 0x0210
    assert got["three"] == 0x010210
    assert (got["six"], got["rest"]) == (0x02100400, 0x00000001)  # CTRL1 to CTRL6


@pytest.mark.parametrize("way", WAYS)
def test_an_address_that_nobody_has_is_told(record: Record, way: str) -> None:
    assert values(record, way)["answered"] == 0


@pytest.mark.parametrize("way", WAYS)
def test_the_exchange_takes_its_bits_at_400_khz(record: Record, way: str) -> None:
    wire_us = (WRITE_BITS + READ_BITS) * SCL_US
    assert wire_us <= values(record, way)["us"] <= wire_us + SOFTWARE_US


def test_no_way_leaves_a_finding(record: Record) -> None:
    assert record.manifest["warnings"] == []


def test_each_byte_of_the_dma_way_is_its_own(record: Record) -> None:
    masters, arrays = record.manifest["dma_masters"], record.arrays
    moved = {name: arrays["dma.bytes"][arrays["dma.master"] == masters.index(name)].sum() for name in masters}
    assert (moved["dma1 stream 0"], moved["dma1 stream 6"]) == (1 + 2 + 3 + 6, 3)


def test_snapshots_in_the_middle_of_transfers_lead_to_the_same_end() -> None:
    if not IMAGE.exists():
        pytest.skip(f"{IMAGE.name} is not built: run make -C firmware prebuilt")
    begin_s, step_s, steps = 0.0075, 0.000_053, 40
    with Machine("stm32f4_discovery") as machine:
        machine.load(IMAGE)
        machine.run_for(begin_s)
        snapshots = []
        for _ in range(steps):
            machine.run_for(step_s)
            snapshots.append(machine.snapshot())
        machine.run_for(RUN_S - begin_s - steps * step_s)
        wanted = console(machine)
        for done, snapshot in enumerate(snapshots, start=1):
            machine.restore(snapshot)
            machine.run_for(RUN_S - begin_s - done * step_s)
            assert console(machine) == wanted


def console(machine: Machine) -> list[tuple[int, int]]:
    arrays = machine.record().arrays
    return list(zip(arrays["uart.usart2.cycle"].tolist(), arrays["uart.usart2.byte"].tolist(), strict=True))
