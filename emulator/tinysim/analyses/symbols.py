"""Names of addresses: from the firmware's symbols, else from where calls went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from tinysim.analyses.interrupts import SYSTEM_EXCEPTIONS
from tinysim.analyses.timebase import array
from tinysim.record import Record


@dataclass(frozen=True)
class Symbols:
    """What the firmware says about addresses: functions as (name, begin, end) by address, and source lines."""

    functions: tuple[tuple[str, int, int], ...] = ()
    line_of: Callable[[int], tuple[str, int] | None] = lambda address: None
    irq_names: Mapping[int, str] = field(default_factory=dict)

    def function_at(self, address: int) -> tuple[str, int, int] | None:
        """The function that covers the address."""
        index = bisect_right(self.functions, address, key=lambda function: function[1]) - 1
        return self.functions[index] if index >= 0 and address < self.functions[index][2] else None

    def exception_name(self, number: int) -> str:
        """`SysTick`, `RTC1` or `IRQ 17`."""
        return self.irq_names.get(number) or SYSTEM_EXCEPTIONS.get(number) or f"IRQ {number - 16}"


class Names:
    """The function that an address belongs to: by symbol, else by the nearest entry that a call went to."""

    def __init__(self, record: Record, symbols: Symbols) -> None:
        self.symbols = symbols
        entries = np.unique(array(record, "profile.node.function", np.uint32))
        self._entries = [int(each) for each in entries if symbols.function_at(int(each)) is None]

    def function(self, address: int) -> tuple[str, int]:
        """(name, address of its entry)."""
        found = self.symbols.function_at(address)
        if found is not None:
            return found[0], found[1]
        index = bisect_right(self._entries, address) - 1
        entry = self._entries[index] if index >= 0 else address
        return f"0x{entry:08X}", entry
