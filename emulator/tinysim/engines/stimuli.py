"""Disturbances from outside the firmware: interrupt load, bus traffic, a glitch on a wire, a part off its bus."""

from __future__ import annotations

from typing import Protocol


class StimuliPort(Protocol):
    """What is added has a new name of the caller's, the rest those of the platform. Raises InputError for others."""

    def load_interrupt(self, name: str, interrupt: int, frequency_hz: int) -> None: ...  # pulses from now on
    def load_bus(self, name: str, address: int, size_bytes: int, frequency_hz: int) -> None: ...  # beats from now on
    def hold(self, name: str, held: bool) -> None: ...  # pause what was added, or let it go on
    def is_enabled(self, interrupt: int) -> bool: ...  # by the firmware, now
    def drive(self, name: str, input_number: int, level: bool) -> None: ...  # a pin, until its own driver changes it
    def pull_out(self, part: str, out: bool) -> None: ...  # of its I2C bus, or in again
