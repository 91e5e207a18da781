"""The gates of Sleep mode of the STM32F407, LPENR (fixtures/stm32/stm32_sleep_gates.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from sleep_gate_runs import check_gates, gate_run


def test_a_block_whose_sleep_gate_is_closed_stands_still_while_the_cpu_sleeps() -> None:
    check_gates(gate_run("stm32f4_discovery", "stm32_sleep_gates", "usart2"))
