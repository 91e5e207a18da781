"""QEMU's Cortex-M4 (machine mps2-an386) by its GDB stub: the second oracle. See boards.py.

It has no gdb access to special registers; code reads and writes them. Never let it lock up (QEMU ends) or step a WFI
(the answer never comes). Known differences: oracle_deviations.QEMU.
"""

from __future__ import annotations

import shutil

import pytest
from boards import BKPT, HANDLER, vector_table
from rsp import RemoteTarget

QEMU = shutil.which("qemu-system-arm")
OPTIONS = "-M mps2-an386 -nographic -monitor none -serial none -S -gdb stdio"
FIRST_DOUBLE, FPSCR_NUMBER = 26, 42


def qemu_board() -> QemuBoard:
    """A new one; skips the test when QEMU is not installed."""
    if QEMU is None:
        pytest.skip("qemu-system-arm is not installed (apt-get install qemu-system-arm)")
    return QemuBoard()


class QemuBoard:
    """Raises RemoteError when QEMU ends."""

    name = "qemu"

    def __init__(self) -> None:
        self.target = RemoteTarget([str(QEMU), *OPTIONS.split()])
        self.target.write(0, vector_table())
        self.target.write(HANDLER, BKPT)
        self._stops: set[int] = set()

    def reset(self) -> None:
        self.target.monitor("system_reset")

    def write(self, address: int, data: bytes) -> None:
        self.target.write(address, data)

    def read(self, address: int, count: int) -> bytes:
        return self.target.read(address, count)

    def system_word(self, address: int) -> int:
        return int.from_bytes(self.read(address, 4), "little")

    def registers(self) -> list[int]:
        return self.target.registers()

    def set_registers(self, values: list[int]) -> None:
        self.target.set_registers(values)

    def singles(self) -> list[int]:
        doubles = [self.target.register(FIRST_DOUBLE + number) for number in range(16)]
        halves = [half for double in doubles for half in (double & 0xFFFF_FFFF, double >> 32)]
        return [*halves, self.target.register(FPSCR_NUMBER)]

    def set_singles(self, values: list[int]) -> None:
        for number in range(16):
            self.target.set_register(FIRST_DOUBLE + number, values[2 * number] | values[2 * number + 1] << 32, 8)
        self.target.set_register(FPSCR_NUMBER, values[32])

    def run(self, end: int) -> None:
        """To `end`, or to the handler."""
        for address in {end, HANDLER} - self._stops:
            self.target.command(f"Z0,{address:x},2")
            self._stops.add(address)
        for address in self._stops - {end, HANDLER}:
            self.target.command(f"z0,{address:x},2")
        self._stops = {end, HANDLER}
        self.target.command("c")
        pc = self.registers()[15]
        if pc not in (end, HANDLER):
            raise RuntimeError(f"qemu stopped at {pc:#x}, expected {end:#x}")

    def step(self) -> None:
        self.target.command("s")

    def close(self) -> None:
        self.target.close()
