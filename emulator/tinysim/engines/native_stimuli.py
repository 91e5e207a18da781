"""Disturbances on the native engine: parts that are added to the running machine, and hands on its wires.

The parts are Miscellaneous.InterruptLoad and Miscellaneous.BusTraffic of core/src/parts; a snapshot from before they
were added fits no machine that has them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tinysim.errors import InputError

if TYPE_CHECKING:
    from tinysim._core import Machine

FIRST_INTERRUPT = 16  # exception number of interrupt 0
_HOLD = 0


class NativeStimuli:
    """As StimuliPort."""

    def __init__(self, core: Machine) -> None:
        self._core = core

    def load_interrupt(self, name: str, interrupt: int, frequency_hz: int) -> None:
        with _in_one_line():
            self._core.add_device("Miscellaneous.InterruptLoad", name, [], 0, {"frequency": frequency_hz})
            self._core.connect(name, "IRQ", "nvic", interrupt)

    def load_bus(self, name: str, address: int, size_bytes: int, frequency_hz: int) -> None:
        numbers = {"frequency": frequency_hz, "start": address, "size": size_bytes}
        with _in_one_line():
            self._core.add_device("Miscellaneous.BusTraffic", name, [], 0, numbers)

    def hold(self, name: str, held: bool) -> None:
        self.drive(name, _HOLD, held)

    def is_enabled(self, interrupt: int) -> bool:
        return self._core.is_enabled(FIRST_INTERRUPT + interrupt)

    def drive(self, name: str, input_number: int, level: bool) -> None:
        with _in_one_line():
            self._core.drive(name, input_number, level)

    def pull_out(self, part: str, out: bool) -> None:
        with _in_one_line():
            self._core.pull_out(part, out)


@contextmanager
def _in_one_line() -> Iterator[None]:
    try:
        yield
    except ValueError as error:
        raise InputError(str(error)) from None
