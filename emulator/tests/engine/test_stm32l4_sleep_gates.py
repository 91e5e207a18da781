"""The gates of Sleep mode of the STM32L4R5, SMENR (fixtures/stm32l4/stm32l4_sleep_gates.c)."""

from __future__ import annotations

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from sleep_gate_runs import check_gates, gate_run


def test_a_block_whose_sleep_gate_is_closed_stands_still_while_the_cpu_sleeps() -> None:
    check_gates(gate_run("nucleo_l4r5zi", "stm32l4_sleep_gates", "lpuart1"))
