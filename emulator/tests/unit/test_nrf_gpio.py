"""GPIO and GPIOTE: pins, pulls, senses, LATCH, pin events and pin tasks (Product Specification 6.9, 6.10)."""

from __future__ import annotations

import pytest
from nrf_bench import CYCLE_16M, INTENSET, Chip

OUT, OUTSET, OUTCLR, IN, DIRSET, LATCH, DETECTMODE, PIN_CNF = 0x04, 0x08, 0x0C, 0x10, 0x18, 0x20, 0x24, 0x200
CONFIG, EVENTS_IN, EVENTS_PORT, TASKS_OUT, TASKS_SET, TASKS_CLR = 0x510, 0x100, 0x17C, 0x00, 0x30, 0x60
PULL_UP, SENSE_HIGH, SENSE_LOW, DISCONNECT, OUTPUT = 3 << 2, 2 << 16, 3 << 16, 2, 1
EVENT, TASK, LO_TO_HI, HI_TO_LO, TOGGLE, OUTINIT = 1, 3, 1 << 16, 2 << 16, 3 << 16, 1 << 20


def ports() -> Chip:
    return Chip("gpio0", "gpio1", "gpiote")


def configure(chip: Chip, pin: int, value: int) -> None:
    chip.write("gpio0", PIN_CNF + 4 * pin, value)


def pin_is_high(chip: Chip, pin: int) -> bool:
    return chip.read("gpio0", IN) >> pin & 1 == 1


def test_an_output_follows_out_and_reads_back_only_through_a_connected_buffer() -> None:
    chip = ports()
    chip.write("gpio0", DIRSET, 1 << 13)
    chip.write("gpio0", OUTSET, 1 << 13)
    assert chip.level("gpio0", 13)
    assert chip.read("gpio0", PIN_CNF + 4 * 13) == DISCONNECT | OUTPUT
    assert not pin_is_high(chip, 13)
    configure(chip, 13, OUTPUT)
    assert pin_is_high(chip, 13)
    chip.write("gpio0", OUTCLR, 1 << 13)
    assert not chip.level("gpio0", 13)


def test_a_pull_up_yields_to_the_outside() -> None:
    chip = ports()
    configure(chip, 11, PULL_UP)
    assert pin_is_high(chip, 11)
    chip.drive("gpio0", 11, False)
    assert not pin_is_high(chip, 11)


def test_an_open_drain_pin_at_one_is_left_to_its_pull() -> None:
    chip = ports()
    configure(chip, 26, OUTPUT | 6 << 8)
    chip.write("gpio0", OUTSET, 1 << 26)
    assert not chip.level("gpio0", 26)
    configure(chip, 26, OUTPUT | 6 << 8 | PULL_UP)
    assert chip.level("gpio0", 26)


def test_latch_keeps_a_sensed_pin_until_it_is_cleared_at_the_other_level() -> None:
    chip = ports()
    configure(chip, 12, SENSE_HIGH)
    chip.drive("gpio0", 12, True)
    chip.write("gpio0", LATCH, 1 << 12)
    assert chip.read("gpio0", LATCH) == 1 << 12
    chip.drive("gpio0", 12, False)
    assert not chip.level("gpio0", "DETECT")
    assert chip.read("gpio0", LATCH) == 1 << 12
    chip.write("gpio0", LATCH, 1 << 12)
    assert chip.read("gpio0", LATCH) == 0


def test_port_comes_with_the_rising_edge_of_detect() -> None:
    chip = ports()
    chip.drive("gpio0", 11, True)
    configure(chip, 11, SENSE_LOW | PULL_UP)
    chip.write("gpiote", INTENSET, 1 << 31)
    assert chip.read("gpiote", EVENTS_PORT) == 0
    chip.drive("gpio0", 11, False)
    assert chip.read("gpiote", EVENTS_PORT) == 1
    assert chip.level("gpiote", "IRQ")
    chip.write("gpiote", EVENTS_PORT, 0)
    chip.drive("gpio0", 11, False)
    assert chip.read("gpiote", EVENTS_PORT) == 0


def test_a_latch_cleared_in_part_raises_port_again_in_latched_mode() -> None:
    chip = ports()
    chip.write("gpio0", DETECTMODE, 1)
    for pin in (11, 12):
        configure(chip, pin, SENSE_HIGH)
        chip.drive("gpio0", pin, True)
        chip.drive("gpio0", pin, False)
    seen = []
    for pin in (11, 12):
        chip.write("gpiote", EVENTS_PORT, 0)
        chip.write("gpio0", LATCH, 1 << pin)
        seen.append(chip.read("gpiote", EVENTS_PORT))
    assert seen == [1, 0]
    assert not chip.level("gpio0", "DETECT")


@pytest.mark.parametrize(("polarity", "rising", "falling"), [(LO_TO_HI, 1, 0), (HI_TO_LO, 0, 1), (TOGGLE, 1, 1)])
@pytest.mark.parametrize("port", [0, 1])
def test_an_event_channel_sees_its_edges_on_either_port(port: int, polarity: int, rising: int, falling: int) -> None:
    chip = ports()
    chip.drive(f"gpio{port}", 3, False)
    chip.write("gpiote", CONFIG + 4 * 7, EVENT | 3 << 8 | port << 13 | polarity)
    chip.write("gpiote", INTENSET, 1 << 7)
    seen = []
    for level in (True, False):
        chip.drive(f"gpio{port}", 3, level)
        seen.append(chip.read("gpiote", EVENTS_IN + 4 * 7))
        assert chip.level("gpiote", "IRQ") == bool(seen[-1])
        chip.write("gpiote", EVENTS_IN + 4 * 7, 0)
    assert seen == [rising, falling]


def test_a_task_channel_owns_its_pin_until_it_is_disabled() -> None:
    chip = ports()
    chip.write("gpiote", CONFIG, TASK | 13 << 8 | TOGGLE | OUTINIT)
    seen = [chip.level("gpio0", 13)]
    chip.write("gpio0", OUTCLR, 1 << 13)
    for task in (TASKS_OUT, TASKS_OUT, TASKS_CLR, TASKS_SET):
        chip.write("gpiote", task)
        seen.append(chip.level("gpio0", 13))
    assert seen == [True, False, True, False, True]
    chip.write("gpiote", CONFIG, 0)
    assert not chip.level("gpio0", 13)


def test_a_pin_edge_toggles_another_pin_by_ppi_one_cycle_later() -> None:
    chip = Chip("gpio0", "gpio1", "gpiote", "ppi")
    chip.drive("gpio0", 11, False)
    chip.write("gpiote", CONFIG, EVENT | 11 << 8 | LO_TO_HI)
    chip.write("gpiote", CONFIG + 4, TASK | 22 << 8 | TOGGLE)
    chip.connect(0, ("gpiote", EVENTS_IN), ("gpiote", TASKS_OUT + 4))
    chip.drive("gpio0", 11, True)
    assert not chip.level("gpio0", 22)
    chip.advance(CYCLE_16M)
    assert chip.level("gpio0", 22)
