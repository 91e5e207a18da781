"""The boards with other STM32F4 than the F407 at full speed: clock tree, scale, over-drive, LED, console.

Fixture stm32f4_boards/board_blink.c; what the F407's board does is in test_stm32_blink.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, prebuilt

from tinysim.machine import Machine

POLL_CYCLES = 200


@dataclass(frozen=True)
class Board:
    name: str
    chip: str
    mhz: int
    device_id: int
    flash_kbytes: int
    console: str = "usart2"

    @property
    def image(self) -> Path:
        return prebuilt(self.name, "board_blink")


BOARDS = [
    Board("nucleo_f401re", "stm32f401", 84, 0x433, 512),
    Board("nucleo_f411re", "stm32f411", 100, 0x431, 512),
    Board("nucleo_f446re", "stm32f446", 180, 0x421, 512),
    Board("stm32f429i_disc1", "stm32f429", 180, 0x419, 2048, console="usart1"),
]
each_board = pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.name)


def text_of(machine: Machine, board: Board) -> str:
    return console_text(machine.record(), board.console)


@each_board
def test_it_runs_at_full_speed_without_a_gap_or_a_warning(board: Board) -> None:
    with Machine(board.name) as machine:
        machine.load(board.image)
        machine.run_for(0.05)
        record = machine.record()
    found = re.match(r"TS board device=(\d+) flash_kbytes=(\d+) ms_cycles=(\d+)\n", text_of(machine, board))
    assert found is not None and (int(found[1]), int(found[2])) == (board.device_id, board.flash_kbytes)
    assert abs(int(found[3]) - 1000 * board.mhz) <= POLL_CYCLES
    assert text_of(machine, board).endswith("TS done\n")
    assert machine.gaps == [] and record.manifest["warnings"] == []


@each_board
def test_the_led_blinks_in_time(board: Board) -> None:
    with Machine(board.name) as machine:
        machine.load(board.image)
        machine.run_for(0.05)
        record = machine.record()
    led = record.manifest["lines"].index("UserLED") if "lines" in record.manifest else 0
    times = record.arrays["line.cycle"][record.arrays["line.id"] == led].astype(np.int64)
    assert len(times) == 4
    assert all(abs(int(step) - 2000 * board.mhz) <= POLL_CYCLES for step in np.diff(times))


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ({"hclk_most_hz": 60_000_000}, "RCC_CFGR: HCLK is 84000000 Hz, the chip's limit is 60000000 Hz"),
        ({"pclk1_most_hz": 30_000_000}, "RCC_CFGR.PPRE1: PCLK1 is 42000000 Hz, the chip's limit is 30000000 Hz"),
        ({"hclk_vos_2_most_hz": 60_000_000}, "HCLK is 84000000 Hz, but PWR_CR.VOS 2 allows 60000000 Hz"),
        ({"flash_max_hz_2": 60_000_000}, "FLASH_ACR.LATENCY 2 allows 60000000 Hz"),
    ],
)
def test_a_clock_above_a_limit_of_the_chip_is_named(limits: dict[str, int], named: str) -> None:
    board = BOARDS[0]
    with Machine(board.name, parameters=limits) as machine:
        machine.load(board.image)
        machine.run_for(0.01)
        warnings = [str(each) for each in machine.record().manifest["warnings"]]
    assert len(warnings) == 1 and named in warnings[0], warnings


def test_a_chips_name_means_its_board() -> None:
    for board in BOARDS:
        with Machine(board.chip) as by_chip, Machine(board.name) as by_board:
            assert by_chip.platform.files == by_board.platform.files
