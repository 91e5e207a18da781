"""The `monitor` commands (`qRcmd`): each answers with text for GDB's console."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tinysim.engines.base import Engine
    from tinysim.engines.debug import DebugPort
    from tinysim.gdb.execution import Execution
    from tinysim.gdb.memory import GuestMemory

_SWITCHES = {"on": True, "off": False, "enter": True, "skip": False}


class Monitor:
    """The commands by their first word; `help` lists them."""

    def __init__(self, engine: Engine, port: DebugPort, memory: GuestMemory, execution: Execution) -> None:
        self._engine, self._port, self._memory, self._execution = engine, port, memory, execution
        self._commands: dict[str, tuple[Callable[[str], str], str]] = {
            "reset": (self._reset, "reset [halt]: reset the chip and stay halted"),
            "cycles": (self._cycles, "cycles: CPU cycles since power-on, sleep included"),
            "time": (self._time, "time: virtual time since power-on"),
            "gaps": (self._gaps, "gaps: accesses to what is not modelled, so far"),
            "devices": (self._devices, "devices on|off: let GDB access device registers, with their side effects"),
            "interrupts": (self._interrupts, "interrupts enter|skip: whether a step stops in an interrupt's handler"),
            "help": (self._help, "help: this list"),
        }

    def answer(self, line: str) -> str:
        """Run one command; a mistake is answered in words."""
        word, _, rest = line.strip().partition(" ")
        if word not in self._commands:
            return f"tinysim: unknown command '{word}'; monitor help lists them\n"
        return self._commands[word][0](rest.strip())

    def _reset(self, how: str) -> str:
        if how not in ("", "halt", "init"):
            return f"tinysim: reset {how}? It is reset or reset halt, both leave the CPU halted\n"
        self._execution.forget()
        return f"{self._port.reset()}, halted at {self._port.registers()[15]:#010x}\n"

    def _cycles(self, _: str) -> str:
        return f"{self._engine.cycles()} cycles\n"

    def _time(self, _: str) -> str:
        return f"{self._engine.time_ns() / 1e9:.9f} s\n"

    def _gaps(self, _: str) -> str:
        gaps = self._engine.gaps()
        lines = [f"{gap.address:#010x} {gap.access} at pc {gap.pc:#010x}, {gap.count} times\n" for gap in gaps]
        return "".join(lines) or "no accesses to anything that is not modelled\n"

    def _devices(self, how: str) -> str:
        if how in ("on", "off"):
            self._memory.devices = _SWITCHES[how]
        state = "may be accessed, with their side effects" if self._memory.devices else "are refused"
        return f"device registers {state}\n"

    def _interrupts(self, how: str) -> str:
        if how in ("enter", "skip"):
            self._execution.enters_interrupts = _SWITCHES[how]
        does = "stops in the handler of" if self._execution.enters_interrupts else "runs to its end"
        return f"a step {does} an interrupt that comes in between\n"

    def _help(self, _: str) -> str:
        return "".join(f"{text}\n" for _, text in self._commands.values())
