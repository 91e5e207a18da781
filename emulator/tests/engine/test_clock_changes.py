"""Cycle stamps and times while the CPU's clock changes: STM32F4 by RCC_CFGR, and the blink fixture on its PLL."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tinysim.analyses.profile import analyse_profile
from tinysim.analyses.summary import provenance_of
from tinysim.analyses.symbols import Symbols
from tinysim.analyses.timebase import timebase
from tinysim.engines.native_clock import NativeClock
from tinysim.machine import Machine
from tinysim.record import Record

PREBUILT = Path(__file__).parents[3] / "firmware" / "prebuilt"
BLINK = PREBUILT / "stm32f4_discovery" / "stm32_blink.elf"
FLASH, SRAM2_END = 0x0800_0000, 0x2002_0000
RCC_CFGR, HPRE_1, HPRE_2, HPRE_512 = 0x4002_3808, 0x00, 0x80, 0xF0  # RM0090 6.3.3
HSI_HZ = 16_000_000


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine("stm32f4") as board:
        yield board


def core_of(machine: Machine) -> Any:
    return machine._engine._core  # type: ignore[attr-defined]


def loop_forever(machine: Machine, folder: Path) -> None:
    image = folder / "loop.bin"
    image.write_bytes(struct.pack("<II2H", SRAM2_END, FLASH + 9, 0xE7FE, 0xBF00))
    machine.load(image, address=FLASH)


def divide(machine: Machine, hpre: int) -> None:
    core_of(machine).bus_write(RCC_CFGR, hpre)


def test_cycles_count_on_at_each_speed(machine: Machine, tmp_path: Path) -> None:
    loop_forever(machine, tmp_path)
    machine.run_for(0.001)
    divide(machine, HPRE_2)
    machine.run_for(0.001)
    slow = machine.cycles
    divide(machine, HPRE_512)
    machine.run_for(0.004)
    divide(machine, HPRE_1)
    machine.run_for(0.001)
    assert slow == pytest.approx(16_000 + 8_000, abs=4)
    # A new clock begins at a multiple of its period, so a change to HPRE_512 takes up to 512 cycles of the old one.
    assert machine.cycles == pytest.approx(slow + 125 + 16_000, abs=512)
    assert machine.record().arrays["clock.hz"].tolist() == [HSI_HZ, HSI_HZ // 2, HSI_HZ // 512, HSI_HZ]


def test_a_stamp_in_seconds_is_the_virtual_time(machine: Machine, tmp_path: Path) -> None:
    loop_forever(machine, tmp_path)
    for hpre in (HPRE_2, HPRE_512, HPRE_1):
        machine.run_for(0.0007)
        divide(machine, hpre)
    machine.run_for(0.0007)
    clock = timebase(machine.record())
    assert clock.second(machine.cycles) == pytest.approx(machine.time, abs=1 / HSI_HZ)
    assert clock.elapsed_cycles == machine.cycles


def test_python_and_the_core_agree_on_every_tick(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.005)
    core = core_of(machine)
    clock = NativeClock.of(core, machine._engine._ticks_per_second)  # type: ignore[attr-defined]
    ticks = np.linspace(0, core.now, 501).astype(np.int64)
    assert clock.cycles(ticks).tolist() == [core.cycle_of(int(tick)) for tick in ticks]
    assert int(clock.cycles(np.array([core.now]))[0]) == machine.cycles


def test_times_of_lights_are_right_after_a_record_came_back_from_disk(machine: Machine, tmp_path: Path) -> None:
    machine.load(BLINK)
    machine.run_for(0.03)
    machine.record().save(tmp_path / "run")
    record = Record.load(tmp_path / "run")
    assert record.arrays["clock.hz"].tolist() == [HSI_HZ, 168_000_000]
    led = record.arrays["line.id"] == record.manifest["lines"].index("UserLED")
    times_s = timebase(record).seconds(record.arrays["line.cycle"][led])
    assert np.diff(times_s) == pytest.approx([0.002] * 3, abs=3e-6)
    assert timebase(record).second(machine.cycles) == pytest.approx(machine.time, abs=2e-9)


def test_console_bytes_have_equal_stamps_live_and_in_the_record(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.02)
    live = machine._engine.console_since(0)
    record = machine.record()
    assert [one.cycle for one in live] == record.arrays["uart.usart2.cycle"].tolist()
    in_ns = timebase(record).nanoseconds(record.arrays["uart.usart2.cycle"])
    assert all(0 <= one.time_ns - at <= 1e9 / 168e6 + 2 for one, at in zip(live, in_ns.tolist(), strict=True))


def test_a_profile_over_the_change_charges_every_cycle_once(machine: Machine) -> None:
    machine.load(BLINK)
    machine.start_profile()
    machine.run_for(0.005)
    numbers = analyse_profile(machine.record(), Symbols()).numbers
    assert numbers.is_exact and numbers.total == machine.cycles
    assert numbers.total_s == pytest.approx(machine.time, abs=1e-8)


@pytest.mark.parametrize("taken_s", [0.001, 0.005], ids=["before the change", "behind it"])
def test_a_snapshot_across_a_change_repeats_its_stamps(machine: Machine, tmp_path: Path, taken_s: float) -> None:
    machine.load(BLINK)
    machine.run_for(taken_s)
    machine.save_snapshot(tmp_path / "state")
    machine.run_for(0.02)
    wanted = machine.record()
    with Machine("stm32f4") as other:
        other.load(BLINK)
        other.run_for(0.015)
        other.load_snapshot(tmp_path / "state")
        other.run_for(0.02)
        assert other.cycles == machine.cycles
        arrays = other.record().arrays
    assert all(np.array_equal(arrays[name], rows) for name, rows in wanted.arrays.items())


def test_the_head_of_a_report_tells_clock_wait_states_and_caches(machine: Machine) -> None:
    machine.load(BLINK)
    machine.run_for(0.005)
    source = provenance_of(machine.record())
    assert source.clock_hz == 168_000_000
    assert [each["hz"] for each in source.clocks] == [HSI_HZ, 168_000_000]
    assert source.memory[0] == ("flash: 5 wait states, prefetch on, I-cache 64 x 16 bytes on, D-cache 8 x 16 bytes on")
    assert any(text.startswith("at reset: flash: 0 wait states, prefetch off") for text in source.memory)
    assert any("2 banks (sram1 and sram2)" in text and "round robin" in text for text in source.memory)


def test_settings_that_stay_are_told_once() -> None:
    with Machine("nrf52840") as board:
        board.load(PREBUILT / "nrf52840dk" / "hello.elf")
        board.run_for(0.001)
        memory = board.record().manifest["timing"]["memory"]
    assert memory[0].startswith("flash: ") and "wait states" in memory[0] and "I-cache" in memory[0]
    assert any("ram0 to ram8" in text and "fixed priority" in text for text in memory)
    assert board.record().arrays["clock.hz"].tolist() == [64_000_000]
