"""Disturbances on the native engine: rates to the count, contention that is real, faults that snapshots keep."""

from __future__ import annotations

from itertools import pairwise

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from tap_runs import FIRMWARE, PREBUILT, STREAMS

from tinysim.errors import InputError
from tinysim.machine import Machine

TIMER2, RTC1, EXCEPTION_0 = 10, 17, 16
RAM = 0x2000_0000


def timer_machine() -> Machine:
    machine = Machine("nrf52840dk")
    machine.load(FIRMWARE / "timer_ppi.elf")
    machine.run_for(0.05)
    return machine


def tap_machine() -> Machine:
    machine = Machine("nrf52840dk")
    machine.load(FIRMWARE / "tap.elf")
    machine.attach_stream("accelerometer", STREAMS / "tap_single.csv")
    machine.run_for(0.5)
    return machine


@pytest.mark.parametrize("frequency_hz", [7, 1000, 32_768, 99_991])
def test_pulses_are_exact_over_a_second_whatever_the_rate(frequency_hz: int) -> None:
    machine = timer_machine()
    machine.engine.stimuli.load_interrupt("load", TIMER2, frequency_hz)
    machine.run_for(1.0)
    assert abs(machine.engine.counters()["load.pulses"] - frequency_hz) <= 1


def test_each_pulse_of_an_enabled_interrupt_runs_the_guests_handler() -> None:
    machine = timer_machine()
    before = list(machine.record().arrays["exception.number"]).count(EXCEPTION_0 + TIMER2)
    machine.engine.stimuli.load_interrupt("load", TIMER2, 500)
    machine.run_for(0.1)
    handled = list(machine.record().arrays["exception.number"]).count(EXCEPTION_0 + TIMER2) - before
    assert 149 <= handled <= 151  # 100 of its own and 50 of the load


def test_an_interrupt_that_is_off_is_known() -> None:
    stimuli = timer_machine().engine.stimuli
    assert stimuli.is_enabled(TIMER2)
    assert not stimuli.is_enabled(RTC1)


def test_a_load_is_held_and_goes_on() -> None:
    machine = timer_machine()
    stimuli = machine.engine.stimuli
    stimuli.load_interrupt("load", TIMER2, 1000)
    stimuli.hold("load", True)
    machine.run_for(0.1)
    assert machine.engine.counters()["load.pulses"] == 0
    stimuli.hold("load", False)
    machine.run_for(0.1)
    assert abs(machine.engine.counters()["load.pulses"] - 100) <= 1


def test_a_snapshot_with_a_load_goes_on_as_without_it() -> None:
    machine = timer_machine()
    machine.engine.stimuli.load_interrupt("load", TIMER2, 997)
    machine.run_for(0.01)
    snapshot = machine.snapshot()
    machine.run_for(0.1)
    first = (machine.engine.counters(), machine.engine.time_ns())
    machine.restore(snapshot)
    machine.run_for(0.1)
    assert (machine.engine.counters(), machine.engine.time_ns()) == first


def test_bus_traffic_makes_code_that_uses_its_bank_slower() -> None:
    cycles = []
    for frequency_hz in (0, 40_000_000):
        machine = Machine("stm32f4_discovery")
        machine.load(PREBUILT / "stm32f4_discovery" / "tap.elf")
        machine.attach_stream("accelerometer", STREAMS / "tap_single.csv")
        machine.watch_stages({"inference": "nn_invoke"})
        if frequency_hz:
            machine.engine.stimuli.load_bus("traffic", RAM, 256, frequency_hz)
        machine.run_for(0.5)
        record = machine.record()
        cycles.append(int(record.arrays["stage.exit"][0] - record.arrays["stage.enter"][0]))
        waited = "traffic" in record.manifest["bus_masters"]
        assert waited == bool(frequency_hz)
    assert cycles[1] > cycles[0]


@pytest.mark.parametrize(("address", "size"), [(0, 256), (RAM + 2, 256), (RAM, 0), (RAM, 6)])
def test_a_buffer_that_dma_does_not_reach_is_refused(address: int, size: int) -> None:
    with pytest.raises(InputError, match="'traffic' needs a buffer of whole words in RAM that DMA reaches"):
        timer_machine().engine.stimuli.load_bus("traffic", address, size, 1000)


def test_a_rate_of_zero_and_a_name_twice_are_refused() -> None:
    stimuli = timer_machine().engine.stimuli
    with pytest.raises(InputError, match="'load' needs a frequency from 1 Hz"):
        stimuli.load_interrupt("load", TIMER2, 0)
    stimuli.load_interrupt("load", TIMER2, 10)
    with pytest.raises(InputError, match="'load' is there twice"):
        stimuli.load_interrupt("load", TIMER2, 10)


def test_a_part_off_its_bus_is_reported_and_snapshots_keep_it() -> None:
    machine = tap_machine()
    machine.engine.stimuli.pull_out("accelerometer", True)
    snapshot = machine.snapshot()
    machine.engine.stimuli.pull_out("accelerometer", False)
    machine.restore(snapshot)
    machine.run_for(1.0)
    lines = [line.text for line in machine.uart().read_new()]
    assert "TS error what=accelerometer_bus" in lines


def test_a_part_without_an_i2c_bus_cannot_lose_it() -> None:
    with pytest.raises(InputError, match="'led1' is on no I2C bus"):
        timer_machine().engine.stimuli.pull_out("led1", True)


def test_a_run_can_stop_at_each_notice() -> None:
    machine = timer_machine()
    times_ns = []
    for _ in range(4):
        assert machine.run_for(1.0, stop_at_notice=True) == "line"
        times_ns.append(machine.engine.time_ns())
    gaps_ns = [later - earlier for earlier, later in pairwise(times_ns)]
    assert all(abs(gap - 1_000_000) < 2_000 for gap in gaps_ns)  # LED2 toggles each millisecond
