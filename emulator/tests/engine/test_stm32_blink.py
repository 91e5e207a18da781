"""An STM32 board's base on the engine: boot, clock, console, LEDs, button, gates.

Fixtures stm32/stm32_blink.c and stm32l4/stm32l4_blink.c; what only the L4 has is in test_stm32l4_blink.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import PREBUILT, console_text
from reader_program import word_read

from tinysim.machine import Machine

FLASH, SRAM, DBGMCU_IDCODE = 0x0800_0000, 0x2000_0000, 0xE004_2000
POLL_CYCLES = 200  # a turn of a loop that polls a timer on APB1
INSTRUCTION_CYCLES = 8  # the run ends behind the instruction that is under way


@dataclass(frozen=True)
class Board:
    """What differs: names and addresses, and the first line that the fixture prints."""

    platform: str
    fixture: str
    console: str
    cycles_per_ms: int
    reset_cycles_per_ms: int
    baud_register: int
    baud_name: str
    unique_id: int
    device_id: int
    identity: str

    @property
    def image(self) -> Path:
        return PREBUILT / self.fixture

    def text(self, machine: Machine) -> str:
        return console_text(machine.record(), self.console)


BOARDS = [
    Board(
        platform="stm32f4",
        fixture="stm32f4_discovery/stm32_blink.elf",
        console="usart2",
        cycles_per_ms=168_000,
        reset_cycles_per_ms=16_000,
        baud_register=0x4000_4408,
        baud_name="usart2.BRR",
        unique_id=0x1FFF_7A10,
        device_id=0x413,
        identity="TS chip uid=0x0027002d flash_kbytes=1024 acr=0x00000705 sws=2",
    ),
    Board(
        platform="stm32l4",
        fixture="nucleo_l4r5zi/stm32l4_blink.elf",
        console="lpuart1",
        cycles_per_ms=120_000,
        reset_cycles_per_ms=4_000,
        baud_register=0x4000_800C,
        baud_name="lpuart1.BRR",
        unique_id=0x1FFF_7590,
        device_id=0x470,
        identity="TS chip uid=0x0027002d flash_kbytes=2048 acr=0x00000705 sws=3",
    ),
]


@pytest.fixture(params=BOARDS, ids=lambda board: board.platform)
def board(request: pytest.FixtureRequest) -> Board:
    chosen: Board = request.param
    return chosen


@pytest.fixture
def machine(board: Board) -> Iterator[Machine]:
    with Machine(board.platform) as machine:
        yield machine


def test_a_bare_program_runs_at_the_clock_of_reset(board: Board, machine: Machine, tmp_path: Path) -> None:
    word_read(machine, tmp_path, SRAM)
    machine.run_for(0.0009)
    assert 0 <= machine.cycles - board.reset_cycles_per_ms < INSTRUCTION_CYCLES and machine.gaps == []


def test_the_flash_answers_at_zero_as_well(machine: Machine, tmp_path: Path) -> None:
    assert word_read(machine, tmp_path, 4) == FLASH + 9


def test_libraries_find_a_genuine_chip(board: Board, machine: Machine, tmp_path: Path) -> None:
    assert word_read(machine, tmp_path, board.unique_id) == 0x0027_002D


def test_dbgmcu_tells_the_chip(board: Board, machine: Machine, tmp_path: Path) -> None:
    assert word_read(machine, tmp_path, DBGMCU_IDCODE) & 0xFFF == board.device_id


def test_a_block_without_clock_reads_0_and_is_named(board: Board, machine: Machine, tmp_path: Path) -> None:
    assert word_read(machine, tmp_path, board.baud_register) == 0
    (warning,) = machine.record().manifest["warnings"]
    assert board.baud_name in str(warning)


def test_it_prints_its_lines_and_meets_no_gap(board: Board, machine: Machine) -> None:
    machine.load(board.image)
    assert machine.run_for(1.1) == "time"
    lines = board.text(machine).splitlines()
    assert lines[0] == board.identity
    assert lines[-1] == "TS done seconds=1 presses=0"
    assert machine.gaps == [] and machine.record().manifest["warnings"] == []


def test_a_microsecond_has_the_cycles_of_the_clock(board: Board, machine: Machine) -> None:
    machine.load(board.image)
    machine.run_for(0.02)
    found = re.search(r"TS cycles us=(\d+) cycles=(\d+)", board.text(machine))
    assert found is not None
    wanted = int(found[1]) * board.cycles_per_ms // 1000
    assert abs(int(found[2]) - wanted) <= 2 * board.cycles_per_ms // 1000 + POLL_CYCLES


def test_the_led_blinks_in_time(board: Board, machine: Machine) -> None:
    machine.load(board.image)
    machine.run_for(0.03)
    record = machine.record()
    led = record.manifest["lines"].index("UserLED") if "lines" in record.manifest else 0
    times = record.arrays["line.cycle"][record.arrays["line.id"] == led].astype(np.int64)
    assert len(times) == 4
    assert all(abs(int(step) - 2 * board.cycles_per_ms) <= 2 * POLL_CYCLES for step in np.diff(times))


def test_the_button_interrupts_by_syscfg_and_exti(board: Board, machine: Machine) -> None:
    machine.load(board.image)
    machine.run_for(0.02)
    machine.press("UserButton")
    machine.run_for(0.01)
    machine.release("UserButton")
    machine.run_for(1.1)
    assert "TS done seconds=1 presses=1" in board.text(machine)


def test_a_snapshot_at_another_clock_goes_on_the_same(board: Board, machine: Machine) -> None:
    machine.load(board.image)
    machine.run_for(0.005)
    state = machine.snapshot()
    machine.run_for(0.02)
    first = (board.text(machine), machine.cycles, machine.registers)
    machine.restore(state)
    machine.run_for(0.02)
    assert (board.text(machine), machine.cycles, machine.registers) == first
