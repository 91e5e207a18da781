"""From window classes to events: the state machine the firmware runs once per window.

A tap lies in two windows or three; the windows of a double tap read s,D,s or D,D or s,s,s,s by its
phase against the window grid. So a SINGLE waits until no second tap can follow. A window that
reads single alone is no tap: it is the beginning of a knock seen at a window's end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from models.tap.preprocessing import DOUBLE, NONE, SINGLE

SINGLES_OF_A_SINGLE = 2
SINGLES_OF_A_DOUBLE = 4


@dataclass
class Decision:
    """The state between two windows: IDLE when both numbers are 0."""

    pending_singles: int = 0
    cooldown_windows: int = 0

    def step(self, window_class: int) -> int:
        """Take one window's class; return SINGLE or DOUBLE when an event is emitted, else NONE."""
        if self.cooldown_windows:
            self.cooldown_windows -= 1
            return NONE
        if window_class == DOUBLE:
            return self._emit(DOUBLE, cooldown_windows=2)
        if window_class == SINGLE:
            self.pending_singles += 1
            if self.pending_singles == SINGLES_OF_A_DOUBLE:
                return self._emit(DOUBLE, cooldown_windows=1)
            return NONE
        if self.pending_singles >= SINGLES_OF_A_SINGLE:
            return self._emit(SINGLE, cooldown_windows=1)
        self.pending_singles = 0
        return NONE

    def _emit(self, event: int, cooldown_windows: int) -> int:
        self.pending_singles, self.cooldown_windows = 0, cooldown_windows
        return event


def window_class(output: Iterable[int], reject_q: int) -> int:
    """Return the class of one int8 output: the first maximum, or NONE when below reject_q."""
    scores = list(output)
    best = scores.index(max(scores))
    return best if scores[best] >= reject_q else NONE


def events_of(window_classes: Iterable[int]) -> list[tuple[int, int]]:
    """Return (window index, event) of all events of a sequence that starts IDLE."""
    decision = Decision()
    stepped = ((index, decision.step(each)) for index, each in enumerate(window_classes))
    return [(index, event) for index, event in stepped if event != NONE]
