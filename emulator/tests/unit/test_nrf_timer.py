"""TIMER: modes, widths, prescaler, captures, shortcuts, and compares to the tick (Product Specification 6.28)."""

from __future__ import annotations

import random

import pytest
from nrf_bench import CYCLE_16M, INTENSET, SHORTS, Chip

START, STOP, COUNT, CLEAR, SHUTDOWN, CAPTURE = 0x00, 0x04, 0x08, 0x0C, 0x10, 0x40
COMPARE, MODE, BITMODE, PRESCALER, CC = 0x140, 0x504, 0x508, 0x510, 0x540
MICROSECOND = 16 * CYCLE_16M
WIDTHS = {8: 1, 16: 0, 24: 2, 32: 3}


def timer(bits: int = 32, prescaler: int = 4, mode: int = 0) -> Chip:
    chip = Chip("timer3")
    for offset, value in ((BITMODE, WIDTHS[bits]), (PRESCALER, prescaler), (MODE, mode)):
        chip.write("timer3", offset, value)
    return chip


def count(chip: Chip) -> int:
    chip.write("timer3", CAPTURE + 4 * 5)
    return chip.read("timer3", CC + 4 * 5)


def test_a_compare_comes_at_its_tick_and_raises_the_interrupt() -> None:
    chip = timer()
    chip.write("timer3", CC, 1000)
    chip.write("timer3", INTENSET, 1 << 16)
    chip.write("timer3", START)
    chip.advance(1000 * MICROSECOND - 1)
    assert not chip.level("timer3", "IRQ")
    chip.advance(1)
    assert chip.read("timer3", COMPARE) == 1
    assert chip.level("timer3", "IRQ")
    chip.write("timer3", COMPARE, 0)
    assert not chip.level("timer3", "IRQ")


def test_compare_clear_makes_a_period_of_exactly_cc() -> None:
    chip = timer(prescaler=0)
    chip.write("timer3", CC, 17)
    chip.write("timer3", SHORTS, 1)
    chip.write("timer3", START)
    chip.advance(17 * CYCLE_16M * 1_000_000 - 1)
    assert count(chip) == 16
    chip.advance(1)
    assert count(chip) == 0


def test_compare_stop_leaves_the_counter_at_cc_and_start_resumes_there() -> None:
    chip = timer(prescaler=0)
    chip.write("timer3", CC, 50)
    chip.write("timer3", SHORTS, 1 << 8)
    chip.write("timer3", START)
    chip.advance(200 * CYCLE_16M)
    assert count(chip) == 50
    chip.write("timer3", START)
    chip.advance(5 * CYCLE_16M)
    assert count(chip) == 55


@pytest.mark.parametrize("bits", [8, 16])
def test_a_cc_that_equals_the_counter_matches_one_full_turn_later(bits: int) -> None:
    chip = timer(bits, prescaler=0)
    chip.write("timer3", START)
    chip.advance((CYCLE_16M << bits) - 1)
    assert chip.read("timer3", COMPARE) == 0
    chip.advance(1)
    assert chip.read("timer3", COMPARE) == 1


@pytest.mark.parametrize("mode", [1, 2])
def test_counter_mode_counts_tasks_while_started(mode: int) -> None:
    chip = timer(mode=mode)
    chip.write("timer3", CC, 2)
    chip.write("timer3", COUNT)
    chip.write("timer3", START)
    chip.write("timer3", COUNT)
    chip.advance(MICROSECOND * 100)
    assert (count(chip), chip.read("timer3", COMPARE)) == (1, 0)
    chip.write("timer3", COUNT)
    assert (count(chip), chip.read("timer3", COMPARE)) == (2, 1)


def test_shutdown_stops_and_clears() -> None:
    chip = timer()
    chip.write("timer3", START)
    chip.advance(10 * MICROSECOND)
    chip.write("timer3", SHUTDOWN)
    chip.advance(10 * MICROSECOND)
    assert count(chip) == 0


class Model:
    """TIMER as a loop over PCLK16M cycles: slow and obvious. 8 bits, one compare at CC[0]."""

    def __init__(self, prescaler: int) -> None:
        self.period, self.phase, self.value, self.cc = 1 << prescaler, 0, 0, 0
        self.runs = False
        self.compares = 0

    def cycle(self) -> None:
        if not self.runs:
            return
        self.phase = (self.phase + 1) % self.period
        if self.phase == 0:
            self.value = (self.value + 1) & 0xFF
            self.compares += self.value == self.cc


@pytest.mark.parametrize("seed", range(8))
def test_random_programs_behave_as_a_cycle_by_cycle_model(seed: int) -> None:
    chance = random.Random(seed)
    model = Model(chance.randrange(3))
    chip = timer(8, model.period.bit_length() - 1)
    compares = 0
    for _ in range(4000):
        chip.advance(CYCLE_16M)
        model.cycle()
        compares += chip.read("timer3", COMPARE)
        chip.write("timer3", COMPARE, 0)
        assert compares == model.compares
        match chance.randrange(150):
            case 0 | 1 | 2:
                chip.write("timer3", START)
                model.phase, model.runs = model.phase if model.runs else 0, True
            case 3:
                chip.write("timer3", STOP)
                model.runs = False
            case 4:
                chip.write("timer3", CLEAR)
                model.value = model.phase = 0
            case 5 | 6 | 7:
                model.cc = (model.value + chance.randrange(20)) & 0xFF
                chip.write("timer3", CC, model.cc)
            case 8 | 9:
                assert count(chip) == model.value
