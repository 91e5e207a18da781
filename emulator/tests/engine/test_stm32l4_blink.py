"""What the STM32L4's base has of its own; the fixture itself (stm32l4/stm32l4_blink.c) runs in test_stm32_blink.py."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from reader_program import word_read

from tinysim.machine import Machine

SRAM2, SRAM2_ALIAS, UNIQUE_ID = 0x2003_0000, 0x1000_0000, 0x1FFF_7590
MSI_CYCLES_PER_MS, INSTRUCTION_CYCLES = 4_000, 8  # the run ends behind the instruction that is under way
BOARDS = ("nucleo_l4r5zi", "nucleo_l476rg", "b_l475e_iot01a")


@pytest.mark.parametrize("board", BOARDS)
def test_each_board_starts_at_4_mhz(board: str, tmp_path: Path) -> None:
    with Machine(board) as machine:
        assert word_read(machine, tmp_path, UNIQUE_ID) == 0x0027_002D
        machine.run_for(0.0009)
        assert 0 <= machine.cycles - MSI_CYCLES_PER_MS < INSTRUCTION_CYCLES
        assert machine.gaps == []


def test_sram2_has_two_addresses() -> None:
    with Machine("stm32l4") as machine:
        machine.write_memory(SRAM2_ALIAS + 8, b"both")
        assert machine.read_memory(SRAM2 + 8, 4) == b"both"
