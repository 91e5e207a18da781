"""PPI and EGU: channels, forks, groups, fixed channels, and the one cycle they take (Product Specification 6.16)."""

from __future__ import annotations

from nrf_bench import BLOCKS, CYCLE_16M, CYCLE_32K, INTENSET, Chip

CHEN, CHENSET, CHG, FORK = 0x500, 0x504, 0x800, 0x910
TRIGGERED = 0x100
START, CAPTURE, COMPARE, MODE, BITMODE, PRESCALER, CC = 0x00, 0x40, 0x140, 0x504, 0x508, 0x510, 0x540


def test_an_egu_channel_is_a_task_that_is_its_own_event() -> None:
    chip = Chip("egu0")
    chip.write("egu0", INTENSET, 1 << 15)
    chip.write("egu0", 4 * 15)
    assert chip.read("egu0", TRIGGERED + 4 * 15) == 1
    assert chip.level("egu0", "IRQ")


def test_a_task_follows_its_event_at_the_next_edge_of_the_16_mhz_clock() -> None:
    chip = Chip("egu0", "ppi")
    chip.connect(0, ("egu0", TRIGGERED), ("egu0", 4))
    for after_edge, delay in ((0, CYCLE_16M), (20, CYCLE_16M - 20)):
        chip.advance_to(chip.machine.now // CYCLE_16M * CYCLE_16M + 10 * CYCLE_16M + after_edge)
        chip.write("egu0", TRIGGERED + 4, 0)
        chip.write("egu0", 0)
        chip.advance(delay - 1)
        assert chip.read("egu0", TRIGGERED + 4) == 0
        chip.advance(1)
        assert chip.read("egu0", TRIGGERED + 4) == 1


def test_many_events_in_one_tick_are_all_delivered_to_task_and_fork() -> None:
    chip = Chip("egu0", "ppi", "timer0")
    chip.write("timer0", MODE, 1)
    chip.write("timer0", START)
    chip.connect(3, ("egu0", TRIGGERED), ("timer0", 0x08))
    chip.write("ppi", FORK + 4 * 3, BLOCKS["timer0"].address + 0x08)
    for _ in range(500):
        chip.write("egu0", 0)
    chip.advance(CYCLE_16M)
    chip.write("timer0", CAPTURE)
    assert chip.read("timer0", CC) == 1000


def test_groups_enable_and_disable_their_channels_and_enable_wins() -> None:
    chip = Chip("egu0", "ppi")
    chip.write("ppi", CHG, 1 << 19 | 1 << 4)
    chip.write("ppi", 0x00)
    assert chip.read("ppi", CHEN) == 1 << 19 | 1 << 4
    chip.write("ppi", 0x04)
    assert chip.read("ppi", CHEN) == 0
    chip.connect(1, ("egu0", TRIGGERED), ("ppi", 0x04))
    chip.connect(2, ("egu0", TRIGGERED), ("ppi", 0x00))
    chip.connect(3, ("egu0", TRIGGERED), ("ppi", 0x04))
    chip.write("egu0", 0)
    chip.advance(CYCLE_16M)
    assert chip.read("ppi", CHEN) == 1 << 19 | 1 << 4 | 0b1110


def test_fixed_channel_31_starts_timer0_from_rtc0() -> None:
    chip = Chip("rtc0", "timer0", "ppi")
    chip.write("timer0", BITMODE, 3)
    chip.write("timer0", PRESCALER, 0)
    chip.write("ppi", CHENSET, 1 << 31)
    chip.write("rtc0", 0x344, 1 << 16)
    chip.write("rtc0", CC, 3)
    chip.write("rtc0", START)
    chip.advance_to(4 * CYCLE_32K)
    chip.write("timer0", CAPTURE)
    started = (3 * CYCLE_32K // CYCLE_16M + 1) * CYCLE_16M
    assert chip.read("timer0", CC) == (4 * CYCLE_32K - started) // CYCLE_16M


def test_a_timer_captures_the_compare_of_another_one_cycle_later() -> None:
    chip = Chip("timer0", "timer1", "ppi")
    chip.connect(0, ("timer1", COMPARE), ("timer0", CAPTURE))
    for name in ("timer0", "timer1"):
        chip.write(name, PRESCALER, 0)
    chip.write("timer1", CC, 100)
    for name in ("timer0", "timer1"):
        chip.write(name, START)
    chip.advance(1000 * CYCLE_16M)
    assert chip.read("timer0", CC) == 101
