"""The STM32L4's base on the engine: boot, 120 MHz, console, LEDs, button, gates (fixtures/stm32l4/stm32l4_blink.c)."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.machine import Machine

PREBUILT = Path(__file__).parents[3] / "firmware" / "prebuilt" / "nucleo_l4r5zi"
BLINK = PREBUILT / "stm32l4_blink.elf"
FLASH, SRAM, SRAM2_ALIAS = 0x0800_0000, 0x2000_0000, 0x1000_0000
MSI_CYCLES_PER_MS, CYCLES_PER_MS = 4_000, 120_000
POLL_CYCLES = 200  # a turn of a loop that polls a timer on APB1
INSTRUCTION_CYCLES = 8  # the run ends behind the instruction that is under way
LPUART1_BRR, UNIQUE_ID = 0x4000_800C, 0x1FFF_7590
BOARDS = ("nucleo_l4r5zi", "nucleo_l476rg", "b_l475e_iot01a")


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine("stm32l4") as board:
        yield board


def reader(folder: Path, address: int) -> Path:
    """A program that copies the word at `address` to the start of SRAM1: ldr, ldr, ldr, str, b ., literals."""
    code = (0x4802, 0x6801, 0x4A02, 0x6011, 0xE7FE, 0xBF00)
    image = folder / "reader.bin"
    image.write_bytes(struct.pack("<II6HII", SRAM + 0x8000, FLASH + 9, *code, address, SRAM))
    return image


def word_read(machine: Machine, folder: Path, address: int) -> int:
    machine.load(reader(folder, address), address=FLASH)
    machine.run_for(0.0001)
    return int.from_bytes(machine.read_memory(SRAM, 4), "little")


def console(machine: Machine) -> str:
    return machine.record().arrays["uart.lpuart1.byte"].tobytes().decode()


@pytest.mark.parametrize("board", BOARDS)
def test_a_bare_program_runs_at_4_mhz(board: str, tmp_path: Path) -> None:
    with Machine(board) as machine:
        assert word_read(machine, tmp_path, UNIQUE_ID) == 0x0027_002D
        machine.run_for(0.0009)
        assert 0 <= machine.cycles - MSI_CYCLES_PER_MS < INSTRUCTION_CYCLES
        assert machine.gaps == []


def test_the_flash_answers_at_zero_as_well(machine: Machine, tmp_path: Path) -> None:
    assert word_read(machine, tmp_path, 4) == FLASH + 9


def test_sram2_has_two_addresses(machine: Machine) -> None:
    machine.write_memory(SRAM2_ALIAS + 8, b"both")
    assert machine.read_memory(0x2003_0008, 4) == b"both"


def test_a_block_without_clock_reads_0_and_is_named(machine: Machine, tmp_path: Path) -> None:
    assert word_read(machine, tmp_path, LPUART1_BRR) == 0
    (warning,) = machine.record().manifest["warnings"]
    assert "lpuart1.BRR" in str(warning)


def test_it_prints_its_lines_and_meets_no_gap(machine: Machine) -> None:
    machine.load(BLINK)
    assert machine.run_for(1.1) == "time"
    lines = console(machine).splitlines()
    assert lines[0] == "TS chip uid=0x0027002d flash_kbytes=2048 acr=0x00000705 sws=3"
    assert lines[-1] == "TS done seconds=1 presses=0"
    assert machine.gaps == [] and machine.record().manifest["warnings"] == []


def test_a_microsecond_is_120_cycles(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.02)
    found = re.search(r"TS cycles us=(\d+) cycles=(\d+)", console(machine))
    assert found is not None
    assert abs(int(found[2]) - int(found[1]) * CYCLES_PER_MS // 1000) <= 2 * CYCLES_PER_MS // 1000 + POLL_CYCLES


def test_the_led_blinks_in_time(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.03)
    record = machine.record()
    led = record.manifest["lines"].index("UserLED") if "lines" in record.manifest else 0
    times = record.arrays["line.cycle"][record.arrays["line.id"] == led].astype(np.int64)
    assert len(times) == 4
    assert all(abs(int(step) - 2 * CYCLES_PER_MS) <= 2 * POLL_CYCLES for step in np.diff(times))


def test_the_button_interrupts_by_syscfg_and_exti(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.02)
    machine.press("UserButton")
    machine.run_for(0.01)
    machine.release("UserButton")
    machine.run_for(1.1)
    assert "TS done seconds=1 presses=1" in console(machine)


def test_a_snapshot_at_another_clock_goes_on_the_same(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.005)
    state = machine.snapshot()
    machine.run_for(0.02)
    first = (console(machine), machine.cycles, machine.registers)
    machine.restore(state)
    machine.run_for(0.02)
    assert (console(machine), machine.cycles, machine.registers) == first
