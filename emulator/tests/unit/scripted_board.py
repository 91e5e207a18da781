"""A board whose machine only follows a script: bytes at times, a light that changes, a time at which it stops."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, NamedTuple

from tinysim.emulation import RUNNING
from tinysim.log import WARNING, LogEntry

NS = 1_000_000_000


class Byte(NamedTuple):
    """As tinysim.engines.base.ConsoleByte."""

    time_ns: int
    cycle: int
    uart: str
    byte: int


@dataclass
class ScriptedMachine:
    """`said` is (seconds, text as sent): each text's bytes come at that time, the last one included."""

    said: list[tuple[float, str]] = field(default_factory=list)
    light_changes_s: list[float] = field(default_factory=list)  # dark before the first one
    warned: list[tuple[float, str]] = field(default_factory=list)
    stop_at_s: float = 1e9
    stop_reason: str | None = None
    cycles: int = 0
    now_ns: int = 0
    written: bytes = b""
    registers: dict[str, int] = field(default_factory=lambda: {"r0": 7, "pc": 0x160, "sp": 0x2000_0064})

    @property
    def engine(self) -> ScriptedMachine:
        """The same object plays the engine."""
        return self

    @property
    def time(self) -> float:
        """Virtual seconds."""
        return self.now_ns / NS

    def time_ns(self) -> int:
        """The same in nanoseconds."""
        return self.now_ns

    def console_since(self, first: int) -> list[Byte]:
        """What was sent up to now."""
        sent = [Byte(round(at_s * NS), 0, "uart0", byte) for at_s, text in self.said for byte in text.encode("latin-1")]
        return [byte for byte in sent if byte.time_ns <= self.now_ns][first:]

    def uart_names(self) -> list[str]:
        """One."""
        return ["uart0", "uart1"]

    def run_for(self, seconds: float, *, stop_at_line: bool = False, stop_at_notice: bool = False) -> str:
        """To the next thing that is looked for, or the end."""
        end_ns = min(self.now_ns + round(seconds * NS), round(self.stop_at_s * NS))
        lines = [at_s for at_s, text in self.said if text.endswith("\n") or stop_at_notice]
        notices = [*self.light_changes_s, *(at_s for at_s, _ in self.warned)] if stop_at_notice else []
        wanted = [*lines, *notices] if stop_at_line or stop_at_notice else []
        found = [round(at_s * NS) for at_s in wanted if self.now_ns < round(at_s * NS) <= end_ns]
        self.now_ns = min(found, default=end_ns)
        self.cycles = self.now_ns
        self.stop_reason = "line" if found else "fault" if self.time >= self.stop_at_s else "time"
        return self.stop_reason

    def uart(self, name: str) -> Any:
        """Takes what is written."""

        def write(content: bytes, **_wrong: object) -> None:
            self.written += content

        return SimpleNamespace(write=write)

    def led(self, name: str) -> Any:
        """The light."""
        return SimpleNamespace(state=sum(at_s <= self.time for at_s in self.light_changes_s) % 2 == 1)

    def close(self) -> None:
        """Nothing is held."""


@dataclass(eq=False)
class ScriptedBoard:
    """As tinysim.emulation.Board, of which the machine has always been built."""

    name: str = "machine-0"
    machine: ScriptedMachine = field(default_factory=ScriptedMachine)
    is_built: bool = True
    logged: int = 0

    @property
    def platform(self) -> Any:
        """Two LEDs."""
        return SimpleNamespace(devices=[SimpleNamespace(name=f"led{n}", type="Miscellaneous.LED") for n in (1, 2)])

    def run_for(self, seconds: float) -> bool:
        """As another machine does while one is waited on."""
        return self.machine.run_for(seconds) in RUNNING

    def news(self) -> list[LogEntry]:
        """The warnings up to now."""
        due = [LogEntry(at_s, WARNING, text) for at_s, text in self.machine.warned if at_s <= self.machine.time]
        new, self.logged = due[self.logged :], len(due)
        return new

    def close(self) -> None:
        """Nothing is held."""
