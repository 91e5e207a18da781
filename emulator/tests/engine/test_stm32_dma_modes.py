"""Both families' DMA at the pace of TIM1: once, in a ring, to a pin, without its clock (fixtures/shared/dma_modes.inc).

The items are stamps of TIM5, so that their distances are those of the beats: exactly TIM1's period.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from dma_fixtures import DmaRun, dma_run

ITEMS, CLOCKS, ROUNDS = 8, 2400, 3
ENTRY_CLOCKS = 30  # an interrupt's entry may be held up by a load or by the console's handler


@dataclass(frozen=True)
class Chip:
    """`stamp_clocks`: TIM1's clocks in one of TIM5. `stays_enabled`: EN is set behind the last item."""

    platform: str
    fixture: str
    console: str
    master: str
    registers: tuple[str, ...]
    stamp_clocks: int
    stays_enabled: bool

    @property
    def period(self) -> int:
        return CLOCKS // self.stamp_clocks

    @property
    def run(self) -> DmaRun:
        return dma_run(self.platform, self.fixture, self.console)


CHIPS = (
    Chip(
        "stm32f4_discovery",
        "stm32_dma_modes",
        "usart2",
        "dma2 stream 5",
        ("S5PAR", "S5M0AR", "S5NDTR", "S5CR"),
        2,
        False,
    ),
    Chip(
        "nucleo_l4r5zi", "stm32l4_dma_modes", "lpuart1", "dma1 channel 6", ("CPAR6", "CMAR6", "CNDTR6", "CCR6"), 1, True
    ),
)
each_chip = pytest.mark.parametrize("chip", CHIPS, ids=lambda chip: chip.platform)


@each_chip
def test_items_come_at_each_update_to_the_clock_and_the_half_flag_at_half(chip: Chip) -> None:
    once = chip.run.line("once")
    assert (once["least"], once["most"]) == (chip.period, chip.period)
    assert (once["left_at_half"], once["left"]) == (ITEMS // 2, 0)
    assert bool(once["enabled"]) is chip.stays_enabled


@each_chip
def test_a_ring_goes_on_with_an_interrupt_at_each_half_and_end(chip: Chip) -> None:
    ring = chip.run.line("ring")
    assert (ring["halves"], ring["ends"]) == (ROUNDS, ROUNDS)
    assert (ring["least"], ring["most"]) == (chip.period, chip.period)
    assert abs(ring["round"] - ITEMS * chip.period) <= ENTRY_CLOCKS
    assert (ring["left"], ring["enabled"]) == (ITEMS, 1)


@each_chip
def test_a_pin_follows_memory_at_each_update_to_the_cycle(chip: Chip) -> None:
    edges = chip.run.edges("led2")
    assert [level for _, level in edges] == [True, False] * (ITEMS // 2)
    start = edges[0][0]
    assert [at - start for at, _ in edges] == [CLOCKS * number for number in range(ITEMS)]


@each_chip
def test_a_start_without_the_controllers_clock_is_lost_and_each_register_a_finding(chip: Chip) -> None:
    assert chip.run.line("unclocked") == {"read": 0, "enabled": 0}
    block = chip.master.split()[0]
    for register in chip.registers:
        message, where = chip.run.finding(f"{block}.{register} ")
        assert "RCC keeps the block's clock off" in message
        assert where.startswith("main 0x0800")


@each_chip
def test_requests_without_the_controllers_clock_are_lost_and_a_finding(chip: Chip) -> None:
    assert chip.run.line("unserved") == {"left": ITEMS}
    message, where = chip.run.finding(chip.master)
    assert message == f"{chip.master}: a request is lost, as RCC keeps the controller's clock off"
    assert where.startswith("main 0x0800")


@each_chip
def test_there_is_no_gap_and_no_other_finding(chip: Chip) -> None:
    assert chip.run.gaps == ()
    assert len(chip.run.record.manifest["warnings"]) == len(chip.registers) + 1
