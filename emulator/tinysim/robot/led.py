"""An LED tester: the state of one LED of the machine, waited for in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class LedTester:
    """`is_lit` asks the machine."""

    name: str
    is_lit: Callable[[], bool]
    timeout_s: float
