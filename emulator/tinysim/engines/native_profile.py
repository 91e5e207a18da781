"""The core's profile: switched on, and as arrays and numbers of a Record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tinysim.record import PROFILE_CAUSES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tinysim._core import Machine


class NativeProfile:
    """Where the cycles of one machine go, once `start` was called."""

    def __init__(self, core: Machine) -> None:
        self._core = core

    def start(self, functions: Sequence[tuple[int, int]] = ()) -> None:
        """Charge every cycle from now on; `functions` are (begin, end) by address, so that tail calls are seen."""
        self._core.set_profile(True, functions)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """`profile.*` of tinysim.record.PROFILE_ARRAYS; nothing when not started."""
        tables = self._core.profile_tables or {}
        return {f"profile.{table}.{name}": rows for table, columns in tables.items() for name, rows in columns.items()}

    def entry(self) -> dict[str, Any]:
        """`profile` of the manifest; nothing when not started."""
        numbers = self._core.profile_numbers
        if numbers is None:
            return {}
        return {"profile": {"causes": list(PROFILE_CAUSES), **numbers}}
