"""The packets of a session and their replies; a stop reply comes from running the CPU. GDB manual, E.2.

What is not known is answered with the empty packet, what is wrong with `E01`: nothing that arrives raises.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tinysim.engines.debug import PC
from tinysim.errors import TinysimError
from tinysim.gdb import registers
from tinysim.gdb.packets import PACKET_BYTES, number, pair
from tinysim.gdb.stops import HALTED, Stop

if TYPE_CHECKING:
    from tinysim.engines.debug import DebugPort
    from tinysim.gdb.breakpoints import Breakpoints
    from tinysim.gdb.execution import Execution
    from tinysim.gdb.memory import GuestMemory
    from tinysim.gdb.queries import Queries

OK, WRONG, UNKNOWN = b"OK", b"E01", b""


class Commands:
    """`ended` becomes "detached" or "killed" when GDB leaves, or the reason of the stop when the run is over."""

    def __init__(
        self, port: DebugPort, memory: GuestMemory, breakpoints: Breakpoints, execution: Execution, queries: Queries
    ) -> None:
        self._port, self._memory, self._breakpoints = port, memory, breakpoints
        self._execution, self._queries = execution, queries
        self.stop: Stop = HALTED
        self.ended: str | None = None
        self._by_letter: dict[str, Callable[[bytes], bytes]] = {
            "?": lambda _: self.stop.reply(),
            "!": lambda _: OK,
            "g": lambda _: registers.read_all(port).hex().encode(),
            "G": self._write_registers,
            "p": lambda rest: registers.read_one(port, number(rest)).hex().encode(),
            "P": self._write_register,
            "m": self._read_memory,
            "M": self._write_memory,
            "X": self._write_binary,
            "c": self._continue,
            "C": lambda rest: self._continue(rest.partition(b";")[2]),
            "s": self._step,
            "S": lambda rest: self._step(rest.partition(b";")[2]),
            "Z": lambda rest: self._breakpoint(rest, breakpoints.insert),
            "z": lambda rest: self._breakpoint(rest, breakpoints.remove),
            "H": lambda _: OK,
            "T": lambda _: OK,
            "D": lambda _: self._leave("detached"),
            "k": lambda _: self._leave("killed"),
            "b": self._backward,
            "v": self._long,
        }

    def answer(self, packet: bytes) -> bytes:
        """The reply to one packet."""
        letter = packet[:1].decode("latin-1")
        try:
            if letter in ("q", "Q"):
                return self._queries.answer(packet)
            return self._by_letter[letter](packet[1:]) if letter in self._by_letter else UNKNOWN
        except (ValueError, IndexError, OverflowError, TinysimError):
            return WRONG

    def _leave(self, how: str) -> bytes:
        self._breakpoints.clear()
        self.ended = how
        return OK

    # ---- registers and memory ----

    def _write_registers(self, rest: bytes) -> bytes:
        self._execution.history.changed()
        registers.write_all(self._port, _hexadecimal(rest))
        return OK

    def _write_register(self, rest: bytes) -> bytes:
        which, _, content = rest.partition(b"=")
        self._execution.history.changed()
        registers.write_one(self._port, number(which), _hexadecimal(content))
        return OK

    def _read_memory(self, rest: bytes) -> bytes:
        address, size = pair(rest)
        return self._memory.read(address, min(size, PACKET_BYTES // 2)).hex().encode()

    def _write_memory(self, rest: bytes) -> bytes:
        place, _, content = rest.partition(b":")
        return self._write(pair(place), _hexadecimal(content))

    def _write_binary(self, rest: bytes) -> bytes:
        place, _, content = rest.partition(b":")
        return self._write(pair(place), content)

    def _write(self, place: tuple[int, int], content: bytes) -> bytes:
        address, size = place
        if len(content) != size:
            raise ValueError(f"{size} bytes were announced")
        if content:
            self._memory.write(address, content)
        return OK

    def _breakpoint(self, rest: bytes, action: Callable[[int, int, int], bool]) -> bytes:
        """`TYPE,ADDRESS,KIND`; conditions for the target are not offered, so none come."""
        kind, _, place = rest.partition(b",")
        return OK if action(number(kind), *pair(place.partition(b";")[0])) else UNKNOWN

    # ---- running ----

    def _continue(self, rest: bytes) -> bytes:
        self._move_to(rest)
        return self._stopped(self._execution.go_on())

    def _step(self, rest: bytes) -> bytes:
        self._move_to(rest)
        return self._stopped(self._execution.step())

    def _backward(self, rest: bytes) -> bytes:
        if rest == b"s":
            return self._stopped(self._execution.step_back())
        return self._stopped(self._execution.go_back()) if rest == b"c" else UNKNOWN

    def _move_to(self, address: bytes) -> None:
        if address:
            self._execution.history.changed()
            self._port.set_register(PC, number(address) & 0xFFFF_FFFF)

    def _stopped(self, stop: Stop) -> bytes:
        self.stop = stop
        if stop.is_end:
            self._breakpoints.clear()
            self.ended = stop.reason
        return stop.reply()

    # ---- packets with a name ----

    def _long(self, rest: bytes) -> bytes:
        if rest == b"Cont?":
            return b"vCont;c;C;s;S;r"
        if rest.startswith(b"Cont;"):
            return self._resume(rest.removeprefix(b"Cont;").split(b";")[0].partition(b":")[0])
        if rest.startswith(b"Kill"):
            return self._leave("killed")
        if rest.startswith(b"FlashErase:"):
            self._memory.erase(*pair(rest.removeprefix(b"FlashErase:")))
            return OK
        if rest.startswith(b"FlashWrite:"):
            address, _, content = rest.removeprefix(b"FlashWrite:").partition(b":")
            self._memory.program(number(address), content)
            return OK
        return OK if rest == b"FlashDone" else UNKNOWN

    def _resume(self, action: bytes) -> bytes:
        """The first action of a vCont packet: there is one thread. A signal to deliver has no meaning here."""
        letter, rest = action[:1], action[1:]
        if letter == b"r":
            return self._stopped(self._execution.step_range(*_range(rest)))
        if letter in (b"s", b"S"):
            return self._step(b"")
        if letter in (b"c", b"C"):
            return self._continue(b"")
        raise ValueError(f"{action!r} is no action")


def _hexadecimal(text: bytes) -> bytes:
    return bytes.fromhex(text.decode("ascii"))


def _range(text: bytes) -> tuple[int, int]:
    start, _, end = text.partition(b",")
    return number(start), number(end)
