"""SPI1 of the STM32F407 and the STM32L4R5 in nine ways (fixtures/stm32/stm32_spi.c, fixtures/stm32l4/stm32l4_spi.c).

HAL-, low-layer- and register-style drivers, each polled, by interrupts and by DMA, come from the same sources in
fixtures/spi; MOSI and MISO are joined.
"""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import board_with, console_text, prebuilt, tagged_lines

from tinysim.machine import Machine
from tinysim.record import Record

WAYS = [f"{style}_{mode}" for style in ("hal", "ll", "bare") for mode in ("polled", "interrupt", "dma")]
BYTES, RUN_S = 16, 0.1
BOARDS = {  # chip's prefix of the images, console, CPU cycles of a bit
    "stm32f4_discovery": ("stm32", "usart2", 32),
    "nucleo_l4r5zi": ("stm32l4", "lpuart1", 32),
}
MOST_CYCLES = 3  # times those of the wire, for the slowest way


def fnv_1a(content: bytes) -> int:
    value = 2166136261
    for byte in content:
        value = ((value ^ byte) * 16777619) & 0xFFFFFFFF
    return value


@pytest.fixture(scope="module", params=BOARDS)
def board(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def record(board: str, tmp_path_factory: pytest.TempPathFactory) -> Record:
    image = prebuilt(board, f"{BOARDS[board][0]}_spi")
    wired = board_with(board, "\nloopback: SPI.Loopback @ spi1\n", tmp_path_factory.mktemp("spi"))
    with Machine(wired) as machine:
        machine.load(image)
        assert machine.run_for(RUN_S) == "time"
        assert machine.gaps == []
        return machine.record()


def values(record: Record, board: str, tag: str) -> dict[str, int]:
    """The numbers of the console line of that tag."""
    return tagged_lines(console_text(record, BOARDS[board][1]), tag)[0]


@pytest.mark.parametrize("way", WAYS)
def test_each_way_gets_back_what_it_sent_and_leaves_the_same_status(record: Record, board: str, way: str) -> None:
    got = values(record, board, way)
    sent = bytes(0xA5 ^ (i * 29 & 0xFF) for i in range(BYTES))
    assert (got["ok"], got["in"], got["sr"]) == (1, fnv_1a(sent), 2)


@pytest.mark.parametrize("way", WAYS)
def test_each_way_takes_the_bits_of_the_wire_and_its_own_work(record: Record, board: str, way: str) -> None:
    wire = BYTES * 8 * BOARDS[board][2]
    assert wire <= values(record, board, way)["cycles"] <= MOST_CYCLES * wire


@pytest.mark.parametrize("way", ["ll_dma", "bare_dma"])
def test_frames_by_dma_follow_each_other_without_a_pause(record: Record, board: str, way: str) -> None:
    wire = BYTES * 8 * BOARDS[board][2]
    assert values(record, board, way)["cycles"] <= wire + 400


def test_the_crc_is_sent_received_and_right(record: Record, board: str) -> None:
    assert values(record, board, "crc") == {"data": 0x31, "crc": 0x97, "error": 0}


def test_no_way_leaves_a_finding(record: Record) -> None:
    assert record.manifest["warnings"] == []


def test_errors_are_flagged_interrupt_once_and_go_as_the_manual_says(board: str) -> None:
    image = prebuilt(board, f"{BOARDS[board][0]}_spi_errors")
    with Machine(board) as machine:
        machine.load(image)
        machine.run_for(RUN_S)
        record = machine.record()
        assert machine.gaps == []
    enabled, master = 0x40, 0x04
    assert values(record, board, "overrun") == {"interrupts": 1, "flags": 0x40, "left": 0, "cr1": enabled | master}
    assert values(record, board, "mode_fault") == {"interrupts": 1, "flags": 0x20, "left": 0, "cr1": master}
    assert values(record, board, "wrong_crc") == {"interrupts": 1, "flags": 0x10, "left": 0, "cr1": enabled | master}
    texts = " ".join(warning["text"] for warning in record.manifest["warnings"])
    assert "spi1: a received frame is lost (SR.OVR)" in texts
    assert "spi1: NSS is low in master mode (SR.MODF)" in texts
