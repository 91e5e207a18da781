"""CPU keywords with Renode's names and failures: the program counter, registers, running to an address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from robot.api.deco import keyword

from tinysim.robot.errors import KeywordException, RecoverableException
from tinysim.robot.session import Session
from tinysim.units import NANOSECONDS_PER_SECOND

if TYPE_CHECKING:
    from tinysim.machine import Machine

_NAMES = {"r13": "sp", "r14": "lr", "r15": "pc"}
_CPU = "cpu"


class CpuKeywords:
    """`cpuName` is `cpu`, for there is one."""

    session: Session

    @keyword
    def pc_should_be_equal(self, value: int, machine: str | None = None, cpuName: str | None = None) -> None:
        """Where the CPU stands."""
        actual = self._registers(machine, cpuName)["pc"]
        if actual != value:
            raise KeywordException(f"PC value assertion failed, actual: {actual:#x}, expected: {value:#x}")

    @keyword
    def register_should_be_equal(
        self,
        register: int | str,
        value: int,
        machine: str | None = None,
        cpuName: str | None = None,
        message: str | None = None,
    ) -> None:
        """A register by number (0 to 15) or name (R0, SP, LR, PC, xPSR)."""
        registers = self._registers(machine, cpuName)
        name = str(register).lower()
        name = f"r{name}" if name.isdecimal() else name
        name = _NAMES.get(name, name)
        if name not in registers:
            raise RecoverableException(f"Wrong register name: {register}")
        if registers[name] != value:
            said = message or f"Register {register} value assertion failed"
            raise KeywordException(f"{said}, actual: {registers[name]:#x}, expected: {value:#x}")

    @keyword
    def run_until_breakpoint(
        self, timeout: float, machine: str | None = None, cpuName: str | None = None, address: int | None = None
    ) -> None:
        """Run to an address and pause in front of its instruction; fails when it is not reached in the time."""
        if address is None:
            raise KeywordException("Run Until Breakpoint needs address=: tinysim's Monitor sets no breakpoints")
        self.session.emulation.pause()
        with self.session.emulation.lock:
            reason = self._run_to(self._machine(machine, cpuName), address & ~1, timeout)
        if reason != "breakpoint":
            raise KeywordException(f"Breakpoint hasn't been hit in excepted time of {timeout:g} seconds ({reason}).")

    def _run_to(self, board: Machine, address: int, timeout_s: float) -> str:
        port = board.engine.debug()
        port.set_breakpoint(address)
        try:
            return board.engine.run_until(board.engine.time_ns() + round(timeout_s * NANOSECONDS_PER_SECOND))
        finally:
            port.clear_breakpoint(address)
            port.close()

    def _registers(self, name: str | None, cpu: str | None) -> dict[str, int]:
        with self.session.emulation.lock:
            return self._machine(name, cpu).registers

    def _machine(self, name: str | None, cpu: str | None) -> Machine:
        if cpu not in (None, _CPU, f"sysbus.{_CPU}"):
            raise KeywordException(f"there is no CPU '{cpu}': the only one is {_CPU}")
        return self.session.board(name).machine
