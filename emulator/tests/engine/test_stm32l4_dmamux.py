"""Generators and synchronisation of the STM32L4R5's DMAMUX (fixtures/stm32l4/stm32l4_dmamux.c)."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import console_text, prebuilt

from tinysim.machine import Machine

PERIOD_US, TICK_US, TICKS_PER_EVENT = 10_000, 50, 4


@pytest.fixture(scope="module")
def console() -> str:
    with Machine("nucleo_l4r5zi") as machine:
        machine.load(prebuilt("nucleo_l4r5zi", "stm32l4_dmamux"))
        machine.run_for(0.12)
        assert machine.gaps == [] and machine.record().manifest["warnings"] == []
        return console_text(machine.record(), "lpuart1")


def times_us(console: str, tag: str) -> list[int]:
    """When the items of a line came, counted from the first one."""
    line = re.search(rf"^TS {tag} (.*)$", console, flags=re.MULTILINE)
    assert line is not None, console
    return [int(each) for each in re.findall(r"after_us=(\d+)", line[1])]


def test_each_edge_of_lptim_moves_one_item(console: str) -> None:
    assert times_us(console, "edges") == [PERIOD_US * n for n in range(1, 6)]


def test_the_channel_that_counts_passes_every_request(console: str) -> None:
    assert times_us(console, "ticks") == [TICK_US * n for n in range(1, 4)]


def test_each_fourth_request_is_an_event_for_another_channel(console: str) -> None:
    assert times_us(console, "events") == [TICK_US * TICKS_PER_EVENT * n for n in range(1, 3)]


def test_an_edge_lets_the_request_that_waits_through_and_the_next_one(console: str) -> None:
    times = [0, *times_us(console, "pairs")]
    assert times[::2] == [0, PERIOD_US, 2 * PERIOD_US]
    assert all(0 < second - first <= TICK_US for first, second in zip(times[::2], times[1::2], strict=True))
