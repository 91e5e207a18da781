"""MicroPython for the micro:bit, as Debian packages it: built for an nRF51822, whose blocks the nRF52840 kept.

Its interpreter exercises the core, timers, legacy UART and random memory far beyond our own firmware.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("tinysim._core", reason="the native engine is not built")
from tinysim import Machine

IMAGE = Path("/usr/share/firmware-microbit-micropython/firmware.hex")

pytestmark = pytest.mark.skipif(not IMAGE.is_file(), reason="needs Debian's firmware-microbit-micropython")


@pytest.fixture
def machine() -> Iterator[Machine]:
    with Machine("nrf52840") as machine:
        machine.load(IMAGE)
        machine.uart().wait_for(r"^MicroPython v1\.9", timeout=2.0)
        machine.uart().wait_for(r'^Type "help\(\)"', timeout=1.0)
        machine.run_for(0.05)
        yield machine


def answer(machine: Machine, line: str, timeout: float = 2.0) -> str:
    """Type a line at the prompt and return the line that it prints."""
    uart = machine.uart()
    uart.write(line.encode() + b"\r")
    uart.wait_for(r"^>>> ", timeout)
    return uart.wait_for(r".*", timeout).line


def test_the_interpreter_computes(machine: Machine) -> None:
    assert (
        answer(machine, "print(2**100, sum(range(1000)), 1.5 * 2.25)") == "1267650600228229401496703205376 499500 3.375"
    )
    assert answer(machine, "sorted('tinysim')") == "['i', 'i', 'm', 'n', 's', 't', 'y']"


def test_its_millisecond_clock_is_virtual_time(machine: Machine) -> None:
    first, at_first = int(answer(machine, "__import__('microbit').running_time()")), machine.time
    machine.run_for(1.0)
    second = int(answer(machine, "__import__('microbit').running_time()"))
    assert abs((second - first) - 1000 * (machine.time - at_first)) < 20
