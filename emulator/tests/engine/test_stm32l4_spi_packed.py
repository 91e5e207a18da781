"""SPI1 of the STM32L4R5 by DMA, two bytes an access (fixtures/stm32l4/stm32l4_spi_packed.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import board_with, console_text, prebuilt, tagged_lines

from tinysim.machine import Machine

CYCLES_PER_BYTE = 8 * 32
UNTOUCHED = 0xEE


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> dict[int, dict[str, int]]:
    """By the number of bytes."""
    wired = board_with("nucleo_l4r5zi", "\nloopback: SPI.Loopback @ spi1\n", tmp_path_factory.mktemp("spi"))
    with Machine(wired) as machine:
        machine.load(prebuilt("nucleo_l4r5zi", "stm32l4_spi_packed"))
        machine.run_for(0.03)
        assert machine.gaps == [] and machine.record().manifest["warnings"] == []
        return {line["bytes"]: line for line in tagged_lines(console_text(machine.record(), "lpuart1"), "packed")}


@pytest.mark.parametrize(
    ("size", "first", "fifth"), [(4, 0x44332211, UNTOUCHED), (5, 0x44332211, 0x55), (3, 0x332211, UNTOUCHED)]
)
def test_the_bytes_come_back_and_the_odd_one_alone(
    lines: dict[int, dict[str, int]], size: int, first: int, fifth: int
) -> None:
    assert (lines[size]["first"], lines[size]["fifth"]) == (first, fifth)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_the_wire_carries_no_byte_more(lines: dict[int, dict[str, int]], size: int) -> None:
    assert size * CYCLES_PER_BYTE <= lines[size]["cycles"] < (size + 1) * CYCLES_PER_BYTE
    assert lines[size]["status"] == 2
