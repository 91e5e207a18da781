"""The trace port of the native engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tinysim.engines.tracing import FunctionRow, Program

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tinysim import _core


class NativeReplay:
    """One trace through the model of one machine, which must not run meanwhile."""

    def __init__(self, replay: _core.Replay) -> None:
        self._replay = replay

    def push(self, chunk: bytes) -> bool:
        return self._replay.push(chunk)

    def finish(self) -> bool:
        return self._replay.finish()

    @property
    def damage(self) -> tuple[str, int]:
        return self._replay.damage

    @property
    def header(self) -> tuple[int, bool, bool]:
        return self._replay.header

    @property
    def first_pc(self) -> int:
        return self._replay.first_pc

    @property
    def total(self) -> dict[str, int]:
        return self._replay.total

    @property
    def counts(self) -> dict[str, int]:
        return self._replay.counts

    def functions(self) -> Sequence[FunctionRow]:
        return [FunctionRow(*row) for row in self._replay.functions()]


class NativeTracing:
    """`module` is tinysim._core, which only native.py imports."""

    def __init__(self, core: _core.Machine, module: Any) -> None:
        self._core, self._module = core, module

    def start(self, descriptor: int) -> None:
        self._core.start_trace(descriptor)

    def stop(self) -> tuple[int, int]:
        return self._core.stop_trace()

    def replay(self, program: Program) -> NativeReplay:
        code = [tuple(part) for part in program.code]
        return NativeReplay(
            self._module.Replay(self._core, code, program.vectors, program.functions, program.registers)
        )

    def set_register(self, address: int, value: int) -> None:
        self._core.bus_write(address, value, 4)
