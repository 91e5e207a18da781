"""LPTIM of the STM32L4R5: its own clock, wake-up, PWM on a pin, single mode (fixtures/stm32l4/stm32l4_lptim.c)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")

from prebuilt_firmware import ROOT, numbers
from timer_fixtures import BOARDS

from tinysim.machine import Machine

L4 = BOARDS[1]
IMAGE = ROOT / "firmware" / "prebuilt" / L4.platform / "stm32l4_lptim.elf"
LSI_US = 1e6 / 32_000
SYNCHRONISED_US = 3 * LSI_US  # and 4 clocks of the bus
PERIOD_US, MATCH_US = 320 * LSI_US, 79 * LSI_US
POLL_US = 2
WIRES = """
out: Miscellaneous.LED @ gpioPortE 0

lptimer1:
    Out -> out@0
"""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    if not IMAGE.exists():
        pytest.skip(f"{IMAGE.name} is not built: run make -C firmware prebuilt")
    wired = tmp_path_factory.mktemp("wired") / "lptim.repl"
    board: Path = ROOT / "platforms" / "boards" / f"{L4.platform}.repl"
    wired.write_text(f'using "{board}"\n{WIRES}', encoding="utf-8")
    with Machine(wired) as machine:
        machine.load(IMAGE)
        machine.run_for(0.05)
        yield machine


def line(machine: Machine, tag: str) -> tuple[int, int]:
    text = machine.record().arrays[f"uart.{L4.console}.byte"].tobytes().decode().replace("\r\n", "\n")
    found = re.search(rf"^TS {tag} (.*)$", text, flags=re.MULTILINE)
    assert found is not None, text
    read = numbers(found[1])
    return read["first"], read["second"]


def test_a_write_is_done_after_three_clocks_of_the_kernel(machine: Machine) -> None:
    for taken_us in line(machine, "written"):
        assert SYNCHRONISED_US - 1 <= taken_us <= SYNCHRONISED_US + POLL_US


def test_matches_wake_the_sleeping_cpu(machine: Machine) -> None:
    taken_us, count = line(machine, "woken")
    assert taken_us == pytest.approx(2 * PERIOD_US + MATCH_US, abs=10)
    assert count == 79


def test_a_single_period_on_the_bus_clock_ends_in_time(machine: Machine) -> None:
    taken_us, acknowledged = line(machine, "single")
    assert taken_us == pytest.approx(9374 * 128 / 120, abs=POLL_US)
    assert acknowledged == 1


def test_the_output_is_pwm(machine: Machine) -> None:
    record = machine.record()
    arrays = record.arrays
    of_pin = arrays["line.id"] == record.manifest["lines"].index("out")
    times_us = [cycle * 1e6 / L4.cpu_hz for cycle in arrays["line.cycle"][of_pin][:4].tolist()]
    spans = [after - before for before, after in pairwise(times_us)]
    assert spans == [pytest.approx(us, abs=0.01) for us in (240 * LSI_US, 80 * LSI_US, 240 * LSI_US)]


def test_nothing_is_left_to_say(machine: Machine) -> None:
    assert machine.gaps == []
    assert machine.record().manifest["warnings"] == []
