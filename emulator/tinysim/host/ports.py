"""What a debug probe would do for this machine; `Machine.host`. Nothing of it is on unless it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tinysim.errors import InputError
from tinysim.host.folder import Folder
from tinysim.host.rtt import Rtt
from tinysim.host.semihosting import Semihosting

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.platform import Platform

CALL_INSTRUCTION = b"\xab\xbe"  # BKPT 0xAB
CALL_HINT = "semihosting call: run with --semihosting"
RTT_SYMBOL = "_SEGGER_RTT"
ITM_UARTS = tuple(f"itm{port}" for port in range(31))
MARK_PREFIX = "itm:"


class HostPorts:
    """`uarts` are the UARTs that it has switched on, in the order of asking. `symbol` looks into the firmware."""

    def __init__(self, engine: Engine, platform: Platform, symbol: Callable[[str], int]) -> None:
        self._engine, self._platform, self._symbol = engine, platform, symbol
        self._semihosting: Semihosting | None = None
        self.uarts: tuple[str, ...] = ()

    def serve_semihosting(self, folder: str | Path | None = None, *, command_line: str = "") -> None:
        """Answer BKPT 0xAB; files only in `folder`. Raises InputError when that is none, or it is served already."""
        if self._semihosting is not None:
            raise InputError("semihosting is served already")
        files = None if folder is None else Folder(Path(folder))
        self._semihosting = Semihosting(self._engine, files, command_line)
        self._engine.serve_calls(self._semihosting)
        self.uarts += (self._semihosting.uart,)

    def collect_rtt(self) -> None:
        """Read SEGGER RTT. After loading: the firmware's symbol says where it is; without one RAM is searched."""
        try:
            block: int | None = self._symbol(RTT_SYMBOL)
        except InputError:
            block = None
        ram = [
            (address, memory.size)
            for memory in self._platform.memories
            for address in memory.addresses[:1]
            if memory.kind == "ram"
        ]
        service = Rtt(self._engine, block, ram)
        self._engine.poll(service)
        self.uarts += (service.uart,)

    def enable_itm(self) -> None:
        """Switch all stimulus ports on, as a probe does; firmware that does it itself needs no such help."""
        self._engine.enable_trace()
        self.uarts += ITM_UARTS

    @property
    def exit_code(self) -> int | None:
        """What the guest left with (SYS_EXIT); None while it runs."""
        return None if self._semihosting is None else self._semihosting.exit_code

    def reachable(self, uarts: Sequence[str]) -> list[str]:
        """Of an engine's UARTs those that are there: firmware can switch the ITM on, but not semihosting or RTT."""
        return [uart for uart in uarts if uart not in (Semihosting.uart, Rtt.uart) or uart in self.uarts]

    def hint(self, pc: int) -> dict[str, str]:
        """A word for the record on a fault at `pc` that came of a call which nobody served."""
        try:
            is_call = self._engine.read_memory(pc, 2) == CALL_INSTRUCTION
        except ValueError:
            return {}
        return {"hint": CALL_HINT} if is_call else {}


def split_marks(stages: Mapping[str, str]) -> tuple[dict[str, str], dict[str, int]]:
    """Stages by function, and those by the value (`itm:3`) that ITM port 31 is written. Raises InputError."""
    marks = {}
    for name, place in stages.items():
        if place.startswith(MARK_PREFIX):
            value = place.removeprefix(MARK_PREFIX)
            if not value.isascii() or not value.isdecimal() or not 0 < int(value) < 1 << 32:
                raise InputError(f"stage {name}: '{place}' is no mark", remedy="itm:1 is the value 1 on ITM port 31")
            marks[name] = int(value)
    return {name: place for name, place in stages.items() if name not in marks}, marks
