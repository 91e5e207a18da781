"""CSELR of the STM32L47x: a channel hears the selected request and no other (stm32l475_boards/dma_selector.c)."""

from __future__ import annotations

from itertools import pairwise

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import prebuilt

from tinysim.machine import Machine

ITEMS, CLOCKS = 8, 200


@pytest.mark.parametrize("platform", ["nucleo_l476rg", "b_l475e_iot01a"])
def test_items_come_by_the_selected_request_alone_and_at_its_pace(platform: str) -> None:
    with Machine(platform) as machine:
        machine.load(prebuilt("b_l475e_iot01a", "dma_selector"))
        machine.run_for(0.01)
        words = memoryview(machine.read_memory(machine.symbol("stamps"), 4 * ITEMS)).cast("I").tolist()
        left_of_other, left = (
            int.from_bytes(machine.read_memory(machine.symbol(name), 4), "little") for name in ("left_of_other", "left")
        )
        assert (left_of_other, left) == (ITEMS, 0)
        assert {after - before for before, after in pairwise(words)} == {CLOCKS}
