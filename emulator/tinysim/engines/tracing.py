"""What an engine does for execution traces: write one while it runs, and count the cycles of a recorded one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class CodeRange(NamedTuple):
    """Bytes of code at an address; of `fixed` ones (flash) the trace must have the same opcodes."""

    address: int
    content: bytes
    fixed: bool


@dataclass(frozen=True)
class Program:
    """What a replay needs of a firmware; `registers` (address, bytes) are those whose traced writes act."""

    code: tuple[CodeRange, ...]
    vectors: tuple[int, ...]
    functions: tuple[tuple[int, int], ...]
    registers: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class FunctionRow:
    """One function's share; `index` counts in Program.functions, one beyond them is code of none."""

    index: int
    instructions: int
    calls: int
    cycles: Mapping[str, int]


class Replay(Protocol):
    """A trace on its way through the timing model. Properties are right at any time."""

    def push(self, chunk: bytes) -> bool:
        """Take more of the trace; False: there is damage, the rest does not matter."""
        ...

    def finish(self) -> bool:
        """The trace ends here; False: it is incomplete, `damage` says why."""
        ...

    @property
    def damage(self) -> tuple[str, int]: ...
    @property
    def header(self) -> tuple[int, bool, bool]:
        """Version, whether it has opcodes, whether tinysim wrote it."""
        ...

    @property
    def first_pc(self) -> int:
        """Of the first instruction; -1: there is none."""
        ...

    @property
    def total(self) -> dict[str, int]: ...
    @property
    def counts(self) -> dict[str, int]: ...
    def functions(self) -> Sequence[FunctionRow]: ...


class TracePort(Protocol):
    """The traces of one machine."""

    def start(self, descriptor: int) -> None:
        """Write what is executed from now on to an open file descriptor."""
        ...

    def stop(self) -> tuple[int, int]:
        """End the trace: instructions written, and the errno of the first write that failed (0: none)."""
        ...

    def replay(self, program: Program) -> Replay: ...
    def set_register(self, address: int, value: int) -> None:
        """Write a register of the platform, as the firmware would have before the trace."""
        ...
