"""Why the CPU stands still, as GDB is told: a stop reply packet, and a line in words where a signal does not say it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tinysim.engines.base import FAULT_REASONS
from tinysim.faults import decode_fault

if TYPE_CHECKING:
    from tinysim.engines.base import Engine

# GDB's own signal numbers (include/gdb/signals.def).
SIGINT, SIGILL, SIGTRAP, SIGFPE, SIGBUS, SIGSEGV, SIGSTOP = 2, 4, 5, 8, 10, 11, 17
_FLAG_SIGNALS = {
    "UNDEFINSTR": SIGILL, "INVSTATE": SIGILL, "INVPC": SIGILL, "NOCP": SIGILL, "DIVBYZERO": SIGFPE, "UNALIGNED": SIGBUS,
}  # fmt: skip
# The run is over: GDB sees an exited process.
ENDS = ("time", "until", "exit", "interrupted")
_WORDS = {
    "deadlock": "the CPU sleeps and no event will ever wake it",
    "off": "the chip is in System OFF",
    "lockup": "the CPU is locked up",
}


@dataclass(frozen=True)
class Stop:
    """`reason` as the engine names it; `details` are the `name:value` pairs of the reply; `text` is for the console."""

    reason: str
    signal: int = SIGTRAP
    details: str = ""
    text: str = ""
    exit_code: int = 0

    @property
    def is_end(self) -> bool:
        """Whether nothing can be continued."""
        return self.reason in ENDS

    def reply(self) -> bytes:
        """The stop reply packet."""
        if self.is_end:
            return f"W{self.exit_code & 0xFF:02x}".encode()
        return f"T{self.signal:02x}thread:1;{self.details}".encode()


HALTED = Stop("halted")
INTERRUPTED_BY_GDB = Stop("halted", SIGINT)


def stop_by_itself(reason: str, engine: Engine) -> Stop:
    """The stop that a machine comes to without a debugger: time, deadlock, fault, lockup, off."""
    fault = engine.fault() if reason in FAULT_REASONS else None
    text = _WORDS.get(reason, "")
    if fault is None:
        return Stop(reason, SIGSEGV if reason in FAULT_REASONS else SIGSTOP, text=text)
    decoded = decode_fault(fault)
    flags = ", ".join(decoded["flags"])
    address = f", address {decoded['address']:#010x}" if decoded["address"] is not None else ""
    words = f"{text + ': ' if text else ''}{decoded['kind']} ({flags}) at pc {decoded['pc']:#010x}{address}"
    signal = next((_FLAG_SIGNALS[flag] for flag in decoded["flags"] if flag in _FLAG_SIGNALS), SIGSEGV)
    return Stop(reason, signal, text=words)
