"""What only the STM32L4's channels have: sizes, their end, their error (fixtures/stm32l4/stm32l4_dma_channels.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from dma_fixtures import DmaRun, dma_run

UNTOUCHED = 0xEEEEEEEE
GIF, TEIF = 1 << 0, 1 << 3
BYTES, CRC_FRAMES, FRAME_CYCLES, POLL_CYCLES = 3, 1, 8 * 256, 100


@pytest.fixture(scope="module")
def run() -> DmaRun:
    return dma_run("nucleo_l4r5zi", "stm32l4_dma_channels", "lpuart1", 0.05)


@pytest.mark.parametrize(
    ("tag", "first", "second", "last"),
    [
        ("bytes_to_words", 0x01, 0x02, 0x04),
        ("words_to_halves", 0x06050201, 0x0E0D0A09, UNTOUCHED),
        ("halves_to_bytes", 0x07050301, UNTOUCHED, UNTOUCHED),
    ],
)
def test_items_are_filled_with_zeroes_or_cut(run: DmaRun, tag: str, first: int, second: int, last: int) -> None:
    assert run.line(tag) == {"first": first, "second": second, "last": last}


def test_enable_stays_at_the_end_and_the_count_is_not_loaded_again(run: DmaRun) -> None:
    assert run.line("again") == {"enabled": 1, "left": 0, "flags": 0}


def test_an_address_out_of_reach_is_a_transfer_error_and_a_finding(run: DmaRun) -> None:
    assert run.line("unreachable") == {"flags": GIF | TEIF, "enabled": 0}
    message, where = run.finding("dma1 channel 1: ")
    assert message.startswith("dma1 channel 1: CMAR1 0x60000000 is on no bus that a DMA reaches: ISR.TEIF1")
    assert where.startswith("copy 0x0800")


def test_the_last_item_lets_the_spi_send_its_crc(run: DmaRun) -> None:
    frames_cycles = (BYTES + CRC_FRAMES) * FRAME_CYCLES
    assert 0 <= run.line("checked")["cycles"] - frames_cycles <= POLL_CYCLES


def test_nothing_is_a_gap(run: DmaRun) -> None:
    assert run.gaps == ()
