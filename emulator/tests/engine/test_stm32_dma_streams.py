"""What only the STM32F407's streams have: FIFO, bursts, two buffers, errors (fixtures/stm32/stm32_dma_streams.c).

Flow control by the peripheral is SDIO's alone, which is a gap: here NDTR counts down from 65535, and the bench
(core/tests/test_stm32_dma_requests.cc) ends such a transfer by its line.
"""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from dma_fixtures import DmaRun, dma_run

BYTES, BYTES_OF_A_QUARTER, EMPTY = 32, 4, 4
FEIF, TEIF, TCIF = 1 << 0, 1 << 3, 1 << 5
WORDS_OF_A_HALF, WORDS_OF_A_BURST = 128, 4
# AN4031: arbitration, address and matrix 1 each, then the data; the memory port finds its bank unused by others.
ITEM_CYCLES = 3 + 1
BURST_CYCLES = (3 + 4) + (2 + 4)


@pytest.fixture(scope="module")
def run() -> DmaRun:
    return dma_run("stm32f4_discovery", "stm32_dma_streams", "usart2")


def test_the_fixture_ends_without_a_gap(run: DmaRun) -> None:
    assert run.text.endswith("TS done streams=2\n")
    assert run.gaps == ()


def test_nothing_is_in_memory_until_the_threshold_is_reached_and_bytes_are_packed_into_words(run: DmaRun) -> None:
    thresholds = run.lines("threshold")
    assert [(each["quarters"], each["burst"]) for each in thresholds] == [(1, 0), (2, 0), (3, 0), (4, 0), (4, 1)]
    for each in thresholds:
        assert each["left"] == BYTES - each["quarters"] * BYTES_OF_A_QUARTER
        assert (each["status"], each["wrong"]) == (EMPTY, 0)


def test_words_are_unpacked_into_bytes(run: DmaRun) -> None:
    assert run.line("unpack") == {"wrong": 0}


def test_a_copy_takes_four_cycles_a_word_and_in_bursts_thirteen_for_four(run: DmaRun) -> None:
    single, bursts = run.block_cycles("dma2 stream 0")[1::2]  # second halves: the first ones begin with EN
    assert single == WORDS_OF_A_HALF * ITEM_CYCLES
    assert bursts == WORDS_OF_A_HALF // WORDS_OF_A_BURST * BURST_CYCLES
    assert run.line("bursts")["four"] < run.line("bursts")["single"]


def test_direct_mode_reads_its_first_item_ahead_of_the_request(run: DmaRun) -> None:
    assert run.line("ahead") == {"left": 2, "first": 11, "second": 44}


def test_two_buffers_take_turns_and_the_idle_one_may_be_moved(run: DmaRun) -> None:
    assert run.line("double") == {"after_first": 1, "after_second": 0, "wrong": 0}


def test_under_the_peripherals_flow_control_the_count_starts_at_its_most(run: DmaRun) -> None:
    assert run.line("flow") == {"left": 0xFFFF, "flags": TCIF}


def test_a_full_fifo_is_an_error_and_a_finding_and_the_stream_goes_on(run: DmaRun) -> None:
    assert run.line("overrun") == {"enabled": 1}
    _, where = run.finding("dma2 stream 5: HISR.FEIF5: FIFO overrun")
    assert where.startswith("main 0x0800")


def test_a_request_ahead_of_the_last_items_write_is_a_direct_mode_error_and_a_finding(run: DmaRun) -> None:
    assert run.line("direct") == {"enabled": 1}
    _, where = run.finding("dma2 stream 5: HISR.DMEIF5: ")
    assert where.startswith("main 0x0800")


def test_a_burst_that_does_not_fit_the_threshold_keeps_the_stream_off(run: DmaRun) -> None:
    assert run.line("misfit") == {"flags": FEIF, "enabled": 0}
    run.finding("dma2 stream 5: S5FCR: burst and FIFO threshold do not go together: HISR.FEIF5")


def test_the_target_in_use_cannot_be_moved(run: DmaRun) -> None:
    assert run.line("target") == {"flags": TEIF, "enabled": 0}
    run.finding("dma2 stream 5: S5M0AR is written while it is the current target")


def test_dma1_copies_no_memory(run: DmaRun) -> None:
    assert run.line("dma1") == {"flags": TEIF, "copied": 0}
    message, _ = run.finding("dma1 stream 0: S0PAR ")
    assert "is not on APB1" in message
